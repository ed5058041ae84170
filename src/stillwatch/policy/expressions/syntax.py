"""The parts of CEL that a policy may use, as a tree: everything but maps, macros, bytes and unsigned numbers."""

from collections.abc import Callable
from typing import TypeAlias

import msgspec

from stillwatch.policy.expressions.tokens import Token, WrongExpression, tokens

DEEPEST = 40  # levels of nesting, far from the interpreter's own limit
RELATIONS = ("==", "!=", "<", "<=", ">", ">=", "in")


class Constant(msgspec.Struct, frozen=True):
    """A literal as it is written; `kind` is the name of its type."""

    kind: str
    text: str
    start: int
    end: int


class Name(msgspec.Struct, frozen=True):
    """A word that stands alone."""

    name: str
    start: int
    end: int


class Member(msgspec.Struct, frozen=True):
    """`owner.name`: a field of the call or of the verdict."""

    owner: str
    name: str
    start: int
    name_start: int
    end: int


class Items(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple["Expression", ...]
    start: int
    end: int


class Apply(msgspec.Struct, frozen=True):
    """`function(arguments)`, or `target.function(arguments)`."""

    function: str
    target: "Expression | None"
    arguments: tuple["Expression", ...]
    start: int
    name_start: int
    end: int


class Unary(msgspec.Struct, frozen=True):
    """`!` or `-` before an operand."""

    sign: str
    operand: "Expression"
    start: int
    end: int


class Binary(msgspec.Struct, frozen=True):
    """A relation or a sum; `sign_start` is where the operator stands."""

    sign: str
    left: "Expression"
    right: "Expression"
    start: int
    sign_start: int
    end: int


class Logic(msgspec.Struct, frozen=True):
    """Parts joined by `&&`, or by `||`."""

    sign: str
    parts: tuple["Expression", ...]
    start: int
    end: int


class Choice(msgspec.Struct, frozen=True):
    """`condition ? yes : no`."""

    condition: "Expression"
    yes: "Expression"
    no: "Expression"
    start: int
    end: int


Expression: TypeAlias = Constant | Name | Member | Items | Apply | Unary | Binary | Logic | Choice


def parse(source: str) -> Expression:
    """The tree of a condition. Raises WrongExpression."""
    parser = _Parser(tokens(source))
    whole = parser.choice()
    parser.expect("the end")
    return whole


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.next
        self.at += token.kind != "end"
        return token

    def found(self, *texts: str) -> Token | None:
        """The next token, taken, where it is one of these words or signs."""
        token = self.next
        return self.take() if token.kind in {"sign", "word"} and token.text in texts else None

    def expect(self, text: str) -> Token:
        token = self.take()
        if token.text != text or token.kind == "string":
            raise WrongExpression(f"expected {text}, found {token.text}", token.start)
        return token

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise WrongExpression(f"nested more than {DEEPEST} levels deep", self.next.start)

    def choice(self) -> Expression:
        self.deeper()
        condition = self.logic("||")
        if self.found("?"):
            yes = self.logic("||")
            self.expect(":")
            no = self.choice()
            condition = Choice(condition, yes, no, condition.start, no.end)
        self.depth -= 1
        return condition

    def logic(self, sign: str) -> Expression:
        part = self.conjunction if sign == "||" else self.relation
        parts = [part()]
        while self.found(sign):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Logic(sign, tuple(parts), parts[0].start, parts[-1].end)

    def conjunction(self) -> Expression:
        return self.logic("&&")

    def relation(self) -> Expression:
        return self.chain(RELATIONS, self.sum)

    def sum(self) -> Expression:
        return self.chain(("+", "-"), self.product)

    def product(self) -> Expression:
        return self.chain(("*", "/", "%"), self.unary)

    def chain(self, signs: tuple[str, ...], operand: Callable[[], Expression]) -> Expression:
        left = operand()
        length = 0
        while sign := self.found(*signs):
            length += 1
            if length > DEEPEST:
                raise WrongExpression(f"more than {DEEPEST} operators in a row", sign.start)
            right = operand()
            left = Binary(sign.text, left, right, left.start, sign.start, right.end)
        return left

    def unary(self) -> Expression:
        sign = self.found("!", "-")
        if sign is None:
            return self.member()
        self.deeper()
        operand = self.unary()
        self.depth -= 1
        return Unary(sign.text, operand, sign.start, operand.end)

    def member(self) -> Expression:
        whole = self.primary()
        length = 0
        while self.found("."):
            length += 1
            name = self.take()
            if name.kind != "word" or length > DEEPEST:
                raise WrongExpression(f"expected a field's name, found {name.text}", name.start)
            if self.found("("):
                arguments, end = self.arguments(")")
                whole = Apply(name.text, whole, arguments, whole.start, name.start, end)
            elif isinstance(whole, Name):
                whole = Member(whole.name, name.text, whole.start, name.start, name.end)
            else:
                raise WrongExpression(f"only call and verdict have fields; .{name.text} is none", name.start)
        return whole

    def primary(self) -> Expression:
        token = self.take()
        if token.kind in {"int", "double", "string"}:
            return Constant(token.kind, token.text, token.start, token.end)
        if token.kind == "word":
            return self.word(token)
        if token.text == "(":
            inner = self.choice()
            self.expect(")")
            return inner
        if token.text == "[":
            items, end = self.arguments("]")
            return Items(items, token.start, end)
        raise WrongExpression(f"expected a value, found {token.text}", token.start)

    def word(self, token: Token) -> Expression:
        if token.text in {"true", "false"}:
            return Constant("bool", token.text, token.start, token.end)
        if token.text == "null":
            return Constant("null", token.text, token.start, token.end)
        if self.found("("):
            arguments, end = self.arguments(")")
            return Apply(token.text, None, arguments, token.start, token.start, end)
        return Name(token.text, token.start, token.end)

    def arguments(self, close: str) -> tuple[tuple[Expression, ...], int]:
        items: list[Expression] = []
        if end := self.found(close):
            return (), end.end
        items.append(self.choice())
        while self.found(","):
            items.append(self.choice())
        return tuple(items), self.expect(close).end
