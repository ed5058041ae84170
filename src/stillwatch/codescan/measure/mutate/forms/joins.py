"""Other ways to add to a text: an augmented assignment is written out or joined."""

from random import Random

import libcst as cst

from stillwatch.codescan.measure.mutate.forms import code_of, statements
from stillwatch.codescan.measure.words import Words


class _Joins(cst.CSTTransformer):
    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        line = updated_node.body[0]
        if not isinstance(line, cst.AugAssign) or not isinstance(line.operator, cst.AddAssign):
            return updated_node
        if not isinstance(line.target, cst.Name) or self._chance.random() < 0.4:
            return updated_node
        name = line.target.value
        return cst.FlattenSentinel(statements(f"{name} = {name} + ({code_of(line.value)})\n"))


def rewrite(handler: cst.FunctionDef, chance: Random, words: Words) -> cst.FunctionDef:
    changed = handler.visit(_Joins(chance))
    assert isinstance(changed, cst.FunctionDef)
    return changed
