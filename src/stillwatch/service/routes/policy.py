"""The policy that gateways decide by, and checks of one that is still being written."""

from typing import Annotated

import msgspec

from stillwatch.policy import Policy, examples, load, parse
from stillwatch.policy.differences import differences
from stillwatch.policy.rules import AsAsked, Mode
from stillwatch.records import InvalidConfiguration, NotThere, Step
from stillwatch.service.operation import Asked, Nothing, Operation

POSTED = "policy"  # what complaints name as the file
Text = Annotated[str, msgspec.Meta(max_length=200_000)]


class Posted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A policy, as the text of its file."""

    policy: Text


class Both(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A policy, and the one before it: without `old`, the one in force."""

    policy: Text
    old: Text | None = None


class RuleLine(msgspec.Struct, frozen=True, kw_only=True):
    """A rule in one line."""

    rule_id: str
    mode: Mode
    step: Step | AsAsked
    when: str
    reason: str
    line: int


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """The policy in force: the text of its file, and what was read in it."""

    sha256: str
    policy: str
    rules: list[RuleLine]
    notes: list[str]


class Linted(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a gateway would take it, why not, and what else a reader should know."""

    usable: bool
    complaints: list[str]
    notes: list[str]
    rules: list[RuleLine]
    sha256: str | None


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """A test that did not come out as expected."""

    place: str
    name: str
    differences: list[str]


class Tested(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the tests that stand in the policy."""

    run: int
    failures: list[Failed]


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What changes, in sentences."""

    differences: list[str]


def show(asked: Asked[Nothing, None]) -> Shown:
    policy, text = _in_force(asked)
    return Shown(sha256=policy.sha256, policy=text, rules=_lines(policy), notes=list(policy.notes))


def lint(asked: Asked[Nothing, Posted]) -> Linted:
    try:
        policy = parse(_bytes(asked.body.policy), POSTED)
        outcome = examples.run(policy)
    except InvalidConfiguration as error:
        return Linted(usable=False, complaints=str(error).splitlines(), notes=[], rules=[], sha256=None)
    failing = [f"{one.place}: its test {one.name} does not come out as expected" for one in outcome.failures]
    return Linted(
        usable=True,
        complaints=[],
        notes=[*policy.notes, *failing],
        rules=_lines(policy),
        sha256=policy.sha256,
    )


def test(asked: Asked[Nothing, Posted]) -> Tested:
    outcome = examples.run(parse(_bytes(asked.body.policy), POSTED))
    failures = [
        Failed(place=one.place, name=one.name, differences=one.differences) for one in outcome.failures
    ]
    return Tested(run=outcome.run, failures=failures)


def diff(asked: Asked[Nothing, Both]) -> Compared:
    new = parse(_bytes(asked.body.policy), POSTED)
    old = _in_force(asked)[0] if asked.body.old is None else parse(_bytes(asked.body.old), "old")
    return Compared(differences=differences(old, new))


def _in_force(asked: "Asked[Nothing, None] | Asked[Nothing, Both]") -> tuple[Policy, str]:
    path = asked.home.policy
    if path is None or not path.exists():
        raise NotThere("no policy is in force here")
    return load(path), path.read_text(encoding="utf-8-sig")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _lines(policy: Policy) -> list[RuleLine]:
    return [
        RuleLine(
            rule_id=rule.id,
            mode=rule.mode,
            step=rule.step,
            when=rule.condition.source,
            reason=rule.reason,
            line=rule.line,
        )
        for rule in policy.rules
    ]


OPERATIONS = [
    Operation(
        name="show_policy",
        method="GET",
        path="/policy",
        scope="read",
        summary="The policy in force",
        run=show,
        answer=Shown,
    ),
    Operation(
        name="lint_policy",
        method="POST",
        path="/policy/lint",
        scope="read",
        summary="Check a policy as a gateway does",
        run=lint,
        answer=Linted,
        body=Posted,
        body_bytes=1 << 20,
    ),
    Operation(
        name="test_policy",
        method="POST",
        path="/policy/test",
        scope="read",
        summary="Run the tests that stand in a policy",
        run=test,
        answer=Tested,
        body=Posted,
        body_bytes=1 << 20,
    ),
    Operation(
        name="diff_policy",
        method="POST",
        path="/policy/diff",
        scope="read",
        summary="Say what changes from one policy to another",
        run=diff,
        answer=Compared,
        body=Both,
        body_bytes=1 << 20,
    ),
]
