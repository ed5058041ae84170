"""A condition cut into tokens, each with its place in the text."""

import re
from typing import NamedTuple

from stillwatch.records import InvalidConfiguration

LONGEST = 4_000  # characters: a longer condition is a mistake, or an attack on the parser
MOST_TOKENS = 1_000

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*)
    | (?P<double>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)
    | (?P<int>0[xX][0-9a-fA-F]+|\d+)
    | (?P<string>[rR]?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign>&&|\|\||==|!=|<=|>=|[<>+\-*/%!?:.,()\[\]])
    """,
    re.VERBOSE | re.ASCII,
)


class WrongExpression(InvalidConfiguration):
    """A condition that does not hold together; `offset` is the character at which that shows."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class Token(NamedTuple):
    """`kind` is double, int, string, word, sign or end."""

    kind: str
    text: str
    start: int
    end: int


def tokens(source: str) -> list[Token]:
    """Raises WrongExpression at the first character that begins no token."""
    if len(source) > LONGEST:
        raise WrongExpression(f"a condition has at most {LONGEST:,} characters", LONGEST)
    found: list[Token] = []
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise WrongExpression(f"{source[at]!r} cannot stand here", at)
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match.group(), at, match.end()))
        at = match.end()
    if len(found) > MOST_TOKENS:
        raise WrongExpression(
            f"a condition has at most {MOST_TOKENS:,} words and signs", found[MOST_TOKENS].start
        )
    return [*found, Token("end", "the end", len(source), len(source))]
