"""Patches that a model proposes: another body for the one function around a finding, checked as any other patch is.

The model is shown that function, the imports of its file and our own words about the weakness. A function that holds a secret is not sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import libcst as cst
import msgspec

from stillwatch.codescan import checks
from stillwatch.codescan.model.asking import Matter
from stillwatch.codescan.model.hiding import hidden
from stillwatch.codescan.model.keeping import digest
from stillwatch.codescan.model.protocols import Unusable
from stillwatch.codescan.model.replacing import SIZE_LIMIT, NotConfined, Within, function_of, replaced
from stillwatch.codescan.model.wording import answered, question
from stillwatch.codescan.patch.proposing import Patch, patched
from stillwatch.codescan.patch.site import NoFix

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stillwatch.codescan.checks import Rule
    from stillwatch.codescan.finding import Finding
    from stillwatch.codescan.model.asking import Asker


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A patch, as a model has to write it."""

    function: Annotated[str, msgspec.Meta(max_length=SIZE_LIMIT)]


def further(root: Path, finding: Finding, own: Iterator[Patch], asker: Asker) -> Iterator[Patch]:
    """Our own edits, and then the model's, which is asked for only where none of ours was good enough.

    Raises NoFix where there is neither.
    """
    why = None
    try:
        yield from own
    except NoFix as error:
        why = str(error)
    patch = _proposed(root, finding, asker)
    if patch is not None:
        asker.patches += 1
        yield patch
    elif why is not None:
        raise NoFix(why)


def _proposed(root: Path, finding: Finding, asker: Asker) -> Patch | None:
    rule = next((one for one in checks.catalogue() if one.id == finding.rule), None)
    path = finding.location.path
    try:
        text = (root if root.is_file() else root / path).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    found = None if rule is None else function_of(text, finding.location.line)
    if rule is None or found is None:
        return None
    code, line = _shown(found, finding.location.line)
    if len(code) > SIZE_LIMIT or hidden(path, code, ())[1] or rule.secret:
        asker.dropped["a function that holds a secret, or is too long, is not sent"] += 1
        return None
    task = _task(rule, finding, line)
    matter = Matter(path, len(code.encode()), 0, digest(asker.endpoint.model, task, code))

    def read(said: str) -> str:
        try:
            return replaced(found, answered(said, Answer).function)
        except NotConfined as error:
            raise Unusable(f"its patch is refused: {error}") from None
        except (
            cst.CSTValidationError,
            RecursionError,
        ):  # a tree that LibCST reads, and cannot put in another's place
            raise Unusable("its patch is refused: it cannot be put in the place of the function") from None

    after = asker.ask(question(task, code), matter, read)
    if after is None:
        return None
    note = f"proposed by a model ({asker.endpoint.model}): another body for {found.function.name.value}"
    return msgspec.structs.replace(patched(finding, text, after, note), origin="model")


def _shown(within: Within, line: int) -> tuple[str, int]:
    """The imports and the function as they are sent, and which line of that a line of the file is."""
    module, function = within.module, within.function
    code = module.code_for_node(function.with_changes(leading_lines=())).strip("\n")
    decorators = (*function.decorators, *function.lines_after_decorators)
    above = "".join(module.code_for_node(one) for one in decorators).count("\n")
    start = "".join(f"{one}\n" for one in (*_imports(module), ""))
    return start + code, start.count("\n") + above + line - within.line + 1


def _imports(module: cst.Module) -> list[str]:
    """The imports at the top of a file, as they are written."""
    return [
        module.code_for_node(small)
        for line in module.body
        if isinstance(line, cst.SimpleStatementLine)
        for small in line.body
        if isinstance(small, (cst.Import, cst.ImportFrom))
    ]


def _task(rule: Rule, finding: Finding, line: int) -> str:
    """What is asked, in our words and names of rules; all that the code base writes is in the data."""
    attack = "" if finding.payload is None else f"An attack that arrives unharmed: {rule.payloads[0]!r}\n"
    inputs = ", ".join(sorted({source.kind for source in finding.inputs}))
    return f"""\
The data is one Python function, with the imports of its file above it. Its line {line} holds this weakness: {rule.title}
(CWE-{rule.cwe}). {rule.advice}
Others' data comes in by: {inputs or "the values themselves"}
{attack}Give the whole function anew, without the weakness and otherwise doing the same: the same name, parameters and decorators, no
other function, no comment about the change, imports only of the standard library or of packages that the file imports.
Form: {{"function": "the function as Python code, beginning at the left margin"}}"""
