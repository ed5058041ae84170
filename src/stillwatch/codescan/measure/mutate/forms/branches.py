"""Other forms of a branch: match, loops with else, turned conditions, tables of functions."""

from random import Random

import libcst as cst

from stillwatch.codescan.measure.mutate.forms import code_of
from stillwatch.codescan.measure.mutate.looking import walk
from stillwatch.codescan.measure.words import Words

_TURNED = {cst.LessThan: cst.GreaterThan, cst.GreaterThan: cst.LessThan}
_TURNED |= {cst.LessThanEqual: cst.GreaterThanEqual, cst.GreaterThanEqual: cst.LessThanEqual}
_JUMPS = (cst.Break, cst.Continue)


class _Branches(cst.CSTTransformer):
    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def leave_If(self, original_node: cst.If, updated_node: cst.If) -> cst.BaseStatement:
        if isinstance(updated_node.orelse, cst.If) or not isinstance(updated_node.body, cst.IndentedBlock):
            return updated_node
        return self._chance.choice((_as_match, _as_loop, _turned, _as_it_was))(updated_node)

    def leave_IfExp(self, original_node: cst.IfExp, updated_node: cst.IfExp) -> cst.BaseExpression:
        test, body, other = (
            code_of(part) for part in (updated_node.test, updated_node.body, updated_node.orelse)
        )
        return cst.parse_expression(
            self._chance.choice(
                (
                    f"{{True: lambda: {body}, False: lambda: {other}}}[bool({test})]()",
                    f"(lambda: {other}, lambda: {body})[int(bool({test}))]()",
                    f"({other} if not ({test}) else {body})",
                )
            )
        )

    def leave_Comparison(
        self, original_node: cst.Comparison, updated_node: cst.Comparison
    ) -> cst.BaseExpression:
        if len(updated_node.comparisons) != 1 or self._chance.random() < 0.3:
            return updated_node
        target = updated_node.comparisons[0]
        turned = _TURNED.get(type(target.operator))
        if turned is None:
            return updated_node
        return updated_node.with_changes(
            left=target.comparator, comparisons=[cst.ComparisonTarget(turned(), updated_node.left)]
        )

    def leave_Match(self, original_node: cst.Match, updated_node: cst.Match) -> cst.BaseStatement:
        return _as_chain(updated_node) or updated_node


def _as_it_was(branch: cst.If) -> cst.BaseStatement:
    return branch


def _block(branch: cst.If) -> cst.BaseSuite:
    if isinstance(branch.orelse, cst.Else):
        return branch.orelse.body
    return cst.IndentedBlock([cst.SimpleStatementLine([cst.Pass()])])


def _as_match(branch: cst.If) -> cst.BaseStatement:
    return cst.Match(
        cst.Call(cst.Name("bool"), [cst.Arg(branch.test)]),
        [
            cst.MatchCase(cst.MatchSingleton(cst.Name("True")), branch.body),
            cst.MatchCase(cst.MatchAs(), _block(branch)),
        ],
    )


def _as_loop(branch: cst.If) -> cst.BaseStatement:
    if any(isinstance(part, _JUMPS) for part in walk(branch)) or not isinstance(
        branch.body, cst.IndentedBlock
    ):
        return branch
    body = branch.body.with_changes(body=[*branch.body.body, cst.SimpleStatementLine([cst.Break()])])
    orelse = branch.orelse if isinstance(branch.orelse, cst.Else) else None
    return cst.While(branch.test, body, orelse, whitespace_after_while=cst.SimpleWhitespace(" "))


def _turned(branch: cst.If) -> cst.BaseStatement:
    test = cst.parse_expression(f"not ({code_of(branch.test)})")
    return cst.If(test, _block(branch), cst.Else(branch.body))


def _as_chain(match: cst.Match) -> cst.BaseStatement | None:
    """Compare one by one, where all patterns are literals and the last takes the rest."""
    chain: cst.If | cst.Else | None = None
    subject = code_of(match.subject)
    for case in reversed(match.cases):
        if case.guard is not None:
            return None
        values = _values(case.pattern)
        if values is None:
            return None
        if not values:
            chain = cst.Else(case.body)
        else:
            test = cst.parse_expression(f"{subject} in ({', '.join(values)},)")
            chain = cst.If(test, case.body, chain)
    return chain if isinstance(chain, cst.If) else None


def _values(pattern: cst.MatchPattern) -> list[str] | None:
    """Give the literals of a pattern, none for the one that takes all; None for any other pattern."""
    if isinstance(pattern, cst.MatchValue):
        return [code_of(pattern.value)]
    if isinstance(pattern, cst.MatchAs) and pattern.pattern is None and pattern.name is None:
        return []
    if isinstance(pattern, cst.MatchOr):
        parts = [_values(part.pattern) for part in pattern.patterns]
        return None if not all(parts) else [value for part in parts for value in part or ()]
    return None


def rewrite(handler: cst.FunctionDef, chance: Random, words: Words) -> cst.FunctionDef:
    changed = handler.visit(_Branches(chance))
    assert isinstance(changed, cst.FunctionDef)
    return changed
