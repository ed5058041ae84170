"""Whole scans: of any number of processes, with a cache, of broken and hostile code bases."""

import mmap
import os
import sys

import pytest

from stillwatch.codescan.scan import scan
from stillwatch.codescan.setting_aside import Baseline

WEAK = """from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def start():
    return str(eval(request.args["q"]))
"""


@pytest.fixture
def code(tmp_path):
    """A folder of code, written from {path: text}."""

    def write(files):
        for path, text in files.items():
            place = tmp_path / "code" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / "code"

    return write


def shown(scan_):
    return [(finding.rule, finding.location, finding.confidence, finding.trace) for finding in scan_.findings]


def test_the_number_of_workers_changes_nothing(code):
    root = code({f"part{number}/app.py": WEAK for number in range(5)} | {"part0/other.py": "import app\n"})
    one, three = scan(root, workers=1), scan(root, workers=3)
    assert shown(one) == shown(three)
    assert len(one.findings) == 5


def test_a_cache_changes_nothing_and_sees_changes(code, tmp_path):
    root = code({"app.py": WEAK.replace("eval(", "same("), "same.py": "def same(x):\n    return x\n"})
    root = code(
        {
            "app.py": "from same import same\n"
            + WEAK.replace('eval(request.args["q"])', 'eval(same(request.args["q"]))')
        }
    )
    cache = tmp_path / "cache"
    first = scan(root, cache=cache)
    said = []
    again = scan(root, cache=cache, tell=said.append)
    assert shown(first) == shown(again)
    assert len(first.findings) == 1
    assert any("2 files are as they were" in line for line in said)
    (root / "same.py").write_text("def same(x):\n    return '1'\n")
    assert scan(root, cache=cache).findings == ()  # the file that changed is one the finding's file imports
    assert scan(root).findings == ()


def test_files_that_cannot_be_analysed_are_named(code):
    root = code(
        {
            "good.py": WEAK,
            "binary.py": b"x = 1\0",
            "latin.py": b"x = '\xe9'\n",
            "broken.py": "def f(:\n  pass\n",
        }
    )
    found = scan(root)
    assert {skipped.path for skipped in found.coverage.skipped} == {"binary.py", "latin.py"}
    assert [partial.path for partial in found.coverage.partial] == ["broken.py"]
    assert (found.coverage.files, found.coverage.analysed) == (4, 2)
    assert len(found.findings) == 1


def test_links_are_not_followed_out_or_around(code, tmp_path):
    root = code({"package/app.py": WEAK})
    (tmp_path / "outside.py").write_text(WEAK)
    (root / "outside.py").symlink_to(tmp_path / "outside.py")
    (root / "package" / "loop").symlink_to(root)
    found = scan(root)
    assert [finding.location.path for finding in found.findings] == ["package/app.py"]
    assert {skipped.path for skipped in found.coverage.skipped} == {"outside.py", "package/loop"}


def test_code_that_would_run_at_import_is_not_run(code, tmp_path):
    marker = tmp_path / "ran"
    hostile = f"import os, pathlib\npathlib.Path({str(marker)!r}).write_text('x')\nos.abort()\nwhile True: os.fork()\n"
    root = code({"setup.py": hostile, "conftest.py": hostile, "sitecustomize.py": hostile, "app.py": WEAK})
    assert len(scan(root).findings) == 1
    assert not marker.exists()


@pytest.mark.parametrize(
    "hostile",
    [
        "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')\n",
        "x = 'a' * 10 ** 9\ny = 10 ** 10 ** 10\nz = [0] * 10 ** 9\n",
        "def f(x):\n    return f(f(x)) + f(x)\nf(1)\n",
        "while True:\n    x = [x for x in range(10 ** 12)]\n",
        "x = '%999999999d' % 1\ny = f'{1:999999999}'\nz = '{:999999999}'.format(1)\n",
        "import shlex, math\nshlex.split(None)\nmath.factorial(10 ** 9)\n",
        "x = " + "[" * 300 + "]" * 300 + "\n",
        "x = (" + " + ".join(["1"] * 3_000) + ")\n",
        "class A(A): pass\nclass B(B, A): pass\nB().x.y.z()\n",
        "def f():\n    global f\n    f = lambda: f()\n    return f()\nf()\n",
    ],
)
def test_code_made_to_exhaust_the_analysis_does_not(hostile, code):
    found = scan(code({"hostile.py": hostile, "app.py": WEAK}))
    assert [finding.location.path for finding in found.findings] == ["app.py"]
    assert found.coverage.skipped == ()


def test_a_long_file(code):
    function = "def function{0}(value):\n    if value > {0}:\n        return [value, {0}]\n    return {{'a': value}}\n\n"
    text = "".join(function.format(number) for number in range(10_000))
    found = scan(code({"long.py": text + WEAK}))
    assert found.coverage.lines > 50_000
    assert len(found.findings) == 1


def test_comments_and_baselines_set_aside_and_keep(code):
    root = code({"app.py": WEAK})
    (only,) = scan(root).findings
    aside = scan(root, baseline=Baseline((only.fingerprint,)))
    assert (aside.findings, aside.set_aside[0].set_aside) == ((), "in the baseline")
    root = code(
        {"app.py": WEAK.replace('"]))', '"]))  # stillwatch: ignore[code-injection] only we can call it')}
    )
    commented = scan(root)
    assert (commented.findings, commented.set_aside[0].set_aside) == ((), "only we can call it")
    root = code({"app.py": WEAK.replace('"]))', '"]))  # stillwatch: ignore[code-injection]')})
    bare = scan(root)
    assert len(bare.findings) == 1
    assert "gives no reason" in bare.coverage.partial[0].reason


def test_the_fingerprint_survives_other_lines(code):
    (before,) = scan(code({"app.py": WEAK})).findings
    (after,) = scan(code({"app.py": "import os\n\n\n" + WEAK})).findings
    assert before.location != after.location
    assert before.fingerprint == after.fingerprint


def test_columns_count_characters(code):
    text = 'from flask import request\ndef f():\n    "ééé"; eval(request.args["q"])\n'
    (found,) = scan(code({"app.py": text})).findings
    assert text.split("\n")[2][found.location.column - 1 :].startswith("eval(")


def test_one_file_can_be_scanned(code):
    assert len(scan(code({"app.py": WEAK}) / "app.py").findings) == 1


def test_the_parser_is_not_this_python(code):
    newer = f"type X = int\nmatch 1:\n    case _: pass\n{WEAK}"
    assert len(scan(code({"app.py": newer})).findings) == 1, sys.version


def test_a_large_parent_can_have_workers(code):
    root = code({"app.py": WEAK})
    with mmap.mmap(-1, 4 * 2**30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS):
        found = scan(root)
    assert found.coverage.skipped == ()
    assert len(found.findings) == 1


def test_names_that_are_no_plain_text_are_said(code):
    root = code({"app.py": WEAK, "with\nline.py": WEAK})
    (root / os.fsdecode(b"not\xffutf.py")).write_text(WEAK)
    found = scan(root)
    assert [finding.location.path for finding in found.findings] == ["app.py"]
    assert {skipped.reason for skipped in found.coverage.skipped} == {"its name is not plain text"}
    assert len(found.coverage.skipped) == 2


def test_a_function_whose_calls_were_not_all_followed_is_counted(code):
    calls = "\n".join(f"    f{number}(x)" for number in range(400))
    bodies = "\n".join(
        f"def f{number}(x):\n    y = [x, x, x, x, x, x, x, x]\n    return y" for number in range(400)
    )
    found = scan(code({"many.py": f"{bodies}\n\ndef start(x):\n{calls}\n"}))
    assert found.coverage.frugal == 1


def test_calls_that_nothing_was_seen_to_reach_are_told_of(code):
    text = (
        "import os\nfrom flask import Flask, request\nfrom elsewhere import given\n\napp = Flask(__name__)\n\n\n@app.route('/')\n"
        "def start():\n    os.system('ls')\n    os.system('ls ' + given())\n    os.system('ls ' + request.args['q'])\n    return {}\n"
        "\n\nos.system(given())\n"
    )
    made = scan(code({"app.py": text}), workers=1)
    found = [(one.rule, one.location.line, one.entry and one.entry.handler) for one in made.unreached]
    assert [one for one in found if one[0] == "command-injection"] == [
        ("command-injection", 11, "start"),
        ("command-injection", 16, None),
    ]
    assert made.handlers == {"app.py": 1}
