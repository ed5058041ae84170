"""Small programs of many frameworks: what is weak says so at the end of its line, and nothing else is found."""

import re

import pytest
from scanning import likely

PROGRAMS = {
    "left behind for other handlers": {
        "app.py": """
import os, queue, threading
from flask import Flask, abort, g, request
app = Flask(__name__)
KEPT, WAITING = {}, queue.Queue()
def work():
    while True:
        os.system(WAITING.get())  # command-injection
threading.Thread(target=work).start()
@app.before_request
def first():
    g.host = request.headers.get("X-Host", "")
    g.name = request.headers.get("X-Name", "")
    if not g.name.isalnum():
        abort(400)
@app.post("/put")
def put():
    KEPT["job"] = request.form["job"]
    WAITING.put(request.form["job"])
    return ""
@app.get("/run")
def run():
    os.system(KEPT["job"])  # command-injection
    os.system("ping " + g.host)  # command-injection
    os.system("ping " + g.name)
    return ""
""",
    },
    "declared fields": {
        "app.py": """
import os
from typing import Annotated
from fastapi import FastAPI, Query
from pydantic import BaseModel, Field, field_validator
app = FastAPI()
class Job(BaseModel):
    name: str
    host: str = Field(pattern=r"^[a-z]+$")
    user: str
    times: int = 1
    @field_validator("user")
    @classmethod
    def plain(cls, value):
        if not value.isalnum():
            raise ValueError(value)
        return value
@app.post("/job")
def run(job: Job, kind: Annotated[str, Query(pattern="^(a|b)$")], free: Annotated[str, Query(max_length=9)]):
    os.system("a " + job.name)  # command-injection
    os.system("a " + job.host)
    os.system("a " + job.user)
    os.system(f"a {job.times}")
    os.system("a " + kind)
    os.system("a " + free)  # command-injection
""",
    },
    "coded by who sends it": {
        "app.py": """
import base64, json, pickle, zlib
from flask import Flask, request
app = Flask(__name__)
@app.get("/a")
def a():
    return {"n": len(pickle.loads(zlib.decompress(base64.urlsafe_b64decode(request.args["s"]))))}  # unsafe-deserialization
@app.get("/b")
def b():
    return {"n": eval(json.loads(request.args["s"])["jobs"][0]["name"])}  # code-injection
""",
    },
    "a framework that no model knows": {
        "app.py": """
import os
from somewhere import App
app = App()
@app.get("/a/{name}")
async def a(name: str, times: int):
    os.system("a " + name)  # command-injection
    os.system(f"a {times}")
def helper(name):
    os.system("a " + name)
""",
    },
    "net pickle": {
        "app.py": """
import pickle, requests, joblib, io
def load():
    return pickle.loads(requests.get("https://m.example.org/m.pkl").content)  # unsafe-deserialization
def load2():
    r = requests.get("https://m.example.org/m.pkl")
    return joblib.load(io.BytesIO(r.content))  # unsafe-deserialization
def load3():
    return eval(requests.get("https://x.example.org").text)  # code-injection
def load4():
    return requests.get("https://m.example.org/m.pkl").json()["a"]
""",
    },
    "torch upload": {
        "app.py": """
import torch
from fastapi import FastAPI, UploadFile, File
app = FastAPI()
@app.post("/m")
async def m(file: UploadFile = File(...)):
    return {"n": len(torch.load(file.file, weights_only=False))}  # unsafe-deserialization
@app.post("/m2")
async def m2(file: UploadFile):
    return {"n": len(torch.load(file.file, weights_only=True))}
@app.post("/m3")
async def m3(file: UploadFile):
    with open("/srv/up/" + file.filename, "wb") as out:  # path-traversal
        out.write(await file.read())
    return {}
""",
    },
    "argparse own": {
        "app.py": """
import argparse, os
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("x")
    args = parser.parse_args()
    os.system("ls " + args.x)
""",
    },
    "websocket": {
        "app.py": """
from fastapi import FastAPI, WebSocket
import os
app = FastAPI()
@app.websocket("/ws")
async def ws(socket: WebSocket):
    await socket.accept()
    text = await socket.receive_text()
    os.system("say " + text)  # command-injection
""",
    },
    "django urls two files": {
        "proj/urls.py": """
from django.urls import path, re_path
from . import views
urlpatterns = [path("f/<str:name>/", views.show), re_path(r"^n/(?P<n>\\d+)/$", views.number), path("c/<slug:s>", views.Cls.as_view())]
""",
        "proj/__init__.py": """""",
        "proj/views.py": """
import os
from django.http import HttpResponse
from django.views.generic import View
def show(request, name):
    os.system("ls " + name)  # command-injection
    return HttpResponse("ok")
def number(request, n):
    os.system("ls " + n)
    return HttpResponse("ok")
def helper(request, path):
    return open(path)
class Cls(View):
    def get(self, request, s):
        return HttpResponse("<b>" + self.kwargs["s"] + "</b>")  # cross-site-scripting
""",
    },
    "django forms": {
        "app.py": """
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
class F(forms.Form):
    name = forms.CharField()
def view(request):
    f = F(request.POST)
    if f.is_valid():
        return HttpResponse("<b>" + f.cleaned_data["name"] + "</b>")  # cross-site-scripting
    return redirect(request.META.get("HTTP_REFERER", "/"))  # open-redirect
""",
    },
    "sqlalchemy session global": {
        "app.py": """
from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text
app = Flask(__name__)
db = SQLAlchemy(app)
@app.route("/a")
def a():
    q = "SELECT * FROM t WHERE n = '%s'" % request.args.get("n")
    return {"r": db.session.execute(text(q)).all()}  # sql-injection
@app.route("/b")
def b():
    return {"r": db.session.execute(text("SELECT * FROM t WHERE n = :n"), {"n": request.args["n"]}).all()}
@app.route("/c")
def c():
    return {"r": db.engine.execute("SELECT " + request.args["n"]).all()}  # sql-injection
""",
    },
    "ssrf variants": {
        "app.py": """
import requests, httpx
from flask import Flask, request
app = Flask(__name__)
@app.route("/a")
def a():
    s = requests.Session()
    return {"a": s.get("http://%s/x" % request.args["h"]).status_code}  # server-side-request-forgery
@app.route("/b")
def b():
    return {"a": requests.get("http://api.example.org/x", params={"q": request.args["q"]}).status_code}
@app.route("/c")
def c():
    with httpx.Client(base_url="https://api.example.org") as client:
        return {"a": client.get("/x/" + request.args["q"]).status_code}
@app.route("/d")
def d():
    return {"a": requests.request("GET", request.args["q"]).status_code}  # server-side-request-forgery
""",
    },
    "llm agent": {
        "app.py": """
import subprocess, sqlite3, json
import anthropic, openai, litellm
client = anthropic.Anthropic()
def a(q):
    m = client.messages.create(model="x", max_tokens=3, messages=[{"role":"user","content":q}])
    for block in m.content:
        if block.type == "tool_use":
            subprocess.run(block.input["command"], shell=True)  # model-output-run
def b(q):
    r = litellm.completion(model="x", messages=[{"role":"user","content":q}])
    sqlite3.connect("x").execute(r.choices[0].message.content)  # sql-injection
def c(q):
    r = openai.OpenAI().chat.completions.create(model="x", messages=[])
    args = json.loads(r.choices[0].message.tool_calls[0].function.arguments)
    return open(args["path"]).read()  # path-traversal
def d(q):
    r = openai.OpenAI().chat.completions.create(model="x", messages=[])
    return json.loads(r.choices[0].message.content)
""",
    },
    "jwt cors etc": {
        "app.py": """
import jwt, ssl, urllib.request
from flask import Flask
from flask_cors import CORS
app = Flask(__name__)
app.config["SECRET_KEY"] = "hT7bQ2mX9wLz"  # hard-coded-secret
CORS(app, supports_credentials=True)  # cors-any-origin
def t(token):
    return jwt.decode(token, "", algorithms=["none"])  # jwt-not-verified
def u(url):
    ctx = ssl.create_default_context()
    ctx.check_hostname = False  # certificate-check-off
    ctx.verify_mode = ssl.CERT_NONE  # certificate-check-off
    return urllib.request.urlopen(url, context=ctx)
def v():
    return ssl.SSLContext(ssl.PROTOCOL_TLSv1)  # weak-cipher
if __name__ == "__main__":
    app.run(host="0.0.0.0", debug=True)  # debug-mode  # open-to-all-interfaces
""",
    },
    "django settings": {
        "proj/settings.py": """
import os
SECRET_KEY = "a8dj3k2lq0zmx7vb1nc5"  # hard-coded-secret
DEBUG = True  # debug-mode
INSTALLED_APPS = []
CORS_ALLOW_ALL_ORIGINS = True  # cors-any-origin
CORS_ALLOW_CREDENTIALS = True
""",
        "proj/prod.py": """
import os
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = os.environ.get("DEBUG") == "1"
INSTALLED_APPS = []
""",
    },
    "crypto": {
        "app.py": """
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
IV = b"0123456789abcdef"
def e(key, data):
    c = Cipher(algorithms.AES(key), modes.ECB())  # weak-cipher
    d = Cipher(algorithms.AES(key), modes.CBC(IV))  # weak-cipher
    return c, d
def f(key, data):
    return Cipher(algorithms.TripleDES(key), modes.CBC(data))  # weak-cipher
""",
    },
    "jinja": {
        "app.py": """
import jinja2
from flask import Flask, request, render_template, Markup
app = Flask(__name__)
@app.route("/a")
def a():
    return jinja2.Template("Hi " + request.args["n"]).render()  # template-injection  # cross-site-scripting
@app.route("/b")
def b():
    return render_template("a.html", n=request.args["n"])
@app.route("/c")
def c():
    return render_template("a.html", n=Markup(request.args["n"]))  # cross-site-scripting
""",
    },
    "upload zip/tar": {
        "app.py": """
import tarfile, io
from django.http import JsonResponse
def up(request):
    t = tarfile.open(fileobj=io.BytesIO(request.FILES["a"].read()))
    t.extractall("/x")  # unsafe-archive-extraction
    return JsonResponse({})
def pattern(p):
    with tarfile.open(p) as t:
        t.extractall("/x")
""",
    },
    "log": {
        "app.py": """
import logging
from fastapi import FastAPI
app = FastAPI()
log = logging.getLogger("x")
@app.get("/a")
def a(n: str, k: int):
    log.info("asked for %s", n)  # log-injection
    log.info("asked for %r", n)
    log.info("asked for %d", k)
    return {}
""",
    },
    "aiohttp class": {
        "app.py": """
from aiohttp import web
import asyncio
class H(web.View):
    async def get(self):
        p = await asyncio.create_subprocess_shell("ls " + self.request.query.get("d", ""))  # command-injection
        return web.Response(body=b"x")
""",
    },
    "starlette Mount async DB": {
        "app.py": """
import aiosqlite
from starlette.requests import Request
from starlette.responses import JSONResponse
async def q(request: Request):
    async with aiosqlite.connect("x") as db:
        async with db.execute("SELECT * FROM t WHERE a=" + request.path_params["a"]) as cur:  # sql-injection
            return JSONResponse(await cur.fetchall())
""",
    },
    "pydantic nested": {
        "app.py": """
from fastapi import FastAPI, Body, Header
from pydantic import BaseModel
import os
app = FastAPI()
class Inner(BaseModel):
    cmd: str
class Outer(BaseModel):
    inner: Inner
    many: list[Inner]
@app.post("/a")
async def a(o: Outer):
    os.system(o.inner.cmd)  # command-injection
    for i in o.many:
        os.system(i.cmd)  # command-injection
    return {}
@app.post("/b")
async def b(o: dict = Body(...), x_name: str = Header()):
    os.system(o["a"])  # command-injection
    os.system("x " + x_name)  # command-injection
""",
    },
    "service class across files": {
        "svc.py": """
import psycopg2
class Repo:
    def __init__(self, dsn):
        self.conn = psycopg2.connect(dsn)
    def find(self, name):
        with self.conn.cursor() as cur:
            cur.execute("SELECT * FROM t WHERE n='" + name + "'")  # sql-injection
            return cur.fetchall()
    def get(self, id):
        with self.conn.cursor() as cur:
            cur.execute("SELECT * FROM t WHERE n=%s", (id,))
            return cur.fetchall()
""",
        "main.py": """
from fastapi import FastAPI, Depends
from svc import Repo
app = FastAPI()
def repo():
    return Repo("x")
@app.get("/a")
def a(name: str, r: Repo = Depends(repo)):
    return r.find(name)
@app.get("/b")
def b(name: str, r: Repo = Depends(repo)):
    return r.get(name)
""",
    },
    "path containment": {
        "app.py": """
import os
from pathlib import Path
from flask import Flask, request, abort, send_from_directory, send_file
from werkzeug.utils import safe_join, secure_filename
app = Flask(__name__)
BASE = Path("/srv/data").resolve()
@app.route("/a")
def a():
    p = (BASE / request.args["n"]).resolve()
    if not p.is_relative_to(BASE):
        abort(404)
    return {"t": p.read_text()}
@app.route("/b")
def b():
    return send_from_directory("/srv/data", request.args["n"])
@app.route("/c")
def c():
    p = safe_join("/srv/data", request.args["n"])
    return {"t": open(p).read()}
@app.route("/d")
def d():
    return {"t": (BASE / request.args["n"]).read_text()}  # path-traversal
@app.route("/e")
def e():
    return send_file(os.path.join("/srv", request.args["n"]))  # path-traversal
@app.route("/f", methods=["POST"])
def f():
    up = request.files["f"]
    up.save("/srv/" + up.filename)  # path-traversal
    return {}
@app.route("/g", methods=["POST"])
def g():
    up = request.files["f"]
    up.save(os.path.join("/srv/", secure_filename(up.filename)))
    return {}
@app.route("/h")
def h():
    p = os.path.abspath(os.path.join("/srv/data", request.args["n"]))
    if os.path.commonpath([p, "/srv/data"]) != "/srv/data":
        return {}, 404
    return {"t": open(p).read()}
""",
    },
    "cmd safe": {
        "app.py": """
import shlex, subprocess, os, re
from flask import Flask, request
app = Flask(__name__)
@app.route("/a")
def a():
    subprocess.run("ls " + shlex.quote(request.args["n"]), shell=True)
    return {}
@app.route("/b")
def b():
    n = request.args["n"]
    if not re.fullmatch(r"[a-z0-9]+", n):
        return {}, 400
    os.system("ls " + n)
    return {}
@app.route("/c")
def c():
    subprocess.run(["sh", "-c", "ls " + request.args["n"]])  # command-injection
    subprocess.Popen(request.args["n"].split())  # command-injection
    return {}
@app.route("/d")
def d():
    n = request.args["n"]
    if n.isalnum():
        os.popen("ls %s" % n)
    return {}
@app.route("/e")
def e():
    cmd = ["ls"]
    cmd.append(request.args["n"])
    subprocess.run(cmd)
    subprocess.run("ls {}".format(request.args["n"]), shell=True)  # command-injection
    return {}
""",
    },
    "xss": {
        "app.py": """
import json, bleach, html
from flask import Flask, request, jsonify, make_response, Response, render_template_string
from markupsafe import Markup, escape
app = Flask(__name__)
@app.route("/a")
def a():
    return bleach.clean(request.args["n"])
@app.route("/b")
def b():
    return jsonify(request.args["n"])
@app.route("/c")
def c():
    return Response(request.args["n"], mimetype="text/plain")
@app.route("/d")
def d():
    return Response("<b>" + request.args["n"])  # cross-site-scripting
@app.route("/e")
def e():
    r = make_response("<b>%s</b>" % request.args["n"])
    return r  # cross-site-scripting
@app.route("/f")
def f():
    return Markup("<b>%s</b>") % request.args["n"]
@app.route("/g")
def g():
    return "<b>%d</b>" % int(request.args["n"])
@app.route("/h/<int:n>")
def h(n):
    return "<b>%s</b>" % n
@app.route("/i/<n>")
def i(n):
    return f"<b>{n}</b>"  # cross-site-scripting
@app.route("/j")
def j():
    return f"<b>{html.escape(request.args['n'])}</b>"
@app.errorhandler(404)
def nf(error):
    return "<b>" + request.path + "</b>", 404  # cross-site-scripting
""",
    },
    "ssrf guards": {
        "app.py": """
import requests, ipaddress, socket
from urllib.parse import urlparse
from flask import Flask, request
app = Flask(__name__)
ALLOWED = {"a.example.org"}
@app.route("/a")
def a():
    u = urlparse(request.args["u"])
    if u.hostname not in ALLOWED:
        return {}, 400
    return {"x": requests.get(request.args["u"]).text}
@app.route("/b")
def b():
    u = request.args["u"]
    if not u.startswith("https://a.example.org/"):
        return {}, 400
    return {"x": requests.get(u).text}
@app.route("/c")
def c():
    u = request.args["u"]
    if not u.startswith("http"):
        return {}, 400
    return {"x": requests.get(u).text}  # server-side-request-forgery
@app.route("/d")
def d():
    return {"x": requests.get("https://" + request.args["sub"] + ".example.org/").text}  # server-side-request-forgery
""",
    },
    "sql shapes": {
        "app.py": """
import sqlite3
from flask import Flask, request, g
app = Flask(__name__)
def db():
    if "db" not in g:
        g.db = sqlite3.connect("x")
    return g.db
@app.route("/a")
def a():
    q = "SELECT * FROM t WHERE 1=1"
    q += " AND n = '" + request.args["n"] + "'"
    cur = db().cursor()
    cur.execute(q)  # sql-injection
    return {}
@app.route("/b")
def b():
    ids = request.args.getlist("i")
    cur = db().cursor()
    cur.execute("SELECT * FROM t WHERE i IN (%s)" % ",".join("?" * len(ids)), ids)
    return {}
@app.route("/c")
def c():
    ids = request.args.getlist("i")
    cur = db().cursor()
    cur.execute("SELECT * FROM t WHERE i IN (%s)" % ",".join(ids))  # sql-injection
    return {}
@app.route("/d")
def d():
    col = request.args["c"]
    if col not in ("a", "b"):
        return {}
    db().execute(f"SELECT {col} FROM t")
    return {}
@app.route("/e")
def e():
    rows = db().execute("SELECT * FROM t WHERE i = {}".format(int(request.args["i"])))
    return {}
""",
    },
    "fastapi deps class": {
        "app.py": """
from fastapi import FastAPI, Depends, Query, Path, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse
from typing import Optional, Annotated, Literal
import re, os
app = FastAPI()
class Params:
    def __init__(self, q: str = "", limit: int = 10):
        self.q = q
        self.limit = limit
@app.get("/a")
def a(p: Params = Depends()):
    os.system("x " + p.q)  # command-injection
@app.get("/b")
def b(p: Annotated[Params, Depends()]):
    os.system("x %d" % p.limit)
@app.get("/c")
def c(kind: Literal["a", "b"], n: Annotated[str, Query(pattern="^[a-z]+$")]):
    os.system("x " + kind)
@app.get("/d")
def d(name: Optional[str] = None):
    return HTMLResponse(f"<b>{name}</b>")  # cross-site-scripting
@app.get("/e/{name:path}")
def e(name: str):
    return FileResponse("/srv/" + name)  # path-traversal
@app.get("/f")
def f(request: Request):
    return HTMLResponse("<b>" + request.headers.get("x-name", "") + "</b>")  # cross-site-scripting
@app.get("/g", response_class=PlainTextResponse)
def gg(name: str):
    return name
@app.middleware("http")
async def mid(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-Path"] = request.url.path
    return response
""",
    },
    "drf": {
        "app.py": """
from rest_framework.views import APIView
from rest_framework.decorators import api_view
from rest_framework.response import Response
from django.db import connection
class V(APIView):
    def post(self, request, pk=None):
        with connection.cursor() as c:
            c.execute("SELECT * FROM t WHERE a = '%s'" % request.data["a"])  # sql-injection
            c.execute("SELECT * FROM t WHERE a = %s", [request.data["a"]])
        return Response({"a": request.data["a"]})
@api_view(["GET"])
def f(request):
    with connection.cursor() as c:
        c.execute("SELECT " + request.query_params.get("a", ""))  # sql-injection
    return Response({})
""",
    },
    "open redirect": {
        "app.py": """
from flask import Flask, request, redirect, url_for
from urllib.parse import urlparse
app = Flask(__name__)
@app.route("/a")
def a():
    n = request.args.get("next")
    if not n or urlparse(n).netloc != "":
        n = url_for("x")
    return redirect(n)  # open-redirect
@app.route("/b")
def b():
    return redirect(url_for("x", n=request.args["n"]))
@app.route("/c")
def c():
    return redirect("/u/" + request.args["n"])
@app.route("/d")
def d():
    return redirect(request.referrer)  # open-redirect
@app.route("/e")
def e():
    return redirect(f"https://{request.args['h']}/x")  # open-redirect
""",
    },
    "async/celery/others no entry": {
        "app.py": """
import os, subprocess
def run(cmd):
    os.system(cmd)
def read(path):
    with open(path) as f:
        return f.read()
class A:
    def __init__(self, url):
        self.url = url
    def go(self):
        import requests
        return requests.get(self.url).json()
""",
    },
    "deser": {
        "app.py": """
import yaml, pickle, marshal, jsonpickle, dill, shelve
from flask import Flask, request
app = Flask(__name__)
@app.route("/a", methods=["POST"])
def a():
    yaml.load(request.data, Loader=yaml.Loader)  # unsafe-deserialization
    yaml.load(request.data, Loader=yaml.SafeLoader)
    yaml.safe_load(request.data)
    pickle.loads(request.get_data())  # unsafe-deserialization
    pickle.load(request.files["f"])  # unsafe-deserialization
    pickle.Unpickler(request.files["f"]).load()  # unsafe-deserialization
    return {}
@app.route("/b", methods=["POST"])
def b():
    jsonpickle.decode(request.form["x"])  # unsafe-deserialization
    return {}
def own():
    with open("state.pkl", "rb") as f:
        return pickle.load(f)
""",
    },
    "background": {
        "app.py": """
import os, asyncio
from fastapi import FastAPI, BackgroundTasks
from starlette.concurrency import run_in_threadpool
from celery import shared_task, Celery
app = FastAPI()
celery = Celery("x")
def work(x):
    os.system(x) # command-injection
@app.get("/a")
def a(n: str, bg: BackgroundTasks):
    bg.add_task(work, n)
@shared_task
def task(x):
    os.system("y " + x) # command-injection
@app.get("/b")
def b(n: str):
    task.delay(n)
@celery.task
def task2(x):
    os.system("z " + x) # command-injection
@app.get("/c")
def c(n: str):
    task2.apply_async(args=[n])
def w2(x):
    os.system("w2 " + x) # command-injection
@app.get("/d")
async def d(n: str):
    await run_in_threadpool(w2, n)
async def w3(x):
    os.system("w3 " + x) # command-injection
@app.get("/e")
async def e(n: str):
    await asyncio.gather(w3(n), w3("a"))
def w4(x):
    os.system("w4 " + x) # command-injection
@app.get("/f")
async def f(n: str):
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, w4, n)
""",
    },
    "routers": {
        "api/__init__.py": """""",
        "api/users.py": """
from fastapi import APIRouter, Depends, Request
from .db import get_db
router = APIRouter(prefix="/users")
@router.get("/{name}")
async def one(name: str, db=Depends(get_db)):
    return await db.fetch("SELECT * FROM u WHERE n = '" + name + "'") # sql-injection
""",
        "api/db.py": """
import asyncpg
async def get_db():
    conn = await asyncpg.connect("x")
    try:
        yield conn
    finally:
        await conn.close()
""",
        "main.py": """
from fastapi import FastAPI
from api.users import router
app = FastAPI()
app.include_router(router)
""",
    },
    "add_url_rule": {
        "app.py": """
from flask import Flask, Blueprint, request
from flask.views import MethodView
import os
class V(MethodView):
    def get(self, name):
        os.system("x " + name) # command-injection
        return ""
def show(name):
    os.system("y " + name) # command-injection
    return ""
bp = Blueprint("b", __name__)
def create_app():
    app = Flask(__name__)
    app.add_url_rule("/s/<name>", view_func=show)
    app.add_url_rule("/v/<name>", view_func=V.as_view("v"))
    app.register_blueprint(bp)
    return app
@bp.before_request
def before():
    os.system("z " + request.headers.get("X", "")) # command-injection
""",
    },
    "wrappers": {
        "app.py": """
from functools import wraps
from flask import Flask, request, jsonify
import os
app = Flask(__name__)
def auth(f):
    @wraps(f)
    def inner(*args, **kwargs):
        if request.headers.get("Authorization") != "x":
            return jsonify({}), 401
        return f(*args, **kwargs)
    return inner
@app.route("/a/<name>")
@auth
def a(name):
    os.system("x " + name) # command-injection
    return ""
""",
    },
    "django decorators": {
        "app.py": """
from django.contrib.auth.decorators import login_required
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.http import HttpResponse, HttpRequest
import subprocess
@login_required
@csrf_exempt
def a(request: HttpRequest) -> HttpResponse:
    subprocess.call("x " + request.POST["n"], shell=True) # command-injection
    return HttpResponse("ok")
@require_POST
def b(request):
    subprocess.call("x " + request.POST.get("n"), shell=True) # command-injection
    return HttpResponse(content="<b>%s</b>" % request.POST["n"]) # cross-site-scripting
def c(request):
    return HttpResponse(request.GET["n"], content_type="text/plain")
""",
    },
    "tools": {
        "app.py": """
from agents import function_tool
from pydantic_ai import Agent
import requests, subprocess
agent = Agent("m")
@function_tool
def fetch(url: str) -> str:
    return requests.get(url).text # server-side-request-forgery
@agent.tool_plain
def sh(cmd: str) -> str:
    return subprocess.check_output(cmd, shell=True) # model-output-run
@agent.tool
def sh2(ctx, cmd: str) -> str:
    return subprocess.check_output(cmd, shell=True) # model-output-run
class T:
    name = "x"
def tool_list():
    return [fetch]
""",
    },
    "langchain class": {
        "app.py": """
from langchain_core.tools import BaseTool, StructuredTool
from langchain_openai import ChatOpenAI
import os
class Shell(BaseTool):
    name: str = "shell"
    def _run(self, command: str) -> str:
        return os.popen(command).read() # model-output-run
def run(command: str) -> str:
    return os.popen(command).read() # model-output-run
t = StructuredTool.from_function(func=run)
llm = ChatOpenAI()
def ask(q):
    r = llm.invoke(q)
    exec(r.content) # model-output-run
def chain(prompt):
    c = prompt | llm
    exec(c.invoke({}).content) # model-output-run
""",
    },
    "hmac pickle": {
        "app.py": """
import hmac, hashlib, pickle
from flask import Flask, request
app = Flask(__name__)
KEY = open("/etc/key","rb").read()
@app.route("/a", methods=["POST"])
def a():
    body = request.get_data()
    if not hmac.compare_digest(hmac.new(KEY, body, hashlib.sha256).hexdigest(), request.headers["X-Sig"]):
        return {}, 403
    return {"x": str(pickle.loads(body))}
@app.route("/b", methods=["POST"])
def b():
    body = request.get_data()
    want = hmac.new(KEY, body, hashlib.sha256).hexdigest()
    if want != request.headers["X-Sig"]:
        return {}, 403
    return {"x": str(pickle.loads(body))}
@app.route("/c", methods=["POST"])
def c():
    body = request.get_data()
    want = hmac.new(KEY, request.headers["X"].encode(), hashlib.sha256).hexdigest()
    if want != request.headers["X-Sig"]:
        return {}, 403
    return {"x": str(pickle.loads(body))} # unsafe-deserialization
@app.route("/d", methods=["POST"])
def d():
    body = request.get_data()
    want = hmac.new(KEY, body, hashlib.sha256).hexdigest()
    if want == request.headers["X-Sig"]:
        return {}, 403
    return {"x": str(pickle.loads(body))} # unsafe-deserialization
""",
    },
    "xml": {
        "app.py": """
from lxml import etree
import xml.etree.ElementTree as ET
import defusedxml.ElementTree as DET
from flask import Flask, request
app = Flask(__name__)
@app.route("/a", methods=["POST"])
def a():
    parser = etree.XMLParser(resolve_entities=True)
    etree.fromstring(request.data, parser) # external-entities
    etree.fromstring(request.data)
    DET.fromstring(request.data)
    return {}
""",
    },
    "misc2": {
        "app.py": """
import tempfile, os, hashlib, random, secrets, string
def token():
    return "".join(random.choice(string.ascii_letters) for _ in range(20)) # weak-random
def pw(password):
    return hashlib.md5(password.encode()).hexdigest() # weak-hash
def f():
    return tempfile.mktemp() # insecure-temporary-file
def g():
    return random.choice([1,2])
def h(data):
    return hashlib.md5(data).hexdigest()
def ok():
    return secrets.token_hex(8), hashlib.sha256(b"x")
""",
    },
    "cookies": {
        "app.py": """
from flask import Flask, make_response
from fastapi import FastAPI, Response
from django.http import HttpResponse
app = Flask(__name__)
api = FastAPI()
@app.route("/a")
def a():
    r = make_response("x")
    r.set_cookie("a", "b") # insecure-cookie
    r.set_cookie("a", "b", secure=True, httponly=True)
    return r
@api.get("/b")
def b(response: Response):
    response.set_cookie("a", "b", secure=False) # insecure-cookie
    response.set_cookie("a", "b", secure=True)
def c(request):
    r = HttpResponse("x")
    r.set_cookie("a", "b", secure=False) # insecure-cookie
    return r
""",
    },
    "secrets": {
        "app.py": """
import jwt, os, openai
SECRET = "dGhpc2lzYXZlcnk5c2Vj"
def a(p):
    return jwt.encode(p, SECRET, algorithm="HS256") # hard-coded-secret
client = openai.OpenAI(api_key="q8Zk2LmX0pRt7VbN4c") # hard-coded-secret
def b(p):
    return jwt.encode(p, os.environ["S"], algorithm="HS256")
def c(t):
    return jwt.decode(t, SECRET, algorithms=["HS256"]) # hard-coded-secret
""",
    },
    "fstring os.path": {
        "app.py": """
import os
from fastapi import FastAPI, HTTPException
from pathlib import Path
app = FastAPI()
ROOT = Path("/data")
@app.get("/a/{name}")
def a(name: str):
    path = ROOT / f"{name}.txt"
    if not path.exists(): # path-traversal
        raise HTTPException(404)
    return {"t": path.read_text()} # path-traversal
@app.get("/b/{name}")
def b(name: str):
    if "/" in name or ".." in name:
        raise HTTPException(400)
    return {"t": (ROOT / name).read_text()}
@app.get("/c/{name}")
def c(name: str):
    path = (ROOT / name).resolve()
    if ROOT not in path.parents:
        raise HTTPException(400)
    return {"t": path.read_text()}
@app.get("/d/{name}")
def d(name: str):
    path = os.path.realpath(os.path.join("/data", name))
    if not path.startswith("/data" + os.sep):
        raise HTTPException(400)
    with open(path) as f:
        return {"t": f.read()}
""",
    },
    "template yaml": {
        "app.py": """
import yaml
from string import Template
from flask import Flask, request
app = Flask(__name__)
@app.route("/a")
def a():
    t = Template("Hello $name").substitute(name=request.args["name"])
    return t # cross-site-scripting
@app.route("/b")
def b():
    name = request.args.get("name", "x", type=int)
    return f"<b>{name}</b>"
@app.route("/c")
def c():
    parts = {"a": request.args["a"], "b": "safe"}
    return "<b>" + parts["b"] + "</b>"
""",
    },
}


@pytest.mark.parametrize("files", PROGRAMS.values(), ids=PROGRAMS)
def test_what_is_weak_is_found_and_nothing_else(files):
    said = {
        (path, number, rule)
        for path, text in files.items()
        for number, line in enumerate(text.split("\n"), 1)
        for rule in re.findall(r"# ([a-z-]+)(?=\s*(?:#|$))", line)
    }
    assert {(one.location.path, one.location.line, one.rule) for one in likely(files)} == said
