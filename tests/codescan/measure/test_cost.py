import os
import sys

import pytest

from stillwatch.codescan.measure.corpus import gathered, lines_of
from stillwatch.codescan.measure.cost import memory, run
from stillwatch.codescan.measure.errors import CannotRun, UnusableSuite
from stillwatch.codescan.measure.speed import middle

HOLD = "import time\nheld = bytearray(60_000_000)\nheld[::4096] = b'x' * len(held[::4096])\ntime.sleep(0.8)\nprint('done')"
PARENT = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {HOLD!r}], check=True)"


def test_the_memory_of_children_counts():
    if memory(os.getpid()) is None:
        pytest.skip("this system does not tell what a process holds")
    cost = run([sys.executable, "-c", PARENT])
    assert cost.peak_bytes > 60_000_000
    assert cost.seconds > 0.8
    assert cost.output == b"done\n"


def test_a_program_that_fails_says_its_last_words():
    with pytest.raises(CannotRun, match="no such luck"):
        run([sys.executable, "-c", "raise SystemExit('no such luck')"])


def code(tmp_path, name, lines):
    folder = tmp_path / name
    folder.mkdir()
    (folder / "module.py").write_text("x = 1\n" * lines)
    return folder


def test_folders_are_gathered_until_there_are_enough_lines(tmp_path):
    folders = [code(tmp_path, name, 10) for name in ("a", "b", "c")]
    assert gathered(folders, tmp_path / "all", 15) == 20
    assert lines_of(tmp_path / "all") == 20
    assert not (tmp_path / "all" / "c").exists()


def test_folders_without_code_are_told(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnusableSuite, match="no Python"):
        gathered([tmp_path / "empty"], tmp_path / "all", 10)


def test_the_middle_file_is_that_of_median_size(tmp_path):
    for name, lines in (("a", 1), ("b", 50), ("c", 9)):
        code(tmp_path, name, lines)
    assert middle(tmp_path).parent.name == "c"
