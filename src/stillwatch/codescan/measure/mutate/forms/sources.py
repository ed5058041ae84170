"""Other ways to the same parameter: closures, partial functions, generators, objects, arguments by default."""

from random import Random

import libcst as cst
import libcst.matchers as m

from stillwatch.codescan.measure.mutate.forms import code_of, statements
from stillwatch.codescan.measure.words import Words

_READS = m.Call(
    m.Attribute(m.Attribute(m.Name("request"), m.Name()), m.OneOf(m.Name("get"), m.Name("getlist")))
)
# Each is given the name to set, what it is set to, the function called there, its arguments, and two fresh names.
_OTHERWISE = (
    "def {f}():\n    return {e}\n\n\n{n} = {f}()\n",
    "{f} = lambda: {e}\n{n} = {f}()\n",
    "from functools import partial\n{f} = partial({c}, {a})\n{n} = {f}()\n",
    "def {f}({g}={c}):\n    return {g}({a})\n\n\n{n} = {f}()\n",
    "def {f}(*{g}):\n    return {c}(*{g})\n\n\n{n} = {f}({a})\n",
    "class {f}:\n    @property\n    def {g}(self):\n        return {e}\n\n\n{n} = {f}().{g}\n",
    "def {f}():\n    yield {e}\n\n\n{n} = next({f}())\n",
    "{n} = [{f} for {f} in ({e},)][0]\n",
    "{f} = {{'read': {c}, 'leave': str}}\n{n} = {f}['read']({a})\n",
    "if ({f} := {e}) is not None:\n    {n} = {f}\nelse:\n    {n} = None\n",
    "{f}, {g} = {e}, ''\n{n} = {f}\n",
    "from operator import methodcaller\n{n} = methodcaller('{m}', {a})({o})\n",
    "{n} = getattr({o}, '{m}')({a})\n",
)


class _Sources(cst.CSTTransformer):
    def __init__(self, chance: Random, words: Words) -> None:
        self._chance, self._words = chance, words

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        line = updated_node.body[0]
        if len(updated_node.body) != 1 or not isinstance(line, cst.Assign):
            return updated_node
        name, value = line.targets[0].target, line.value
        if not isinstance(name, cst.Name) or not isinstance(value, cst.Call) or not m.matches(value, _READS):
            return updated_node
        assert isinstance(value.func, cst.Attribute)
        code = self._chance.choice(_OTHERWISE).format(
            n=name.value,
            e=code_of(value),
            c=code_of(value.func),
            o=code_of(value.func.value),
            m=value.func.attr.value,
            a=", ".join(code_of(argument.value) for argument in value.args),
            f=self._words.snake(),
            g=self._words.snake(),
        )
        return cst.FlattenSentinel(statements(code))


def rewrite(handler: cst.FunctionDef, chance: Random, words: Words) -> cst.FunctionDef:
    changed = handler.visit(_Sources(chance, words))
    assert isinstance(changed, cst.FunctionDef)
    return changed
