"""An environment with LiteLLM's proxy, made once for the tests: LiteLLM pins what it needs, and so stays apart.

    python tests/gateways/litellm_venv.py

makes it and says where its Python is. It lies under STILLWATCH_TEST_VENVS, else with temporary files. This package is
put before it by PYTHONPATH, so that it serves every copy of the repository.
"""

import fcntl
import functools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

VERSION = "1.106.2"  # others that were tried are named in docs/how-to/guard-litellm.md; give one to make it
NEEDED = (
    "msgspec>=0.19",
    "numpy>=2.0",
    "pyarrow>=19",
    "common-expression-language>=0.10",
    "pyyaml>=6.0",
    "joserfc>=1.4",
)
ROOT = Path(__file__).parents[2]


def folder(version=VERSION):
    place = os.environ.get("STILLWATCH_TEST_VENVS") or Path(tempfile.gettempdir()) / "stillwatch-test-venvs"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Path(place) / f"litellm-{version}-python-{python}"


@functools.cache
def python(version=VERSION):
    """Its Python. Raises RuntimeError where it cannot be made, with what pip said."""
    home = folder(version)
    home.parent.mkdir(parents=True, exist_ok=True)
    with (home.parent / f"{home.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready = home / "ready"
        if not ready.exists() or ready.read_text() != "\n".join(NEEDED):
            _make(home, version)
    return home / "bin" / "python"


def _make(home, version):
    made = home / "bin" / "python"
    _run(sys.executable, "-m", "venv", "--clear", home)
    pip = (made, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _run(*pip, f"litellm[proxy]=={version}", *NEEDED)
    _run(*pip, "--no-deps", "--editable", ROOT)
    (home / "ready").write_text("\n".join(NEEDED))


def _run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if not line.startswith("WARNING")]
        raise RuntimeError(" ".join(said[-2:]) or f"exit code {done.returncode}")


if __name__ == "__main__":
    sys.stdout.write(f"{python(*sys.argv[1:])}\n")
