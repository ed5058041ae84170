"""Text to teach with: the docstrings of Python's standard library and of packages that Stillwatch needs anyway."""

import ast
import hashlib
import re
import sysconfig
import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("numpy", "pyarrow", "scipy")
PARAGRAPH = re.compile(r"\n\s*\n")
SHORTEST = 40  # characters; a heading is no paragraph


def modules(packages: tuple[str, ...] = PACKAGES) -> list[Path]:
    """Source files, in an order that is the same on every machine with the same versions."""
    library = Path(sysconfig.get_paths()["stdlib"])
    found = [
        path
        for path in library.rglob("*.py")
        if "site-packages" not in path.parts and "test" not in path.parts and "tests" not in path.parts
    ]
    for package in packages:
        spec = find_spec(package)
        for root in (spec.submodule_search_locations or []) if spec else []:
            found += Path(root).rglob("*.py")
    return sorted(found, key=lambda path: hashlib.blake2b(_name(path).encode(), digest_size=8).digest())


def _name(path: Path) -> str:
    """The part of a path that does not depend on where packages are installed."""
    return "/".join(path.parts[-3:])


def paragraphs(files: list[Path]) -> Iterator[str]:
    """Each different paragraph of the docstrings in the files, once."""
    seen: set[bytes] = set()
    for path in files:
        for docstring in _docstrings(path):
            for paragraph in PARAGRAPH.split(docstring):
                text = " ".join(paragraph.split())
                digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()
                if len(text) >= SHORTEST and digest not in seen:
                    seen.add(digest)
                    yield text


def _docstrings(path: Path) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of others' escapes
            tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, OSError):  # samples of broken code lie among sources
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            text = ast.get_docstring(node)
            if text:
                yield text
