"""The reference pages that the software itself knows: made at each build of the documentation."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from pkgutil import iter_modules

import typer
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from stillwatch import detectors, reports, responses, sinks, sources
from stillwatch.access import verification
from stillwatch.access.signup import catalogue as signup_catalogue
from stillwatch.cli import build
from stillwatch.sharing.brief import interval
from stillwatch.sharing.finding.fields import FIELDS
from stillwatch.sharing.finding.queries import QUERIES
from stillwatch.sharing.formats import catalogue as form_catalogue
from stillwatch.sources import streams


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages to those that lie in the folder."""
    pages = {
        "reference/commands.md": commands(),
        "reference/sources.md": source_formats(),
        "reference/streams.md": transports(),
        "reference/detectors.md": detector_table(),
        "reference/reports.md": result_files(),
        "reference/sinks.md": alarm_sinks(),
        "reference/responses.md": response_steps(),
        "reference/signup-checks.md": signup_checks(),
        "reference/verification.md": verification_methods(),
        "reference/shared-findings.md": shared_findings(),
        "decisions/index.md": decisions(Path(config.docs_dir) / "decisions"),
    }
    for path, content in pages.items():
        files.append(File.generated(config, path, content=content))
    return files


def commands() -> str:
    """Each command with its arguments and options, from the command line itself."""
    root = typer.main.get_command(build())
    parts = ["# Commands", "Exit codes are those of the [output contract](output.md#exit-codes)."]
    for path, command in _walk(root, "stillwatch"):
        usage = " ".join(command.collect_usage_pieces(command.make_context(path, [], resilient_parsing=True)))
        parts += [f"## `{path}`", inspect.cleandoc(command.help or ""), f"```\n{path} {usage}\n```"]
        rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
        if rows:
            parts.append("| Name | Default | Meaning |\n|---|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _walk(command: typer.core.TyperCommand, path: str) -> Iterator[tuple[str, typer.core.TyperCommand]]:
    below = getattr(command, "commands", {})
    for name, inner in sorted(below.items()):
        yield from _walk(inner, f"{path} {name}")
    if not below:
        yield path, command


def _row(parameter: typer.core.TyperOption | typer.core.TyperArgument) -> str:
    names = ", ".join(f"`{name}`" for name in parameter.opts)
    if parameter.param_type_name == "argument":
        names = f"`{parameter.metavar or str(parameter.name).upper()}`"
    default = parameter.default
    plain = isinstance(default, (str, int, float)) and not isinstance(default, bool) and default != ""
    cells = (names, f"`{default}`" if plain else "", getattr(parameter, "help", None) or "")
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"


def source_formats() -> str:
    """Each log format by its file's own documentation."""
    names = sorted(sources.catalogue())
    intro = "The format of a file is found by looking at its content; no option names it."
    table = [f"| [`{name}`](#{name}) | {_first(f'stillwatch.sources.{name}')} |" for name in names]
    entries = [f"## {name} {{#{name}}}\n\n{_doc(f'stillwatch.sources.{name}')}" for name in names]
    return "\n\n".join(["# Log formats", intro, _table("Format", "Reads", rows=table), *entries]) + "\n"


def transports() -> str:
    """Each kind of stream by its file's own documentation."""
    modules = [found.name for found in iter_modules(streams.__path__) if not found.name.startswith("_")]
    intro = "What `stillwatch watch` follows; the beginning of an address says which."
    table = [f"| [`{name}`](#{name}) | {_first(f'{streams.__name__}.{name}')} |" for name in modules]
    entries = [f"## {name} {{#{name}}}\n\n{_doc(f'{streams.__name__}.{name}')}" for name in modules]
    return "\n\n".join(["# Streams", intro, _table("Transport", "Follows", rows=table), *entries]) + "\n"


def detector_table() -> str:
    """Each detector with the test it serves and the fields it needs."""
    found = sorted(detectors.catalogue().values(), key=lambda one: (one.key, one.id))
    intro = (
        "A campaign must pass two tests: common control and extraction. A detector whose fields are missing says "
        "nothing, which never raises suspicion."
    )
    table = [
        f"| [`{one.id}`](#{one.id}) | {one.key} | {one.kind} | "
        f"{', '.join(f'`{field}`' for field in sorted(one.needs))} | {_first(one.__module__)} |"
        for one in found
    ]
    entries = [f"## {one.id} {{#{one.id}}}\n\n{_doc(one.__module__)}" for one in found]
    head = _table("Detector", "Test", "Facet", "Needs", "Sees", rows=table)
    return "\n\n".join(["# Detectors", intro, head, *entries]) + "\n"


def result_files() -> str:
    """Each file of a result directory."""
    entries = [
        f"## {report.file}\n\n{_doc(f'stillwatch.reports.{name}')}"
        for name, report in sorted(reports.catalogue().items())
    ]
    return (
        "\n\n".join(["# Result files", "What `stillwatch detect` leaves in its output directory.", *entries])
        + "\n"
    )


def alarm_sinks() -> str:
    """Each kind of place that alarms are sent to."""
    entries = [f"## {name}\n\n{_doc(f'stillwatch.sinks.{name}')}" for name in sorted(sinks.catalogue())]
    intro = "The scheme of a URL says which is meant. [Send alarms](../how-to/send-alarms.md) shows how."
    return "\n\n".join(["# Alarm sinks", intro, *entries]) + "\n"


def response_steps() -> str:
    """Each step of the ladder by its file's own documentation."""
    found = responses.catalogue()
    intro = (
        "What a gateway does about a call, mildest first. A step is taken only with a reason code and a campaign or case "
        "as evidence. All but `block` are undone by taking the rule away."
    )
    table = [
        f"| [`{step}`](#{step}) | {_first(f'stillwatch.responses.{step}')} | {one.harms} | "
        f"{', '.join(f'`{other}`' for other in one.includes)} |"
        for step, one in found.items()
    ]
    head = _table("Step", "Does", "Harms", "Includes", rows=table)
    entries = [
        f"## {step} {{#{step}}}\n\n{_doc(f'stillwatch.responses.{step}')}\n\n{_settings(one)}"
        for step, one in found.items()
    ]
    return "\n\n".join(["# Responses", intro, head, *entries]) + "\n"


def verification_methods() -> str:
    """Each method of proof, and how long each kind lasts."""
    intro = (
        "How an account proves something. [Verify customers](../how-to/verify-customers.md) says how the methods are used "
        "and which levels they make."
    )
    where = "stillwatch.access.verification.methods"
    entries = [
        f"## {name} {{#{name}}}\n\n{_doc(f'{where}.{name}')}\n\nGives: {', '.join(f'`{kind}`' for kind in method.gives)}"
        for name, method in sorted(verification.catalogue().items())
    ]
    rows = [
        f"| `{kind}` | {one.days} | {one.because} |" for kind, one in verification.packaged().kinds.items()
    ]
    kinds = ["## Kinds of proof", _table("Kind", "Days", "Why", rows=rows)]
    return "\n\n".join(["# Verification", intro, *entries, *kinds]) + "\n"


def _settings(response: responses.Response) -> str:
    rows = [f"| `{one.name}` | `{one.default}` | {one.meaning}{_range(one)} |" for one in response.settings]
    return _table("Setting", "Default", "Meaning", rows=rows) if rows else "It takes no settings."


def _range(setting: responses.Setting) -> str:
    if setting.choices:
        return f": {', '.join(setting.choices)}"
    ends = [
        f"{word} {value:g}"
        for word, value in (("from", setting.low), ("to", setting.high))
        if value is not None
    ]
    return f", {' '.join(ends)}" if ends else ""


def signup_checks() -> str:
    """Each sign-up check with its family and the fields it needs."""
    found = sorted(signup_catalogue().values(), key=lambda one: (one.family, one.id))
    intro = (
        "Checks of one family may see one and the same cause, so what they say is averaged; what families say is "
        "multiplied. Those of `pathway` are rules, and no evidence. [Check sign-ups](../how-to/check-sign-ups.md) "
        "shows how they are used."
    )
    table = [
        f"| [`{one.id}`](#{one.id}) | {one.family} | {', '.join(f'`{field}`' for field in sorted(one.needs))} | "
        f"{_first(one.__module__)} |"
        for one in found
    ]
    entries = [f"## {one.id} {{#{one.id}}}\n\n{_doc(one.__module__)}" for one in found]
    head = _table("Check", "Family", "Needs", "Sees", rows=table)
    return "\n\n".join(["# Sign-up checks", intro, head, *entries]) + "\n"


def shared_findings() -> str:
    """Each form of a shared finding, the fields a release policy speaks of, and the queries behind figures."""
    names = sorted(form_catalogue())
    intro = "What leaves, and in which form. [Share findings](../how-to/share-findings.md) shows how."
    entries = [f"## {name} {{#{name}}}\n\n{_doc(f'stillwatch.sharing.formats.{name}')}" for name in names]
    fields = [
        f"| `{name}` | {', '.join(f'`{one}`' for one in field.transforms)} | {field.means} |"
        for name, field in FIELDS.items()
    ]
    queries = [
        f"| `{name}` | {query.means} | {'yes' if query.needs_log else ''} |"
        for name, query in QUERIES.items()
    ]
    queries.append(f"| `{interval.QUERY}` | {interval.MEANS} | |")
    parts = ["# Shared findings", intro, *entries, "## Fields of a release policy"]
    parts += [_table("Field", "Transforms", "Is", rows=fields), "## Queries"]
    parts += ["A query id is NAME/CAMPAIGN/RUN.", _table("Query", "Counts", "Needs the log", rows=queries)]
    return "\n\n".join(parts) + "\n"


def decisions(folder: Path) -> str:
    """The list of decisions, by the first line of each."""
    intro = (
        "One page a decision: the question, the choice, and what would change our mind. A decision is not edited when "
        "it is overturned; a later one replaces it and says so."
    )
    titles = {
        path.name: path.read_text(encoding="utf-8").split("\n")[0].lstrip("# ")
        for path in folder.glob("0*.md")
    }
    entries = "\n".join(f"- [{title}]({name})" for name, title in sorted(titles.items()))
    return f"# Decisions\n\n{intro}\n\n{entries}\n"


def _table(*heads: str, rows: list[str]) -> str:
    return "\n".join([f"| {' | '.join(heads)} |", "|---" * len(heads) + "|", *rows])


def _doc(module: str) -> str:
    """A module's docstring as Markdown: its lines end where the file's do, so each keeps its break."""
    text = inspect.cleandoc(importlib.import_module(module).__doc__ or "")
    return "\n".join(f"\n{line}" if _begins(line) else line for line in text.splitlines())


def _begins(line: str) -> bool:
    """Whether a line of a docstring begins a statement of its own, such as `Sees:` or `Cannot see:`."""
    head, colon, _ = line.partition(": ")
    return bool(colon) and head[:1].isupper() and len(head) < 32 and "." not in head


def _first(module: str) -> str:
    return _doc(module).strip().split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
