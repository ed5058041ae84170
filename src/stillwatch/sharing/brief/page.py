"""The brief as one page that loads nothing: for a browser, for print, and for the PDF made of it."""

import hashlib
from base64 import b64encode
from importlib.resources import files
from string import Template

from stillwatch.sharing.brief.annex import annex
from stillwatch.sharing.brief.audience import Audience
from stillwatch.sharing.brief.material import Material
from stillwatch.sharing.brief.sections import (
    asked,
    bottom_line,
    campaigns,
    done,
    limits,
    people,
    taken,
    training,
)
from stillwatch.sharing.brief.timeline import timeline
from stillwatch.sharing.brief.writing import Writing

BODY = (bottom_line, campaigns, timeline, taken, people, training, done, asked, limits, annex)


def page(material: Material, audience: Audience) -> str:
    """The whole page. Everything that a file or a person said in it is cut, cleaned and escaped."""
    writing = Writing(material, audience)
    marking = f"TLP:{audience.marking.upper()}"
    style = Template(_part("brief.css")).substitute(marking=marking)
    return Template(_part("brief.html")).substitute(
        policy=f"default-src 'none'; style-src '{_hash(style)}'; base-uri 'none'; form-action 'none'",
        style=style,
        marking=marking,
        tone=audience.marking,
        period=_period(writing),
        digest=material.digests["campaigns.json"],
        body="\n".join(write(writing) for write in BODY),
    )


def _period(writing: Writing) -> str:
    if "log.first" not in writing.queries or "log.last" not in writing.queries:
        return "No exchange carried a time."
    return f"Log from {writing.figure('log.first')} to {writing.figure('log.last')}."


def _part(name: str) -> str:
    return (files("stillwatch.sharing.brief") / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(content.encode()).digest()).decode()
