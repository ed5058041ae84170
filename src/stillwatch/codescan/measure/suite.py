"""Suites with known answers, in the form of the OWASP Benchmark for Python.

expectedresults-0.1.csv     # test name, category, real vulnerability, cwe
testcode/NAME.py            one case a file
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stillwatch.codescan.measure.errors import UnusableSuite

ANSWERS = "expectedresults-*.csv"
CASES = "testcode"
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, order=True)
class Case:
    """One file of a suite, and whether it has the weakness of its category."""

    name: str
    category: str
    vulnerable: bool
    cwe: int


@dataclass(frozen=True)
class Suite:
    """Cases below one root; `folder` is where their files are."""

    root: Path
    cases: Sequence[Case]
    folder: str = CASES

    def file(self, case: Case) -> Path:
        return self.root / self.folder / f"{case.name}.py"

    @property
    def categories(self) -> list[str]:
        return sorted({case.category for case in self.cases})


def read(root: Path) -> Suite:
    """Read a suite's answers and see that each case has its file."""
    if not root.is_dir():
        raise UnusableSuite(f"{root}: no such folder")
    found = sorted(root.glob(ANSWERS))
    if not found:
        raise UnusableSuite(f"{root}: no {ANSWERS}, so its answers are not known")
    if len(found) > 1:
        raise UnusableSuite(f"{root}: {len(found)} files are called {ANSWERS}; leave one")
    suite = Suite(root, sorted(_cases(found[0])))
    if not suite.cases:
        raise UnusableSuite(f"{found[0]}: it names no case")
    if absent := [case for case in suite.cases if not suite.file(case).is_file()]:
        raise UnusableSuite(
            f"{suite.file(absent[0])}: missing, and so are {len(absent) - 1} more of {len(suite.cases)}"
        )
    return suite


def write_answers(suite: Suite) -> None:
    """Write the answers beside the cases, so that the folder is a suite."""
    lines = ["# test name, category, real vulnerability, cwe"]
    lines += [
        f"{case.name},{case.category},{str(case.vulnerable).lower()},{case.cwe}" for case in suite.cases
    ]
    suite.root.mkdir(parents=True, exist_ok=True)
    (suite.root / "expectedresults-generated.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _cases(path: Path) -> Iterator[Case]:
    seen: set[str] = set()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise UnusableSuite(f"{path}: {cause}") from cause
    for number, row in enumerate(csv.reader(text.splitlines()), start=1):
        if not row or row[0].lstrip().startswith("#"):
            continue
        case = _case(f"{path}:{number}", [cell.strip() for cell in row])
        if case.name in seen:
            raise UnusableSuite(f"{path}:{number}: {case.name} is named twice")
        seen.add(case.name)
        yield case


def _case(place: str, row: Sequence[str]) -> Case:
    if len(row) < 4:
        raise UnusableSuite(
            f"{place}: {len(row)} columns; a case has a name, a category, true or false, and a CWE"
        )
    name, category, truth, cwe = row[:4]
    if not name.isidentifier():
        raise UnusableSuite(f"{place}: {name!r} cannot be the name of a Python file")
    if truth not in _TRUTH:
        raise UnusableSuite(f"{place}: {truth!r} is neither true nor false")
    if not cwe.isdecimal():
        raise UnusableSuite(f"{place}: {cwe!r} is no CWE number")
    return Case(name, category, _TRUTH[truth], int(cwe))
