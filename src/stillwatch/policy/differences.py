"""What changes from one policy to another, in words."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from stillwatch.policy.rules import Policy, Rule

UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def differences(old: Policy, new: Policy) -> list[str]:
    """A sentence for each difference; none where the policies decide alike."""
    return list(_differences(old, new))


def _differences(old: Policy, new: Policy) -> Iterator[str]:
    before = {rule.id: rule for rule in old.rules}
    after = {rule.id: rule for rule in new.rules}
    for rule in old.rules:
        if rule.id not in after:
            yield f"rule {rule.id} is gone: {_summary(rule)}"
    for rule in new.rules:
        if rule.id not in before:
            yield f"rule {rule.id} is new: {_summary(rule)}"
    for rule in new.rules:
        if rule.id in before:
            yield from (f"rule {rule.id}: {change}" for change in _changes(before[rule.id], rule))
    yield from _moves([name for name in before if name in after], [name for name in after if name in before])
    if old.second_reviewer_above != new.second_reviewer_above:
        yield (
            f"a second reviewer is needed above {new.second_reviewer_above:,} accounts of a campaign, "
            f"not above {old.second_reviewer_above:,}"
        )


def _summary(rule: Rule) -> str:
    return f"{rule.step}, {_mode(rule)}, when {_condition(rule)}"


def _mode(rule: Rule) -> str:
    return {"off": "turned off", "shadow": "in shadow mode", "enforce": "enforced"}[rule.mode]


def _condition(rule: Rule) -> str:
    return " ".join(rule.condition.source.split())


def _changes(old: Rule, new: Rule) -> Iterator[str]:
    if old.mode != new.mode:
        yield f"{_mode(new)}, was {_mode(old)}"
    if _condition(old) != _condition(new):
        yield f"matches when {_condition(new)}; matched when {_condition(old)}"
    if old.ttl != new.ttl:
        yield f"decisions hold {_length(new.ttl)}, held {_length(old.ttl)}"
    before, after = _facts(old), _facts(new)
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield f"{name} is {_shown(after.get(name))}, was {_shown(before.get(name))}"


def _facts(rule: Rule) -> dict[str, object]:
    """What a rule says in single values, by the words of the file."""
    return {
        "step": rule.step,
        **rule.settings,
        "reason": rule.reason,
        "message": rule.message,
        "appeal": rule.appeal,
        "reviewers": ", ".join(rule.reviewers) or None,
        "automatic_block": rule.automatic_block,
    }


def _shown(value: object) -> str:
    return "not set" if value is None else repr(value) if isinstance(value, str) else str(value).lower()


def _length(micros: int | None) -> str:
    if micros is None:
        return "for the call alone"
    seconds = micros // 1_000_000
    unit, size = next((unit, size) for unit, size in UNITS if seconds % size == 0)
    return f"{seconds // size:,} {unit}{'' if seconds == size else 's'}"


def _moves(old: list[str], new: list[str]) -> Iterator[str]:
    """Order decides, so a rule that other rules now come before or after is a change."""
    kept: set[str] = set()
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        kept.update(new[block.b : block.b + block.size])
    for at, name in enumerate(new):
        if name not in kept:
            yield f"rule {name} moves to " + (f"after {new[at - 1]}" if at else "the front")
