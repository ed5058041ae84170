"""From the parser's nodes to expressions of the tree."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, cast

from stillwatch.codescan.syntax import nodes
from stillwatch.codescan.syntax.parsed import at, field, has, inner, text
from stillwatch.codescan.syntax.strings import string, strings

if TYPE_CHECKING:
    from tree_sitter import Node as Parsed

Lower = Callable[["Parsed"], nodes.Expression]
NUMBER_LIMIT = (
    1_000  # characters: longer digits are nobody's constant, and turning them into a number is quadratic
)


def expression(node: Parsed) -> nodes.Expression:
    """The expression of a node; what the parser could not make sense of is an unknown value."""
    made = EXPRESSIONS.get(node.type)
    return nodes.Name(at(node), "?") if made is None else made(node)


def maybe(node: Parsed, name: str) -> nodes.Expression | None:
    found = node.child_by_field_name(name)
    return None if found is None else expression(found)


def several(node: Parsed) -> tuple[nodes.Expression, ...]:
    return tuple([expression(child) for child in inner(node)])


def _only(node: Parsed) -> nodes.Expression:
    children = inner(node)
    return expression(children[0]) if children else nodes.Name(at(node), "?")


def _integer(node: Parsed) -> nodes.Expression:
    written = text(node).rstrip("lL")
    if len(written) > NUMBER_LIMIT:
        return nodes.Name(at(node), "?")
    if written.isdigit() and len(written) > 1 and written[0] == "0":
        written = "0o" + written[1:]  # octal as Python 2 wrote it
    return _literal(node, written)


def _literal(node: Parsed, written: str) -> nodes.Expression:
    try:
        return nodes.Constant(at(node), ast.literal_eval(written))
    except (ValueError, SyntaxError):
        return nodes.Name(at(node), "?")


def _subscript(node: Parsed) -> nodes.Expression:
    found = [expression(child) for child in node.children_by_field_name("subscript")]
    value = expression(field(node, "value"))
    comma = has(node, ",")
    if len(found) == 1 and not comma:
        return nodes.Subscript(at(node), value, found[0])
    return nodes.Subscript(at(node), value, nodes.Display(at(node), "tuple", tuple(found)))


def _generic(node: Parsed) -> nodes.Expression:
    """`list[int]` where the grammar says that a type stands, as an index."""
    value, *rest = [child for child in node.children if child.is_named and child.type != "comment"]
    found = [
        expression(child)
        for part in rest
        for child in part.children
        if child.is_named and child.type != "comment"
    ]
    index = found[0] if len(found) == 1 else nodes.Display(at(node), "tuple", tuple(found))
    return nodes.Subscript(at(node), expression(value), index)


def _slice(node: Parsed) -> nodes.Expression:
    parts: list[nodes.Expression | None] = [None, None, None]
    place = 0
    for child in node.children:
        if child.type == ":":
            place += 1
        elif child.is_named and child.type != "comment":
            parts[min(place, 2)] = expression(child)
    return nodes.Slice(at(node), *parts)


def call_parts(
    node: Parsed | None,
) -> tuple[tuple[nodes.Expression, ...], tuple[tuple[str | None, nodes.Expression], ...]]:
    """Positional and keyword arguments of a call or of the parentheses after a class."""
    if node is None:
        return (), ()
    if node.type == "generator_expression":
        return (expression(node),), ()
    arguments: list[nodes.Expression] = []
    keywords: list[tuple[str | None, nodes.Expression]] = []
    for child in inner(node):
        if child.type == "keyword_argument":
            keywords.append((text(field(child, "name")), expression(field(child, "value"))))
        elif child.type == "dictionary_splat":
            keywords.append((None, _only(child)))
        else:
            arguments.append(expression(child))
    return tuple(arguments), tuple(keywords)


def _call(node: Parsed) -> nodes.Expression:
    arguments, keywords = call_parts(node.child_by_field_name("arguments"))
    return nodes.Call(at(node), expression(field(node, "function")), arguments, keywords)


def _binary(node: Parsed) -> nodes.Expression:
    """A chain of operators is unrolled: generated code has sums of thousands of terms."""
    chain = [node]
    while (left := field(chain[-1], "left")).type == "binary_operator" and left.id != chain[-1].id:
        chain.append(left)
    made = expression(field(chain[-1], "left"))
    for link in reversed(chain):
        operator = text(field(link, "operator"))
        made = nodes.Binary(at(link), operator, made, expression(field(link, "right")))
    return made


def _boolean(node: Parsed) -> nodes.Expression:
    operator = cast("Literal['and', 'or']", text(field(node, "operator")))
    return nodes.Boolean(
        at(node), operator, expression(field(node, "left")), expression(field(node, "right"))
    )


def _compare(node: Parsed) -> nodes.Expression:
    operands = several_operands(node)
    operators = [" ".join(text(child).split()) for child in node.children_by_field_name("operators")]
    return nodes.Compare(at(node), operands[0], tuple(zip(operators, operands[1:], strict=False)))


def several_operands(node: Parsed) -> list[nodes.Expression]:
    skipped = {child.id for child in node.children_by_field_name("operators")}
    return [expression(child) for child in inner(node) if child.id not in skipped]


def _conditional(node: Parsed) -> nodes.Expression:
    parts = several(node)
    if len(parts) != 3:
        return nodes.Name(at(node), "?")
    return nodes.Conditional(at(node), parts[1], parts[0], parts[2])


def _display(kind: Literal["list", "tuple", "set"]) -> Lower:
    return lambda node: nodes.Display(at(node), kind, several(node))


def _dictionary(node: Parsed) -> nodes.Expression:
    items: list[tuple[nodes.Expression | None, nodes.Expression]] = []
    for child in inner(node):
        if child.type == "pair":
            items.append((expression(field(child, "key")), expression(field(child, "value"))))
        else:
            items.append((None, _only(child)))
    return nodes.DictDisplay(at(node), tuple(items))


def _clauses(node: Parsed) -> tuple[nodes.Clause, ...]:
    clauses: list[nodes.Clause] = []
    for child in inner(node):
        if child.type == "for_in_clause":
            target, iterable = expression(field(child, "left")), child.children_by_field_name("right")
            value = (
                expression(iterable[0])
                if len(iterable) == 1
                else nodes.Display(at(child), "tuple", tuple(map(expression, iterable)))
            )
            clauses.append(nodes.Clause(at(child), target, value, ()))
        elif child.type == "if_clause" and clauses:
            last = clauses[-1]
            last.conditions = (*last.conditions, _only(child))
    return tuple(clauses)


def _comprehension(kind: Literal["list", "set", "dict", "generator"]) -> Lower:
    def lower(node: Parsed) -> nodes.Expression:
        body = field(node, "body")
        key = expression(field(body, "key")) if body.type == "pair" else None
        element = expression(field(body, "value")) if body.type == "pair" else expression(body)
        return nodes.Comprehension(at(node), kind, key, element, _clauses(node))

    return lower


def _lambda(node: Parsed) -> nodes.Expression:
    made = parameters(node.child_by_field_name("parameters"))
    return nodes.Lambda(at(node), made, expression(field(node, "body")))


def _walrus(node: Parsed) -> nodes.Expression:
    return nodes.Walrus(at(node), text(field(node, "name")), expression(field(node, "value")))


def _yield(node: Parsed) -> nodes.Expression:
    whole = has(node, "from")
    values = inner(node)
    return nodes.Yield(at(node), expression(values[0]) if values else None, whole)


def parameters(node: Parsed | None) -> tuple[nodes.Parameter, ...]:
    """The parameters of a function, each with how it can be given."""
    made: list[nodes.Parameter] = []
    after_star = False
    for child in inner(node) if node is not None else ():
        if child.type == "positional_separator":
            for parameter in made:
                parameter.kind = "positional"
            continue
        if child.type == "keyword_separator":
            after_star = True
            continue
        parameter = _parameter(child)
        if parameter.kind == "plain" and after_star:
            parameter.kind = "keyword"
        after_star = after_star or parameter.kind == "star"
        made.append(parameter)
    return tuple(made)


def _parameter(node: Parsed) -> nodes.Parameter:
    annotation = maybe(node, "type")
    default = maybe(node, "value")
    named = node.child_by_field_name("name") or node
    if node.type == "typed_parameter":
        named = inner(node)[0]
    kind: Literal["plain", "star", "double"] = "plain"
    if named.type == "list_splat_pattern":
        kind = "star"
    elif named.type == "dictionary_splat_pattern":
        kind = "double"
    if kind != "plain":
        found = inner(named)
        named = found[0] if found else named
    return nodes.Parameter(at(node), text(named), kind, default, annotation)


def dotted(node: Parsed) -> nodes.Expression:
    """`a.b.c` as attributes of attributes."""
    first, *rest = text(node).replace(" ", "").split(".")
    made: nodes.Expression = nodes.Name(at(node), first)
    for name in rest:
        made = nodes.Attribute(at(node), made, name)
    return made


EXPRESSIONS: dict[str, Lower] = {
    "identifier": lambda node: nodes.Name(at(node), text(node)),
    "dotted_name": dotted,
    "integer": _integer,
    "float": lambda node: _literal(node, text(node)),
    "true": lambda node: nodes.Constant(at(node), True),
    "false": lambda node: nodes.Constant(at(node), False),
    "none": lambda node: nodes.Constant(at(node), None),
    "ellipsis": lambda node: nodes.Constant(at(node), ...),
    "string": lambda node: string(node, expression),
    "concatenated_string": lambda node: strings(node, expression),
    "attribute": lambda node: nodes.Attribute(
        at(node), expression(field(node, "object")), text(field(node, "attribute"))
    ),
    "subscript": _subscript,
    "generic_type": _generic,
    "slice": _slice,
    "call": _call,
    "binary_operator": _binary,
    "unary_operator": lambda node: nodes.Unary(
        at(node), text(field(node, "operator")), expression(field(node, "argument"))
    ),
    "not_operator": lambda node: nodes.Unary(at(node), "not", expression(field(node, "argument"))),
    "boolean_operator": _boolean,
    "comparison_operator": _compare,
    "conditional_expression": _conditional,
    "parenthesized_expression": _only,
    "list": _display("list"),
    "tuple": _display("tuple"),
    "set": _display("set"),
    "expression_list": _display("tuple"),
    "pattern_list": _display("tuple"),
    "tuple_pattern": _display("tuple"),
    "list_pattern": _display("tuple"),
    "dictionary": _dictionary,
    "list_comprehension": _comprehension("list"),
    "set_comprehension": _comprehension("set"),
    "dictionary_comprehension": _comprehension("dict"),
    "generator_expression": _comprehension("generator"),
    "lambda": _lambda,
    "named_expression": _walrus,
    "await": lambda node: nodes.Await(at(node), _only(node)),
    "yield": _yield,
    "list_splat": lambda node: nodes.Star(at(node), _only(node)),
    "list_splat_pattern": lambda node: nodes.Star(at(node), _only(node)),
    "parenthesized_list_splat": _only,
    "type": _only,
    "as_pattern_target": _only,
    "as_pattern": _only,
    "case_pattern": _only,
}
