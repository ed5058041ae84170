"""The files by which a watch judges regions, read before anything is watched, so that what is wrong with them is said first."""

from collections.abc import Callable, Sequence
from pathlib import Path

from stillwatch.access.regions import Gazetteer, Rules, load
from stillwatch.records import UsageError


def judging(
    regions: Path | None,
    levels: Path | None,
    mmdb: Path | None,
    ranges: Sequence[Path],
    say: Callable[[str], None],
) -> tuple[Rules, Gazetteer] | None:
    """None where regions are not judged. Raises UsageError for options that want another, InvalidConfiguration."""
    if regions is None:
        if mmdb is not None or ranges:
            raise UsageError("--mmdb and --ranges serve --regions: say which regions file")
        return None
    if levels is None:
        raise UsageError("--regions needs --levels: levels are asked by what is held about a region")
    rules = load(regions)
    gazetteer = Gazetteer(
        None if mmdb is None else mmdb.absolute(), tuple(path.absolute() for path in ranges)
    )
    for rejected in gazetteer.opened().ranges.rejected:
        say(f"{rejected.file}:{rejected.line}: left out: {rejected.reason}")
    return rules, gazetteer
