"""Rules on owners, read from a YAML file: threshold, reading, whose shares, and when it holds."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from stillwatch.access.ownership.threshold import Threshold
from stillwatch.records import InvalidConfiguration

SHIPPED = Path(__file__).with_name("rules.yaml")
MISSING = "rules on owners need the packages of `access`: pip install 'stillwatch[access]'"
LARGEST = 1 << 20  # bytes
Reading = Literal["product", "control"]
Owners = Literal["listed", "not_served"]
Word = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=100)]


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"begin": "from"}):
    """Days from the first on, and before the last; one that is open has no such end."""

    begin: date | None = None
    until: date | None = None
    source: str | None = None

    def holds(self, on: date) -> bool:
        return (self.begin is None or self.begin <= on) and (self.until is None or on < self.until)


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"begin": "from"}):
    """A rule on owners."""

    id: Word
    name: str
    owners: Owners
    threshold: Annotated[float, msgspec.Meta(gt=0, le=1)]
    compare: Literal[">", ">="]
    reading: Reading
    aggregate: bool
    source: str
    begin: date | None = None
    until: date | None = None
    suspended: list[Span] = []

    @property
    def limit(self) -> Threshold:
        return Threshold(self.threshold, self.compare)

    def holds(self, on: date) -> bool:
        return Span(self.begin, self.until).holds(on) and not any(span.holds(on) for span in self.suspended)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1]
    rules: Annotated[list[Rule], msgspec.Meta(min_length=1)]


def load(path: Path = SHIPPED) -> Sequence[Rule]:
    """Read rules. Raises InvalidConfiguration, with the line where there is one."""
    try:
        import yaml  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InvalidConfiguration(MISSING) from error
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise InvalidConfiguration(f"{path}: a file of rules has at most {LARGEST >> 20} MiB")
        root = yaml.compose(data, Loader=yaml.SafeLoader)
        rules = msgspec.convert(yaml.safe_load(data), _File, builtin_types=(date,)).rules
    except OSError as error:
        raise InvalidConfiguration(f"{path}: {error.strerror or error}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, msgspec.ValidationError):
            what, _, where = str(error).partition(" - at `$")
            raise InvalidConfiguration(
                f"{path}:{_line(root, where)}: {what} ({where.strip('.`')})"
            ) from error
        raise InvalidConfiguration(f"{path}: {' '.join(str(error).split())}") from error
    for rule in rules:
        _check(rule, path)
    if again := [rule.id for at, rule in enumerate(rules) if rule.id in {other.id for other in rules[:at]}]:
        raise InvalidConfiguration(f"{path}: rule {again[0]} stands twice")
    return rules


def _check(rule: Rule, path: Path) -> None:
    for span in (Span(rule.begin, rule.until), *rule.suspended):
        if span.begin is not None and span.until is not None and span.begin >= span.until:
            raise InvalidConfiguration(
                f"{path}: rule {rule.id}: until {span.until} is not after {span.begin}"
            )
    if rule.compare == ">" and rule.threshold >= 1:
        raise InvalidConfiguration(f"{path}: rule {rule.id}: nobody holds more than the whole")


def _line(root: object, where: str) -> int:
    """The line of a place such as `.rules[2].threshold`; of the closest thing around it where it is missing."""
    node = root
    for name, number in re.findall(r"\.(\w+)|\[(\d+)\]", where):
        inner = getattr(node, "value", None)
        if not isinstance(inner, list):
            break
        if number and int(number) < len(inner):
            node = inner[int(number)]
        elif name and (found := [value for key, value in inner if key.value == name]):
            node = found[0]
    return int(node.start_mark.line) + 1 if hasattr(node, "start_mark") else 1
