"""From the parser's nodes to statements of the tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal, cast

from stillwatch.codescan.syntax import nodes
from stillwatch.codescan.syntax.expressions import call_parts, expression, maybe, parameters, several
from stillwatch.codescan.syntax.parsed import at, field, inner, text
from stillwatch.codescan.syntax.patterns import pattern

if TYPE_CHECKING:
    from tree_sitter import Node as Parsed

Lower = Callable[["Parsed"], nodes.Statement]


def module(node: Parsed) -> nodes.Module:
    return nodes.Module(at(node), block(node))


def block(node: Parsed | None) -> nodes.Block:
    """The statements of a block; what the parser could not make sense of is left out (the file says so)."""
    if node is None:
        return ()
    made: list[nodes.Statement] = []
    for child in node.named_children:
        lower = STATEMENTS.get(child.type)
        if lower is not None:
            made.append(lower(child))
        elif child.type == "ERROR":
            made.extend(block(child))
    return tuple(made)


def _only_block(node: Parsed) -> nodes.Block:
    return block(node.child_by_field_name("body") or _of_type(node, "block"))


def _of_type(node: Parsed, kind: str) -> Parsed | None:
    return next((child for child in node.named_children if child.type == kind), None)


def _assignment(node: Parsed) -> nodes.Statement:
    annotation = node.child_by_field_name("type")
    if annotation is not None:
        target = expression(field(node, "left"))
        return nodes.Annotated(at(node), target, expression(annotation), maybe(node, "right"))
    targets = [expression(field(node, "left"))]
    right = node.child_by_field_name("right")
    while right is not None and right.type == "assignment" and right.child_by_field_name("right"):
        targets.append(expression(field(right, "left")))
        right = right.child_by_field_name("right")
    value = nodes.Name(at(node), "?") if right is None else expression(right)
    return nodes.Assign(at(node), tuple(targets), value)


def _expression_statement(node: Parsed) -> nodes.Statement:
    children = inner(node)
    if not children:
        return nodes.Jump(at(node), "pass")
    if children[0].type == "assignment":
        return _assignment(children[0])
    if children[0].type == "augmented_assignment":
        only = children[0]
        operator = text(field(only, "operator")).removesuffix("=")
        return nodes.Augmented(
            at(only), operator, expression(field(only, "left")), expression(field(only, "right"))
        )
    return nodes.Evaluate(at(node), _tuple(node, children))


def _tuple(node: Parsed, children: list[Parsed]) -> nodes.Expression:
    if len(children) == 1:
        return expression(children[0])
    return nodes.Display(at(node), "tuple", tuple(map(expression, children)))


def _call_of(name: str) -> Lower:
    """What Python 2 wrote as a statement and is a call since."""
    return lambda node: nodes.Evaluate(
        at(node), nodes.Call(at(node), nodes.Name(at(node), name), several(node), ())
    )


def _return(node: Parsed) -> nodes.Statement:
    children = inner(node)
    return nodes.Return(at(node), _tuple(node, children) if children else None)


def _raise(node: Parsed) -> nodes.Statement:
    children = inner(node)
    return nodes.Raise(at(node), expression(children[0]) if children else None)


def _delete(node: Parsed) -> nodes.Statement:
    children = inner(node)
    if len(children) == 1 and children[0].type == "expression_list":
        children = inner(children[0])
    return nodes.Delete(at(node), tuple(map(expression, children)))


def _scoped(kind: Literal["global", "nonlocal"]) -> Lower:
    return lambda node: nodes.Scoped(at(node), kind, tuple(text(child) for child in inner(node)))


def _name(node: Parsed) -> str:
    return text(node).replace(" ", "")


def _names(node: Parsed) -> Iterable[tuple[str, str | None]]:
    for child in node.children_by_field_name("name"):
        if child.type == "aliased_import":
            yield _name(field(child, "name")), text(field(child, "alias"))
        else:
            yield _name(child), None


def _import_from(node: Parsed) -> nodes.Statement:
    found = node.child_by_field_name("module_name")
    written = "__future__" if found is None else _name(found)
    level = len(written) - len(written.lstrip("."))
    names = tuple((name, alias or name) for name, alias in _names(node))
    if _of_type(node, "wildcard_import") is not None:
        names = (("*", "*"),)
    return nodes.ImportFrom(at(node), written[level:], level, names)


def _if(node: Parsed) -> nodes.Statement:
    rest = node.children_by_field_name("alternative")
    otherwise: nodes.Block = ()
    for clause in reversed(rest):
        if clause.type == "else_clause":
            otherwise = _only_block(clause)
        else:
            body = block(clause.child_by_field_name("consequence"))
            otherwise = (nodes.If(at(clause), expression(field(clause, "condition")), body, otherwise),)
    body = block(node.child_by_field_name("consequence"))
    return nodes.If(at(node), expression(field(node, "condition")), body, otherwise)


def _else(node: Parsed) -> nodes.Block:
    found = node.child_by_field_name("alternative") or _of_type(node, "else_clause")
    return () if found is None else _only_block(found)


def _while(node: Parsed) -> nodes.Statement:
    return nodes.While(at(node), expression(field(node, "condition")), _only_block(node), _else(node))


def _for(node: Parsed) -> nodes.Statement:
    iterable = node.children_by_field_name("right")
    return nodes.For(
        at(node), expression(field(node, "left")), _tuple(node, iterable), _only_block(node), _else(node)
    )


def _handler(node: Parsed) -> nodes.Handler:
    caught = node.children_by_field_name("value")
    name = None
    types: list[nodes.Expression] = []
    for value in caught:
        if value.type == "as_pattern":
            parts = inner(value)
            types.append(expression(parts[0]))
            name = text(field(value, "alias"))
        else:
            types.append(expression(value))
    if len(types) == 2 and name is None and isinstance(types[1], nodes.Name):  # `except A, e` of Python 2
        last = types[1].name
        if last[:1].islower():
            name = last
            types.pop()
    kind = None if not types else types[0]
    if len(types) > 1:
        kind = nodes.Display(at(node), "tuple", tuple(types))
    return nodes.Handler(at(node), kind, name, _only_block(node))


def _try(node: Parsed) -> nodes.Statement:
    children = node.named_children
    last = _of_type(node, "finally_clause")
    return nodes.Try(
        at(node),
        block(node.child_by_field_name("body")),
        tuple(_handler(child) for child in children if child.type.startswith("except")),
        _else(node),
        () if last is None else _only_block(last),
    )


def _with(node: Parsed) -> nodes.Statement:
    items: list[tuple[nodes.Expression, nodes.Expression | None]] = []
    clause = _of_type(node, "with_clause")
    for item in inner(clause) if clause is not None else ():
        value = field(item, "value")
        if value.type == "tuple" and any(child.type == "as_pattern" for child in value.named_children):
            items.extend(_with_item(child) for child in inner(value))
        else:
            items.append(_with_item(value))
    return nodes.With(at(node), tuple(items), _only_block(node))


def _with_item(value: Parsed) -> tuple[nodes.Expression, nodes.Expression | None]:
    if value.type != "as_pattern":
        return expression(value), None
    return expression(inner(value)[0]), maybe(value, "alias")


def _function(node: Parsed, decorators: tuple[nodes.Expression, ...] = ()) -> nodes.Statement:
    body = field(node, "body")
    return nodes.Function(
        at(node),
        text(field(node, "name")),
        parameters(node.child_by_field_name("parameters")),
        decorators,
        maybe(node, "return_type"),
        lambda: nodes.Inside(block(body), _yields(body)),
    )


def _yields(node: Parsed) -> bool:
    todo = list(node.named_children)
    while todo:
        child = todo.pop()
        if child.type == "yield":
            return True
        if child.type not in {"function_definition", "lambda", "class_definition"}:
            todo.extend(child.named_children)
    return False


def _class(node: Parsed, decorators: tuple[nodes.Expression, ...] = ()) -> nodes.Statement:
    bases, keywords = call_parts(node.child_by_field_name("superclasses"))
    return nodes.Class(
        at(node), text(field(node, "name")), bases, keywords, block(field(node, "body")), decorators
    )


def _decorated(node: Parsed) -> nodes.Statement:
    decorators = tuple(
        expression(inner(child)[0]) for child in node.named_children if child.type == "decorator"
    )
    definition = field(node, "definition")
    if definition.type == "class_definition":
        return _class(definition, decorators)
    return _function(definition, decorators)


def _match(node: Parsed) -> nodes.Statement:
    subjects = node.children_by_field_name("subject")
    cases = tuple(_case(child) for child in field(node, "body").named_children if child.type == "case_clause")
    return nodes.Match(at(node), _tuple(node, subjects), cases)


def _case(node: Parsed) -> nodes.Case:
    found = [pattern(child) for child in node.named_children if child.type == "case_pattern"]
    made = found[0] if len(found) == 1 else nodes.SequencePattern(at(node), tuple(found))
    guard = node.child_by_field_name("guard")
    test = None if guard is None else expression(inner(guard)[0])
    return nodes.Case(at(node), made, test, block(node.child_by_field_name("consequence")))


def _type_alias(node: Parsed) -> nodes.Statement:
    return nodes.Assign(at(node), (expression(field(node, "left")),), expression(field(node, "right")))


def _jump(node: Parsed) -> nodes.Statement:
    kind = cast("Literal['break', 'continue', 'pass']", node.type.removesuffix("_statement"))
    return nodes.Jump(at(node), kind)


STATEMENTS: dict[str, Lower] = {
    "expression_statement": _expression_statement,
    "assignment": _assignment,
    "print_statement": _call_of("print"),
    "exec_statement": _call_of("exec"),
    "return_statement": _return,
    "raise_statement": _raise,
    "assert_statement": lambda node: nodes.Assert(at(node), expression(inner(node)[0])),
    "delete_statement": _delete,
    "pass_statement": _jump,
    "break_statement": _jump,
    "continue_statement": _jump,
    "global_statement": _scoped("global"),
    "nonlocal_statement": _scoped("nonlocal"),
    "import_statement": lambda node: nodes.Import(at(node), tuple(_names(node))),
    "import_from_statement": _import_from,
    "future_import_statement": lambda node: nodes.Jump(at(node), "pass"),
    "if_statement": _if,
    "while_statement": _while,
    "for_statement": _for,
    "try_statement": _try,
    "with_statement": _with,
    "function_definition": _function,
    "class_definition": _class,
    "decorated_definition": _decorated,
    "match_statement": _match,
    "type_alias_statement": _type_alias,
}
