"""Why something that was shown proves nothing."""

from typing import Literal, TypeAlias, get_args

from stillwatch.records import UsageError

Reason: TypeAlias = Literal[
    "already_registered",  # a key or passkey that is registered, with this account or another
    "clock_skewed",  # its time lies further ahead than clocks differ
    "cloned",  # a passkey's counter went back: two authenticators hold the key
    "expired",
    "forged",  # a signature or code that does not fit
    "insufficient",  # genuine, but of too low a level, or too long ago
    "late",  # its time lies further back than it may
    "malformed",
    "mismatch",  # genuine, but of another account, address, method or audience
    "not_found",  # what should have been published is not there
    "replayed",
    "too_many_attempts",
    "unknown",  # nothing was begun under this id
    "unreachable",  # the other side did not answer
    "untrusted",  # its signer is none that was named
    "used",  # a challenge is answered once
]
REASONS: tuple[Reason, ...] = get_args(Reason)


class Refused(UsageError):
    """What was shown does not prove what it should. Refusals are counted by their reason."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason: Reason = reason
