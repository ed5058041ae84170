"""A policy's own tests: a call, a verdict, and what is to come of them, in the same file."""

import time
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

import msgspec

from stillwatch.policy.decide import Decider
from stillwatch.policy.rules import Policy
from stillwatch.records import STEPS, Call, Micros, Verdict
from stillwatch.records.document import Value, shown

KEYS = ("name", "call", "verdict", "expect")
EXPECTED = ("step", "rule", "shadow")
TIMES = {"ts", "since"}
DAY = 86_400_000_000

R = TypeVar("R", Call, Verdict)


class Failure(NamedTuple):
    """An example that did not come out as expected; `place` is file:line:column."""

    place: str
    name: str
    differences: list[str]


class Outcome(NamedTuple):
    """What came of a policy's tests."""

    run: int
    failures: list[Failure]


class _Example(NamedTuple):
    name: str
    call: Call
    verdict: Verdict | None
    expected: dict[str, str | None]
    value: Value


def run(policy: Policy) -> Outcome:
    """Decide every example. Raises InvalidConfiguration where one is not well formed."""
    now = Micros(time.time_ns() // 1000)
    examples = [_example(value, policy, now) for value in policy.examples]
    decider = Decider(policy)
    failures = []
    for example in examples:
        decision = decider.decision(example.call, example.verdict)
        got = {"step": decision.step, "rule": decision.rule_id, "shadow": decision.shadow_rule_id}
        wrong = [
            f"{name} is {got[name] or 'none'}, expected {wanted or 'none'}"
            for name, wanted in example.expected.items()
            if got[name] != wanted
        ]
        if wrong:
            place = example.value.place
            failures.append(Failure(f"{place.file}:{place.line}:{place.column}", example.name, wrong))
    return Outcome(len(examples), failures)


def _example(value: Value, policy: Policy, now: Micros) -> _Example:
    keys = value.mapping("a test", KEYS)
    if "expect" not in keys:
        raise value.place.wrong("a test says what to expect")
    name = keys["name"].words("name") if "name" in keys else f"line {value.place.line}"
    usual_call = {"account_id": "account", "ts": now}
    call = _record(keys.get("call"), "call", Call, usual_call)
    usual_verdict = {
        "campaign_id": "campaign",
        "state": "open",
        "probability": 1.0,
        "log_e_value": 20.0,
        "accounts": 50,
        "capability": "general",
        "since": call.ts - DAY,
        "active": True,
    }
    given = keys.get("verdict")
    verdict = (
        None if given is None or given.content is None else _record(given, "verdict", Verdict, usual_verdict)
    )
    return _Example(name, call, verdict, _expected(keys["expect"], policy), value)


def _record(value: Value | None, what: str, kind: type[R], usual: dict[str, object]) -> R:
    """A record from the fields that the file gives, over the usual ones."""
    known = [field.name for field in msgspec.structs.fields(kind)]
    given = {} if value is None else value.mapping(f"a {what}", known)
    fields = dict(usual)
    for name, one in given.items():
        fields[name] = _time(one) if name in TIMES else one.content
        try:
            msgspec.convert(usual | {name: fields[name]}, kind)
        except msgspec.ValidationError as error:
            raise one.place.wrong(f"{what}.{name}: {error}") from error
    return msgspec.convert(fields, kind)


def _time(value: Value) -> int:
    if isinstance(value.content, int) and not isinstance(value.content, bool):
        return value.content
    try:
        moment = datetime.fromisoformat(value.text)
    except ValueError as error:
        raise value.place.wrong(f"{shown(value.text)} is no time: write 2026-03-02T04:10:00Z") from error
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1e6)


def _expected(value: Value, policy: Policy) -> dict[str, str | None]:
    keys = value.mapping("expect", EXPECTED)
    if not keys:
        raise value.place.wrong(f"expect names at least one of {', '.join(EXPECTED)}")
    out: dict[str, str | None] = {}
    for name, one in keys.items():
        known = STEPS if name == "step" else [rule.id for rule in policy.rules]
        if one.content is None and name == "step":
            raise one.place.wrong("the mildest step is observe")
        out[name] = None if one.content is None else _text(one).one_of(name, known)
    return out


def _text(value: Value) -> Value:
    """An id that looks like a number is an id all the same."""
    if isinstance(value.content, (list, dict)):
        return value
    return msgspec.structs.replace(value, content=value.text)
