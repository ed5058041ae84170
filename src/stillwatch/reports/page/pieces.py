"""Small pieces of HTML shared by the sections. Every string given to them is escaped here."""

from collections.abc import Iterable

from stillwatch.reports._writing.text import NAME, escaped
from stillwatch.reports._writing.words import percent


def name(text: str, limit: int = NAME) -> str:
    """An id or label: isolated, so that right-to-left text cannot reorder what stands beside it."""
    return f"<bdi>{escaped(text, limit)}</bdi>"


def heads(*columns: tuple[str, str]) -> str:
    """A table's head from words and the class of their column."""
    cells = "".join(f'<th scope="col" class="{kind}">{escaped(words)}</th>' for words, kind in columns)
    return f"<thead><tr>{cells}</tr></thead>"


def tiles(facts: Iterable[tuple[str, str]]) -> str:
    """Figures with what they count."""
    cells = "".join(f"<div><dt>{escaped(what)}</dt><dd>{escaped(value)}</dd></div>" for what, value in facts)
    return f'<dl class="tiles">{cells}</dl>'


def bars(shares: Iterable[tuple[str, float]], caption: str, *, kind: str = "share") -> str:
    """Horizontal bars with their shares as text."""
    rows = "".join(
        f'<tr><th scope="row">{name(label)}</th><td class="bar">{bar(share, kind)}</td>'
        f'<td class="number">{percent(share)}</td></tr>'
        for label, share in shares
    )
    head = f"<caption>{escaped(caption)}</caption><tbody>{rows}</tbody>"
    return (
        f'<table class="bars">{head}</table>' if rows else f'<p class="quiet">{escaped(caption)}: none.</p>'
    )


def bar(share: float, kind: str) -> str:
    """One bar of the full width; a picture of a number that stands beside it."""
    width = min(max(share, 0.0), 1.0) * 100
    return (
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect class="track" width="100" height="10"/><rect class="{kind}" width="{width:.2f}" height="10"/></svg>'
    )


def scrolling(content: str, label: str) -> str:
    """Wide content that scrolls by itself, by touch and by keyboard."""
    return f'<div class="wide" tabindex="0" role="region" aria-label="{escaped(label)}">{content}</div>'
