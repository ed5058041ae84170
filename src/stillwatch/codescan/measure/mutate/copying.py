"""The files of one mutated copy, and the names that they have."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from shutil import copytree, rmtree

import libcst as cst

from stillwatch.codescan.measure.application import application
from stillwatch.codescan.measure.mutate.case import mutate
from stillwatch.codescan.measure.mutate.compare import Renamed
from stillwatch.codescan.measure.mutate.sections import Outcome
from stillwatch.codescan.measure.mutate.support import Package, copy, packages
from stillwatch.codescan.measure.running.observe import LEFT_OUT
from stillwatch.codescan.measure.suite import Case, Suite
from stillwatch.codescan.measure.words import NOUNS, Words


class Copying:
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

    def suite(self, cases: Iterable[Case]) -> Suite:
        return Suite(self._root, sorted(cases), self._folder)

    def start(self) -> None:
        """Copy what the cases share."""
        if self._root.exists():
            rmtree(self._root)
        (self._root / self._folder).mkdir(parents=True)
        (self._root / self._parts).mkdir()
        (self._root / "app.py").write_text(application(self._folder), encoding="utf-8")
        moved = {*LEFT_OUT, self._original.folder, *(package.name for package in self._packages)}
        for path in self._original.root.iterdir():
            if path.is_dir() and path.name not in moved and not path.name.startswith("."):
                copytree(path, self._root / path.name)
        for package in self._packages:
            copy(self._original, package, self._root)

    def write(self, case: Case, outcome: Outcome | None, attempt: int) -> Case:
        """Write one mutant, and give it as a case of the copy."""
        new = self._new.setdefault(
            case.name, Case(self._name(case.name), case.category, case.vulnerable, case.cwe)
        )
        chance = Random(f"{self._seed} {case.name} {attempt}")
        code = self._original.file(case).read_text(encoding="utf-8")
        mutant = mutate(code, outcome, chance, Words(chance), self._parts)
        module = cst.parse_module(mutant.code)
        for package in self._packages:
            module = module.visit(package.moving())
        text = module.code
        for old, other in self._texts(case, new):
            text = text.replace(old, other)
        (self._root / self._folder / f"{new.name}.py").write_text(text, encoding="utf-8")
        for name, helper in mutant.modules.items():
            (self._root / f"{name.replace('.', '/')}.py").write_text(helper, encoding="utf-8")
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
