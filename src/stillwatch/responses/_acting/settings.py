"""The settings of a step, completed when it acts."""

from collections.abc import Mapping

from stillwatch.responses._acting.interface import Response, Setting, Value


def complete(response: Response, given: Mapping[str, Value]) -> dict[str, Value]:
    """All settings of a response: the given ones where they hold, else the defaults.

    A live call is no place to complain: a policy's settings are checked when it is loaded.
    """
    return {
        setting.name: given[setting.name]
        if setting.name in given and _holds(setting, given[setting.name])
        else setting.default
        for setting in response.settings
    }


def _holds(setting: Setting, value: object) -> bool:
    kind = type(setting.default)
    if not (type(value) is kind or (kind is float and type(value) is int)):
        return False
    if setting.choices:
        return value in setting.choices
    if not isinstance(value, int | float):
        return True
    return (setting.low is None or value >= setting.low) and (setting.high is None or value <= setting.high)
