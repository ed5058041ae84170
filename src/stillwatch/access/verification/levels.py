"""Which level an account holds: a pure function of its proofs, the rules in `levels.yaml`, and the time."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import chain

import msgspec

from stillwatch.access.verification.proof import DAY, Proof
from stillwatch.records import InvalidConfiguration, Micros

NOTHING = -1  # the level of an account that has not even proved an e-mail address
HIGHEST = 4
LONGEST = 3660  # days


class Lifetime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many days a kind of proof lasts, and why so long."""

    days: int
    because: str


class Way(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Kinds of proof that are all needed; with `same`, about the same thing of that kind."""

    all: list[str]
    same: str | None = None


class LevelRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one level asks beyond those below it: each need by its name, with the ways to meet it."""

    level: int
    says: str
    needs: dict[str, list[Way]]


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of a file of levels."""

    version: date
    kinds: dict[str, Lifetime]
    levels: list[LevelRule]

    def lasts(self, kind: str, made_at: Micros) -> Micros:
        """When a proof ends. Raises InvalidConfiguration where the file has no such kind."""
        lifetime = self.kinds.get(kind)
        if lifetime is None:
            raise InvalidConfiguration(f"the file of levels knows no proof of the kind {kind!r}")
        return Micros(made_at + lifetime.days * DAY)


class LevelHeld(msgspec.Struct, frozen=True, kw_only=True):
    """The level an account holds, by which proofs, and when it falls; -1 and no end where it holds none."""

    level: int
    proofs: list[Proof]
    expires: Micros | None


class Lacking(msgspec.Struct, frozen=True, kw_only=True):
    """A need that is not met, and the kinds of proof that would meet it, one list a way."""

    level: int
    need: str
    ways: list[list[str]]


@cache
def packaged() -> Rules:
    """The rules that come with Stillwatch."""
    return parse(files(__package__).joinpath("levels.yaml").read_text(encoding="utf-8"), "levels.yaml")


def parse(text: str, where: str) -> Rules:
    """Read and check a file of levels. Raises InvalidConfiguration."""
    import yaml  # noqa: PLC0415 - an extra

    try:
        rules = msgspec.convert(yaml.safe_load(text), Rules)
    except (yaml.YAMLError, msgspec.ValidationError, ValueError, RecursionError) as error:
        raise InvalidConfiguration(f"{where}: {' '.join(str(error).split())}") from error
    for wrong in _faults(rules):
        raise InvalidConfiguration(f"{where}: {wrong}")
    return rules


def _faults(rules: Rules) -> Iterator[str]:
    found = [one.level for one in rules.levels]
    if found != list(range(HIGHEST + 1)):
        yield f"levels must stand in order from 0 to {HIGHEST}, not {found}"
    for kind, lifetime in rules.kinds.items():
        if not 0 < lifetime.days <= LONGEST:
            yield f"kinds: {kind} must last from 1 to {LONGEST} days"
    for rule in rules.levels:
        if not rule.needs:
            yield f"level {rule.level} asks for nothing more than the one below it"
        for need, ways in rule.needs.items():
            if not ways or not all(way.all for way in ways):
                yield f"level {rule.level}: {need} has no way to meet it"
            for kind in chain.from_iterable(way.all for way in ways):
                if kind not in rules.kinds:
                    yield f"level {rule.level}: {need}: no such kind of proof as {kind!r}"


def level_held(rules: Rules, proofs: Iterable[Proof], now: Micros) -> LevelHeld:
    """Levels build on each other: the highest whose needs, and those of all below it, are met."""
    standing = [one for one in proofs if one.counts(now)]
    held, used, expires = NOTHING, dict[str, Proof](), None
    for rule in rules.levels:
        met = [_met(ways, standing) for ways in rule.needs.values()]
        if not all(met):
            break
        held = rule.level
        used |= {one.proof_id: one for one in chain.from_iterable(met)}
        expires = min(one.expires_at for one in used.values())
    ordered = sorted(used.values(), key=lambda one: (one.kind, one.proof_id))
    return LevelHeld(level=held, proofs=ordered, expires=expires)


def lacking(rules: Rules, proofs: Iterable[Proof], level: int, now: Micros) -> list[Lacking]:
    """What an account still has to prove for a level."""
    standing = [one for one in proofs if one.counts(now)]
    return [
        Lacking(level=rule.level, need=need, ways=[way.all for way in ways])
        for rule in rules.levels
        if rule.level <= level
        for need, ways in rule.needs.items()
        if not _met(ways, standing)
    ]


def _met(ways: list[Way], standing: list[Proof]) -> list[Proof]:
    """The proofs of the way that lasts longest; none where no way is met."""
    met = [found for way in ways for found in _sets(way, standing)]
    return max(met, key=lambda found: min(one.expires_at for one in found), default=[])


def _sets(way: Way, standing: list[Proof]) -> Iterator[list[Proof]]:
    """Sets of proofs that meet a way: one, or one for each thing they are all about."""
    if way.same is None:
        groups = [standing]
    else:
        tokens = {one.token for proof in standing for one in proof.subjects if one.kind == way.same}
        groups = [[proof for proof in standing if _about(proof, way.same, token)] for token in sorted(tokens)]
    for group in groups:
        best = [_lasting(group, kind) for kind in way.all]
        found = [one for one in best if one is not None]
        if len(found) == len(way.all):
            yield found


def _about(proof: Proof, kind: str, token: str) -> bool:
    return any(one.kind == kind and one.token == token for one in proof.subjects)


def _lasting(proofs: list[Proof], kind: str) -> Proof | None:
    of_kind = [one for one in proofs if one.kind == kind]
    return max(of_kind, key=lambda one: (one.expires_at, one.proof_id), default=None)
