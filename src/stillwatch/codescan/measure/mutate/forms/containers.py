"""Other containers: a dict becomes an object or nests, a list a deque or a tuple, a parser of settings a dict of dicts.

Only a container that stays in its function and of which every use is understood is rewritten.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random

import libcst as cst
import libcst.matchers as m

from stillwatch.codescan.measure.mutate.forms import code_of, literal, statements
from stillwatch.codescan.measure.mutate.looking import found, names
from stillwatch.codescan.measure.words import Words

Line = cst.SimpleStatementLine


def rewrite(handler: cst.FunctionDef, chance: Random, words: Words) -> cst.FunctionDef:
    for name, made in list(_made(handler)):
        uses = names(handler).count(name)
        kind = _KINDS[made]
        changed = kind(handler, name, uses, chance, words)
        if changed is not None:
            handler = changed
    return handler


def _made(handler: cst.FunctionDef) -> Iterator[tuple[str, str]]:
    for line in found(handler, cst.Assign):
        target = line.targets[0].target
        made = code_of(line.value)
        if isinstance(target, cst.Name) and made in _KINDS:
            yield target.value, made


class _Replacing(cst.CSTTransformer):
    """Replaces expressions and whole statements by what two functions say, and counts the names it accounted for."""

    def __init__(
        self,
        expression: Callable[[cst.BaseExpression], str | None],
        statement: Callable[[cst.CSTNode], str | None],
    ) -> None:
        self._expression, self._statement = expression, statement
        self.accounted = 0

    def leave_Subscript(
        self, original_node: cst.Subscript, updated_node: cst.Subscript
    ) -> cst.BaseExpression:
        return self._instead(updated_node)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        return self._instead(updated_node)

    def _instead(self, node: cst.BaseExpression) -> cst.BaseExpression:
        code = self._expression(node)
        if code is None:
            return node
        self.accounted += 1
        return cst.parse_expression(code)

    def leave_SimpleStatementLine(
        self, original_node: Line, updated_node: Line
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        code = self._statement(updated_node.body[0]) if len(updated_node.body) == 1 else None
        if code is None:
            return updated_node
        self.accounted += 1
        return cst.FlattenSentinel(statements(code))


def _changed(handler: cst.FunctionDef, uses: int, replacing: _Replacing) -> cst.FunctionDef | None:
    changed = handler.visit(replacing)
    return changed if replacing.accounted == uses and isinstance(changed, cst.FunctionDef) else None


def _key(node: cst.BaseExpression, name: str) -> object:
    """Give the literal by which the named container is asked, None for anything else."""
    if not m.matches(node, m.Subscript(m.Name(name), [m.SubscriptElement(m.Index())])):
        return None
    assert isinstance(node, cst.Subscript)
    index = node.slice[0].slice
    assert isinstance(index, cst.Index)
    return literal(index.value)


def _call(node: cst.CSTNode, name: str, method: str) -> Sequence[str] | None:
    """Give the arguments of a call of the named object's method."""
    if isinstance(node, cst.Expr):
        node = node.value
    if not m.matches(node, m.Call(m.Attribute(m.Name(name), m.Name(method)))):
        return None
    assert isinstance(node, cst.Call)
    return [code_of(argument.value) for argument in node.args]


def _is_made(node: cst.CSTNode, name: str) -> bool:
    return m.matches(node, m.Assign(targets=[m.AssignTarget(m.Name(name))]))


def _dict(
    handler: cst.FunctionDef, name: str, uses: int, chance: Random, words: Words
) -> cst.FunctionDef | None:
    fields: dict[object, str] = {}
    outer = words.snake()
    start, use = chance.choice(
        (
            ("from types import SimpleNamespace\n{n} = SimpleNamespace()\n", "{n}.{f}"),
            ("{n} = {{'{o}': {{}}}}\n", "{n}['{o}']['{f}']"),
            ("from collections import ChainMap\n{n} = ChainMap({{}}, {{}})\n", "{n}['{f}']"),
            ("{n} = type('{o}', (), {{}})()\n", "{n}.{f}"),
        )
    )

    def expression(node: cst.BaseExpression) -> str | None:
        key = _key(node, name)
        if not isinstance(key, str):
            return None
        return use.format(n=name, o=outer, f=fields.setdefault(key, words.snake()))

    def statement(node: cst.CSTNode) -> str | None:
        return start.format(n=name, o=outer) if _is_made(node, name) else None

    return _changed(handler, uses, _Replacing(expression, statement))


def _list(
    handler: cst.FunctionDef, name: str, uses: int, chance: Random, words: Words
) -> cst.FunctionDef | None:
    as_tuple = chance.random() < 0.5

    def expression(node: cst.BaseExpression) -> str | None:
        key = _key(node, name)
        return f"{name}[{key:d}]" if isinstance(key, int) else None

    def statement(node: cst.CSTNode) -> str | None:
        if _is_made(node, name):
            return f"{name} = ()\n" if as_tuple else f"from collections import deque\n{name} = deque()\n"
        if (given := _call(node, name, "append")) is not None:
            return f"{name} = (*{name}, {given[0]})\n" if as_tuple else f"{name}.append({given[0]})\n"
        if _call(node, name, "pop") == ["0"]:
            return f"{name} = {name}[1:]\n" if as_tuple else f"{name}.popleft()\n"
        return None

    return _changed(handler, uses, _Replacing(expression, statement))


def _settings(
    handler: cst.FunctionDef, name: str, uses: int, chance: Random, words: Words
) -> cst.FunctionDef | None:
    flat = chance.random() < 0.5

    def expression(node: cst.BaseExpression) -> str | None:
        given = _call(node, name, "get")
        if given is None or len(given) != 2:
            return None
        return f"{name}[({', '.join(given)})]" if flat else f"{name}[{given[0]}][{given[1]}]"

    def statement(node: cst.CSTNode) -> str | None:
        if _is_made(node, name):
            return f"{name} = {{}}\n"
        if (given := _call(node, name, "add_section")) is not None:
            return "pass\n" if flat else f"{name}[{given[0]}] = {{}}\n"
        if (given := _call(node, name, "set")) is not None:
            section, key, value = given
            return (
                f"{name}[({section}, {key})] = {value}\n" if flat else f"{name}[{section}][{key}] = {value}\n"
            )
        return None

    return _changed(handler, uses, _Replacing(expression, statement))


_KINDS = {
    "{}": _dict,
    "dict()": _dict,
    "[]": _list,
    "list()": _list,
    "configparser.ConfigParser()": _settings,
}
