"""The weaknesses that are looked for: one file each, found by walking this folder.

A file's docstring is its user documentation. `RULE` says what the weakness is, which payloads show it, and when a
call is one; `EXAMPLES` are programs that have it, that do not, and the fixed form of each bad one. Which functions are
concerned is said by the models of frameworks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from stillwatch.codescan.engine.values import Constant, options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from stillwatch.codescan.engine.heap import State
    from stillwatch.codescan.engine.library import Library
    from stillwatch.codescan.engine.modules import Module
    from stillwatch.codescan.engine.values import Value
    from stillwatch.codescan.finding import InputKind
    from stillwatch.codescan.models import SinkModel


FROM_OTHERS: frozenset[InputKind] = frozenset({
    "query", "form", "header", "cookie", "path", "body", "file", "argument", "environment", "model"
})  # fmt: skip
"""All but answers of other services: these matter where they are run, not where they are shown."""
FROM_REQUESTS: frozenset[InputKind] = FROM_OTHERS - {"argument", "environment"}
"""Where who runs the program may do the same without it."""
FROM_NETWORK: frozenset[InputKind] = frozenset({"network"})
FROM_A_MODEL: frozenset[InputKind] = frozenset({"model"})
FROM_ANYWHERE = FROM_OTHERS | FROM_NETWORK


@dataclass(frozen=True, slots=True)
class SinkCall:
    """A call, or an assignment, that a model names: what is called with what.

    `around` is the text of the statement's lines and the name of the function they are in.
    """

    path: str
    arguments: Sequence[Value]
    keywords: Mapping[str, Value]
    rest: Value | None
    receiver: Value | None
    state: State
    model: SinkModel
    library: Library
    module: Module
    around: str

    def given(self, *selectors: int | str) -> Value | None:
        """The argument at one of these places or keywords; None where none is given."""
        for selector in selectors:
            if selector == "self":
                return self.receiver
            if isinstance(selector, str):
                if selector in self.keywords:
                    return self.keywords[selector]
            elif selector < len(self.arguments):
                return self.arguments[selector]
            elif self.rest is not None:
                return self.rest
        return None

    def dangerous(self) -> tuple[Value, ...]:
        """The arguments the model names."""
        found = (self.given(*selectors) for selectors in self.model.arguments)
        return tuple(value for value in found if value is not None)


@dataclass(frozen=True, slots=True)
class Hazard:
    """A call that is weak if data of others is in `values`, or weak as it is where there are none."""

    values: tuple[Value, ...] = ()
    confidence: float = 0.9
    note: str = ""
    cwe: int | None = None
    """Where it is another than the rule's."""


def settings(call: SinkCall) -> dict[str, Value]:
    """The settings that an item, an `update`, or a global of a module stores, by name."""
    if call.path.startswith("globals."):
        value = call.given(0)
        return {} if value is None else {call.path.removeprefix("globals."): value}
    if call.path.endswith("[]"):
        value = call.given(1)
        return {} if value is None else {str(name): value for name in known(call.given(0))}
    return dict(call.keywords)


def project_settings(call: SinkCall) -> bool:
    """Whether the module is the settings of a Django project, and not what they are by default."""
    lines = () if call.module.source is None else call.module.source.lines
    return any(line.startswith("ROOT_URLCONF") for line in lines)


def known(value: Value | None) -> list[object]:
    """The constants a value can be."""
    found = () if value is None else options(value)
    return [option.value for option in found if isinstance(option, Constant)]


_FIXED = re.compile("(?:[a-z]+://[^/?#@\\\\\u2400]+[/?#\\n]|/[^/\\\\\u2400]|[?#])")
SECRET_WORDS = re.compile(
    r"(?i)passw|secret|token|session|nonce|salt|otp\b|api_?key|csrf|credential|signature|private_?key"
)


def about_secrets(call: SinkCall) -> bool:
    """Whether the statement, or the name of the function it is in, speaks of secrets."""
    return SECRET_WORDS.search(call.around) is not None


def handed_over(call: SinkCall) -> Hazard | None:
    """Weak if others' data is in an argument the model names."""
    return Hazard(call.dangerous())


def in_it(text: str, payload: str) -> bool:
    """Whether the payload arrived as it was sent."""
    return payload in text


def never(text: str) -> bool:
    """Nothing that is known of a text rules the weakness out."""
    del text
    return False


def fixed_address(text: str) -> bool:
    """Whether what is known of a text up to the first gap fixes the host of the address it is, or that it has none."""
    return _FIXED.match(text) is not None


def breaks_out(text: str, payload: str) -> bool:
    """Whether the payload arrived as it was sent, and where it stands is not inside quotes it does not end."""
    place = text.find(payload)
    if place < 0:
        return False
    quote = ""
    for before, letter in zip(" " + text[:place], text[:place], strict=False):
        if before == "\\":
            continue
        if quote == letter:
            quote = ""
        elif not quote and letter in "'\"":
            quote = letter
    return not quote or quote in payload


@dataclass(frozen=True, slots=True)
class Rule:
    """A weakness.

    `payloads` show it, `bites` says whether one still would in the text that arrived at the sink, `settled` whether that is
    ruled out however its gaps are filled. Only data that came in by a kind in `accepts` counts; `secret` masks literals where the code is shown.
    """

    id: str
    cwe: int
    title: str
    cvss: str
    advice: str
    payloads: tuple[str, ...] = ()
    bites: Callable[[str, str], bool] = in_it
    settled: Callable[[str], bool] = never
    hazard: Callable[[SinkCall], Hazard | None] = handed_over
    accepts: frozenset[InputKind] = FROM_OTHERS
    secret: bool = False


@cache
def catalogue() -> tuple[Rule, ...]:
    """Every rule in this folder, in order of its name."""
    found = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return tuple(sorted((module.RULE for module in found), key=lambda rule: rule.id))


def examples() -> dict[str, dict[str, str]]:
    """The examples of every rule in this folder: `bad`, `good` and `fixed` programs by the rule's name."""
    found = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return {module.RULE.id: module.EXAMPLES for module in found}
