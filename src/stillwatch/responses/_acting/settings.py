"""The settings of a step: checked when a policy is loaded, and completed when it acts."""

from collections.abc import Mapping
from difflib import get_close_matches

from stillwatch.records import InvalidConfiguration, Step
from stillwatch.responses._acting.catalogue import catalogue
from stillwatch.responses._acting.interface import Response, Setting, Value


def check_settings(step: Step, given: Mapping[str, object]) -> None:
    """Raise InvalidConfiguration for a setting that the response of a step does not take, or not so."""
    known = {setting.name: setting for setting in catalogue()[step].settings}
    for name, value in given.items():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"it takes {', '.join(known) or 'no settings'}"
            raise InvalidConfiguration(f"{step}: no setting {name!r}; {hint}")
        wrong = _wrong(known[name], value)
        if wrong:
            raise InvalidConfiguration(f"{step}: {name} {wrong}, not {value!r}")


def complete(response: Response, given: Mapping[str, Value]) -> dict[str, Value]:
    """All settings of a response: the given ones where they hold, else the defaults.

    A live call is no place to complain; `check_settings` does that when the policy is loaded.
    """
    return {
        setting.name: given[setting.name]
        if setting.name in given and _wrong(setting, given[setting.name]) is None
        else setting.default
        for setting in response.settings
    }


def _wrong(setting: Setting, value: object) -> str | None:
    """What a value must be and is not."""
    kind = type(setting.default)
    fits = type(value) in {int, float} if kind is float else type(value) is kind
    if not fits:
        return f"must be {'a number' if kind is float else f'a {kind.__name__}'}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = setting.low, setting.high
        if (low is not None and not value >= low) or (high is not None and not value <= high):
            return (
                f"must lie in {low:g} to {high:g}"
                if low is not None and high is not None
                else "is out of range"
            )
    return None
