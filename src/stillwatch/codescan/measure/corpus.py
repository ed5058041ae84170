"""Clean code to scan: popular packages of pure Python, as they are installed, or folders that the user names."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import copytree, ignore_patterns, rmtree

from stillwatch.codescan.measure.errors import CannotRun, UnusableSuite

PACKAGES = (
    "requests",
    "flask",
    "django",
    "jinja2",
    "click",
    "rich",
    "httpx",
    "sqlalchemy",
    "pydantic",
    "werkzeug",
)
QUICK_PACKAGES = ("click", "jinja2", "flask")


def fetched(root: Path, names: Sequence[str], tell: Callable[[str], None]) -> list[Path]:
    """Install each package without those it needs into a folder of its own, unless it is there already."""
    folders = []
    for name in names:
        folder = root / "clean" / name
        if not folder.exists():
            tell(f"fetching {name}")
            _install(name, folder)
        folders.append(folder)
    return folders


def _install(name: str, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"]
    # Our own Python, with names of packages from the list above.
    done = subprocess.run(  # noqa: S603
        [*command, "--target", str(folder), name], capture_output=True, text=True, check=False
    )
    if done.returncode:
        rmtree(folder, ignore_errors=True)
        said = done.stderr.strip().splitlines()
        raise CannotRun(f"{name} cannot be fetched: {said[-1] if said else 'pip says nothing'}")


def lines_of(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in folder.rglob("*.py"))


def gathered(folders: Sequence[Path], target: Path, lines: int) -> int:
    """Copy folders into one until it has as many lines; give how many it has."""
    total = 0
    for folder in folders:
        if total >= lines:
            break
        copytree(folder, target / folder.name, ignore=ignore_patterns("__pycache__"), dirs_exist_ok=True)
        total += lines_of(target / folder.name)
    if not total:
        raise UnusableSuite("no Python in the folders named")
    return total
