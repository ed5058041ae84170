"""What the sections of a brief are written with: its material, its readers, and figures that remember they were used."""

from stillwatch.records import Campaign
from stillwatch.sharing.brief.audience import Audience
from stillwatch.sharing.brief.figures import attribute, escaped, shown
from stillwatch.sharing.brief.material import Material
from stillwatch.sharing.brief.queries import Query, registry


class Writing:
    """One brief while it is written."""

    def __init__(self, material: Material, audience: Audience) -> None:
        self.material = material
        self.audience = audience
        self.queries = registry(material)
        self.used: dict[str, Query] = {}

    def figure(self, query_id: str) -> str:
        """A figure, linked to its row in the annex."""
        query = self.queries[query_id]
        self.used[query_id] = query
        return f'<a class="figure" href="#q-{query_id}">{self.data(query)}</a>'

    def data(self, query: Query) -> str:
        value = query.value(self.audience)
        content = shown(value, query.kind, self.audience)
        return f'<data data-query="{query.id}" value="{attribute(value)}">{content}</data>'

    @property
    def on(self) -> str:
        """The word before a date: on a day, in a month."""
        return "on" if self.audience.exact else "in"

    def label(self, number: int, campaign: Campaign) -> str:
        """What a campaign is called: its id where its readers may know it."""
        if self.audience.exact:
            return f'<bdi class="name">{escaped(campaign.campaign_id, 60)}</bdi>'
        return f'<span class="name">Campaign {number}</span>'


def heads(*words: str) -> str:
    cells = "".join(f'<th scope="col">{word}</th>' for word in words)
    return f"<thead><tr>{cells}</tr></thead>"


def table(head: str, rows: list[str], caption: str) -> str:
    return f"<table><caption>{caption}</caption>{head}<tbody>{''.join(rows)}</tbody></table>"


def section(slug: str, title: str, content: str) -> str:
    return f'<section aria-labelledby="{slug}"><h2 id="{slug}">{title}</h2>{content}</section>'


def listed(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def ranged(writing: Writing, name: str) -> str:
    """P50 with P10 and P90 beside it."""
    low, middle, high = (writing.figure(f"compute.{name}.{end}") for end in ("p10", "p50", "p90"))
    return f"{middle} (<abbr>P10</abbr> {low}, <abbr>P90</abbr> {high})"
