"""A vendor of identity checks, simulated: sessions over real HTTP, and signed events to whoever asked.

What it finds is a function of its seed and of who is checked, so that a run can be repeated. A person who passes does so
at every account that person is behind: the event names the same identity.
"""

import secrets
import time
from base64 import b64encode
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import anyio.to_thread
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.requests import Request as Asked
from starlette.responses import Response
from starlette.routing import Route

from stillwatch.access.verification.protocols.webhook import (
    ID,
    SIGNATURE,
    TIMESTAMP,
    signature,
    signed_content,
)

TIMEOUT = 10.0  # seconds for an event to be taken
PASSES = 0.97  # share of honest persons who pass at the first try; chosen, to have some who do not


class Session(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is to be checked. `person` stands for the document and the face; `reference` comes back with the event."""

    reference: str
    person: str
    proof: str = "identity_ial2"


class IdentityVendor:
    """Signs with a secret, or with its own key of Ed25519 where it has none."""

    def __init__(
        self, callback: str, *, secret: bytes | None = None, seed: int = 0, ahead: float = 0.0
    ) -> None:
        """`callback` is where events go; `ahead` the seconds by which its clock is wrong."""
        self.callback = callback
        self._secret = secret
        self._key = Ed25519PrivateKey.generate()
        self._seed = seed
        self._ahead = ahead
        self.sent: list[tuple[dict[str, str], bytes]] = []

    @property
    def public_key(self) -> str:
        """In Base64, as the settings of verification take it."""
        return b64encode(self._key.public_key().public_bytes_raw()).decode()

    def app(self) -> Starlette:
        """POST /sessions checks somebody and answers with the status that the event met."""
        return Starlette(routes=[Route("/sessions", self._session, methods=["POST"])])

    async def _session(self, asked: Asked) -> Response:
        try:
            session = msgspec.json.decode(await asked.body(), type=Session)
        except msgspec.MsgspecError as error:
            return Response(str(error), status_code=422)
        status = await anyio.to_thread.run_sync(self.check, session)
        return Response(msgspec.json.encode({"event_status": status}), media_type="application/json")

    def check(self, session: Session) -> int:
        """Check somebody, tell of it, and return the status with which the event was answered."""
        return self.post(*self.event(session))

    def event(self, session: Session) -> tuple[dict[str, str], bytes]:
        """The headers and the body of an event, signed now."""
        now = time.time() + self._ahead
        data = {
            "reference": session.reference,
            "outcome": "passed" if self.passes(session.person) else "failed",
            "proof": session.proof,
            "performed_at": int(now),
            "identity": self._hashed("identity", session.person).hex(),
        }
        body = msgspec.json.encode({"type": "verification.completed", "data": data})
        return self._signed(f"evt_{secrets.token_hex(12)}", str(int(now)), body), body

    def passes(self, person: str) -> bool:
        drawn = int.from_bytes(self._hashed("outcome", person)[:8], "big") / 2**64
        return drawn < PASSES

    def post(self, headers: Mapping[str, str], body: bytes) -> int:
        """Send an event; the status of the answer."""
        self.sent.append((dict(headers), body))
        told = {"content-type": "application/json", **headers}
        request = Request(self.callback, data=body, headers=told, method="POST")  # noqa: S310 - the lab's own address
        try:
            with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - the same
                status: int = answer.status
        except HTTPError as answer:
            with answer:
                status = answer.code
        return status

    def _signed(self, event_id: str, moment: str, body: bytes) -> dict[str, str]:
        if self._secret is not None:
            made = signature(self._secret, event_id, moment, body)
        else:
            made = "v1a," + b64encode(self._key.sign(signed_content(event_id, moment, body))).decode()
        return {ID: event_id, TIMESTAMP: moment, SIGNATURE: made}

    def _hashed(self, *parts: Any) -> bytes:
        text = "\0".join(map(str, (self._seed, *parts)))
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
