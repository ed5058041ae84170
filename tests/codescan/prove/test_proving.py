"""Findings are shown, or ruled out, by a run; where nothing is run nothing changes."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import msgspec
import pytest

from stillwatch.codescan.prove import CannotRun, concept, prove
from stillwatch.codescan.scan import scan

PYTHON = Path(sys.executable)
RULES = (
    "code_injection", "command_injection", "cross_site_scripting", "external_entities", "insecure_cookie", "ldap_injection",
    "open_redirect", "path_traversal", "sql_injection", "trust_boundary", "unsafe_deserialization",
)  # fmt: skip


def proved(folder):
    found = scan(folder, workers=1)
    try:
        return prove(
            folder, [*found.findings, *found.refuted], python=PYTHON, tell=lambda _line: None, seconds=60
        )
    except CannotRun as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples")
    for rule in RULES:
        (folder / f"{rule}.py").write_text(
            import_module(f"stillwatch.codescan.checks.{rule}").EXAMPLES["bad"]
        )
    return folder


@pytest.fixture(scope="module")
def proofs(examples):
    return proved(examples)


def test_examples_of_weaknesses_are_shown_by_a_run(proofs):
    shown = {one.finding.rule for one in proofs.evidence.values()}
    assert shown >= {rule.replace("_", "-") for rule in RULES}
    for number in proofs.evidence:
        finding = proofs.findings[number]
        assert finding.proof == "run"
        assert finding.confidence > 0.8
        assert finding.why[-1].startswith("in a run")


def test_a_proof_of_concept_stands_alone_and_fails_on_the_weak_code(proofs, examples, tmp_path):
    one = next(one for one in proofs.evidence.values() if one.finding.rule == "sql-injection")
    test = tmp_path / f"{concept.name(one)}.py"
    test.write_text(concept.test_of(one))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)]
    environment = {"PYTHONPATH": str(examples), "PATH": "/usr/bin:/bin"}
    weak = subprocess.run(command, capture_output=True, cwd=tmp_path, env=environment, check=False)
    assert weak.returncode == 1, weak.stdout
    fixed = tmp_path / "fixed"
    fixed.mkdir()
    (fixed / "sql_injection.py").write_text(
        import_module("stillwatch.codescan.checks.sql_injection").EXAMPLES["fixed"]
    )
    environment["PYTHONPATH"] = str(fixed)
    assert (
        subprocess.run(command, capture_output=True, cwd=tmp_path, env=environment, check=False).returncode
        == 0
    )


def test_proofs_of_concept_are_the_same_each_time(proofs, examples):
    again = proved(examples)
    for number, one in proofs.evidence.items():
        assert concept.test_of(one) == concept.test_of(again.evidence[number])


APP = """
from flask import Flask, request
{top}
app = Flask(__name__)

@app.route("/report")
def report():
    name = request.args["name"]
    {body}
    with open("reports/" + name) as file:
        return {{"report": file.read()}}
"""


@pytest.mark.parametrize(
    ("top", "body"),
    [
        ("import os\nos._exit(1)", "pass"),
        ("raise SystemExit", "pass"),
        ("", "import os; os._exit(1)"),
        ("import missing_module_of_ours", "pass"),
    ],
)
def test_where_the_program_cannot_be_run_nothing_changes(tmp_path, top, body):
    (tmp_path / "app.py").write_text(APP.format(top=top, body=body))
    before = scan(tmp_path, workers=1)
    known = [*before.findings, *before.refuted]
    assert proved(tmp_path).findings == known


def test_an_input_that_is_made_harmless_is_ruled_out(tmp_path):
    body = "name = __import__('importlib').import_module('cleaning').clean(name)"
    (tmp_path / "app.py").write_text(APP.format(top="", body=body))
    (tmp_path / "cleaning.py").write_text(
        "def clean(text):\n    return text.replace('.', '').replace('/', '')\n"
    )
    found = [finding for finding in proved(tmp_path).findings if finding.rule == "path-traversal"]
    assert all(finding.refuted is not None for finding in found)


def test_blueprints_and_factories_are_found(tmp_path):
    (tmp_path / "pages.py").write_text(
        'from flask import Blueprint, request\npages = Blueprint("pages", __name__)\n\n'
        '@pages.route("/hello/<path:name>")\ndef hello(name):\n    return "<p>" + name + "</p>"\n'
    )
    (tmp_path / "making.py").write_text(
        "from flask import Flask\n\ndef create_app():\n    from pages import pages\n    app = Flask(__name__)\n"
        '    app.register_blueprint(pages, url_prefix="/in")\n    return app\n'
    )
    one = next(iter(proved(tmp_path).evidence.values()))
    assert one.path.startswith("/in/hello/")


def test_starlette_applications_are_asked(tmp_path):
    (tmp_path / "main.py").write_text(
        "import os\nfrom starlette.applications import Starlette\nfrom starlette.responses import PlainTextResponse\n"
        "from starlette.routing import Route\n\nasync def ping(request):\n"
        '    os.system("ping " + request.query_params["host"])\n    return PlainTextResponse("done")\n\n'
        'app = Starlette(routes=[Route("/ping", ping)])\n'
    )
    found = [finding for finding in proved(tmp_path).findings if finding.rule == "command-injection"]
    assert [finding.proof for finding in found] == ["run"]


def ran(test, folder):
    """How a proof of concept ends on the code in a folder: pytest's own exit code."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)]
    environment = {"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        command, capture_output=True, cwd=test.parent, env=environment, check=False
    ).returncode


DJANGO = {
    "manage.py": 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
    "shop/__init__.py": "",
    "shop/settings.py": 'import os\n\nSECRET_KEY = os.environ.get("SHOP_KEY", "-")\nROOT_URLCONF = "shop.urls"\nALLOWED_HOSTS = ["*"]\n',
    "shop/urls.py": (
        "from django.urls import path\nfrom shop import views\n\n"
        'urlpatterns = [path("hello/", views.hello), path("go/", views.go), path("ping/", views.ping), path("in/", views.enter)]\n'
    ),
    "shop/views.py": """import json
import os
from django.http import HttpResponse, HttpResponseRedirect

def hello(request):
    return HttpResponse("<p>" + request.GET.get("name", "") + "</p>")

def go(request):
    return HttpResponseRedirect(request.POST["to"])

def ping(request):
    os.system("ping " + json.loads(request.body)["host"])
    return HttpResponse("done")

def enter(request):
    response = HttpResponse("done")
    response.set_cookie("session", request.GET.get("user", ""), secure=False)
    return response
""",
}
DJANGO_FIXED = """import json
import os
import shlex
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.html import escape

def hello(request):
    return HttpResponse("<p>" + escape(request.GET.get("name", "")) + "</p>")

def go(request):
    return HttpResponseRedirect("/")

def ping(request):
    os.system("ping " + shlex.quote(json.loads(request.body)["host"]))
    return HttpResponse("done")

def enter(request):
    response = HttpResponse("done")
    response.set_cookie("session", request.GET.get("user", ""), secure=True)
    return response
"""
AIOHTTP = """import os
from aiohttp import web

async def hello(request):
    return web.Response(text="<p>" + request.query["name"] + "</p>", content_type="text/html")

async def go(request):
    raise web.HTTPFound(location=(await request.post())["to"])

async def ping(request):
    os.system("ping " + (await request.json())["host"])
    return web.Response(text="done")

async def enter(request):
    response = web.Response(text="done")
    response.set_cookie("session", "1", secure=False)
    return response

app = web.Application()
app.router.add_get("/hello", hello)
app.router.add_post("/go", go)
app.router.add_post("/ping", ping)
app.router.add_get("/in", enter)
"""
AIOHTTP_FIXED = (
    AIOHTTP.replace("import os\n", "import html\nimport os\nimport shlex\n")
    .replace('request.query["name"]', 'html.escape(request.query["name"])')
    .replace('(await request.post())["to"]', '"/"')
    .replace('(await request.json())["host"]', 'shlex.quote((await request.json())["host"])')
    .replace("secure=False", "secure=True")
)
SHIPPED = {"command-injection", "cross-site-scripting", "insecure-cookie", "open-redirect"}


@pytest.mark.parametrize(
    ("framework", "files", "fixed"),
    [
        ("django", DJANGO, {"shop/views.py": DJANGO_FIXED}),
        ("aiohttp", {"server.py": AIOHTTP}, {"server.py": AIOHTTP_FIXED}),
    ],
)
def test_proofs_of_concept_ask_by_the_frameworks_own_client(tmp_path, framework, files, fixed):
    """All of them in one run, twice: what the first leaves behind does not mislead the second."""
    pytest.importorskip(framework, reason="the framework whose applications are asked is not here")
    code, tests = tmp_path / "code", tmp_path / "tests"
    tests.mkdir()
    for name, text in files.items():
        (code / name).parent.mkdir(parents=True, exist_ok=True)
        (code / name).write_text(text)
    shown = list(proved(code).evidence.values())
    assert {one.finding.rule for one in shown} == SHIPPED
    for one in shown:
        (tests / f"{concept.name(one)}.py").write_text(concept.test_of(one))
    for _ in range(2):
        assert ran(tests, code) == 1
    for name, text in fixed.items():
        (code / name).write_text(text)
    assert ran(tests, code) == 0


def test_each_of_several_proofs_fails_on_its_own(tmp_path):
    """Proofs that are run together watch one file together."""
    code, tests = tmp_path / "code", tmp_path / "tests"
    code.mkdir()
    tests.mkdir()
    weak = (
        "import os\nfrom flask import Flask, request\n\napp = Flask(__name__)\n\n@app.route('/one')\ndef one():\n"
        "    os.system('one ' + request.args['a'])\n    return {}\n\n@app.route('/two')\ndef two():\n"
        "    open('x/' + request.args['b']).close()\n    return {}\n"
    )
    (code / "app.py").write_text(weak)
    for one in proved(code).evidence.values():
        (tests / f"{concept.name(one)}.py").write_text(concept.test_of(one))
    assert len(list(tests.iterdir())) == 2
    assert ran(tests, code) == 1
    (code / "app.py").write_text(weak.replace("'one ' + request.args['a']", "'one'"))
    assert ran(tests, code) == 1
    (code / "app.py").write_text(
        weak.replace("request.args", "{'a': '', 'b': ''}.__getitem__(request.path) and request.args")
    )
    assert ran(tests, code) == 0


READS = {
    "a loop over names": "next((value for name, value in request.args.items() if name == 'wanted'), '')",
    "JSON or nothing": "(request.get_json(silent=True) or {}).get('wanted', '')",
    "a function of the file": "read()",
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_inputs_are_reached_however_the_handler_reads_them(tmp_path, read):
    (tmp_path / "app.py").write_text(
        "from flask import Flask, request\n\napp = Flask(__name__)\n\ndef read():\n"
        "    for name in request.args.keys():\n        if 'wanted' in request.args.getlist(name):\n            return name\n"
        "    return ''\n\n@app.route('/', methods=['GET', 'POST'])\n"
        f"def page():\n    return '<p>' + {read} + '</p>'\n"
    )
    found = [finding for finding in proved(tmp_path).findings if finding.rule == "cross-site-scripting"]
    assert [finding.proof for finding in found] == ["run"]


def test_handlers_of_the_standard_librarys_server_are_asked(tmp_path):
    weak = import_module("stillwatch.codescan.checks.header_injection").EXAMPLES["bad"]
    (tmp_path / "app.py").write_text(
        weak + "\nfrom http.server import HTTPServer\nHTTPServer(('127.0.0.1', 0), Handler).serve_forever()\n"
    )
    found = [finding for finding in proved(tmp_path).findings if finding.rule == "header-injection"]
    assert [finding.proof for finding in found] == ["run"]


def test_findings_of_one_call_are_each_shown(tmp_path):
    (tmp_path / "app.py").write_text(APP.format(top="", body="pass"))
    (one,) = [finding for finding in scan(tmp_path, workers=1).findings if finding.rule == "path-traversal"]
    other = msgspec.structs.replace(one, message="the same place, found in another way")
    try:
        proofs = prove(tmp_path, [one, other], python=PYTHON, tell=lambda _line: None, seconds=60)
    except CannotRun as error:
        pytest.skip(str(error))
    assert [finding.proof for finding in proofs.findings] == ["run", "run"]
