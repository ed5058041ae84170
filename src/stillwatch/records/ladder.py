"""The settings that each step takes, in a policy's words."""

from collections.abc import Collection
from typing import NamedTuple, cast

from stillwatch.records.decision import Step
from stillwatch.records.document import Place, Value
from stillwatch.records.standing import Limit

Plain = float | int | str | bool


class Setting(NamedTuple):
    """`kind` is the type written in the file; a whole number is also a `float`. `means` is for people."""

    kind: type[float] | type[int] | type[str] | type[bool]
    means: str
    required: bool = False
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    default: Plain | None = None


SETTINGS: dict[Step, dict[str, Setting]] = {
    "observe": {},
    "tag": {"label": Setting(str, "the word that goes with the call", default="suspected")},
    "mark": {},
    "honey": {"every": Setting(int, "one prose answer in so many gets an entry", least=1, default=20)},
    "reduce_surface": {
        "drop_logprobs": Setting(bool, "answer without log-probabilities", default=True),
        "max_choices": Setting(int, "answers a call may ask for", least=1, default=1),
        "max_tokens": Setting(int, "tokens an answer may have", least=1),
    },
    "cap_rate": {
        "per_minute": Setting(float, "calls a minute, all sharers together", required=True, least=0.01),
        "shared_by": Setting(
            str,
            "who shares the rate; an account without verdict has one of its own",
            choices=("campaign", "account"),
            default="campaign",
        ),
    },
    "strip_reasoning": {},
    "step_up": {"level": Setting(int, "verification level asked for", required=True, least=1, most=4)},
    "hold": {"seconds": Setting(float, "wait before the call goes on", required=True, least=0.01, most=300)},
    "block": {},
}
REFUSING: frozenset[Step] = frozenset({"step_up", "hold", "block"})
"""Steps under which a customer's call is not answered as asked, or not yet: what a replay warns of."""


def settings_of(step: Step, value: Value | None, place: Place) -> dict[str, Plain]:
    """The settings that a file gives to a step, completed. Raises InvalidConfiguration with the place."""
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


def limit_of(what: str, value: Value, steps: Collection[Step]) -> Limit:
    """A mapping of a step, one of `steps`, and its settings. Raises InvalidConfiguration with the place."""
    keys = value.mapping(what, ("step", "settings"))
    if "step" not in keys:
        raise value.place.wrong(f"{what} names a step")
    step = cast("Step", keys["step"].one_of(f"the step of {what}", steps))
    return Limit(step, settings_of(step, keys.get("settings"), value.place))
