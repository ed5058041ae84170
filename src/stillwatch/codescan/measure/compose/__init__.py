"""Our own suite: each weakness with many shapes of propagation, as twins, labelled by construction and checked by running.

It shares nothing with any published suite, so a scanner that is tuned to one learns here what that was worth. For each
weakness and shape there are two twins that differ in which of two values arrives; further cases bring the dangerous
value and use it so that it does no harm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from string import Template
from textwrap import indent

from stillwatch.codescan.measure import shapes
from stillwatch.codescan.measure.application import application
from stillwatch.codescan.measure.compose.weaknesses import Weakness, catalogue
from stillwatch.codescan.measure.running.observe import Ran
from stillwatch.codescan.measure.sources import SOURCES
from stillwatch.codescan.measure.suite import CASES, Case, Suite, write_answers
from stillwatch.codescan.measure.words import Words

PACKAGE = "parts"  # where modules that shapes bring are put
SHAPES_EACH, QUICK_SHAPES_EACH = 24, 5
_NESTED = """from flask import request

$definitions
def init(app):
    @app.route('/$name', methods=['GET', 'POST'])
    def $handler():
$nested        return answer
"""
_ADDED = """from flask import request

$definitions
def $handler():
$body    return answer


def init(app):
    app.add_url_rule('/$name', view_func=$handler, methods=['GET', 'POST'])
"""
_BLUEPRINT = """from flask import Blueprint, request

$pages = Blueprint('$pages', __name__)
$definitions
@$pages.route('/$name', methods=['GET', 'POST'])
def $handler():
$body    return answer


def init(app):
    app.register_blueprint($pages)
"""
_FORMS = (_NESTED, _ADDED, _BLUEPRINT)


@dataclass(frozen=True)
class Composed:
    """A suite of ours; `shown` holds, for each case, the weakness that says whether a run showed it."""

    suite: Suite
    weaknesses: dict[str, Weakness]

    def contradictions(self, ran: dict[str, Ran]) -> dict[str, str]:
        """Cases whose run contradicts their label, and how."""
        found = {}
        for case in self.suite.cases:
            seen = ran[case.name]
            if seen.error is not None:
                found[case.name] = seen.error
            elif any(map(self.weaknesses[case.name].shown, seen.seen)) != case.vulnerable:
                found[case.name] = "not shown" if case.vulnerable else "shown"
        return found


def compose(root: Path, seed: int, shapes_each: int = SHAPES_EACH) -> Composed:
    """Write a suite below the root."""
    chance = Random(seed)
    words = Words(chance)
    for folder in (CASES, PACKAGE, "testfiles"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "app.py").write_text(application(CASES), encoding="utf-8")
    (root / "testfiles" / "notes").write_text("nothing of note\n", encoding="utf-8")
    weaknesses: dict[str, Weakness] = {}
    cases = []
    for weakness in catalogue():
        for vulnerable, sink, shape in _plan(weakness, chance, shapes_each):
            case = Case(words.snake(), weakness.category, vulnerable, weakness.cwe)
            written = _Case(weakness, sink, shape, case, words, chance)
            (root / CASES / f"{case.name}.py").write_text(written.text(root), encoding="utf-8")
            weaknesses[case.name] = weakness
            cases.append(case)
    suite = Suite(root, sorted(cases))
    write_answers(suite)
    return Composed(suite, weaknesses)


def _plan(weakness: Weakness, chance: Random, shapes_each: int) -> Iterator[tuple[bool, str, shapes.Shape]]:
    """Each sink, shape and label of one weakness; families of shapes take turns."""
    families = [chance.sample(family, len(family)) for family in shapes.families().values()]
    longest = max(map(len, families))
    turns = [family[turn] for turn in range(longest) for family in families if turn < len(family)]
    for number, shape in enumerate(turns[:shapes_each]):
        sink = weakness.sinks[number % len(weakness.sinks)]
        yield True, sink, shape
        yield False, sink, shape
    for number, sink in enumerate(weakness.safe_sinks):
        yield False, sink, turns[-1 - number]


@dataclass
class _Case:
    """One case being written."""

    weakness: Weakness
    sink: str
    shape: shapes.Shape
    case: Case
    words: Words
    chance: Random

    def text(self, root: Path) -> str:
        result = self.words.snake()
        opening, kept, dropped = self._values()
        shape = shapes.write(self.shape, kept, dropped, result, self.words, PACKAGE)
        if shape.helper_module is not None:
            (root / f"{shape.helper_module.replace('.', '/')}.py").write_text(shape.helper, encoding="utf-8")
        body = indent(opening + shape.body + Template(self.sink).substitute(value=result), "    ")
        return Template(self.chance.choice(_FORMS)).substitute(
            definitions=f"\n{shape.definitions}\n" if shape.definitions else "",
            name=self.case.name,
            handler=self.words.snake(),
            pages=self.words.snake(),
            body=body,
            nested=indent(body, "    "),
        )

    def _values(self) -> tuple[str, str, str]:
        """The code that sets both values, the name of the one that is to arrive, and that of the other."""
        source = Template(self.chance.choice(SOURCES)).substitute(
            given="given", key=self.case.name, a=self.words.snake(), b=self.words.snake()
        )
        sanitised = self.sink in self.weakness.safe_sinks
        first, second = self.words.snake(), self.words.snake()
        if self.weakness.choice is not None:
            bad, good = self.weakness.choice
            opening = f"{source}{first} = {bad!r}\n{second} = {good!r}\n"
        else:
            opening = f"{source}{first} = given\n{second} = {self.weakness.plain!r}\n"
        return (opening, first, second) if self.case.vulnerable or sanitised else (opening, second, first)
