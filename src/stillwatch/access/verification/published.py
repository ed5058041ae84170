"""The file of bound keys. Whoever has the store writes it; a gateway reads it, and needs neither store nor network for it.

It holds thumbprints of public keys by a salted hash of the account, so gateways may run as other users.
"""

import os
import secrets
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Literal

import msgspec

from stillwatch.access.verification.calls import Bound
from stillwatch.records import StillwatchError, UnreadableInput
from stillwatch.records.durable import replace

MODE = 0o644  # as of verdicts
NAME = 16  # bytes of a hash


class Published(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys of all accounts, each under the name it has in this file."""

    version: Literal[1]
    salt: str
    accounts: dict[str, str]  # `dpop:` or `mtls:` and a thumbprint, for each key; as text a file is read fast

    def bound(self, account_id: str) -> Bound:
        """The keys of an account, none where it has none. Raises UnreadableInput where they are not told as above."""
        told = [one.partition(":") for one in self.accounts.get(_name(self.salt, account_id), "").split()]
        bound = Bound(_of("dpop", told), _of("mtls", told))
        if len(bound.jkt) + len(bound.x5t) != len(told):
            raise UnreadableInput("keys of a kind that is not known, or told twice")
        return bound


def publish(path: Path, keys: Mapping[str, Bound]) -> bool:
    """Put a file of these keys in place of an older one; False where that says the same already.

    Raises StillwatchError where it cannot be written.
    """
    try:
        before = read(path)
    except UnreadableInput:
        before = None
    salt = secrets.token_hex(NAME) if before is None else before.salt
    accounts = {_name(salt, account): _told(bound) for account, bound in keys.items()}
    made = Published(version=1, salt=salt, accounts=accounts)
    if made == before:
        return False
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "wb") as file:  # noqa: PTH123 - of a descriptor
            file.write(msgspec.json.encode(made, order="deterministic"))
        replace(partial, path)
    except OSError as error:
        raise StillwatchError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return True


def read(path: Path) -> Published:
    """Raises UnreadableInput."""
    try:
        if not path.is_file():  # opening a pipe would wait for its writer
            raise UnreadableInput(f"{path}: there is no such file")
        return msgspec.json.decode(path.read_bytes(), type=Published)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror or error}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path}: no file of bound keys: {error}") from error


def _told(bound: Bound) -> str:
    return " ".join(
        [*(f"dpop:{one}" for one in sorted(bound.jkt)), *(f"mtls:{one}" for one in sorted(bound.x5t))]
    )


def _of(kind: str, told: list[tuple[str, str, str]]) -> frozenset[str]:
    return frozenset(thumbprint for named, _, thumbprint in told if named == kind and thumbprint)


def _name(salt: str, account_id: str) -> str:
    content = f"{salt} {account_id}".encode("utf-8", "surrogatepass")
    return blake2b(content, digest_size=NAME).hexdigest()
