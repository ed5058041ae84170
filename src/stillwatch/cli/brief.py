"""`stillwatch brief`: a run's findings for the public, a partner or an authority, as one page or PDF."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from stillwatch.cli.cases.options import DEFAULT, AuditKey, StoreUrl, TenantName, opened
from stillwatch.cli.cases.printing import as_json
from stillwatch.records import UsageError
from stillwatch.reports import load
from stillwatch.sharing import brief

FORMS = (".html", ".pdf")


class Recomputed(msgspec.Struct, frozen=True):
    """The answer to --recompute."""

    query: str
    value: float
    what: str
    source: str


def command(
    out_dir: Annotated[
        Path, typer.Argument(metavar="OUT_DIR", help="directory that `detect` or `watch` wrote")
    ],
    audience: Annotated[str, typer.Option(help=f"who reads it: {', '.join(brief.AUDIENCES)}")],
    out: Annotated[Path | None, typer.Option(help="F.html, or F.pdf with the extra `brief`")] = None,
    statement: Annotated[
        Path | None, typer.Option(help="TOML of what people state: who benefits, who provides, what is asked")
    ] = None,
    case: Annotated[
        str | None, typer.Option(metavar="CASE", help="only this case, with what was done in it")
    ] = None,
    store: StoreUrl = DEFAULT,
    tenant: TenantName = "default",
    audit_key: AuditKey = None,
    recompute: Annotated[
        str | None, typer.Option(metavar="QUERY_ID", help="compute one figure again and print it as JSON")
    ] = None,
) -> None:
    """Write the findings of a run as a brief of two pages and an annex, redacted for its readers.

    Every figure links to the query in the annex that recomputes it. Without --statement, who benefits is "not
    assessed": nothing infers it.
    """
    readers = _audience(audience)
    if (out is None) == (recompute is None):
        raise UsageError("say either --out F.html|F.pdf or --recompute QUERY_ID")
    if out is not None and out.suffix.lower() not in FORMS:
        raise UsageError(f"--out ends in {' or '.join(FORMS)}, not {out.name!r}")
    log, campaigns = load(out_dir)
    material = brief.read(
        out_dir,
        log,
        campaigns,
        statement=None if statement is None else brief.read_statement(statement),
        doings=None if case is None else _doings(store, tenant, audit_key, case),
    )
    if recompute is not None:
        as_json(_recomputed(material, readers, recompute))
        return
    assert out is not None
    page = brief.page(material, readers)
    _write(out, brief.pdf(page) if out.suffix.lower() == ".pdf" else page.encode())


def _audience(name: str) -> brief.Audience:
    if name not in brief.AUDIENCES:
        raise UsageError(f"--audience: {name!r} is none of {', '.join(brief.AUDIENCES)}")
    return brief.AUDIENCES[name]


def _doings(store: str, tenant: str, audit_key: Path | None, case: str) -> brief.Doings:
    with opened(store, tenant, audit_key) as mine:
        return brief.read_case(mine, case)


def _recomputed(material: brief.Material, readers: brief.Audience, query_id: str) -> Recomputed:
    query = brief.registry(material).get(query_id)
    if query is None:
        raise UsageError(f"no figure has the query {query_id!r}; the annex of a brief lists those it has")
    return Recomputed(query.id, query.value(readers), query.what, query.source)


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing, so that no reader meets half a brief."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
