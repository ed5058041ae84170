"""New names: of local variables, of modules that support the cases, and of what those define."""

from collections.abc import Mapping

import libcst as cst
import libcst.matchers as m

from stillwatch.codescan.measure.mutate.looking import names, walk
from stillwatch.codescan.measure.words import Words


class Renaming(cst.CSTTransformer):
    """Renames plain names; attributes, keywords and names of imported things stay."""

    def __init__(self, new: Mapping[str, str]) -> None:
        self._new = new

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        return updated_node.with_changes(value=self._new.get(updated_node.value, updated_node.value))

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> cst.ImportFrom:
        return original_node

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> cst.Import:
        return original_node


def locals_renamed(handler: cst.FunctionDef, words: Words) -> cst.FunctionDef:
    """Rename all that a handler assigns."""
    imported = {
        name
        for part in walk(handler)
        if isinstance(part, cst.Import | cst.ImportFrom)
        for name in names(part)
    }
    assigned = _assigned(handler) - imported
    changed = handler.visit(Renaming({name: words.snake() for name in sorted(assigned)}))
    assert isinstance(changed, cst.FunctionDef)
    return changed


def _assigned(handler: cst.FunctionDef) -> set[str]:
    kinds = cst.AssignTarget | cst.AugAssign | cst.For | cst.CompFor | cst.NamedExpr | cst.AsName
    found: set[str] = set()
    for part in walk(handler):
        if not isinstance(part, kinds):
            continue
        target = part.name if isinstance(part, cst.AsName) else part.target
        if isinstance(target, cst.Name):
            found.add(target.value)
        elif isinstance(target, cst.Tuple | cst.List):
            found |= {part.value.value for part in target.elements if isinstance(part.value, cst.Name)}
    return found


class Moving(cst.CSTTransformer):
    """Follows a package, its modules and what they define to their new names, and paths in texts to its folder."""

    def __init__(self, package: str, modules: Mapping[str, str], defined: Mapping[str, str]) -> None:
        self._package, self._modules, self._defined = package, modules, defined

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        name = original_node.attr.value
        of_package = m.matches(original_node.value, m.Name(self._package))
        new = self._modules.get(name) if of_package else self._defined.get(name)
        return updated_node.with_changes(attr=cst.Name(new or name))

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        name = updated_node.value
        new = self._modules.get("") if name == self._package else self._defined.get(name)
        return updated_node.with_changes(value=new or name)

    def leave_SimpleString(
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.SimpleString:
        return updated_node.with_changes(value=self._text(updated_node.value))

    def leave_FormattedStringText(
        self, original_node: cst.FormattedStringText, updated_node: cst.FormattedStringText
    ) -> cst.FormattedStringText:
        return updated_node.with_changes(value=self._text(updated_node.value))

    def _text(self, value: str) -> str:
        return value.replace(f"{self._package}/", f"{self._modules['']}/")
