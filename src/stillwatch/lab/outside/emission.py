"""How calls come about: an account, what it says, when, and the settings of the program it says it with."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from stillwatch.lab.outside.accounts import Account
from stillwatch.lab.outside.calls import Truth
from stillwatch.lab.outside.clients import client
from stillwatch.lab.outside.clocks import Session
from stillwatch.lab.outside.network import Address, Route
from stillwatch.lab.outside.person import Saying
from stillwatch.lab.outside.speakers import Speaker
from stillwatch.lab.outside.wording.replies import REPLIES
from stillwatch.lab.outside.workload import DEFAULT, OWN_LANGUAGE, PLAIN, Settings, Workload
from stillwatch.lab.outside.world import DAY, World

Caller = Account | Callable[[int, float], Account]
"""The account of a conversation, or of each turn and time where it hops over a pool."""

APPS = ("Mozilla", "ProviderApp")
REFUSAL = "I can't help with that."
FAILURES = 0.035
ERRORS = {
    429: "rate_limit_error",
    400: "invalid_request_error",
    500: "api_error",
    529: "overloaded_error",
    408: "timeout",
    403: "permission_error",
}
STATUSES = (429, 429, 400, 500, 529, 408, 403)
MOST_HISTORY = 60_000  # tokens of a conversation that are sent again
LONG_SYSTEM = 900  # characters; longer ones are worth caching
REPLAYED = 6  # ids sent back at most
HIDDEN_BY_CLOUD = 0.95  # share of conversations through a cloud whose network the provider cannot see


def emit(
    world: World, caller: Caller, speaker: Speaker, sessions: Iterable[Session], work: Workload = PLAIN
) -> None:
    """Make the calls of these sessions."""
    settings = work.settings
    for session in sessions:
        account = caller if isinstance(caller, Account) else caller(0, session[0])
        held = _Conversation(world, account, work, session, settings)
        settings = held.settings  # a program keeps the settings it began with
        say = speaker()
        for turn, at in enumerate(session):
            if turn and not isinstance(caller, Account):
                held.hop(caller(turn, at))
            held.call(turn, at, say(turn))


@dataclass
class _Answer:
    """What the model made of a request."""

    status: int
    tokens_out: int
    tokens_reasoning: int
    tool_results: int
    tool_calls: int
    refused: bool


class _Conversation:
    """Some calls in a row, with what stays the same and what carries over from one to the next."""

    def __init__(
        self, world: World, account: Account, work: Workload, session: Session, settings: Settings
    ) -> None:
        rng = world.rng
        self.world, self.account, self.work, self.length = world, account, work, len(session)
        self.id, self.session_id = "c_" + world.mint(14), "s_" + world.mint(10)
        self.client = rng.choice(work.clients or account.clients)
        self.address = self._first_address()
        self.pathway = self._pathway()
        self.ids = list(work.resume(session[0])) if work.resume else []
        self.on_app = self.pathway == "app"
        self.key = None if self.on_app else rng.choice(account.keys)
        self.end_user = rng.choice(work.end_users) if work.end_users else None
        as_messages = world.recording.as_messages
        self.as_messages = bool(as_messages) and rng.random() < as_messages
        if self.on_app and not self.client.agent.startswith((*APPS, "homehub")):
            account.browser = self.client = account.browser or client(rng, "browser")
        self.hidden = self.pathway.startswith("cloud") and rng.random() < HIDDEN_BY_CLOUD
        if not self.on_app and settings == DEFAULT and account.usual_max_tokens:
            settings = replace(settings, max_tokens=account.usual_max_tokens)
        self.settings = settings
        usual = None if self.on_app else rng.choice((None, None, 0.0, 0.2, 0.7, 1.0))
        self.temperature = usual if settings.temperature is None else settings.temperature
        self.history = 0
        self.messages: list[dict[str, str]] = []

    def _first_address(self) -> Address:
        route = self._route()
        if callable(route):
            return route()
        return route[0] if self.world.rng.random() < 0.55 else self.world.rng.choice(route)

    def _route(self) -> Route:
        return self.work.route or self.account.route or self.account.addresses

    def _pathway(self) -> str:
        account, pathway = self.account, self.work.pathway
        if isinstance(pathway, list):
            return self.world.rng.choice(pathway)
        if pathway:
            return pathway
        if self.client.agent.startswith(APPS):
            return "app"
        return account.programme if account.programme and account.uses_programme else "api"

    def hop(self, account: Account) -> None:
        """Go on with another account of the pool."""
        self.account = account
        route = self._route()
        self.address = route() if callable(route) else self.world.rng.choice(route)
        self.key = self.world.rng.choice(account.keys)

    def call(self, turn: int, at: float, saying: Saying) -> None:
        """Make one call and keep it."""
        text, capability = saying
        exchange_id = self.world.recording.exchange_form % self.world.mint(16)
        tokens_in = self._tokens_in(text)
        answer = self._answer(turn)
        record: dict[str, object] = {
            "exchange_id": exchange_id,
            "ts": at,
            "account_id": self.account.id,
            "model": self._model(at),
            "n_turns": turn + 1,
            "tokens_in": tokens_in,
            "replayed_ids": self.ids[-REPLAYED:],
        }
        record |= self._said(text)
        record |= self._sent()
        record["n_images"] = self.work.images() if self.work.images else 0
        record |= self._answered(answer)
        record["tokens_cached"] = self._cached(turn)
        record["latency_ms"] = self._latency(tokens_in, answer)
        record |= self._seen()
        self.world.calls.add(record, self._truth(exchange_id, capability))
        if turn + 1 < self.length or self.work.keep is not None:
            self._keep_ids(at, exchange_id, answer)
        self.history = min(MOST_HISTORY, tokens_in + answer.tokens_out)

    def _tokens_in(self, text: str) -> int:
        wide = 1 if text and ord(text[0]) < 0x3000 else 2
        return int((len(text) * wide + len(self.work.system or "")) / 4.2) + 8 + self.history

    def _answer(self, turn: int) -> _Answer:
        rng, work, settings = self.world.rng, self.work, self.settings
        status = 200 if rng.random() > FAILURES else rng.choice(STATUSES)
        good = status == 200
        usual = 6.0 if work.kind in {"reason", "code"} else 5.4
        out = int(math.exp(rng.gauss(work.output or usual, 0.7))) + 3 if good else 0
        if settings.max_tokens:
            out = min(out, settings.max_tokens)
        thinks = good and (settings.reasoning_effort or rng.random() < 0.25)
        return _Answer(
            status=status,
            tokens_out=out,
            tokens_reasoning=int(out * rng.uniform(0.5, 3)) if thinks else 0,
            tool_results=rng.choice((1, 1, 1, 2)) if work.agent and turn else 0,
            tool_calls=rng.choice((1, 1, 2, 0)) if work.agent and good else 0,
            refused=good and rng.random() < work.refused,
        )

    def _model(self, at: float) -> str:
        rng, models, account = self.world.rng, self.world.models, self.account
        pinned = self.work.model(at) if callable(self.work.model) else self.work.model
        if pinned:
            return pinned
        for adopted, model in zip(reversed(account.adopts), reversed(models.new), strict=True):
            if at / DAY >= adopted and rng.random() < 0.8:
                return model
        return (
            models.old[account.model_rank] if rng.random() < account.loyalty else rng.choice(models.old[:3])
        )

    def _said(self, text: str) -> dict[str, object]:
        system = self.work.system
        if not self.as_messages:
            return {"system": system, "prompt": text}
        rng = self.world.rng
        self.messages = [*self.messages[-4:], {"role": "user", "content": text}]
        sent = [{"role": "system", "content": system}, *self.messages] if system else self.messages
        prompt = None if rng.random() < 0.5 else text
        self.messages = [*self.messages, {"role": "assistant", "content": self._reply()}]
        return {"system": system, "messages": sent, "prompt": prompt}

    def _reply(self) -> str:
        return self.account.person.fill(REPLIES[self.work.kind])

    def _sent(self) -> dict[str, object]:
        settings, on_app, work = self.settings, self.on_app, self.work
        conversation = on_app or work.agent or self.length > 1
        own = self.account.person.language if on_app else None
        return {
            "org_id": self.account.organisation,
            "api_key_id": self.key,
            "end_user_id": self.end_user,
            "session_id": self.session_id if on_app or work.agent else None,
            "conversation_id": self.id if conversation else None,
            "pathway": self.pathway,
            "tools": work.tools,
            "max_tokens": settings.max_tokens,
            "temperature": self.temperature,
            "n_choices": settings.n_choices or (None if on_app else 1),
            "logprobs": None if on_app else 0,
            "stream": on_app if settings.stream is None else settings.stream,
            "reasoning_effort": settings.reasoning_effort,
            "accept_language": own if work.accept_language == OWN_LANGUAGE else work.accept_language,
        }

    def _answered(self, answer: _Answer) -> dict[str, object]:
        good = answer.status == 200
        response = None
        if good and self.world.recording.exchanges["response"]:
            response = REFUSAL if answer.refused else self._reply()
        return {
            "response": response,
            "n_tool_calls": answer.tool_calls,
            "n_tool_results": answer.tool_results,
            "tokens_out": answer.tokens_out,
            "tokens_reasoning": answer.tokens_reasoning,
            "finish_reason": self._finish(answer) if good else None,
            "http_status": answer.status,
            "error_type": ERRORS.get(answer.status),
        }

    def _finish(self, answer: _Answer) -> str:
        if answer.refused:
            return "refusal"
        if answer.tool_calls:
            return "tool_calls"
        most = self.settings.max_tokens
        return "length" if most and answer.tokens_out >= most else "stop"

    def _cached(self, turn: int) -> int:
        if turn:
            return int(self.history * 0.8)
        length = len(self.work.system or "")
        return length // 4 if length > LONG_SYSTEM and self.world.rng.random() < 0.7 else 0

    def _latency(self, tokens_in: int, answer: _Answer) -> float:
        made = answer.tokens_out + answer.tokens_reasoning
        return round(350 + made * self.world.rng.uniform(8, 22) + tokens_in * 0.05, 1)

    def _seen(self) -> dict[str, object]:
        """What the provider sees of the network, which a cloud in between mostly hides."""
        address = self.address
        if self.hidden:
            return {"country": None if self.world.rng.random() < 0.5 else address.country}
        return {
            "client_ip": address.ip,
            "asn": address.asn,
            "country": address.country,
            "user_agent": self.client.agent,
            "ja4": self.client.ja4,
        }

    def _truth(self, exchange_id: str, capability: str | None) -> Truth:
        operator = self.work.operator if capability is not None else None
        return Truth(exchange_id, self.account.id, operator, capability if self.work.operator else None)

    def _keep_ids(self, at: float, exchange_id: str, answer: _Answer) -> None:
        rng, work, mint = self.world.rng, self.work, self.world.mint
        kept = []
        if work.agent and answer.tool_calls:
            self.ids += ["call_" + mint(14) for _ in range(answer.tool_calls)]
        elif rng.random() < (0.3 if self.on_app else 0.12) or work.sealed:
            kept.append(exchange_id if self.world.recording.answers_are_exchanges else "resp_" + mint(14))
        if rng.random() < work.sealed:
            kept.append("rs_" + mint(14))
        self.ids += kept
        if work.keep is not None:
            work.keep.extend((at, made) for made in kept)
