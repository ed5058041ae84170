"""Requests that the server makes: addresses that lead into its own networks, or not to the web at all, are refused.

The host is looked up, and every address it has must be a public one. Left to a person: a list of the hosts that are meant, which is
better; redirects, which the answering host may send into the inner network; and hosts whose address changes between the
look-up and the request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "server-side-request-forgery"
NAME = "public_address"
REFUSES = {
    "requests": "requests.exceptions.InvalidURL",
    "httpx": "httpx.UnsupportedProtocol",
    "aiohttp": "aiohttp.InvalidURL",
}
"""What the libraries raise for addresses they do not take, so that whoever expects that is served."""
GUARD = '''def public_address(url):
    """The address; refused where it is not of the web, or leads to a network that is not public."""
    parts = urllib.parse.urlsplit(str(url))
    if parts.scheme not in ("http", "https"):
        raise {error}(f"unknown url type: {{url!r}}")
    try:
        found = socket.getaddrinfo(parts.hostname, None)
    except OSError:  # nobody has this name, so nobody is asked
        found = []
    for *_, address in found:
        if not ipaddress.ip_address(address[0]).is_global:
            raise {error}(f"{{url!r}} leads to a network that is not public")
    return url
'''
MODULES = ("ipaddress", "socket", "urllib.parse")
WITH_METHOD = frozenset({"request", "stream"})


def edits(site: Site) -> Iterator[Edit]:
    """Look at the address before it is asked."""
    package, _, name = site.finding.sink.partition(".")
    given = site.argument(1 if name.rpartition(".")[2] in WITH_METHOD else 0, "url", "fullurl")
    if given is None:
        raise NoFix("the address is not written out")
    address = _address(site, given.value)
    error = REFUSES.get(package, "ValueError")
    edit = Edit("addresses of networks that are not public are refused")
    modules = (*MODULES, package) if package in REFUSES else MODULES
    guard = site.defining(NAME, GUARD.format(error=error), modules, edit)
    checked = f"{guard}({site.code(address)})"
    if isinstance(site.function, cst.FunctionDef) and site.function.asynchronous is not None:
        threads = site.using("asyncio", None, edit)
        checked = f"await {threads}.to_thread({guard}, {site.code(address)})"  # a look-up would keep all others waiting
    edit.replaced[address] = cst.parse_expression(checked)
    yield edit


def _address(site: Site, given: cst.BaseExpression) -> cst.BaseExpression:
    """The expression of the address: what is given, or what the request that is given is made of."""
    match site.resolved(given):
        case cst.Call(func=function, args=[cst.Arg(value=inner, star="", keyword=None), *_]) if (
            site.code(function).rpartition(".")[2] == "Request"
        ):
            return inner
    return given


EXAMPLES = [
    (
        """
import requests
from flask import Flask, request

app = Flask(__name__)

@app.route("/preview")
def preview():
    return {"size": len(requests.get(request.args["url"], timeout=5).content)}
""",
        f"""
import requests
from flask import Flask, request
import ipaddress
import socket
import urllib.parse


{GUARD.format(error=REFUSES["requests"]).rstrip()}


app = Flask(__name__)

@app.route("/preview")
def preview():
    return {{"size": len(requests.get(public_address(request.args["url"]), timeout=5).content)}}
""",
    ),
    (
        """
from urllib.request import Request, urlopen
from flask import Flask, request

app = Flask(__name__)

@app.route("/preview")
def preview():
    url = request.args["url"]
    return {"size": len(urlopen(Request(url, headers={"A": "b"})).read())}
""",
        f"""
from urllib.request import Request, urlopen
from flask import Flask, request
import ipaddress
import socket
import urllib.parse


{GUARD.format(error="ValueError").rstrip()}


app = Flask(__name__)

@app.route("/preview")
def preview():
    url = request.args["url"]
    return {{"size": len(urlopen(Request(public_address(url), headers={{"A": "b"}})).read())}}
""",
    ),
]
