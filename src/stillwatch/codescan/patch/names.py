"""What a file does with a name: how often it is used, and which imports and other statements bind it."""

from __future__ import annotations

import libcst as cst


def is_name(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name


class Names(cst.CSTVisitor):
    """How often a name is read or written."""

    def __init__(self, name: str) -> None:
        self._name, self.count = name, 0

    def visit_Name(self, node: cst.Name) -> None:
        self.count += node.value == self._name


class Imports(cst.CSTVisitor):
    """Imports that bind a name to what is meant, and all else that binds it."""

    def __init__(self, shown: str, module: str, name: str | None) -> None:
        self._shown, self._module, self._name = shown, module, name
        self.same: list[cst.CSTNode] = []
        self.other = False

    def visit_Import(self, node: cst.Import) -> None:
        for alias in node.names:
            if self._name is None and alias.asname is None and dotted(alias.name) == self._module:
                self.same.append(node)
            elif alias.asname is not None and is_name(alias.asname.name, self._shown):
                self.other = True

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        source = "" if node.module is None else dotted(node.module)
        for alias in [] if isinstance(node.names, cst.ImportStar) else node.names:
            bound = alias.asname.name if alias.asname is not None else alias.name
            if not is_name(bound, self._shown):
                continue
            if self._name is not None and source == self._module and alias.asname is None:
                self.same.append(node)
            else:
                self.other = True

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        self.other = self.other or is_name(node.target, self._shown)

    def visit_Param(self, node: cst.Param) -> None:
        self.other = self.other or is_name(node.name, self._shown)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.other = self.other or is_name(node.name, self._shown)


def dotted(node: cst.CSTNode) -> str:
    """A name with its dots, as it is written."""
    if isinstance(node, cst.Attribute):
        return f"{dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""
