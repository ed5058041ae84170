"""The simulated provider: its releases, its accounts, and the log into which every call goes."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

import msgspec

from stillwatch.lab.elsewhere import setting as settings
from stillwatch.lab.elsewhere.accounts import Account, Signup, enrol, opaque
from stillwatch.lab.elsewhere.corpus import Corpus
from stillwatch.lab.elsewhere.network import Address, Network
from stillwatch.lab.elsewhere.sayings import SHORT_ANSWERS
from stillwatch.lab.elsewhere.setting import DAY, HOUR
from stillwatch.lab.elsewhere.shelf import Shelf

USUAL_ACCOUNTS = 12_000  # the number of accounts at which cohorts and operators have the sizes they name
FAILURES = [(429, "rate_limit"), (429, "rate_limit"), (529, "overloaded"), (400, "invalid_request")]
FAILURES += [(500, "api_error")]
KEPT_FIELDS = {"exchange_id", "ts", "account_id", "prompt", "messages"}


class Call(msgspec.Struct, kw_only=True):
    """One call as its maker means it; what it leaves open comes from the account's habits."""

    at: float  # seconds into the log
    prompt: str
    capability: str = "general"
    operator: str | None = None
    system: str | None = None
    model: str | None = None
    session: str | None = None
    conversation: str | None = None
    end_user: str | None = None
    pathway: str | None = None
    address: Address | None = None
    tools: list[str] | None = None
    tool_calls: int = 0
    tool_results: int = 0
    images: int = 0
    turns: int = 1
    n_choices: int | None = None
    replayed: list[str] | None = None
    length: float = 1.0  # times the usual length of an answer


@dataclass
class Provider:
    """What cohorts and operators draw on, and the log they leave behind."""

    seed: int
    wanted: int  # accounts
    days: int
    shelf: Shelf
    accounts: list[Account] = field(default_factory=list)
    events: list[tuple[float, dict[str, str | None]]] = field(default_factory=list)
    captured: list[str] = field(default_factory=list)  # reasoning blocks that operators hand around

    def __post_init__(self) -> None:
        rng = self.rng("setting")
        self.setting = settings.draw(rng)
        self.end = self.days * DAY
        self.network = Network()
        self.corpus = Corpus(self.seed)
        self.release = _afternoon(rng, rng.uniform(0.36, 0.48) * self.end)  # of aurora-3.5
        self.mini_release = _afternoon(rng, rng.uniform(0.66, 0.8) * self.end)  # of aurora-3.5-mini

    def rng(self, name: str) -> Random:
        """Return the generator of one part of the log; parts do not disturb each other."""
        return Random(f"{self.seed}/{name}")

    def count(self, usual: float, least: int) -> int:
        """Return a number of accounts that grows with the log."""
        return max(least, round(usual * self.wanted / USUAL_ACCOUNTS))

    def cohort(self, rng: Random, usual: int) -> range:
        """Return the numbers of a cohort's members, whose size differs from log to log."""
        return range(self.count(usual * rng.uniform(0.5, 1.6), min(3, usual)))

    def enrol(self, rng: Random, signup: Signup) -> Account:
        account = enrol(rng, signup, self.setting, self.network, self.end)
        self.accounts.append(account)
        return account

    def ban(self, rng: Random, account: Account, at: float, reason: str, reported: float = 0.85) -> None:
        """Close an account; the log's events tell of it with probability `reported`."""
        account.closed = at
        status: dict[str, object] = {"status": "banned", "status_at": at, "status_reason": reason}
        account.versions.append((at, status))
        if rng.random() < reported:
            self.events.append((at + 5, {"kind": "ban", "account_id": account.id, "note": reason}))

    def moment(self, at: float) -> int:
        """Return microseconds since 1970 of a time in seconds into the log."""
        return int((self.setting.start + at) * 1e6)

    def add(self, rng: Random, account: Account, call: Call) -> None:
        """Log a call, unless the account or the log does not exist then."""
        if not max(0.0, account.opened) <= call.at < min(self.end, account.closed):
            return
        unit = (1_000, 1_000_000, 1, 1)[account.time_style]
        if account.whole_seconds:
            unit = 1_000_000
        micros = self.moment(call.at + account.skew) // unit * unit
        logged: dict[str, Any] = {
            "exchange_id": _exchange_id(rng, account, micros),
            "ts": timestamp(micros, account.time_style),
            "account_id": account.id,
            **self._identity(rng, account, call),
            "model": call.model or self._model(rng, account, call.at),
            **_text(rng, account, call),
            **_shape(rng, account, call),
            **self._outcome(rng, account, call),
        }
        if not account.networkless:
            logged |= _client(rng, account, call.address or account.route(rng, call.at))
        if call.replayed:
            logged["replayed_ids"] = call.replayed
        elif call.tools and call.tool_results and rng.random() < 0.6:
            logged["replayed_ids"] = [opaque(rng, "toolu_", 12) for _ in range(call.tool_results)]
        absent = account.unlogged
        logged = {name: value for name, value in logged.items() if value is not None and name not in absent}
        if rng.random() < 0.03:
            lost = rng.choice(list(logged))
            if lost not in KEPT_FIELDS:
                del logged[lost]
        self.shelf.add(call.at + self._delay(rng), micros, logged, (call.operator, call.capability))

    def _delay(self, rng: Random) -> float:
        chance = rng.random() / self.setting.late
        if chance > 1:
            return rng.expovariate(1 / 3)
        return rng.uniform(60, 5 * HOUR) if chance < 0.85 else rng.uniform(0.3, 3) * DAY

    def _model(self, rng: Random, account: Account, at: float) -> str:
        if account.schedule:
            return account.schedule(rng, at)
        model = rng.choice(account.models)
        if model == "aurora-3" and at > self.release + account.adopts[0]:
            return "aurora-3.5"
        if model == "aurora-3-mini" and at > self.mini_release + account.adopts[1]:
            return "aurora-3.5-mini"
        return model

    def _identity(self, rng: Random, account: Account, call: Call) -> dict[str, str | None]:
        return {
            "org_id": account.organisation,
            "api_key_id": rng.choice(account.keys) if account.pathway != "app" else None,
            "end_user_id": call.end_user,
            "session_id": call.session,
            "conversation_id": call.conversation,
            "pathway": call.pathway or account.pathway,
        }

    def _outcome(self, rng: Random, account: Account, call: Call) -> dict[str, Any]:
        tokens_out = max(1, int(rng.lognormvariate(5.1, 0.9) * call.length))
        latency = 400 + tokens_out * rng.uniform(8, 20)
        timing: dict[str, Any] = {"latency_ms": round(latency, 1) if rng.random() < 0.5 else int(latency)}
        if rng.random() < self.setting.failures:
            status, error = rng.choice(FAILURES)
            return {"http_status": status, "error_type": error, **timing}
        said = len(call.prompt) + len(call.system or account.system or "")
        tokens_in = said // 4 + (call.turns - 1) * 180 + account.preamble_tokens + 5
        reasoned = account.effort == "high" or rng.random() < 0.5
        stopped = "stop" if rng.random() < 0.95 else "length"
        return {
            "response": self._answer(rng, tokens_out) if account.answered else None,
            "tokens_in": tokens_in,
            "tokens_out": tokens_out,
            "tokens_reasoning": int(tokens_out * rng.random() * 1.5) if reasoned else 0,
            "tokens_cached": int(tokens_in * 0.7) if call.turns > 2 else 0,
            "finish_reason": "tool_use" if call.tool_calls and rng.random() < 0.8 else stopped,
            "http_status": 200 if rng.random() < 0.85 else None,
            **timing,
        }

    def _answer(self, rng: Random, tokens: int) -> str:
        if rng.random() < 0.2:
            return rng.choice(SHORT_ANSWERS)
        return self.corpus.filler.words(min(60, 8 + tokens // 12))


def timestamp(micros: int, style: int) -> str | int:
    """Write a time as one of four sources would: with milliseconds, seconds, microseconds, or as a number."""
    if style == 3:
        return micros
    moment = datetime.fromtimestamp(micros / 1e6, UTC)
    if style == 2:
        return moment.isoformat(timespec="microseconds")
    return moment.isoformat(timespec=("milliseconds", "seconds")[style])[:-6] + "Z"


def _afternoon(rng: Random, at: float) -> float:
    return at // DAY * DAY + rng.uniform(15, 18) * HOUR


def _exchange_id(rng: Random, account: Account, micros: int) -> str:
    drawn = rng.getrandbits(128)
    if account.time_style == 2:
        return f"{micros // 1000:x}-{drawn >> 64:016x}"
    return f"req_{drawn:032x}" if account.time_style < 2 else f"{drawn:032x}"


def _text(rng: Random, account: Account, call: Call) -> dict[str, object]:
    system = call.system if call.system is not None else account.system
    if not account.as_messages:
        return {"system": system, "prompt": call.prompt}
    turns = [{"role": "system", "content": system}] if system else []
    turns.append({"role": "user", "content": call.prompt})
    return {"messages": turns, "prompt": call.prompt if rng.random() < 0.3 else None}


def _shape(rng: Random, account: Account, call: Call) -> dict[str, object]:
    return {
        "tools": call.tools,
        "n_tool_calls": call.tool_calls if call.tools else None,
        "n_tool_results": call.tool_results if call.tools else None,
        "n_images": call.images if call.images or rng.random() < 0.3 else None,
        "n_turns": call.turns,
        "max_tokens": account.max_tokens,
        "temperature": account.temperature,
        "n_choices": call.n_choices,
        "stream": account.stream,
        "reasoning_effort": account.effort,
    }


def _client(rng: Random, account: Account, address: Address) -> dict[str, object]:
    return {
        "client_ip": address.ip,
        "asn": address.asn,
        "country": address.country,
        "user_agent": account.agents[0] if rng.random() < 0.8 else rng.choice(account.agents),
        "ja4": account.handshakes[0] if rng.random() < 0.85 else rng.choice(account.handshakes),
        "accept_language": account.accept_language,
    }


__all__ = ["Call", "Provider", "timestamp"]
