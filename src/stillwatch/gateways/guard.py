"""The one object a gateway asks about a call. No method of it, of a passage or of a stream raises.

    passage = guard.request(caller, route, body)         # before the call is sent on
    if passage.refusal: ...                              # answer with its status, headers and body
    await sleep(passage.delay)
    send(passage.body, passage.forward)                  # the body to send on, headers for the serving side
    answer = passage.answer(answer)                      # a whole answer; or, for a stream:
    stream = passage.stream(); stream.feed(piece); stream.end()
    passage.finish(status)                               # once, always: hands the exchange on

Gateways that hold decoded bodies use `request_document`, `passage.document`, `passage.answer_document` and
`stream.event`, `stream.held`. `passage.edits_answers` says whether an answer may come to be changed, so that the
gateway asks the serving side for one that is not compressed.

An error of ours lets the call go on unchanged, is counted by place and logged once a minute. On the routes of
`fail_closed` it refuses the call with status 503 instead; `unavailable` is that refusal for a gateway that fails before
it can ask. A step that leaves no entry is not taken.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from stillwatch.gateways._wire.body import Json, decoded
from stillwatch.gateways.caller import Caller
from stillwatch.gateways.feed import Feed
from stillwatch.gateways.passage import Passage
from stillwatch.gateways.trouble import Trouble
from stillwatch.records import Call, Decision, Outcome, Route, TakenDecision
from stillwatch.responses import Facilities, Refusal, Treatment, error_body, justified, treat
from stillwatch.sources import body_facts

if TYPE_CHECKING:
    from stillwatch.gateways.bound_keys import BoundKeys
    from stillwatch.gateways.minted_ids import MintedIds
    from stillwatch.gateways.showing import Showing

Decide = Callable[[Call], Decision]
FROM_BODY = (
    "model",
    "n_choices",
    "max_tokens",
    "temperature",
    "reasoning_effort",
    "n_turns",
    "n_tool_results",
    "n_images",
)
FROM_CALLER = (
    "org_id",
    "api_key_id",
    "session_id",
    "pathway",
    "plan",
    "programme",
    "kyc_level",
    "client_ip",
    "asn",
    "country",
    "user_agent",
    "ja4",
)
UNAVAILABLE = 503


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """How far a guard goes."""

    enforce: bool = False  # else decisions are made and recorded, and nothing is done
    fail_closed: frozenset[Route] = frozenset()
    hold_seconds: float = 60.0
    answer_bytes: int = 2 << 20  # of an answer kept for its exchange


class Guard:
    """Decides about calls, takes the steps, and hands decisions and exchanges on."""

    def __init__(
        self,
        decide: Decide,
        feed: Feed,
        trouble: Trouble,
        facilities: Facilities,
        bounds: Bounds,
        *,
        keys: "BoundKeys | None" = None,
        ids: "MintedIds | None" = None,
    ) -> None:
        self._decide = decide
        self.feed = feed
        self.trouble = trouble
        self.facilities = facilities
        self.bounds = bounds
        self.keys = keys  # that calls must show
        self.ids = ids  # that answers get

    def request(
        self, caller: Caller, route: Route, body: bytes | None, showing: "Showing | None" = None
    ) -> Passage:
        """What becomes of a request; `body` is None where the gateway did not read it.

        `showing` is wanted where there are `keys`.
        """
        passage = Passage(self, caller, route, body)
        try:
            if body is not None:
                passage.document = decoded(body)
                if not isinstance(passage.document, dict):
                    self.trouble.count("bodies_unreadable")
            self._begin(passage, showing)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in here, the customer's call goes on
            self._fail(passage, "request", error)
        return passage

    def request_document(
        self, caller: Caller, route: Route, document: Json, showing: "Showing | None" = None
    ) -> Passage:
        """As `request`, for a body that the gateway has decoded."""
        passage = Passage(self, caller, route, None)
        passage.document = document
        try:
            self._begin(passage, showing)
        except Exception as error:  # noqa: BLE001 - as above
            self._fail(passage, "request", error)
        return passage

    def answered(self, caller: Caller, route: Route, document: Json) -> Passage:
        """As `request_document`, for a gateway that asks about an answer apart from its request.

        The step is taken on the answer only: no entry is written a second time, and no token taken.
        """
        passage = Passage(self, caller, route, None)
        passage.document = document
        try:
            passage.asked = body_facts(route, document)
            if caller.account_id is not None:
                decision = self._decide(_call(caller.account_id, passage))
                passage.decision = decision
                acts = self.bounds.enforce and decision.step != "observe"
                passage.applied = acts and justified(decision, self.facilities.now())
        except Exception as error:  # noqa: BLE001 - as above
            self.trouble.caught("answered", error)
        return passage

    def unavailable(self, route: Route) -> Refusal | None:
        """The refusal of a call that could not be looked at; None where such calls go on."""
        if route not in self.bounds.fail_closed:
            return None
        message = "The service cannot check this request at the moment. Try again later."
        body = error_body(route, UNAVAILABLE, "guard_unavailable", message, {})
        return Refusal(UNAVAILABLE, {"content-type": "application/json", "retry-after": "5"}, body)

    def metrics(self) -> Mapping[str, int]:
        """Counters by name."""
        return dict(self.trouble.counts)

    def close(self) -> None:
        """Hand on what is queued."""
        self.feed.close()

    def _begin(self, passage: Passage, showing: "Showing | None" = None) -> None:
        self.trouble.count("calls")
        passage.asked = body_facts(passage.route, passage.document)
        account = passage.caller.account_id
        if account is None:
            self.trouble.count("calls_without_account")
            return
        if showing is not None and not self._shows_key(passage, showing):
            return
        if self.ids is not None and not self._reads_ids(passage, self.ids):
            return
        try:
            decision = self._decide(_call(account, passage))
        except Exception as error:  # noqa: BLE001 - a policy is the operator's own
            self._fail(passage, "decide", error)
            return
        passage.decision = decision
        if decision.step == "observe":
            if decision.shadow_rule_id is not None:
                self.feed.decided(_taken(passage, decision, "dry_run"))
            return
        self._act(passage, decision)

    def _shows_key(self, passage: Passage, showing: "Showing") -> bool:
        """Whether a call goes on: it shows its account's key, there is none, or it cannot be told."""
        try:
            refusal = (
                None
                if self.keys is None
                else self.keys.refusal(passage.caller, passage.route, showing, passage.ts)
            )
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in here, the customer's call goes on
            self._fail(passage, "bound_keys", error)
            return passage.refusal is None
        if refusal is None:
            return True
        if not self.bounds.enforce:
            self.trouble.count("keys_not_shown_dry_run")
            return True
        self.trouble.count("keys_not_shown")
        passage.refusal = refusal
        return False

    def _reads_ids(self, passage: Passage, ids: "MintedIds") -> bool:
        """Whether a call goes on: it sends back no reasoning that was sealed for somebody else."""
        try:
            passage.refusal = ids.read(passage)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in here, the customer's call goes on
            self.trouble.caught("minted_ids", error)
        return passage.refusal is None

    def _act(self, passage: Passage, decision: Decision) -> None:
        """Take a step, and leave an entry of it before the call goes on."""
        document = passage.document
        treatment, outcome = self._treatment(passage, decision)
        if not self.feed.decided(_taken(passage, decision, outcome, treatment)):
            self._refuse_if_closed(passage)
            return
        self.trouble.count(f"decisions_{outcome}")
        if outcome not in {"applied", "refused"}:
            return
        passage.refusal = treatment.refusal
        passage.delay = treatment.delay
        passage.forward = treatment.forward
        passage.applied = treatment.refusal is None
        passage.changed = passage.changed or treatment.body is not document
        passage.document = treatment.body

    def _treatment(self, passage: Passage, decision: Decision) -> tuple[Treatment, Outcome]:
        nothing = Treatment(body=passage.document)
        if not self.bounds.enforce:
            return nothing, "dry_run"
        if not justified(decision, self.facilities.now()):
            return nothing, "not_justified"
        try:
            treatment = treat(passage.document, decision, passage.route, self.facilities)
        except Exception as error:  # noqa: BLE001 - a response is a plug-in
            self._fail(passage, f"response_{decision.step}", error)
            return nothing, "not_applied"
        delay = min(treatment.delay, self.bounds.hold_seconds)
        treatment = msgspec.structs.replace(treatment, delay=delay)
        return treatment, "applied" if treatment.refusal is None else "refused"

    def _fail(self, passage: Passage, place: str, error: Exception) -> None:
        self.trouble.caught(place, error)
        self._refuse_if_closed(passage)

    def _refuse_if_closed(self, passage: Passage) -> None:
        passage.refusal = self.unavailable(passage.route) or passage.refusal


def _call(account: str, passage: Passage) -> Call:
    caller, asked = passage.caller, passage.asked
    facts: dict[str, Any] = {name: getattr(caller, name) for name in FROM_CALLER}
    facts |= {name: asked.get(name) for name in FROM_BODY}
    logprobs, tools = asked.get("logprobs"), asked.get("tools")
    return Call(
        account_id=account,
        ts=passage.ts,
        route=passage.route,
        end_user_id=caller.end_user_id or asked.get("end_user_id"),
        stream=bool(asked.get("stream")),
        logprobs=None if logprobs is None else int(logprobs),
        n_tools=None if not passage.read else len(tools or ()),
        **facts,
    )


def _taken(
    passage: Passage, decision: Decision, outcome: Outcome, treatment: Treatment | None = None
) -> TakenDecision:
    refusal = treatment.refusal if treatment else None
    return TakenDecision(
        decision=decision,
        exchange_id=passage.exchange_id,
        route=passage.route,
        outcome=outcome,
        http_status=refusal.status if refusal else None,
        delay=treatment.delay if treatment else 0.0,
    )
