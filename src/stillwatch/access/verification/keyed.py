"""Keyed tokens: what an account has shown, so that it is known again and cannot be read."""

from hashlib import blake2b

import msgspec

from stillwatch.access.verification.proof import Subject
from stillwatch.cases.entry import canonical
from stillwatch.features.key import SketchKey

BYTES = 16  # of a token; 10**9 things meet by chance once in 10**20
PURPOSE = b"verification"


class Keyed(msgspec.Struct, frozen=True):
    """Makes the tokens of one tenant. Those of another tenant differ, so tenants cannot be joined."""

    key: SketchKey
    tenant: str

    def token(self, kind: str, *parts: str) -> str:
        content = canonical([self.tenant, kind, *parts]).encode()
        return blake2b(content, key=self.key.secret, digest_size=BYTES, person=PURPOSE).hexdigest()

    def subject(self, kind: str, *parts: str) -> Subject:
        return Subject(kind=kind, token=self.token(kind, *parts))
