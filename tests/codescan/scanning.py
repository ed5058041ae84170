"""Scanning programs held in memory."""

from stillwatch.codescan import analysis
from stillwatch.codescan.engine.project import Project
from stillwatch.codescan.syntax.reading import read


def scanned(files):
    """The findings that stand in a code base given as {path: text}, in order of their place."""
    project = Project({path: read(path, text.encode()) for path, text in files.items()})
    modules = list(project.modules.by_path.values())
    for module in modules:
        project.ensure(module)
    found = []
    for module in modules:
        project.start(module)
        found += [one for one in analysis.findings(project, module) if one.refuted is None]
    return sorted(found, key=lambda one: (one.location, one.rule))


def likely(files, at=0.5):
    """The findings that are more likely true than not."""
    return [one for one in scanned(files) if one.confidence >= at]


def places(files, at=0.5):
    """(rule, line) of these findings."""
    return {(one.rule, one.location.line) for one in likely(files, at)}
