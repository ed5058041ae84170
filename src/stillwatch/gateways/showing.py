"""What a call shows of the key its account has bound: all that is looked at besides its body."""

from collections.abc import Sequence

import msgspec


class Showing(msgspec.Struct, frozen=True, kw_only=True):
    """What a call shows besides its body. Header names are in lower case."""

    method: str
    path: str  # as it was written, escapes and all
    headers: Sequence[tuple[str, str]]
    peer: str | None = None
    token: str | None = None  # the API key, where the gateway knows which one its account is told by
    ended_tls: bool = False  # by the gateway itself, which then sets the certificate's header

    def all(self, name: str) -> list[str]:
        return [value for header, value in self.headers if header == name]
