"""A copy of a suite in other words: same weaknesses, other names, containers, branches, ways in and shapes.

Each case is run before and after, with the payloads of its category: a mutant is kept if each request gets the same
answer and brings the same values to the same sinks, names aside. One that differs is tried once more with other
choices, and then dropped and counted; none is kept with a doubtful label.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from shutil import copytree, rmtree

from stillwatch.codescan.measure.mutate.case import candidates, mutate, with_notes
from stillwatch.codescan.measure.mutate.compare import Renamed, difference
from stillwatch.codescan.measure.mutate.sections import Outcome, outcome
from stillwatch.codescan.measure.mutate.support import Package, copy, packages
from stillwatch.codescan.measure.running.observe import Interpreter, Ran, observe
from stillwatch.codescan.measure.suite import Case, Suite, write_answers
from stillwatch.codescan.measure.words import NOUNS, Words

TRIES = 3
_APP = '''"""All cases as one application."""

import importlib
import pathlib
import secrets

from flask import Flask

app = Flask(__name__)
app.secret_key = secrets.token_bytes(16)
for found in sorted(pathlib.Path(__file__).with_name("$folder").glob("*.py")):
    importlib.import_module(f"$folder.{found.stem}").init(app)
'''


@dataclass(frozen=True)
class Mutated:
    """The copy, with the cases kept; `originals` gives the name of each one's original."""

    suite: Suite
    originals: Mapping[str, str]
    dropped: Mapping[str, str] = field(default_factory=dict)


def mutated(
    suite: Suite, root: Path, seed: int, python: Interpreter, tell: Callable[[str], None]
) -> Mutated:
    """Write a mutated copy below the root, and drop from it what does not behave like its original."""
    names = [case.name for case in suite.cases]
    tell(f"running {len(names):,} cases as they are")
    before = observe(suite, names, python)
    outcomes = _outcomes(suite, root, python, before, tell)
    copying = _Copying(suite, root, seed)
    copying.start()
    dropped = {name: f"the original does not run: {ran.error}" for name, ran in before.items() if ran.error}
    left = [case for case in suite.cases if case.name not in dropped]
    kept: dict[str, str] = {}
    for attempt in range(TRIES):
        if not left:
            break
        written = {case.name: copying.write(case, outcomes[case.name], attempt) for case in left}
        tell(f"running {len(left):,} mutants")
        after = observe(copying.suite(written.values()), [case.name for case in written.values()], python)
        for original in list(left):
            mutant = written[original.name]
            why = difference(before[original.name], after[mutant.name], copying.renamed(original))
            if why is None:
                kept[mutant.name] = original.name
                left.remove(original)
            else:
                dropped[original.name] = why
                copying.remove(mutant)
    remaining = {name: why for name, why in dropped.items() if name not in kept.values()}
    result = copying.suite([case for case in copying.cases if case.name in kept])
    write_answers(result)
    return Mutated(result, kept, remaining)


def _outcomes(
    suite: Suite, root: Path, python: Interpreter, before: Mapping[str, Ran], tell: Callable[[str], None]
) -> dict[str, Outcome | None]:
    """What comes of the sections of each case, seen by running a copy that notes their values."""
    noted = root / "noted"
    copytree(suite.root, noted, ignore=lambda *_: ["templates", "results", ".git"], dirs_exist_ok=True)
    found = {}
    for case in suite.cases:
        code = suite.file(case).read_text(encoding="utf-8")
        found[case.name] = candidates(code)
        (noted / suite.folder / f"{case.name}.py").write_text(with_notes(code), encoding="utf-8")
    tell("seeing what comes of their values")
    ran = observe(Suite(noted, suite.cases, suite.folder), [name for name in found if not before[name].error], python)
    rmtree(noted)
    return {name: outcome(sections, ran[name]) if name in ran else None for name, sections in found.items()}


class _Copying:
    """Names of one copy, and its files."""

    def __init__(self, suite: Suite, root: Path, seed: int) -> None:
        self._original, self._seed = suite, seed
        chance = Random(f"names {seed}")
        self._words = Words(chance)
        self._root = root / "copy"
        self._folder, self._parts = self._words.snake(), self._words.snake()
        self._packages: Sequence[Package] = packages(suite, self._words)
        self._section = self._words.snake()
        self._letters = "".join(chance.sample(NOUNS, len(NOUNS)))
        self._new: dict[str, Case] = {}

    @property
    def cases(self) -> list[Case]:
        return sorted(self._new.values())

    def suite(self, cases: Sequence[Case] | object) -> Suite:
        return Suite(self._root, sorted(cases), self._folder)  # type: ignore[call-overload]

    def start(self) -> None:
        """Copy what the cases share."""
        if self._root.exists():
            rmtree(self._root)
        (self._root / self._folder).mkdir(parents=True)
        (self._root / self._parts).mkdir()
        (self._root / "app.py").write_text(_APP.replace("$folder", self._folder), encoding="utf-8")
        moved = {package.name for package in self._packages}
        for path in self._original.root.iterdir():
            data = path.is_dir() and path.name not in moved | {self._original.folder, "templates", "results"}
            if data and not path.name.startswith("."):
                copytree(path, self._root / path.name, dirs_exist_ok=True)
        for package in self._packages:
            copy(self._original, package, self._root, {})

    def write(self, case: Case, outcome: Outcome | None, attempt: int) -> Case:
        """Write one mutant, and give it as a case of the copy."""
        new = self._new.setdefault(
            case.name, Case(self._name(case.name), case.category, case.vulnerable, case.cwe)
        )
        chance = Random(f"{self._seed} {case.name} {attempt}")
        code = self._original.file(case).read_text(encoding="utf-8")
        mutant = mutate(code, outcome, chance, Words(chance), self._parts)
        code = mutant.code
        texts = dict(self._texts(case, new))
        for package in self._packages or [Package("", {"": ""}, {})]:
            code = _moved(code, package, texts)
        code = code.replace(case.name, new.name)
        (self._root / self._folder / f"{new.name}.py").write_text(code, encoding="utf-8")
        for module, text in mutant.modules.items():
            (self._root / f"{module.replace('.', '/')}.py").write_text(text, encoding="utf-8")
        return new

    def remove(self, mutant: Case) -> None:
        (self._root / self._folder / f"{mutant.name}.py").unlink()

    def renamed(self, case: Case) -> Renamed:
        """What has another name in the copy, new names first."""
        new = self._new[case.name]
        pairs = [(after, before) for before, after in self._texts(case, new)]
        pairs += [(package.modules[""], package.name) for package in self._packages]
        pairs.append((new.name, case.name))
        return Renamed(pairs)

    def _texts(self, case: Case, new: Case) -> list[tuple[str, str]]:
        """What stands in texts of a case, and what instead."""
        return [(f"/{case.category}-", f"/{self._section}-"), (case.name, new.name)]

    def _name(self, old: str) -> str:
        """Another name of the same length and with the same number, as some cases cut theirs."""
        letters = old.rstrip("0123456789")
        if letters != old:
            return self._letters[: len(letters)] + old[len(letters) :]
        words = self._words.snake()
        while len(words) < len(old):
            words += self._words.snake()
        return words[: len(old)].rstrip("_").ljust(len(old), "x")


def _moved(code: str, package: Package, texts: Mapping[str, str]) -> str:
    from libcst import parse_module  # noqa: PLC0415

    return parse_module(code).visit(package.moving(texts)).code
