"""The program that serves all cases of a suite as one application, for scanners that run what they scan."""

from string import Template

_PROGRAM = '''"""All cases as one application."""

import importlib
import pathlib
import secrets

from flask import Flask

app = Flask(__name__)
app.secret_key = secrets.token_bytes(16)
for found in sorted(pathlib.Path(__file__).with_name("$folder").glob("*.py")):
    importlib.import_module(f"$folder.{found.stem}").init(app)
'''


def application(folder: str) -> str:
    """Write the program for cases in the given folder beside it."""
    return Template(_PROGRAM).substitute(folder=folder)
