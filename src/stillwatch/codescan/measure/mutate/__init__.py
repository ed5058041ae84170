"""A copy of a suite in other words: same weaknesses, other names, containers, branches, ways in and shapes.

Each case is run before and after, with the payloads of its category: a mutant is kept if each request gets the same
answer and brings the same values to the same sinks, names aside. One that differs is tried once more with other
choices, and then dropped and counted; none is kept with a doubtful label.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree

from stillwatch.codescan.measure.mutate.case import with_notes
from stillwatch.codescan.measure.mutate.compare import difference
from stillwatch.codescan.measure.mutate.copying import Copying
from stillwatch.codescan.measure.mutate.sections import Outcome, outcome
from stillwatch.codescan.measure.running.observe import Interpreter, Ran, copied, observe
from stillwatch.codescan.measure.suite import Suite, write_answers

TRIES = 3


@dataclass(frozen=True)
class Mutated:
    """The copy, with the cases kept; `originals` gives the name of each one's original."""

    suite: Suite
    originals: Mapping[str, str]
    dropped: Mapping[str, str] = field(default_factory=dict)


def mutated(suite: Suite, root: Path, seed: int, python: Interpreter, tell: Callable[[str], None]) -> Mutated:
    """Write a mutated copy below the root, and drop from it what does not behave like its original."""
    names = [case.name for case in suite.cases]
    tell(f"running {len(names):,} cases as they are")
    before = observe(suite, names, python)
    outcomes = _outcomes(suite, root, python, before, tell)
    copying = Copying(suite, root, seed)
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
    rmtree(noted, ignore_errors=True)
    copied(suite, noted, [])
    found = {}
    for case in suite.cases:
        found[case.name], code = with_notes(suite.file(case).read_text(encoding="utf-8"))
        (noted / suite.folder / f"{case.name}.py").write_text(code, encoding="utf-8")
    tell("seeing what comes of their values")
    ran = observe(
        Suite(noted, suite.cases, suite.folder), [name for name in found if not before[name].error], python
    )
    rmtree(noted)
    return {name: outcome(sections, ran[name]) if name in ran else None for name, sections in found.items()}
