"""What a reader of a level policy should know though it can be used."""

from collections.abc import Iterator
from itertools import product

from stillwatch.access.levels.policy import Ask, LevelPolicy

Cell = tuple[str, str, str, str]
WORDS = ("tier", "volume", "risk", "region")


def cells(policy: LevelPolicy) -> Iterator[Cell]:
    """Every combination of bands."""
    yield from product(
        [one.name for one in policy.tiers],
        [one.name for one in policy.volumes],
        [one.name for one in policy.risks],
        [one.name for one in policy.regions],
    )


def notes(policy: LevelPolicy) -> list[str]:
    """A sentence for each thing, with its place."""
    chosen = {cell: policy.first(cell) for cell in cells(policy)}
    return [
        *_unreachable(policy, chosen),
        *_everybody(policy, chosen),
        *_falling(policy, chosen),
        *_silent(policy),
    ]


def _unreachable(policy: LevelPolicy, chosen: dict[Cell, Ask | None]) -> Iterator[str]:
    reached = {ask.id for ask in chosen.values() if ask is not None}
    for ask in policy.asks:
        if ask.id not in reached:
            yield f"{policy.file}:{ask.line}: ask {ask.id} meets nobody: the asks before it take all it names"
    rest = [tier for tier in policy.tiers if not tier.models and not tier.capabilities]
    if not rest:
        yield f"{policy.file}: no tier takes the rest: accounts of no tier count as of the last, {policy.tiers[-1].name}"
    elif rest[0] is not policy.tiers[-1]:
        yield f"{policy.file}: tier {rest[0].name} takes all that is left, so the tiers after it hold nobody"


def _everybody(policy: LevelPolicy, chosen: dict[Cell, Ask | None]) -> Iterator[str]:
    plain = (policy.tiers[-1].name, policy.volumes[0].name, policy.risks[0].name, policy.regions[0].name)
    ask = chosen[plain]
    if ask is not None:
        yield (
            f"{policy.file}:{ask.line}: ask {ask.id} asks level {ask.level} of everybody: of accounts with nothing "
            "against them too"
        )


def _falling(policy: LevelPolicy, chosen: dict[Cell, Ask | None]) -> Iterator[str]:
    """Where more volume, risk or doubt about the region is asked for less."""
    orders = [
        None,
        [one.name for one in policy.volumes],
        [one.name for one in policy.risks],
        [one.name for one in policy.regions],
    ]
    told: set[tuple[str | None, str | None]] = set()
    for at, order in enumerate(orders):
        for below, above in zip(order or (), (order or ())[1:], strict=False):
            for cell, less in chosen.items():
                if cell[at] != below:
                    continue
                more = chosen[(*cell[:at], above, *cell[at + 1 :])]  # type: ignore[index]  # still four names
                if less is None or less.level <= (0 if more is None else more.level):
                    continue
                pair = (less.id, None if more is None else more.id)
                if pair not in told:
                    told.add(pair)
                    asked = "nothing" if more is None else f"level {more.level} (ask {more.id})"
                    yield (
                        f"{policy.file}:{less.line}: {WORDS[at]} {above} is asked for {asked}, and {below}, which is "
                        f"less, for level {less.level} (ask {less.id})"
                    )


def _silent(policy: LevelPolicy) -> Iterator[str]:
    challenge = policy.challenge
    if challenge is not None and challenge.control_share == 0:
        yield f"{policy.file}:{challenge.line}: a challenge without a control group measures nothing"
    terms = [(ask.line, ask.terms) for ask in policy.asks]
    for line, one in [*terms, *([(challenge.line, challenge.terms)] if challenge is not None else [])]:
        if one.message is None:
            yield f"{policy.file}:{line}: {one.rule_id} has no message: the customer is not told why"
