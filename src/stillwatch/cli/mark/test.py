"""`stillwatch mark test`."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from stillwatch.cli.cases.options import AuditKey, TenantName
from stillwatch.cli.cases.printing import as_json, tell
from stillwatch.cli.mark.cohorts import Json, Secret, cohorts_named
from stillwatch.cli.mark.printing import lines_of, table_of
from stillwatch.lab.students import vocabulary as words
from stillwatch.lab.students.answers import Answers, read_answers
from stillwatch.lab.students.counting import load
from stillwatch.lab.students.probing import probes_of
from stillwatch.marks.radioactivity import MOST_CONTEXTS, Stopping, open_pairs, stopping
from stillwatch.marks.watermark import (
    ALPHA,
    DECOYS,
    MarkKeys,
    Pairs,
    Scheme,
    Tracing,
    detect,
    load_scheme,
    load_secret,
    trace,
)
from stillwatch.records import UnreadableInput, UsageError

FOUND = 1
PROBES = 1_000
SEED = 1  # of the answers drawn: the same student gives the same answer again
OPEN = ".npz"
CONFIGURATION = "config.json"


class Tested(msgspec.Struct, frozen=True, kw_only=True):
    """What `--json` prints. `tokens` were read of a closed student; an open one is asked, not read."""

    student: str
    kind: str
    tokens: int
    rejected: int
    remarks: list[str]
    tracing: Tracing
    sequential: Stopping | None


def command(
    student: Annotated[
        Path,
        typer.Argument(
            metavar="STUDENT",
            help="answers sampled from it (.jsonl), a count student (.npz), or a directory of transformers",
        ),
    ],
    secret: Secret = None,
    tenant: TenantName = "default",
    cohort: Annotated[list[str] | None, typer.Option(help="a cohort to test; repeatable")] = None,
    store: Annotated[
        str | None,
        typer.Option(envvar="STILLWATCH_STORE", help="store of cases: all cohorts it knows are tested"),
    ] = None,
    audit_key: AuditKey = None,
    scheme: Annotated[
        Path | None, typer.Option(help="JSON file of the scheme that answers were marked with")
    ] = None,
    reference: Annotated[
        Path | None,
        typer.Option(help="of an open student: one of its kind and of other text, such as the teacher"),
    ] = None,
    vocabulary: Annotated[
        Path | None, typer.Option(help="of answers that are texts: the words of the tokens, as JSON")
    ] = None,
    probes: Annotated[
        int,
        typer.Option(
            help="answers that the reference draws, of a student in a directory", min=1, max=1_000_000
        ),
    ] = PROBES,
    alpha: Annotated[
        float, typer.Option(help="error allowed: that any innocent cohort is named", min=1e-300, max=0.5)
    ] = ALPHA,
    decoys: Annotated[
        int, typer.Option(help="keys that nothing was marked with, for the rank", min=1, max=100_000)
    ] = DECOYS,
    json: Json = False,  # noqa: FBT002 - a flag of the command line
) -> int:
    """Say whether a model was trained on marked answers, and on those of which cohort.

    A closed student is known by answers that were sampled from it: each line of the file is a list of tokens, an object
    with `tokens`, or with --vocabulary an object with `response`. Do not put marked text into its prompts. An open one is known
    by its probabilities, which tell more: a count student by what its reference has seen, a model of transformers by --probes
    answers that its reference draws. The bound decides; rank and normal tail stand beside it.

    Exit code: 0 no mark is proved, 1 one is, 3 the student cannot be read or some lines could not, 4 the secret or the
    scheme does not hold.
    """
    keys, made = MarkKeys(load_secret(secret), tenant), load_scheme(scheme)
    names = cohorts_named(cohort or [], store, tenant, audit_key)
    rejected = 0
    if _is_model(student) or student.suffix == OPEN:
        pairs, learned = _open_pairs(student, reference, made, probes)
        tested = Tested(
            student=str(student),
            kind="open",
            tokens=learned,
            rejected=0,
            remarks=[],
            tracing=trace(pairs, keys, made, names, alpha=alpha, decoys=decoys),
            sequential=None,
        )
    else:
        if reference is not None:
            raise UsageError("--reference is for an open student; of a closed one there are only answers")
        answers = read_answers(student, None if vocabulary is None else words.load(vocabulary))
        for rejection in answers.rejected:
            tell(f"rejected {rejection.file}:{rejection.line}: {rejection.reason}")
        tested = _closed(student, answers, keys, made, names, alpha, decoys)
        rejected = len(answers.rejected)
    if json:
        as_json(tested)
    else:
        out = Console(highlight=False)
        out.print(table_of(tested.tracing))
        for line in [*tested.remarks, *lines_of(tested.tracing, tested.sequential)]:
            out.print(line, markup=False, soft_wrap=True)
    if tested.tracing.answer == "marked":
        return FOUND
    return UnreadableInput.exit_code if rejected else 0


def _closed(
    path: Path, answers: Answers, keys: MarkKeys, scheme: Scheme, names: list[str], alpha: float, decoys: int
) -> Tested:
    return Tested(
        student=str(path),
        kind="closed",
        tokens=answers.tokens,
        rejected=len(answers.rejected),
        remarks=answers.remarks(),
        tracing=detect(
            answers.sequences, keys, scheme, names, alpha=alpha, decoys=decoys, left_out=answers.left_out
        ),
        sequential=stopping(answers.sequences, keys, scheme, names, alpha, answers.left_out)
        if names
        else None,
    )


def _is_model(path: Path) -> bool:
    """Whether it is a directory as transformers writes them."""
    return (path / CONFIGURATION).is_file()


def _open_pairs(path: Path, reference: Path | None, scheme: Scheme, probes: int) -> tuple[Pairs, int]:
    """What the student's probabilities tell, and how many tokens it is known to have learned from."""
    if reference is None:
        raise UsageError("an open student is compared with another: name it with --reference")
    if _is_model(path) != _is_model(reference):
        raise UsageError("student and reference are of one kind: two directories, or two count students")
    window, least = scheme.window, scheme.least_entropy
    if _is_model(path):
        from stillwatch.lab.students.pretrained import PretrainedStudent  # noqa: PLC0415 - needs an extra

        mine, theirs = PretrainedStudent(path), PretrainedStudent(reference)
        asked = theirs.probes(probes, SEED)
        most = theirs.most_contexts(MOST_CONTEXTS)
        return open_pairs(mine, theirs, asked, window, most_contexts=most, least_entropy=least), 0
    suspect, other = load(path), load(reference)
    pairs = open_pairs(suspect, other, probes_of(other, window), window, least_entropy=least)
    return pairs, int(suspect.pair_counts.sum())
