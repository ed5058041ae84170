"""Payloads are followed: code that makes data harmless rules a finding out, code that only looks as if does not."""

import pytest

HANDLER = """
import html
import os
import re
import shlex
from urllib.parse import urlsplit
from flask import Flask, redirect, request

app = Flask(__name__)

def escaped(text):
    made = ''
    for letter in text:
        if letter.isalnum():
            made += letter
        else:
            made += '&#' + str(ord(letter)) + ';'
    return made

@app.route('/')
def handler():
    given = request.args.get('q', '')
{body}
"""

HARMLESS = {
    "an escape of the code base's own": "    return '<p>' + escaped(given) + '</p>'",
    "a check that returns": "    if '<' in given:\n        return 'no'\n    return '<p>' + given + '</p>'",
    "a pattern": "    if not re.fullmatch(r'[a-z0-9]+', given):\n        return 'no'\n    os.system('ls ' + given)\n    return ''",
    "quotes for the shell": "    os.system('ls ' + shlex.quote(given))\n    return ''",
    "doubled quotes": "    import sqlite3\n    sqlite3.connect(':memory:').execute(\"select '\" + given.replace(\"'\", \"''\") + \"'\")\n    return ''",
    "a folder that is checked": "    path = os.path.normpath(os.path.join('/srv/data', given))\n    if not path.startswith('/srv/data/'):\n        return 'no'\n    open(path)\n    return ''",
    "a host that is checked": "    if urlsplit(given).netloc != 'example.org':\n        return 'no'\n    return redirect(given)",
    "the last part of a path": "    open('data/' + given.replace('\\\\', '/').split('/')[-1].replace('..', ''))\n    return ''",
}
BITING = {
    "an escape of the wrong kind": "    return '<p>' + given.replace('&', '&amp;') + '</p>'",
    "a check of something else": "    if '!' in given:\n        return 'no'\n    return '<p>' + given + '</p>'",
    "a pattern without an end": "    if not re.match(r'[a-z;$(]', given):\n        return 'no'\n    os.system('ls ' + given)\n    return ''",
    "quotes that can be left": "    os.system('ls \"' + given + '\"')\n    return ''",
    "one replacement of dots": "    open('data/' + given.replace('../', '', 1))\n    return ''",
    "a prefix of an address": "    if not given.startswith('https://'):\n        return 'no'\n    return redirect(given)",
    "coded data": "    import base64\n    return '<p>' + base64.b64decode(given).decode() + '</p>'",
    "a word that must be there": "    if not given.startswith('name='):\n        return 'no'\n    return '<p>' + given[5:] + '</p>'",
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_made_harmless_is_ruled_out_with_the_reason(name, findings):
    program = HANDLER.format(body=HARMLESS[name])
    assert [finding.message for finding in findings(program)] == []
    assert all("payloads" in finding.refuted for finding in findings(program, ruled_out=True))


@pytest.mark.parametrize("name", BITING)
def test_what_still_bites_is_shown_with_the_payload(name, findings):
    found = findings(HANDLER.format(body=BITING[name]))
    assert [finding.proof for finding in found] == ["path"]
    assert "arrives unharmed" in " ".join(found[0].why)


def test_a_call_without_the_argument_is_no_finding(findings):
    assert findings("import os\n\n\ndef names():\n    return os.listdir(), open()\n") == []


def test_an_input_of_several_values_is_a_list(findings):
    program = """
import tornado.web


class Page(tornado.web.RequestHandler):
    def get(self):
        eval(self.get_arguments("q")[0])
"""
    (found,) = findings(program)
    assert (found.rule, found.proof) == ("code-injection", "path")
