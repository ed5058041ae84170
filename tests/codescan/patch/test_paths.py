"""Edits of paths: a name below a folder of the program's own is guarded or shortened, and no folder is."""

import pytest
from patching import found_in

from stillwatch.codescan.patch.proposing import proposed
from stillwatch.codescan.patch.site import NoFix

TOP = """import os
from pathlib import Path
from flask import Flask, request

app = Flask(__name__)
BASE = "reports"
"""


def edits(tmp_path, body, top=TOP):
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    text = f"{top}\n\n@app.route('/')\ndef page():\n    name = request.args['name']\n{lines}    return {{}}\n"
    return edits_of(tmp_path, text)


def edits_of(tmp_path, text):
    """The texts after each edit of the first finding about a path, none where a person is to decide."""
    (tmp_path / "app.py").write_text(text)
    found = [finding for finding in found_in(text) if finding.rule == "path-traversal"]
    assert found, "no path is found"
    try:
        return [patch.text for patch in proposed(tmp_path, found[0])]
    except NoFix:
        return []


def shortened(texts):
    return [text for text in texts if "basename" in text]


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("open('reports/' + name).read()", "'reports/' + os.path.basename(name)"),
        ("open(os.path.join(BASE, name)).read()", "os.path.join(BASE, os.path.basename(name))"),
        ("open(f'{BASE}/{name}').read()", "{BASE}/{os.path.basename(name)}"),
        ("Path(BASE, name).read_text()", "Path(BASE, os.path.basename(name))"),
        ("(Path(BASE) / name).read_text()", "Path(BASE) / os.path.basename(name)"),
        ("Path(BASE).joinpath(name).read_text()", "joinpath(os.path.basename(name))"),
        ("open(os.path.abspath(os.path.join(BASE, name))).read()", "join(BASE, os.path.basename(name))"),
        ("folder = app.root_path\nopen(os.path.join(folder, name)).read()", "folder, os.path.basename(name)"),
        ("(Path(BASE) / Path(name)).read_text()", "Path(BASE) / Path(os.path.basename(name))"),
        ("open(BASE + os.sep + name).read()", "BASE + os.sep + os.path.basename(name)"),
    ],
)
def test_a_name_below_a_folder_is_guarded_or_shortened(tmp_path, written, wanted):
    texts = edits(tmp_path, written)
    assert "raise FileNotFoundError(name)" in texts[0]
    assert [wanted in text for text in shortened(texts)] == [True]


@pytest.mark.parametrize(
    "written",
    [
        "open(name).read()",
        "Path(name).read_text()",
        "open(name + '.txt').read()",
        "open('/' + name).read()",
        "open(f'{name}/prompts').read()",
        "Path(name, 'prompts').read_text()",
        "open(os.path.join(name, 'prompts')).read()",
        "(Path(name) / 'prompts').read_text()",
        "(Path(name).parent / 'prompts').exists()",
        "(Path(name).parent / 'prompts').read_text()",
        "path = Path(name)\npath.read_text()",
        "open(os.path.abspath(name)).read()",
        "given = Path(name).resolve()\n(Path(BASE) / given).read_text()",
        "(Path(BASE) / Path(name).parent / 'x').read_text()",
    ],
)
def test_what_names_a_folder_or_is_an_object_of_a_path_is_left_to_a_person(tmp_path, written):
    assert edits(tmp_path, written) == []


@pytest.mark.parametrize(
    "written",
    [
        "root = os.environ['ROOT']\nprint(list(Path(root, 'prompts').iterdir()), Path(root, 'p').read_text())",
        "root = os.environ['ROOT']\nprint(open(os.path.join(root, 'prompts')).read())",
        "print((Path(os.environ['ROOT']).parent / 'prompts').read_text())",
        "print(Path(sys.argv[1]).read_text())",
    ],
)
def test_the_folder_that_the_operator_names_stays_theirs(tmp_path, written):
    assert edits_of(tmp_path, f"import os, sys\nfrom pathlib import Path\n\n{written}\n") == []


def test_a_name_of_the_operators_is_guarded_and_keeps_its_folders(tmp_path):
    text = "import os\n\nprint(open('reports/' + os.environ['NAME']).read())\n"
    (only,) = edits_of(tmp_path, text)
    assert "raise FileNotFoundError" in only
    assert "basename" not in only


@pytest.mark.parametrize("read", ["path", "(Path(BASE) / path)"])
def test_a_parameter_that_is_an_object_of_a_path_is_left_to_a_person(tmp_path, read):
    handler = "@app.route('/')\ndef page():\n    return {'a': load(Path(request.args['name']))}\n"
    load = f"def load(path: Path | None):\n    return {read}.read_text()\n"
    assert edits_of(tmp_path, f"{TOP}\n\n{load}\n\n{handler}") == []


def test_a_parameter_that_is_a_text_is_guarded(tmp_path):
    handler = "@app.route('/')\ndef page():\n    return {'a': load(request.args['name'])}\n"
    load = "def load(path: Annotated[str, Path()]):\n    return open(f'{BASE}/{path}').read()\n"
    first, second = edits_of(tmp_path, f"from typing import Annotated\n{TOP}\n\n{load}\n\n{handler}")
    assert "raise FileNotFoundError(path)" in first
    assert "{BASE}/{os.path.basename(path)}" in second
