"""A process that analyses modules one by one, as its parent names them: `python -m stillwatch.codescan.worker ROOT`.

The files to read come first on standard input, one JSON line; then a line for each module. Answers are JSON lines.
"""

import resource
import sys
from pathlib import Path

import msgspec

from stillwatch.codescan import analysis
from stillwatch.codescan.engine.project import Project
from stillwatch.codescan.finding import Finding
from stillwatch.codescan.syntax.reading import Source, Unreadable, read

MEMORY_BYTES = 3 * 2**30  # of address space
STACK_BYTES = 100 * 2**20  # deep code makes deep calls; the kernel keeps this much free below any stack
RECURSION_LIMIT = 12_000  # calls: a call of the analysed program takes a dozen of the analysis


class Answer(msgspec.Struct, frozen=True):
    """What a worker says of a module: its findings, which files they depend on, what was cut short, and why it failed."""

    path: str
    findings: tuple[Finding, ...] = ()
    needs: tuple[str, ...] = ()
    partial: dict[str, str] = {}
    functions: int = 0
    frugal: int = 0
    failed: str | None = None


def main(root: Path) -> None:
    sys.setrecursionlimit(RECURSION_LIMIT)
    _limit(resource.RLIMIT_AS, MEMORY_BYTES)
    _limit(resource.RLIMIT_STACK, STACK_BYTES)
    project = Project(_sources(root, msgspec.json.decode(sys.stdin.buffer.readline(), type=list[str])))
    for module in project.modules.by_path.values():
        project.ensure(module)
    for line in sys.stdin.buffer:
        answer = analysed(project, line.decode().rstrip("\n"))
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
    needs = project.needed_by(module)
    return Answer(
        path, tuple(found), needs, dict(project.partial), len(project.spawned.get(path, ())), project.frugal
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
