"""Reading a policy file: everything that can be wrong with it is said here, with its place, before any call."""

import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, cast, get_args

from stillwatch.policy.expressions import Condition, WrongExpression, compile_condition
from stillwatch.policy.ladder import REFUSING, SETTINGS, Plain, Setting
from stillwatch.policy.rules import SECOND_REVIEWER_ABOVE, Mode, Policy, Rule
from stillwatch.records import STEPS, InvalidConfiguration, Step
from stillwatch.records.document import Place, Value, place_within, read, shown

KEYS = ("version", "second_reviewer_above", "rules", "tests")
RULE_KEYS = (
    "id",
    "mode",
    "when",
    "step",
    "settings",
    "ttl",
    "reason",
    "message",
    "appeal",
    "reviewers",
    "automatic_block",
)
NEEDED = ("id", "mode", "when", "step", "reason")
VERSION = 1
LARGEST = 4 << 20  # bytes
SENTENCE_WORDS = 6  # fewer do not say why and who answers for it
UNITS = {"s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
T = TypeVar("T")
_TTL = re.compile(r"([1-9][0-9]{0,6})([smhd])", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", re.ASCII)


def load(path: Path) -> Policy:
    """Read a policy file. Raises InvalidConfiguration, with a line for each thing that is wrong."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise InvalidConfiguration(f"{path}: {error.strerror or error}") from error
    return parse(data, str(path))


def parse(data: bytes, file: str) -> Policy:
    """As `load`, from the content of a file."""
    if len(data) > LARGEST:
        raise InvalidConfiguration(f"{file}: a policy has at most {LARGEST >> 20} MiB")
    try:
        # As YAML counts lines, a carriage return is part of a line's end; with it gone, places are plain.
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InvalidConfiguration(f"{file}: not UTF-8 at byte {error.start:,}") from error
    keys = read(text, file).mapping("a policy", KEYS)
    if "rules" not in keys:
        raise Place(file, 1, 1).wrong("a policy has rules")
    if "version" in keys and keys["version"].whole("version", 1) != VERSION:
        raise keys["version"].place.wrong(f"only version {VERSION} of the policy file is known")
    above = keys.get("second_reviewer_above")
    rules = _rules(keys["rules"].items("rules"), text)
    return Policy(
        file=file,
        sha256=sha256(data).hexdigest(),
        rules=tuple(rules),
        second_reviewer_above=above.whole("second_reviewer_above", 0) if above else SECOND_REVIEWER_ABOVE,
        examples=tuple(keys["tests"].items("tests")) if "tests" in keys else (),
        notes=tuple(note for rule in rules for note in _notes(rule, file)),
    )


def _rules(entries: list[Value], text: str) -> list[Rule]:
    """All rules, or all that is wrong with them."""
    rules: list[Rule] = []
    wrong: list[str] = []
    for entry in entries:
        try:
            rule = _rule(entry, text)
            if any(rule.id == other.id for other in rules):
                raise entry.place.wrong(f"rule {rule.id} stands twice")
            rules.append(rule)
        except InvalidConfiguration as error:
            wrong.append(str(error))
    if wrong:
        raise InvalidConfiguration("\n".join(dict.fromkeys(wrong)))
    return rules


def _rule(entry: Value, text: str) -> Rule:
    keys = entry.mapping("a rule", RULE_KEYS)
    for name in NEEDED:
        if name not in keys:
            raise entry.place.wrong(f"a rule has {', '.join(NEEDED)}; {name} is missing")
    if not _ID.fullmatch(keys["id"].text):
        raise keys["id"].place.wrong("an id is letters, digits, _ . and -")
    step = cast("Step", keys["step"].one_of("step", STEPS))
    rule = Rule(
        id=keys["id"].text,
        mode=cast("Mode", keys["mode"].one_of("mode", get_args(Mode))),
        condition=_condition(keys["when"], text),
        step=step,
        settings=_settings(step, keys.get("settings"), entry.place),
        ttl=_optional(keys, "ttl", _ttl),
        reason=keys["reason"].words("reason"),
        message=_optional(keys, "message", lambda value: value.words("message")),
        appeal=bool(_optional(keys, "appeal", lambda value: value.truth("appeal"))),
        reviewers=_optional(keys, "reviewers", _reviewers) or (),
        automatic_block=_optional(keys, "automatic_block", _sentence),
        line=entry.place.line,
    )
    _check_block(rule, keys, entry.place)
    return rule


def _optional(keys: Mapping[str, Value], name: str, read_one: Callable[[Value], T]) -> T | None:
    return read_one(keys[name]) if name in keys else None


def _condition(value: Value, text: str) -> Condition:
    if isinstance(value.content, (list, dict)):
        raise value.place.wrong("when is a condition, written as text")
    try:
        return compile_condition(value.text)
    except WrongExpression as error:
        raise place_within(value, error.offset, text).wrong(str(error)) from error


def _settings(step: Step, value: Value | None, place: Place) -> dict[str, Plain]:
    known = SETTINGS[step]
    given = {} if value is None else value.mapping(f"settings of {step}", known)
    out: dict[str, Plain] = {}
    for name, setting in known.items():
        if name in given:
            out[name] = _setting(f"{step}: {name}", setting, given[name])
        elif setting.required:
            raise place.wrong(f"{step} needs the setting {name}: {setting.means}")
        elif setting.default is not None:
            out[name] = setting.default
    return out


def _setting(what: str, setting: Setting, value: Value) -> Plain:
    if setting.choices:
        return value.one_of(what, setting.choices)
    if setting.kind is str:
        return value.words(what)
    if setting.kind is bool:
        return value.truth(what)
    number = value.content
    if isinstance(number, bool) or not isinstance(number, int if setting.kind is int else (int, float)):
        raise value.place.wrong(f"{what} is a {'whole ' if setting.kind is int else ''}number")
    if setting.least is not None and number < setting.least:
        raise value.place.wrong(f"{what} is {setting.least:g} or more")
    if setting.most is not None and number > setting.most:
        raise value.place.wrong(f"{what} is {setting.most:g} or less")
    return number


def _ttl(value: Value) -> int:
    match = _TTL.fullmatch(value.text)
    if match is None:
        raise value.place.wrong(
            f"ttl is a number and a unit, such as 90s, 30m, 24h or 7d, not {shown(value.text)}"
        )
    return int(match[1]) * UNITS[match[2]]


def _reviewers(value: Value) -> tuple[str, ...]:
    names = [item.words("a reviewer") for item in value.items("reviewers")]
    if len({name.casefold() for name in names}) < len(names):
        raise value.place.wrong("a reviewer stands twice")
    return tuple(names)


def _sentence(value: Value) -> str:
    words = value.words("automatic_block")
    if len(words.split()) < SENTENCE_WORDS:
        raise value.place.wrong("automatic_block is a sentence: why, and who answers for it")
    return words


def _check_block(rule: Rule, keys: Mapping[str, Value], place: Place) -> None:
    if rule.step != "block":
        for name in ("reviewers", "automatic_block"):
            if name in keys:
                raise keys[name].place.wrong(f"{name} belongs to the step block, not to {rule.step}")
        return
    if rule.automatic_block is not None or rule.mode == "off":
        return
    if not rule.reviewers:
        raise place.wrong(
            f"rule {rule.id} blocks: name its reviewers, or say in automatic_block why nobody looks first, "
            "and who answers for it"
        )
    if not rule.condition.needs_verdict:
        raise keys["when"].place.wrong(
            f"rule {rule.id} also blocks accounts of no campaign, which its reviewers cannot have looked at: "
            "ask for a verdict, or say in automatic_block why nobody looks first"
        )


def _notes(rule: Rule, file: str) -> list[str]:
    where = f"{file}:{rule.line}"
    if rule.step == "block" and rule.mode == "off" and not (rule.reviewers or rule.automatic_block):
        return [f"{where}: rule {rule.id} is off and names no reviewers: fill them in, or take the rule out"]
    if rule.step in REFUSING and rule.mode != "off" and rule.message is None:
        return [f"{where}: rule {rule.id} ({rule.step}) has no message: the customer is not told why"]
    return []
