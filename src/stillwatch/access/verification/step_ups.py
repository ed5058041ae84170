"""Step-up challenges that are kept: asked of one account or of many at once, answered once, by an access token."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from joserfc.jwk import KeySet

from stillwatch.access.verification.challenges import (
    Challenge,
    Wanted,
    add_challenges,
    open_challenges,
    try_challenge,
    use_challenge,
)
from stillwatch.access.verification.ledger import OURS, Ledger
from stillwatch.access.verification.levels import HIGHEST
from stillwatch.access.verification.office import Office
from stillwatch.access.verification.proof import DAY
from stillwatch.access.verification.protocols import jose
from stillwatch.access.verification.protocols.access_token import claims_of
from stillwatch.access.verification.protocols.step_up import StepUp, acr_of, answers
from stillwatch.access.verification.refusal import Refused
from stillwatch.cases.audit import append_many
from stillwatch.cases.entry import Draft
from stillwatch.cases.store import Tenant
from stillwatch.records import InvalidConfiguration, Micros, UsageError

METHOD = "step_up"
LIVES = DAY  # unless it is said otherwise
ATTEMPTS = 100  # tokens of a client that renews too weak a one again and again


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """A challenge and the level that the token showed."""

    challenge_id: str
    account_id: str
    level: int


class StepUps:
    """Those of one tenant. Any thread may use it."""

    def __init__(self, tenant: Tenant, office: Office) -> None:
        office.prepare(tenant)
        self._tenant = tenant
        self._office = office
        self._ledger = Ledger(tenant, office)

    def ask(
        self,
        accounts: Sequence[str],
        level: int,
        *,
        max_age: int | None = None,
        lives: int = LIVES,
        by: str = OURS,
        now: Micros | None = None,
    ) -> list[StepUp]:
        """Ask accounts for a level, all in one transaction and in their order. `lives` is in microseconds."""
        if not 0 <= level <= HIGHEST or lives <= 0 or (max_age is not None and max_age < 0):
            raise UsageError(f"a level is 0 to {HIGHEST}, and a challenge and a login's age take time")
        if not all(accounts):
            raise UsageError("an account needs an id")
        now = self._tenant.clock() if now is None else now
        state = {"level": level, "max_age": max_age}
        wanted = [
            Wanted(account_id=one, method=METHOD, state=state, lives=lives, attempts=ATTEMPTS)
            for one in accounts
        ]
        with self._tenant.writing() as connection:
            made = add_challenges(self._tenant, connection, wanted, now)
            drafts = [
                Draft(
                    kind="step_up_asked",
                    by=by,
                    facts={"challenge_id": one.challenge_id, "level": level, "expires_at": one.expires_at},
                    accounts=[one.account_id],
                )
                for one in made
            ]
            append_many(self._tenant, connection, drafts)
        return [_step_up(one) for one in made]

    def standing(self, account_id: str, now: Micros | None = None) -> list[StepUp]:
        """Those that an account has still to answer, the oldest first."""
        now = self._tenant.clock() if now is None else now
        with self._tenant.reading() as connection:
            found = open_challenges(self._tenant, connection, account_id, METHOD, now)
        return [_step_up(one) for one in found]

    def answer(
        self, challenge_id: str, account_id: str, claims: Mapping[str, object], *, now: Micros | None = None
    ) -> Answered:
        """Judge the claims of a token that was verified, or those of its introspection. Raises Refused."""
        now = self._tenant.clock() if now is None else now
        with self._office.counting(METHOD):
            challenge = try_challenge(
                self._tenant, challenge_id, method=METHOD, account_id=account_id, now=now
            )
            level = answers(claims, _step_up(challenge), now)
            with self._tenant.writing() as connection:
                use_challenge(self._tenant, connection, challenge_id, now)
                facts = {"challenge_id": challenge_id, "level": level}
                self._ledger.enter(connection, "step_up_answered", [account_id], facts)
        return Answered(challenge_id=challenge_id, account_id=account_id, level=level)

    def answer_token(
        self, challenge_id: str, account_id: str, token: str, *, now: Micros | None = None
    ) -> Answered:
        """As `answer`, with an access token of the server in the settings. Raises Refused, InvalidConfiguration."""
        now = self._tenant.clock() if now is None else now
        settings = self._office.settings
        server = settings.access_tokens
        if server is None:
            raise InvalidConfiguration("access tokens need access_tokens in the settings of verification")
        with self._office.counting(METHOD):
            keys = published_keys(settings.folder / server.jwks)
            claims = claims_of(token, keys, issuer=server.issuer, audience=server.audience, now=now)
            if claims.get(server.account_claim) != account_id:
                raise Refused("mismatch", "the token is of another account")
        return self.answer(challenge_id, account_id, claims, now=now)


def published_keys(path: Path) -> KeySet:
    """The keys of a JWKS file, read anew each time since servers change theirs. Raises InvalidConfiguration."""
    try:
        return jose.key_set(msgspec.json.decode(path.read_bytes()))
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, Refused) as error:
        raise InvalidConfiguration(f"{path}: no JWKS: {error}") from error


def _step_up(challenge: Challenge) -> StepUp:
    level = challenge.state["level"]
    return StepUp(
        challenge_id=challenge.challenge_id,
        account_id=challenge.account_id,
        level=level,
        acr_values=[acr_of(one) for one in range(level, HIGHEST + 1)],
        max_age=challenge.state["max_age"],
        made_at=challenge.made_at,
        expires_at=challenge.expires_at,
    )
