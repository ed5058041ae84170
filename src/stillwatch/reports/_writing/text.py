"""Text from a log made safe for a page."""

import html

from stillwatch.records.text import NAME, SENTENCE, clean

__all__ = ["NAME", "SENTENCE", "clean", "escaped"]


def escaped(text: str, limit: int = SENTENCE) -> str:
    """`text` cleaned and escaped for HTML, as content or as a quoted attribute."""
    return html.escape(clean(text, limit), quote=True)
