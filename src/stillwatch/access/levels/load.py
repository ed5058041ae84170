"""Reading a level policy: everything that can be wrong with it is said here, with its place."""

import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, cast, get_args

from stillwatch.access.levels.policy import (
    LEVELS,
    Ask,
    Band,
    ChallengePolicy,
    Expected,
    LevelPolicy,
    Risk,
    SignUp,
    Tier,
    When,
)
from stillwatch.records import CAPABILITIES, STEPS, InvalidConfiguration, Limit, State, Step, Terms
from stillwatch.records.document import Place, Value, read
from stillwatch.records.ladder import limit_of

VERSION = 1
LARGEST = 1 << 20  # bytes
KEYS = ("version", "tiers", "volumes", "risks", "regions", "asks", "signup", "challenge")
NEEDED = ("tiers", "volumes", "risks", "regions", "asks")
TERMS = ("until", "after", "reason", "message")
DIMENSIONS = {"tier": "tiers", "volume": "volumes", "risk": "risks", "region": "regions"}
ASK_KEYS = ("id", *DIMENSIONS, "level", "deadline", *TERMS)
CHALLENGE_KEYS = ("when", "probability", "level", "deadline", "control_share", "expected", *TERMS)
TAKEN_BACK: tuple[Step, ...] = tuple(step for step in STEPS if step != "block")
USUAL_LEAST = 0.99  # probability: where the packaged level policy has it, and why
MOST_CONTROLS = 0.001  # share of accounts that are asked to measure: more is no measurement but a burden
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", re.ASCII)
T = TypeVar("T")
Named = TypeVar("Named", Tier, Band, Risk)


def load(path: Path) -> LevelPolicy:
    """Read a level policy. Raises InvalidConfiguration, with a line for each ask that is wrong."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise InvalidConfiguration(f"{path}: {error.strerror or error}") from error
    return parse(data, str(path))


def parse(data: bytes, file: str) -> LevelPolicy:
    """As `load`, from the content of a file."""
    if len(data) > LARGEST:
        raise InvalidConfiguration(f"{file}: a level policy has at most {LARGEST >> 20} MiB")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InvalidConfiguration(f"{file}: not UTF-8 at byte {error.start:,}") from error
    keys = read(text, file).mapping("a level policy", KEYS)
    for name in NEEDED:
        if name not in keys:
            raise Place(file, 1, 1).wrong(f"a level policy has {', '.join(NEEDED)}; {name} is missing")
    if "version" in keys and keys["version"].whole("version", 1) != VERSION:
        raise keys["version"].place.wrong(f"only version {VERSION} of the level policy is known")
    tiers = _named(keys["tiers"], "tiers", _tier)
    volumes = _rising(keys["volumes"], "volumes", _volume)
    risks = _named(keys["risks"], "risks", _risk)
    regions = _rising(keys["regions"], "regions", _region)
    names = {
        "tiers": [one.name for one in tiers],
        "volumes": [one.name for one in volumes],
        "risks": [one.name for one in risks],
        "regions": [one.name for one in regions],
    }
    return LevelPolicy(
        file=file,
        sha256=sha256(data).hexdigest(),
        tiers=tiers,
        volumes=volumes,
        risks=risks,
        regions=regions,
        asks=_asks(keys["asks"], names),
        signup=_signup(keys["signup"]) if "signup" in keys else None,
        challenge=_challenge(keys["challenge"]) if "challenge" in keys else None,
    )


def _named(value: Value, what: str, read_one: Callable[[Value, bool], Named]) -> tuple[Named, ...]:
    """Bands by name; the second argument of `read_one` says whether a band is the first."""
    entries = value.items(what)
    if not entries:
        raise value.place.wrong(f"{what} has at least one entry")
    found: list[Named] = []
    for entry in entries:
        one = read_one(entry, not found)
        if any(one.name == other.name for other in found):
            raise entry.place.wrong(f"{one.name} stands twice in {what}")
        found.append(one)
    return tuple(found)


def _rising(value: Value, what: str, read_one: Callable[[Value, bool], Band]) -> tuple[Band, ...]:
    found = _named(value, what, read_one)
    for entry, below, one in zip(value.items(what)[1:], found, found[1:], strict=False):
        if one.least <= below.least:
            raise entry.place.wrong(f"{what} rise: {one.name} does not begin above {below.name}")
    return found


def _name(entry: Value, keys: dict[str, Value], what: str, key: str = "name") -> str:
    if key not in keys:
        raise entry.place.wrong(f"{what} has {key}")
    if not _NAME.fullmatch(keys[key].text):
        raise keys[key].place.wrong(f"{key} is letters, digits, _ . and -")
    return keys[key].text


def _tier(entry: Value, _first: bool) -> Tier:  # noqa: FBT001 - as every band is read
    keys = entry.mapping("a tier", ("name", "models", "capabilities"))
    models = (
        tuple(one.words("a model pattern") for one in keys["models"].items("models"))
        if "models" in keys
        else ()
    )
    wanted = keys["capabilities"].items("capabilities") if "capabilities" in keys else []
    capabilities = tuple(one.one_of("a capability", CAPABILITIES) for one in wanted)
    return Tier(_name(entry, keys, "a tier"), models, capabilities)


def _volume(entry: Value, first: bool) -> Band:  # noqa: FBT001 - as every band is read
    keys = entry.mapping("a volume", ("name", "from"))
    least = keys["from"].whole("from", 0) if "from" in keys else 0
    return _band(entry, keys, "a volume", float(least), first=first)


def _region(entry: Value, first: bool) -> Band:  # noqa: FBT001 - as every band is read
    keys = entry.mapping("a region", ("name", "from"))
    least = keys["from"].share("from") if "from" in keys else 0.0
    return _band(entry, keys, "a region", least, first=first)


def _band(entry: Value, keys: dict[str, Value], what: str, least: float, *, first: bool) -> Band:
    if first and least != 0:
        raise entry.place.wrong(f"{what}: the first begins at 0, so that every account is in one")
    return Band(_name(entry, keys, what), least)


def _risk(entry: Value, first: bool) -> Risk:  # noqa: FBT001 - as every band is read
    keys = entry.mapping("a risk", ("name", "states", "probability"))
    states = (
        tuple(one.one_of("a state", get_args(State)) for one in keys["states"].items("states"))
        if "states" in keys
        else ()
    )
    if first == bool(states):
        raise entry.place.wrong(
            "the first risk names no states and takes the rest, each other one names some"
        )
    least = keys["probability"].share("probability") if "probability" in keys else 0.0
    return Risk(_name(entry, keys, "a risk"), states, least)


def _asks(value: Value, names: Mapping[str, Sequence[str]]) -> tuple[Ask, ...]:
    """All asks, or all that is wrong with them."""
    found: list[Ask] = []
    wrong: list[str] = []
    for entry in value.items("asks"):
        try:
            ask = _ask(entry, names)
            if any(ask.id == other.id for other in found):
                raise entry.place.wrong(f"ask {ask.id} stands twice")
            found.append(ask)
        except InvalidConfiguration as error:
            wrong.append(str(error))
    if wrong:
        raise InvalidConfiguration("\n".join(dict.fromkeys(wrong)))
    return tuple(found)


def _ask(entry: Value, names: Mapping[str, Sequence[str]]) -> Ask:
    keys = entry.mapping("an ask", ASK_KEYS)
    name = _name(entry, keys, "an ask", "id")
    bands = {
        many: tuple(
            item.one_of(one, names[many])
            for item in (keys[one].items(one) if isinstance(keys[one].content, list) else [keys[one]])
        )
        for one, many in DIMENSIONS.items()
        if one in keys
    }
    level, deadline = _level(entry, keys, "an ask"), _deadline(entry, keys, "an ask")
    terms = _terms(entry, keys, name, level)
    return Ask(id=name, level=level, deadline=deadline, terms=terms, line=entry.place.line, **bands)


def _level(entry: Value, keys: dict[str, Value], what: str) -> int:
    if "level" not in keys:
        raise entry.place.wrong(f"{what} has a level")
    level = keys["level"].whole("level", 1)
    if level not in LEVELS:
        raise keys["level"].place.wrong(f"levels go to {LEVELS[-1]}")
    return level


def _deadline(entry: Value, keys: dict[str, Value], what: str) -> int:
    if "deadline" not in keys:
        raise entry.place.wrong(f"{what} has a deadline")
    return keys["deadline"].length("deadline")


def _terms(entry: Value, keys: dict[str, Value], rule: str, level: int | None) -> Terms:
    for name in ("after", "reason"):
        if name not in keys:
            raise entry.place.wrong(f"{rule} has after and reason; {name} is missing")
    until = _limit("until", keys["until"], level) if "until" in keys else Limit("observe")
    return Terms(
        rule_id=rule,
        reason=keys["reason"].words("reason"),
        until=until,
        after=_limit("after", keys["after"], level),
        message=keys["message"].words("message") if "message" in keys else None,
    )


def _limit(what: str, value: Value, level: int | None) -> Limit:
    """A step that is undone by proving the level; a block is a person's decision and stands in the policy."""
    limit = limit_of(what, value, TAKEN_BACK)
    if level is not None and limit.step == "step_up" and limit.settings["level"] != level:
        raise value.place.wrong(f"{what} asks for level {limit.settings['level']}, and the ask for {level}")
    return limit


def _signup(value: Value) -> SignUp:
    keys = value.mapping("signup", ("deadline", *TERMS))
    return SignUp(deadline=_deadline(value, keys, "signup"), terms=_terms(value, keys, "signup", None))


def _challenge(value: Value) -> ChallengePolicy:
    keys = value.mapping("challenge", CHALLENGE_KEYS)
    for name in ("when", "control_share", "expected"):
        if name not in keys:
            raise value.place.wrong(f"challenge has {name}")
    share = keys["control_share"].share("control_share")
    if share > MOST_CONTROLS:
        raise keys["control_share"].place.wrong(
            f"at most {MOST_CONTROLS:g} of accounts are asked to measure a challenge"
        )
    level = _level(value, keys, "challenge")
    return ChallengePolicy(
        when=cast("When", keys["when"].one_of("when", get_args(When))),
        least=keys["probability"].share("probability") if "probability" in keys else USUAL_LEAST,
        level=level,
        deadline=_deadline(value, keys, "challenge"),
        control_share=share,
        expected=_expected(keys["expected"]),
        terms=_terms(value, keys, "challenge", level),
        line=value.place.line,
    )


def _expected(value: Value) -> Expected:
    keys = value.mapping("expected", ("legitimate", "operator", "worth"))
    for name in ("legitimate", "operator", "worth"):
        if name not in keys:
            raise value.place.wrong(f"expected has legitimate, operator and worth; {name} is missing")
    shares = {name: keys[name].share(name) for name in ("legitimate", "operator")}
    for name, share in shares.items():
        if not 0 < share < 1:
            raise keys[name].place.wrong(f"{name} lies between 0 and 1: nobody is sure of all")
    if shares["operator"] >= shares["legitimate"]:
        raise keys["operator"].place.wrong("fewer of an operator's accounts pass than of the others")
    return Expected(**shares, worth=float(keys["worth"].whole("worth", 1)))
