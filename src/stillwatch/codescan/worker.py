"""A process that analyses modules one by one, as its parent names them: `python -m stillwatch.codescan.worker ROOT`.

The files to read come first on standard input, with what earlier answers needed; if that is anything, it is answered by
the digests they have now. Then each line is the name of a module, answered by its findings. All lines are JSON.
"""

import gc
import resource
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from stillwatch.codescan import analysis
from stillwatch.codescan.engine.dependence import LINE
from stillwatch.codescan.engine.project import Project
from stillwatch.codescan.finding import Finding, Location, Unreached
from stillwatch.codescan.syntax.reading import Source, Unreadable, read

MEMORY_BYTES = 3 * 2**30  # of address space
STACK_BYTES = 100 * 2**20  # deep code makes deep calls; the kernel keeps this much free below any stack
RECURSION_LIMIT = 12_000  # calls: a call of the analysed program takes a dozen of the analysis


class Need(msgspec.Struct, frozen=True, array_like=True):
    """What an answer depends on (see `engine.dependence`), and the digest it had."""

    path: str
    name: str
    digest: str = ""


class Begin(msgspec.Struct, frozen=True):
    """What a worker is begun with."""

    paths: list[str]
    needs: list[Need]


class Answer(msgspec.Struct, frozen=True):
    """What a worker says of a module: its findings, which files they depend on, what was cut short, and why it failed."""

    path: str
    findings: tuple[Finding, ...] = ()
    needs: tuple[Need, ...] = ()
    partial: dict[str, str] = {}
    functions: int = 0
    frugal: int = 0
    handlers: int = 0
    unreached: tuple[Unreached, ...] = ()
    failed: str | None = None


def main(root: Path) -> None:
    sys.setrecursionlimit(RECURSION_LIMIT)
    _limit(resource.RLIMIT_AS, MEMORY_BYTES)
    _limit(resource.RLIMIT_STACK, STACK_BYTES)
    begin = msgspec.json.decode(sys.stdin.buffer.readline(), type=Begin)
    gc.disable()  # what is made until all modules have run stays, so looking for garbage in it is for nothing
    project = Project(_sources(root, begin.paths))
    for module in project.modules.by_path.values():
        project.ensure(module)
    gc.freeze()
    gc.enable()
    if begin.needs:
        _say(present(project, begin.needs))
    for line in sys.stdin.buffer:
        _say(analysed(project, msgspec.json.decode(line, type=str)))


def _say(answer: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()


def _limit(what: int, wanted: int) -> None:
    """Set a limit of this process, here and not before it was started: a large parent would be over it already."""
    _, most = resource.getrlimit(what)
    resource.setrlimit(what, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


def _sources(root: Path, paths: list[str]) -> dict[str, Source]:
    sources: dict[str, Source] = {}
    for path in paths:
        try:
            sources[path] = read(path, (root / path).read_bytes() if root.is_dir() else root.read_bytes())
        except (Unreadable, OSError):  # the parent met it too, and reports it
            continue
    return sources


def analysed(project: Project, path: str) -> Answer:
    """The findings of one module; a failure of the analysis costs that module, and is said."""
    module = project.modules.by_path[path]
    project.start(module)
    try:
        found = analysis.findings(project, module)
    except Exception as error:  # noqa: BLE001 - hostile code may break the analysis; the file is named and reported
        return Answer(path, failed=f"analysis failed: {type(error).__name__}: {error}")
    unreached = analysis.unreached(project)
    named = {(location.path, location.line) for finding in found for location in _places(finding)}
    named.update((one.location.path, one.location.line) for one in unreached)
    named.update((cut_short, 0) for cut_short in project.partial)
    touches = project.touched(module) | {(other, f"{LINE}{line}") for other, line in named if other != path}
    needs = tuple(Need(*touch, digest) for touch, digest in sorted(project.digests.of(touches).items()))
    return Answer(
        path, tuple(found), needs, dict(project.partial), len(project.spawned.get(path, ())), project.frugal,
        project.handlers, unreached,
    )  # fmt: skip


def present(project: Project, needs: Sequence[Need]) -> list[str]:
    """The digests that needs have now, in their order."""
    found = project.digests.of((need.path, need.name) for need in needs)
    return [found[need.path, need.name] for need in needs]


def _places(finding: Finding) -> Iterator[Location]:
    yield finding.location
    yield from (step.location for step in finding.trace)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
