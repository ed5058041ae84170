"""Hostile code behind the walls: whatever it does, a question is answered in time or not at all, and nothing leaves."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from stillwatch.codescan.prove.walls import CannotRun, Ground, Walled

PYTHON, SYSTEM_PYTHON = Path(sys.executable), Path("/usr/bin/python3")
FIND = {"do": "signature", "module": "hostile", "function": "run"}


@pytest.fixture
def asked(tmp_path):
    """Put a module behind the walls and ask for a function of it."""

    def ask(text, question=FIND, seconds=20.0):
        (tmp_path / "hostile.py").write_text(text)
        try:
            child = Walled(Ground(tmp_path, PYTHON))
        except CannotRun as error:
            pytest.skip(str(error))
        try:
            child.ask({"do": "watch", "places": [], "avoid": []}, 20)
            return child.ask(question, seconds)
        finally:
            child.stop()

    return ask


def called(function="run", arguments=()):
    return {
        "do": "call",
        "module": "hostile",
        "function": function,
        "arguments": list(arguments),
        "argv": [],
        "input": "",
        "environment": {},
    }


def test_code_is_run_on_a_copy(asked, tmp_path):
    answer = asked(
        "def run(name):\n    open('made', 'w').write(name)\n    return open('made').read()\n",
        called(arguments=["x"]),
    )
    assert answer["returned"] == "x"
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos._exit(0)\n",
        "import os\nos.closerange(0, 200)\n",
        "import os\nfor number in range(3, 40):\n    try: os.write(number, b'x' * 9_000_000)\n    except OSError: pass\nos.kill(os.getpid(), 9)\n",
        "import ctypes\nctypes.string_at(0)\n",
        "x = []\nwhile True: x.append(bytearray(50_000_000))\n",
    ],
)
def test_what_ends_the_process_costs_the_question(asked, text):
    answer = asked(text)
    assert answer is None or "error" in answer


def test_an_endless_import_is_stopped(asked):
    begun = time.monotonic()
    assert asked("while True: pass\n", seconds=2.0) is None
    assert time.monotonic() - begun < 15


def test_a_fork_bomb_ends_with_its_run(asked):
    asked("import os\nwhile True: os.fork()\n", seconds=2.0)
    names = [place / "cmdline" for place in Path("/proc").iterdir() if place.name.isdigit()]
    left = [name for name in names if name.exists() and b"prove/inside/__main__.py" in name.read_bytes()]
    assert not left


def test_there_is_no_way_out(asked):
    text = """
import os, socket
def run():
    seen = []
    for path in ("/root", "/home", "/run", "/var"):
        seen.append(sorted(os.listdir(path)) if os.path.exists(path) else [])
    try:
        socket.create_connection(("192.0.2.1", 80), 1)
        seen.append("connected")
    except OSError:
        pass
    for path in ("/usr/stillwatch-written", "/etc/stillwatch-written"):
        try:
            open(path, "w")
            seen.append(path)
        except OSError:
            pass
    return [len(os.listdir("/proc")) and sum(name.isdigit() for name in os.listdir("/proc")), str(seen), str(os.environ)]
"""
    processes, seen, environment = asked(text, called())["returned"]
    assert processes in {0, 1}
    assert "connected" not in seen
    assert "written" not in seen
    assert "USER" not in environment


def test_output_goes_nowhere(asked, capfd):
    assert asked("print('x' * 100_000)\ndef run(): pass\n")["parameters"] == []
    assert capfd.readouterr().out == ""


def test_an_interpreter_that_is_none_is_said(tmp_path):
    (tmp_path / "a.py").write_text("")
    none = tmp_path / "python"
    none.write_text("not a program")
    none.chmod(0o755)
    with pytest.raises(CannotRun):
        Walled(Ground(tmp_path, none))


def test_weaker_walls_where_a_person_allows_them(tmp_path):
    text = "import os, socket\ndef run(what):\n    exec(what)\n    return 'done'\n"
    (tmp_path / "hostile.py").write_text(text)
    try:
        child = Walled(
            Ground(tmp_path, SYSTEM_PYTHON if SYSTEM_PYTHON.exists() else PYTHON, open_ground=True)
        )
    except CannotRun as error:  # run by root, who becomes nobody, who may not read root's own interpreter
        pytest.skip(str(error))
    try:
        child.ask({"do": "watch", "places": [], "avoid": []}, 20)
        for attempt in (
            "os.system('id')",
            "socket.socket()",
            f"open({str(tmp_path / 'x')!r}, 'w')",
            "os.remove('/etc/passwd')",
        ):
            assert "PermissionError" in child.ask(called(arguments=[attempt]), 20)["error"]
        assert child.ask(called(arguments=["open('inside', 'w')"]), 20)["returned"] == "done"
    finally:
        child.stop()
    assert not (tmp_path / "x").exists()
    assert not (tmp_path / "inside").exists()


GUARDED = """
import os, sys, urllib.request
os.environ["TMPDIR"] = sys.argv[1]
from stillwatch.codescan.prove.inside import guard
guard.install(sys.argv[1])
print(urllib.request.urlopen("file://" + sys.argv[2]).read().decode())
for address in ("http://127.0.0.1:9/", "ftp://127.0.0.1:9/", "data:,a"):
    try:
        urllib.request.urlopen(address)
    except PermissionError:
        print("refused")
"""


def test_weaker_walls_let_files_be_read_by_their_address_and_nothing_else(tmp_path):
    """An entity that names a file is opened by its address; refusing that would look as if the program did."""
    held = tmp_path / "held"
    held.write_text("held")
    done = subprocess.run(
        [sys.executable, "-c", GUARDED, str(tmp_path), str(held)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.split() == ["held", "refused", "refused", "refused"], done.stderr
