"""Small programs, and what their code does with data."""

import textwrap

import pytest

from stillwatch.codescan import analysis
from stillwatch.codescan.engine.project import Project
from stillwatch.codescan.syntax.reading import read


@pytest.fixture
def findings():
    """Findings of a program given as text, or as files; those ruled out are left out."""

    def run(program, *, ruled_out=False):
        files = program if isinstance(program, dict) else {"app.py": program}
        project = Project({path: read(path, textwrap.dedent(text).encode()) for path, text in files.items()})
        found = []
        for module in project.modules.by_path.values():
            project.ensure(module)
        for module in project.modules.by_path.values():
            project.start(module)
            found.extend(analysis.findings(project, module))
        return [finding for finding in found if (finding.refuted is not None) == ruled_out]

    return run


@pytest.fixture
def reaches(findings):
    """Whether data of a query reaches `eval` in a handler with the given body, where it is called `given`."""

    def run(code, *, before=""):
        body = textwrap.indent(textwrap.dedent(code).strip("\n"), "    ")
        program = f"{textwrap.dedent(before)}\nfrom flask import request\n\ndef handler():\n    given = request.args.get('q', '')\n{body}\n"
        return any(finding.rule == "code-injection" for finding in findings(program))

    return run
