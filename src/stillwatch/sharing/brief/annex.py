"""The annex of a brief: method, priors, legal clocks, the input's digests, and the query behind every figure."""

from stillwatch.sharing.brief.audience import Audience
from stillwatch.sharing.brief.figures import escaped
from stillwatch.sharing.brief.reference import Chip, Threshold, chips, clocks, thresholds
from stillwatch.sharing.brief.sections import SHOWN, campaign_table
from stillwatch.sharing.brief.writing import Writing, heads, section, table

REDACTED = {
    "public": "Counts are rounded to two digits and small ones given as a bound, days as months; campaigns, models and "
    "releases are not named.",
    "partner": "Counts and days are exact. Who benefits is named only where the person who said so allows it.",
    "authority": "Counts and days are exact, and assessments are given as people stated them.",
}


def annex(writing: Writing) -> str:
    """All of it; the queries come last, when every other figure has been used."""
    parts = [
        _more(writing),
        _method(writing.audience),
        _priors(writing),
        _sources(),
        _clocks(writing),
        _digests(writing),
    ]
    return f'<div class="annex"><h1>Annex</h1>{"".join(parts)}{_queries(writing)}</div>'


def _more(writing: Writing) -> str:
    rest = list(enumerate(writing.material.campaigns, 1))[SHOWN:]
    return section("more", "Further campaigns", campaign_table(writing, rest)) if rest else ""


def _method(audience: Audience) -> str:
    text = (
        "<p>A campaign is a group of accounts that passed two tests against the provider's own benign traffic: that one "
        "operator controls them, and that they extract the model's answers. Evidence is combined into e-values, which "
        "stay valid however long the traffic is watched, and campaigns are reported at a stated false discovery rate. "
        "Country and language count as evidence of nothing.</p>"
        "<p>Training fed is <code>6 &times; parameters &times; tokens kept &times; epochs &times; overhead</code>, sampling displaced "
        "<code>2 &times; parameters &times; tokens kept &times; attempts</code>; chip-hours divide by <code>peak &times; utilisation &times; 3600 s</code>. "
        "Each prior is log-uniform and the draws are the same for all figures. Pre-training is in none of them.</p>"
        f"<p>This brief is for a reader of the class {audience.name}. {REDACTED[audience.name]} No prompt, account, key "
        "or address is in any brief.</p>"
    )
    return section("method", "Method and redaction", text)


def _priors(writing: Writing) -> str:
    if not writing.material.campaigns:
        return ""
    rows = [
        f'<tr><th scope="row">{prior.name.replace("_", " ")}</th>'
        f"<td>{writing.figure(f'prior.{prior.name}.low')} to {writing.figure(f'prior.{prior.name}.high')}</td>"
        f"<td><cite>{escaped(prior.unit)}</cite></td><td><cite>{escaped(prior.reason)}</cite></td>"
        f"<td><cite>{escaped(' '.join(prior.sources))}</cite></td></tr>"
        for prior in writing.material.model.priors.values()
    ]
    head = heads("Prior", "Between", "Unit", "Reason", "Sources")
    return section(
        "priors", "Priors of the training compute", table(head, rows, "Priors, none of them measured")
    )


def _sources() -> str:
    looked_up: list[Threshold | Chip] = [*thresholds(), *chips().values()]
    rows = [
        f'<tr><th scope="row"><cite>{escaped(row.name)}</cite></th><td><cite>{escaped(row.note)}</cite></td>'
        f"<td>{row.status}</td><td><time>{row.as_of.isoformat()}</time></td><td><cite>{escaped(row.source)}</cite></td></tr>"
        for row in looked_up
    ]
    head = heads("Row", "Note", "How far confirmed", "Looked up", "Source")
    return section("sources", "Thresholds and chips", table(head, rows, "Where these rows come from"))


def _clocks(writing: Writing) -> str:
    """Clocks are for those who may have to report, not for the public."""
    if not writing.audience.exact:
        return ""
    rows = [
        f'<tr><th scope="row"><cite>{escaped(row.name)}</cite></th><td><cite>{escaped(row.clock)}</cite></td>'
        f"<td>{row.status}</td><td><cite>{escaped(row.note)}</cite></td><td><time>{row.as_of.isoformat()}</time></td>"
        f"<td><cite>{escaped(row.source)}</cite></td></tr>"
        for row in clocks()
    ]
    head = heads("Regime", "Clock", "How far confirmed", "Note", "Looked up", "Source")
    note = "<p>Whether a regime applies is for counsel to say.</p>"
    return section("clocks", "Legal clocks", table(head, rows, "What must be told by when") + note)


def _digests(writing: Writing) -> str:
    rows = [
        f'<tr><th scope="row"><code>{name}</code></th><td><code>{digest}</code></td></tr>'
        for name, digest in writing.material.digests.items()
    ]
    head = heads("File", "<abbr>SHA-256</abbr>")
    return section("input", "The input", table(head, rows, "Digests of the files this brief was made from"))


def _queries(writing: Writing) -> str:
    rows = [
        f'<tr id="q-{query.id}"><th scope="row"><code>{query.id}</code></th><td><cite>{escaped(query.what)}</cite></td>'
        f'<td><cite>{escaped(query.source)}</cite></td><td class="number">{writing.data(query)}</td></tr>'
        for query in writing.used.values()
    ]
    head = heads("Query", "Meaning", "Computed from", "Value")
    text = "<p>Each is computed again by <code>stillwatch brief OUT_DIR --recompute QUERY</code>.</p>"
    return section("queries", "Queries", text + table(head, rows, "The query behind each figure"))
