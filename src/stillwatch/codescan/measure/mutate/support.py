"""The modules that a suite's cases share, copied under other names."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import libcst as cst

from stillwatch.codescan.measure.mutate.names import Moving
from stillwatch.codescan.measure.running.observe import LEFT_OUT
from stillwatch.codescan.measure.suite import Suite
from stillwatch.codescan.measure.words import Words

SHORTEST = 6  # of names that are renamed: shorter ones are also names of attributes elsewhere


@dataclass(frozen=True)
class Package:
    """One package beside the cases, and the new names of its modules ("" is its own) and of what they define."""

    name: str
    modules: Mapping[str, str]
    defined: Mapping[str, str]

    def moving(self) -> Moving:
        """What follows the package to its new name in any file of the suite."""
        return Moving(self.name, self.modules, self.defined)


def packages(suite: Suite, words: Words) -> list[Package]:
    """Find every folder of modules beside that of the cases."""
    folders = [
        path
        for path in sorted(suite.root.iterdir())
        if path.is_dir() and path.name not in {suite.folder, *LEFT_OUT}
    ]
    return [_package(folder, words) for folder in folders if list(folder.glob("*.py"))]


def _package(folder: Path, words: Words) -> Package:
    kept = _words_of_data(folder)
    modules = {"": words.snake()}
    defined: dict[str, str] = {}
    for path in sorted(folder.glob("*.py")):
        if path.stem != "__init__":
            modules[path.stem] = words.snake()
        for name, kind in _definitions(cst.parse_module(path.read_bytes())):
            if len(name) >= SHORTEST and name not in kept and not name.startswith("__"):
                defined.setdefault(name, getattr(words, kind)())
    return Package(folder.name, modules, defined)


def _definitions(module: cst.Module | cst.ClassDef) -> Iterator[tuple[str, str]]:
    for line in module.body if isinstance(module, cst.Module) else module.body.body:
        if isinstance(line, cst.FunctionDef):
            yield line.name.value, "snake"
        elif isinstance(line, cst.ClassDef):
            yield line.name.value, "camel"
            yield from _definitions(line)
        elif isinstance(line, cst.SimpleStatementLine) and isinstance(module, cst.Module):
            for part in line.body:
                if isinstance(part, cst.Assign) and isinstance(part.targets[0].target, cst.Name):
                    name = part.targets[0].target.value
                    yield name, "upper" if name.isupper() else "snake"


def _words_of_data(folder: Path) -> set[str]:
    """Words of files that are no code: a name among them may be looked up while running."""
    found: set[str] = set()
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".py":
            found |= set(path.read_text(encoding="utf-8", errors="ignore").replace("=", " ").split())
    return found


def copy(suite: Suite, package: Package, root: Path) -> None:
    """Copy the package below the root under its new names, with its data."""
    source, target = suite.root / package.name, root / package.modules[""]
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.py", "__pycache__"), dirs_exist_ok=True)
    for path in sorted(source.glob("*.py")):
        moved = cst.parse_module(path.read_bytes()).visit(package.moving())
        name = package.modules.get(path.stem, path.stem)
        (target / f"{name}.py").write_text(moved.code, encoding="utf-8")
