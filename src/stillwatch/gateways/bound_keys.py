"""Accounts that have bound a key must show it with each call, so that an API key that is resold is worth nothing.

    bound_keys:
      file: bound-keys                    # what `stillwatch watch` publishes
      base_url: https://api.example.com   # of the address that clients write into proofs
      nonces: true                        # a proof must carry one of ours, no older than five minutes
      certificate_header: client-cert     # where a proxy hands on the client's certificate
      certificate_from: [10.0.0.0/8]      # peers from which that header is believed

A key is a DPoP key (RFC 9449) or a client certificate (RFC 8705). Where an account is told by its API key, the accounts of
all API keys that a call shows are looked at: which of them the serving side will read is not known here.

A file that is missing or damaged binds nobody, and is counted. So do calls for which there is no room left to remember
their proofs. Needs the extra `access`.
"""

import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path

from stillwatch.gateways.caller import Caller, Identity, api_keys
from stillwatch.gateways.settings import KeySettings
from stillwatch.gateways.showing import Showing
from stillwatch.gateways.trouble import Trouble
from stillwatch.records import InvalidConfiguration, Micros, Route, UnreadableInput
from stillwatch.responses import Refusal, error_body

try:
    from stillwatch.access.verification.calls import Bound, Call, CallKeys, SeenProofs, Unproved
    from stillwatch.access.verification.protocols.dpop import Nonces
    from stillwatch.access.verification.published import Published, read
except ModuleNotFoundError as missing:
    raise InvalidConfiguration(
        f"bound_keys needs the package {missing.name}: pip install 'stillwatch[access]'"
    ) from missing

INTERVAL = 1.0  # seconds between two looks at the file
UNAUTHORIZED = 401
NOTHING = Bound()
MESSAGE = (
    "This account has bound a key, and the call does not show it: sign a DPoP proof for each call (RFC 9449),"
    " or use the registered client certificate (RFC 8705)."
)


class BoundKeys:
    """The keys in a published file, taken up anew within a second when it changes, and the proofs that were used."""

    def __init__(
        self,
        path: Path,
        settings: KeySettings,
        identity: Identity,
        trouble: Trouble,
        clock: Callable[[], float] = time.monotonic,
        *,
        seen: SeenProofs | None = None,
    ) -> None:
        self._path, self._settings, self._identity, self._trouble = path, settings, identity, trouble
        self._clock = clock
        self._nonces = Nonces(identity.key.secret) if settings.nonces else None
        self._networks = settings.networks()
        self._seen = seen or SeenProofs()
        self._signature: tuple[int, int, int, int] | None = None
        self._published: Published | None = None
        self._next = float("-inf")

    def refusal(self, caller: Caller, route: Route, showing: Showing, now: Micros) -> Refusal | None:
        """What is answered to a call that does not show its account's key; None where it does, or has none."""
        if self._clock() >= self._next:
            self._look()
            self._next = self._clock() + INTERVAL
        published, shown = self._published, False
        if published is None:
            return None
        for account, token in self._accounts(caller, showing):
            bound = published.bound(account)
            if bound == NOTHING:
                continue
            keys = CallKeys({account: bound}, nonces=self._nonces, seen=self._seen)
            try:
                shown = keys.check(account, self._call(showing, token), now)
            except Unproved as refused:
                if refused.reason != "unreachable":
                    return _refusal(refused, route)
                self._trouble.count("proofs_not_remembered")
        if shown:
            self._trouble.count("keys_shown")
        return None

    def _accounts(self, caller: Caller, showing: Showing) -> Iterator[tuple[str, str]]:
        """The accounts a call may be of, each with the API key it shows."""
        if showing.token is not None:
            if caller.account_id is not None:
                yield caller.account_id, showing.token
            return
        tokens = api_keys(showing.headers)
        if caller.account_id is None or caller.account_id != caller.api_key_id:
            if caller.account_id is not None:
                yield caller.account_id, tokens[0] if tokens else ""
            return
        for token in tokens:
            yield self._identity.key_id(token), token

    def _call(self, showing: Showing, token: str) -> Call:
        return Call(
            method=showing.method,
            url=self._settings.base_url.rstrip("/") + showing.path,
            token=token,
            proofs=tuple(showing.all("dpop")),
            certificate=self._certificate(showing),
        )

    def _certificate(self, showing: Showing) -> str | None:
        """The certificate a proxy of ours hands on; two headers are none, since one is the client's own."""
        name = self._settings.certificate_header
        given = showing.all(name) if name else []
        if len(given) == 1 and (showing.ended_tls or self._is_ours(showing.peer)):
            return given[0]
        if given:
            self._trouble.count("certificates_not_believed")
        return None

    def _is_ours(self, peer: str | None) -> bool:
        try:
            address = ip_address(peer or "")
        except ValueError:
            return False
        plain = getattr(address, "ipv4_mapped", None) or address
        return any(plain in network for network in self._networks)

    def _look(self) -> None:
        try:
            found = self._path.stat()
            signature = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
            if signature == self._signature:
                return
            self._published = read(self._path)
        except (OSError, UnreadableInput) as error:
            self._signature = self._published = None
            self._trouble.caught("bound_keys", error)
            return
        self._signature = signature


def _refusal(refused: Unproved, route: Route) -> Refusal:
    headers = {
        "content-type": "application/json",
        "cache-control": "no-store",
        "www-authenticate": refused.challenge,
    }
    if refused.nonce is not None:
        headers["dpop-nonce"] = refused.nonce
    said = {"reason": refused.reason, "detail": str(refused)}
    body = error_body(route, UNAUTHORIZED, "key_not_shown", MESSAGE, said)
    return Refusal(UNAUTHORIZED, headers, body)
