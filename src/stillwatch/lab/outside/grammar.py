"""The notation of all wordings: `{a|b}` is drawn for each request, `[[a|b]]` once by an author; `%x%` are slots."""

import re
from random import Random

from stillwatch.lab.outside.wording.words import SYLLABLES

_DRAWN = re.compile(r"\{([^{}]*)\}")
_SETTLED = re.compile(r"\[\[([^\[\]]*)\]\]")


def spin(rng: Random, text: str) -> str:
    """Draw the choices of one request, innermost first."""
    while "{" in text:
        drawn = _DRAWN.sub(lambda match: rng.choice(match[1].split("|")), text)
        if drawn == text:
            break
        text = drawn
    return text


def settle(rng: Random, text: str) -> str:
    """Draw the choices an author makes once, when the template is written."""
    return _SETTLED.sub(lambda match: rng.choice(match[1].split("|")), text)


def settled(rng: Random, templates: list[str], count: int | None = None) -> list[str]:
    """All templates as one author writes them, or a sample of `count`."""
    written = [settle(rng, template) for template in templates]
    return rng.sample(written, min(count, len(written))) if count else written


def coined(rng: Random) -> str:
    """A made-up name of a product, project or person's handle."""
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 2, 3)))).capitalize()


def alternatives(text: str) -> list[str]:
    """Split at the bars that stand outside braces."""
    parts, depth, current = list[str](), 0, ""
    for letter in text:
        depth += (letter in "{[") - (letter in "}]")
        if letter == "|" and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += letter
    return [*parts, current]
