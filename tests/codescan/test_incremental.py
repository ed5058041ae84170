"""Scans with a cache: the same findings as without, and no more analysed than what a change can reach."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from stillwatch.codescan.cache import Cache
from stillwatch.codescan.scan import Scan, scan

HANDLER = """
from flask import Flask, request
from helpers import fetch, shown, LIMIT

app = Flask(__name__)


@app.route("/")
def index():
    return shown(fetch(request.args.get("id")))
"""
HELPERS = """
import sqlite3

LIMIT = 10


def fetch(key):
    return sqlite3.connect("db").execute("SELECT * FROM items WHERE id = " + key).fetchall()


def shown(rows):
    return str(len(rows))


def other(value):
    return value
"""
SAFE = HELPERS.replace('" + key)', '?", (key,))')
VIEWS = "import subprocess\n\n\ndef run(request, name):\n    subprocess.run('echo ' + name, shell=True)\n"
URLS = "from django.urls import path\nimport views\n\nurlpatterns = [path('run/<str:name>', views.run)]\n"
SETTINGS = "class Settings:\n    command = 'ls'\n\n\nsettings = Settings()\n"
PATCHED = "import os\nfrom settings import settings\n\n\ndef main():\n    os.system(settings.command)\n"
BASE = "class Base:\n    def clean(self, text):\n        return text\n"
CHILD = """
import os
from flask import Flask, request
from base import Base

app = Flask(__name__)


class Child(Base):
    pass


@app.route("/")
def index():
    os.system(Child().clean(request.args["a"]))
    return ""
"""
FIRST = "import second\n\nNAME = 'a'\n\n\ndef one(text):\n    return second.two(text)\n"
SECOND = "import first\n\nOWN = first.NAME if hasattr(first, 'NAME') else 'b'\n\n\ndef two(text):\n    eval(text)\n"
ENTRY = "import sys\nfrom first import one\n\n\ndef main():\n    one(sys.argv[1])\n\n\nmain()\n"
EDITS: Mapping[str, tuple[Mapping[str, str], Mapping[str, str | None]]] = {
    "a helper becomes safe": ({"app.py": HANDLER, "helpers.py": HELPERS}, {"helpers.py": SAFE}),
    "a helper becomes weak": ({"app.py": HANDLER, "helpers.py": SAFE}, {"helpers.py": HELPERS}),
    "a helper moves down": (
        {"app.py": HANDLER, "helpers.py": HELPERS},
        {"helpers.py": "# moved\n\n" + HELPERS},
    ),
    "a helper is bound again": (
        {"app.py": HANDLER, "helpers.py": HELPERS},
        {"helpers.py": HELPERS + "\n\nfetch = other\n"},
    ),
    "a helper goes": ({"app.py": HANDLER, "helpers.py": HELPERS}, {"helpers.py": "LIMIT = 1\n"}),
    "the file of helpers goes": ({"app.py": HANDLER, "helpers.py": HELPERS}, {"helpers.py": None}),
    "the file of helpers comes": ({"app.py": HANDLER}, {"helpers.py": HELPERS}),
    "a package takes the place of the helpers": (
        {"app.py": HANDLER, "helpers.py": HELPERS},
        {
            "helpers.py": None,
            "helpers/__init__.py": "from helpers.inner import *\n",
            "helpers/inner.py": HELPERS,
        },
    ),
    "a view is registered": ({"views.py": VIEWS, "urls.py": ""}, {"urls.py": URLS}),
    "a view is registered no more": ({"views.py": VIEWS, "urls.py": URLS}, {"urls.py": ""}),
    "another file registers a view": ({"views.py": VIEWS}, {"urls.py": URLS}),
    "another file registers an object": (
        {
            "things.py": "import os\n\n\nclass Things:\n    def on_get(self, req, resp):\n        os.system(req.get_param('a'))\n",
            "main.py": "import falcon, things\n",
        },
        {"main.py": "import falcon, things\n\napp = falcon.App()\napp.add_route('/a', things.Things())\n"},
    ),
    "another module changes what one made": (
        {"settings.py": SETTINGS, "work.py": PATCHED},
        {"patch.py": "import sys\nfrom settings import settings\n\nsettings.command = sys.argv[1]\n"},
    ),
    "another module replaces a name": (
        {"settings.py": SETTINGS, "work.py": PATCHED, "patch.py": "import settings\n"},
        {"patch.py": "import sys\nimport settings\n\nsettings.Settings.command = sys.argv[1]\n"},
    ),
    "another module sets a name of one": (
        {
            "settings.py": "COMMAND = 'ls'\n",
            "work.py": "import os\nimport settings\n\n\ndef main():\n    os.system(settings.COMMAND)\n",
            "patch.py": "import settings\n",
        },
        {"patch.py": "import sys\nimport settings\n\nsettings.COMMAND = sys.argv[1]\n"},
    ),
    "another module registers what is dispatched to": (
        {
            "general.py": "import functools\n\n\n@functools.singledispatch\ndef show(text):\n    return ''\n",
            "special.py": "import general\n",
            "work.py": "import general, special\nfrom flask import Flask, request\n\napp = Flask(__name__)\n\n\n"
            "@app.route('/')\ndef index():\n    general.show(request.args['a'])\n    return ''\n",
        },
        {
            "special.py": "import os\nimport general\n\n\n@general.show.register\ndef run(text: str):\n    os.system(text)\n"
        },
    ),
    "another module stores in a thing outside": (
        {
            "work.py": "import os\nfrom flask import g\n\n\ndef main():\n    os.system(g.command)\n",
            "start.py": "import sys\nfrom flask import g\n",
        },
        {"start.py": "import sys\nfrom flask import g\n\ng.command = sys.argv[1]\n"},
    ),
    "what is dispatched to changes": (
        {
            "general.py": "import functools, os\n\n\n@functools.singledispatch\ndef show(text):\n    return ''\n\n\n"
            "@show.register\ndef run(text: str):\n    return text\n",
            "work.py": "import general\nfrom flask import Flask, request\n\napp = Flask(__name__)\n\n\n"
            "@app.route('/')\ndef index():\n    general.show(request.args['a'])\n    return ''\n",
        },
        {
            "general.py": "import functools, os\n\n\n@functools.singledispatch\ndef show(text):\n    return ''\n\n\n"
            "@show.register\ndef run(text: str):\n    os.system(text)\n"
        },
    ),
    "another module meets a weak call": (
        {"deep.py": "import os\n\n\ndef end(text):\n    os.system(text)\n", "top.py": "import deep\n"},
        {"top.py": "import deep, unknown\n\ndeep.end(unknown.thing)\n"},
    ),
    "a base class cleans": (
        {"base.py": BASE, "child.py": CHILD},
        {"base.py": BASE.replace("return text", "return str(int(text))")},
    ),
    "modules import each other": (
        {"first.py": FIRST, "second.py": SECOND, "entry.py": ENTRY},
        {"second.py": SECOND.replace("eval(text)", "print(text)")},
    ),
    "modules import each other the other way": (
        {"first.py": FIRST, "second.py": SECOND, "entry.py": ENTRY},
        {"first.py": FIRST.replace("import second\n\nNAME = 'a'\n", "NAME = 'a'\nimport second\n")},
    ),
    "a decorator of another file": (
        {
            "wrap.py": "def plain(function):\n    return function\n",
            "use.py": "import os, sys\nfrom wrap import plain\n\n\n@plain\ndef run(text):\n    os.system(text)\n\n\nrun(sys.argv[1])\n",
        },
        {"wrap.py": "def plain(function):\n    return lambda text: function('ls')\n"},
    ),
    "a helper finds a weakness in a third file": (
        {
            "deep.py": "def end(text):\n    eval(text)\n",
            "middle.py": "import deep\n\n\ndef go(text):\n    deep.end(text)\n",
            "top.py": "import sys, middle\n\nmiddle.go(sys.argv[1])\n",
        },
        {"middle.py": "import deep\n\n\ndef go(text):\n    deep.end('1')\n"},
    ),
}


def write(root: Path, files: Mapping[str, str | None]) -> None:
    for name, text in files.items():
        place = root / name
        if text is None:
            place.unlink()
        else:
            place.parent.mkdir(exist_ok=True)
            place.write_text(text)


@pytest.mark.parametrize("name", EDITS)
def test_a_scan_with_a_cache_finds_what_one_without_finds(tmp_path: Path, name: str) -> None:
    before, change = EDITS[name]
    root, cache = tmp_path / "code", tmp_path / "cache"
    root.mkdir()
    write(root, before)
    first = scan(root, cache=cache, workers=1)
    assert first == scan(root, workers=1)
    write(root, change)
    fresh = scan(root, workers=1)
    assert scan(root, cache=cache, workers=1) == fresh
    assert scan(root, cache=cache, workers=1) == fresh


def again(root: Path, cache: Path) -> tuple[Scan, int]:
    """A scan, and how many files it analysed."""
    said: list[str] = []
    done = scan(root, cache=cache, workers=1, tell=said.append)
    kept = next((int(line.split()[0]) for line in said if "as they were" in line), 0)
    return done, done.coverage.files - kept


@pytest.fixture
def code(tmp_path: Path) -> tuple[Path, Path]:
    root, cache = tmp_path / "code", tmp_path / "cache"
    root.mkdir()
    write(
        root,
        {"app.py": HANDLER, "helpers.py": HELPERS, "apart.py": "import helpers\n\nprint(helpers.LIMIT)\n"},
    )
    assert again(root, cache)[1] == 3
    return root, cache


@pytest.mark.parametrize(
    ("change", "analysed"),
    [
        (HELPERS, 0),
        (HELPERS + "\n\ndef new(number):\n    return number + 1\n", 1),
        (HELPERS.replace("return value", "return [value]"), 1),
        (HELPERS.replace("len(rows)", "len(list(rows))"), 2),
        (HELPERS.replace("10", "11"), 2),
    ],
    ids=["nothing", "a new function", "a function nobody uses", "a function the handler uses", "a constant"],
)
def test_only_what_a_change_can_reach_is_analysed_again(
    code: tuple[Path, Path], change: str, analysed: int
) -> None:
    root, cache = code
    write(root, {"helpers.py": change})
    assert again(root, cache)[1] == analysed


def test_a_scan_that_was_cut_short_leaves_nothing_that_holds_for_another_state(
    code: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, cache = code
    before = scan(root, workers=1)
    write(root, {"helpers.py": SAFE})
    monkeypatch.setattr(Cache, "close", lambda _self: None)
    assert scan(root, cache=cache, workers=1) != before
    monkeypatch.undo()
    write(root, {"helpers.py": HELPERS})
    assert scan(root, cache=cache, workers=1) == before


def test_a_cache_that_was_cut_short_is_filled_again(code: tuple[Path, Path]) -> None:
    root, cache = code
    fresh = scan(root, workers=1)
    for place in cache.rglob("*.json"):
        place.write_bytes(place.read_bytes()[:-9])
    assert again(root, cache) == (fresh, 3)
    assert again(root, cache) == (fresh, 0)


def test_an_answer_of_one_code_base_is_not_taken_for_another(code: tuple[Path, Path], tmp_path: Path) -> None:
    _, cache = code
    other = tmp_path / "other"
    other.mkdir()
    write(other, {"app.py": HANDLER, "helpers.py": SAFE})
    assert scan(other, cache=cache, workers=1) == scan(other, workers=1)
