"""Text of others, made fit to be shown: bounded, on one line, without anything that steers a terminal or a page."""

CUT = "…"
STEERING = str.maketrans(dict.fromkeys("`[]<>|*_\\", "'"))
"""What marks links, code and emphasis where text is read as Markdown or HTML."""


def plain(text: str, limit: int) -> str:
    """The text on one line of at most `limit` characters."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * limit])
    line = " ".join(shown.translate(STEERING).split())
    return line if len(line) <= limit else line[: limit - 1] + CUT
