"""Edits: each ends its weakness in the least words, and none is made where it would guess."""

import pytest
from patching import first, found_in

from stillwatch.codescan.patch import fixes
from stillwatch.codescan.patch.proposing import proposed
from stillwatch.codescan.patch.site import NoFix


def web(body, top=""):
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{top}from flask import Flask, make_response, redirect, request\n\napp = Flask(__name__)\n\n@app.route('/')\ndef page():\n{lines}"


NAME = "name = request.args['name']\n"


@pytest.mark.parametrize(
    ("written", "bound"),
    [
        ("f\"SELECT a FROM b WHERE c = '{name}'\"", '"SELECT a FROM b WHERE c = ?", (name,)'),
        ('"SELECT a FROM b WHERE c = \'" + name + "\'"', '"SELECT a FROM b WHERE c = ?", (name,)'),
        (
            "\"SELECT a FROM b WHERE c = '%s' AND d = 'x'\" % name",
            "\"SELECT a FROM b WHERE c = ? AND d = 'x'\", (name,)",
        ),
        ("\"SELECT a FROM b WHERE c LIKE '%{}%'\".format(name)", 'LIKE ?", ("%" + str(name) + "%",)'),
        ('f"SELECT a FROM b WHERE c = {name}"', '"SELECT a FROM b WHERE c = ?", (name,)'),
    ],
)
def test_values_of_statements_are_bound(tmp_path, written, bound):
    text = web(
        f"{NAME}connection = sqlite3.connect('x')\nreturn {{'rows': connection.execute({written}).fetchall()}}",
        "import sqlite3\n",
    )
    assert bound in first(tmp_path, text, "sql-injection")


@pytest.mark.parametrize(
    "written", ['f"SELECT a FROM {name}"', 'f"SELECT a FROM b ORDER BY {name}"', '"SELECT a FROM b " + name']
)
def test_names_in_statements_are_left_to_a_person(tmp_path, written):
    text = web(
        f"{NAME}connection = sqlite3.connect('x')\nreturn {{'rows': connection.execute({written}).fetchall()}}",
        "import sqlite3\n",
    )
    with pytest.raises(NoFix):
        first(tmp_path, text, "sql-injection")


def test_a_statement_with_a_name_of_its_own_stays_there(tmp_path):
    body = f"{NAME}sql = f\"SELECT a FROM b WHERE c = '{{name}}'\"\nconnection = sqlite3.connect('x')\nconnection.execute(sql)\nreturn {{}}"
    text = first(tmp_path, web(body, "import sqlite3\n"), "sql-injection")
    assert 'sql = "SELECT a FROM b WHERE c = ?"' in text
    assert "connection.execute(sql, (name,))" in text


@pytest.mark.parametrize(
    ("rule", "body", "top", "wanted"),
    [
        ("command-injection", "os.system(f'ping -c 1 {name}')", "import os\n", "{shlex.quote(name)}"),
        (
            "command-injection",
            "subprocess.run(['sh', '-c', 'ls ' + name], check=False)",
            "import subprocess\n",
            "'ls ' + shlex.quote(name)",
        ),
        ("path-traversal", "open('reports/' + name).read()", "", "raise FileNotFoundError(name)"),
        ("code-injection", "eval(name)", "", "ast.literal_eval(name)"),
        (
            "unsafe-deserialization",
            "yaml.load(name, Loader=yaml.Loader)",
            "import yaml\n",
            "yaml.safe_load(name)",
        ),
        (
            "unsafe-deserialization",
            "load(name, Loader)",
            "from yaml import Loader, load\n",
            "safe_load(name)",
        ),
        ("weak-random", "random.randint(1, 9)", "import random\n", "random.SystemRandom().randint(1, 9)"),
        ("weak-hash", "hashlib.md5(name.encode())", "import hashlib\n", "hashlib.sha256(name.encode())"),
    ],
)
def test_calls(tmp_path, rule, body, top, wanted):
    assert wanted in first(tmp_path, web(f"{NAME}{body}\nreturn {{}}", top), rule)


@pytest.mark.parametrize(
    ("rule", "body", "top"),
    [
        ("command-injection", "os.system(name)", "import os\n"),
        ("command-injection", "os.system(f\"grep '{name}' file\")", "import os\n"),
        ("code-injection", "exec(name)", ""),
        ("unsafe-deserialization", "pickle.loads(request.get_data())\npickle.dumps(4)", "import pickle\n"),
        ("unsafe-deserialization", "marshal.loads(request.get_data())", "import marshal\n"),
        ("weak-random", "random.seed(7)\nrandom.random()", "import random\n"),
    ],
)
def test_what_is_for_a_person_to_say_is_left_to_them(tmp_path, rule, body, top):
    with pytest.raises(NoFix, match=r"\w"):
        first(tmp_path, web(f"{NAME}{body}\nreturn {{}}", top), rule)


def test_a_second_edit_keeps_what_an_empty_text_was(tmp_path):
    text = web(f"{NAME}os.system('ls ' + name)\nreturn {{}}", "import os\n")
    (tmp_path / "app.py").write_text(text)
    finding = next(one for one in found_in(text) if one.rule == "command-injection")
    _, second = proposed(tmp_path, finding)
    assert "'ls ' + (shlex.quote(name) if name else name)" in second.text


def test_a_guard_that_an_earlier_edit_made_is_used_again(tmp_path):
    text = web(
        f"{NAME}other = request.args['other']\na = eval(name + '1')\nb = eval(other + '2')\nreturn {{}}"
    )
    once = first(tmp_path, text, "code-injection")
    twice = first(tmp_path, once, "code-injection")
    assert twice.count("def plain_value(") == 1
    assert "plain_value(name)" in twice
    assert "plain_value(other)" in twice


def test_a_guard_does_not_take_a_name_the_file_has(tmp_path):
    text = web(f"{NAME}plain_value = 3\nreturn {{'a': eval(name + '1')}}")
    with pytest.raises(NoFix, match="of its own"):
        first(tmp_path, text, "code-injection")


def test_an_asynchronous_handler_does_not_wait_for_a_look_up(tmp_path):
    text = (
        "import httpx\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n@app.get('/preview')\nasync def preview(url: str):\n"
        "    async with httpx.AsyncClient() as client:\n        return {'size': len((await client.get(url)).content)}\n"
    )
    after = first(tmp_path, text, "server-side-request-forgery")
    assert "client.get(await asyncio.to_thread(public_address, url))" in after
    assert "import asyncio\n" in after


def test_pages_are_escaped_where_they_are_put_together(tmp_path):
    body = f"{NAME}answer = '<p>'\nanswer += f'Hello {{name}}'\nreturn answer"
    text = first(tmp_path, web(body), "cross-site-scripting")
    assert "answer += f'Hello {str(escape(name))}'" in text
    assert "from markupsafe import escape" in text


def test_a_redirect_is_kept_on_the_site(tmp_path):
    text = first(tmp_path, web("return redirect(request.args['to'])"), "open-redirect")
    namespace = {"__name__": "app", "__file__": str(tmp_path / "app.py")}
    exec(text, namespace)
    client = namespace["app"].test_client()
    for target, led in [
        ("/a?b=c", "/a?b=c"),
        ("page", "page"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:x", "/"),
    ]:
        assert client.get("/", query_string={"to": target}).headers["Location"] == led


def test_a_name_the_file_has_for_something_else_is_not_taken(tmp_path):
    text = web(f"{NAME}shlex = 3\nos.system('ping ' + name)\nreturn {{}}", "import os\n")
    with pytest.raises(NoFix, match="of its own"):
        first(tmp_path, text, "command-injection")


def test_other_lines_stay_as_they_are(tmp_path):
    text = web(f"{NAME}import os  # odd   spacing\nos.system( 'ping ' +name )\nreturn {{  }}")
    after = first(tmp_path, text, "command-injection")
    changed = set(after.splitlines()) ^ set(text.splitlines())
    assert len(changed) == 3, changed  # an import, and one line in two forms


def test_every_maker_of_edits_documents_itself():
    for rule, maker in fixes.catalogue().items():
        assert __import__(maker.__module__, fromlist=["x"]).__doc__, rule


@pytest.mark.parametrize("deep", ["(" * 9_000 + "1" + ")" * 9_000, "(" * 9_000, "1" + "+1" * 9_000])
def test_a_file_nested_without_end_is_not_edited(tmp_path, deep):
    text = web(f"{NAME}return str(eval(name))")
    (finding,) = [one for one in found_in(text) if one.rule == "code-injection"]
    (tmp_path / "app.py").write_text(f"{text}\nx = {deep}\n")
    with pytest.raises(NoFix, match="nested too deep"):
        next(proposed(tmp_path, finding))


@pytest.mark.parametrize(
    ("written", "again"),
    [
        ("import os, shlex", False),
        ("import os; import shlex", False),
        ("import os\nimport shlex as other", True),
        ("import os\nimport shlexes", True),
    ],
)
def test_what_is_imported_already_is_not_imported_again(tmp_path, written, again):
    after = first(
        tmp_path, web(f"{NAME}os.system('ping ' + name)\nreturn {{}}", f"{written}\n"), "command-injection"
    )
    assert ("import shlex" in after.splitlines()) == again


def test_what_an_import_of_a_part_brings_is_not_imported_again(tmp_path):
    text = web(f"{NAME}return {{'text': open(os.path.join('reports', name)).read()}}", "import os.path\n")
    assert "import os" not in first(tmp_path, text, "path-traversal").splitlines()


def test_a_name_that_one_line_imports_with_others_is_not_imported_again(tmp_path):
    body = f"{NAME}answer = '<p>'\nanswer += f'Hello {{name}}'\nreturn answer"
    after = first(tmp_path, web(body, "from markupsafe import Markup, escape\n"), "cross-site-scripting")
    assert after.count("from markupsafe import") == 1


@pytest.mark.parametrize(
    ("returned", "wanted"),
    [
        ("str(request.args['name'])", "return str(escape(request.args['name']))\n"),
        ("'<p>' + str(name)", "'<p>' + str(escape(str(name)))\n"),
        ("'<p>' + name", "'<p>' + str(escape(name))\n"),
    ],
)
def test_a_text_is_not_made_a_text_twice(tmp_path, returned, wanted):
    after = first(tmp_path, web(f"{NAME}return {returned}"), "cross-site-scripting")
    assert wanted in after


def test_what_is_a_text_is_escaped_as_it_is(tmp_path):
    text = (
        "from http.server import BaseHTTPRequestHandler\n\n\nclass Page(BaseHTTPRequestHandler):\n    def do_GET(self):\n"
        "        self.send_response(200)\n        self.end_headers()\n"
        "        self.wfile.write(('<p>' + str(self.path)).encode())\n"
    )
    assert "write(('<p>' + html.escape(str(self.path))).encode())" in first(
        tmp_path, text, "cross-site-scripting"
    )
