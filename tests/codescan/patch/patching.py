"""What tests of edits share: findings in one file, and what the first edit makes of it."""

from stillwatch.codescan.engine.project import Project
from stillwatch.codescan.patch.proposing import proposed
from stillwatch.codescan.syntax.reading import read
from stillwatch.codescan.worker import analysed


def found_in(text):
    project = Project({"app.py": read("app.py", text.encode())})
    project.ensure(project.modules.by_path["app.py"])
    return [finding for finding in analysed(project, "app.py").findings if finding.refuted is None]


def first(tmp_path, text, rule):
    """The code after the first edit for the one finding of a rule."""
    (tmp_path / "app.py").write_text(text)
    found = [finding for finding in found_in(text) if finding.rule == rule]
    assert found, "the example is not found"
    return next(proposed(tmp_path, found[0])).text
