"""The room from outside: the page that says how to use it, run as it is written; and the rest without its extra."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from software_authenticator import Maker

from stillwatch.access.verification.api import REASONS, catalogue, load

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "verify-customers.md"
HIDDEN = """
import sys
class Hiding:
    def __init__(self, inner): self.inner = inner
    def __getattr__(self, name): return getattr(self.inner, name)
    def find_spec(self, name, *more):
        hidden = ("webauthn", "authlib", "joserfc", "dns", "sqlalchemy", "cryptography", "yaml")
        return None if name.partition(".")[0] in hidden else self.inner.find_spec(name, *more)
sys.meta_path[:] = [Hiding(one) for one in sys.meta_path]
"""


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_page_as_it_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {}
    first, second = blocks("python")
    exec(compile(first, str(PAGE), "exec"), names)
    printed = capsys.readouterr().out.strip()
    assert f"It prints `{printed}`" in PAGE.read_text(encoding="utf-8")
    exec(compile(second, str(PAGE), "exec"), names)
    assert names["proved"] is False


def test_the_settings_of_the_page(tmp_path, monkeypatch):
    monkeypatch.setenv("GOOGLE_SECRET", "x")
    monkeypatch.setenv("IDCHECK_SECRET", "x" * 24)
    (tmp_path / "fido-roots.pem").write_bytes(Maker().root_pem())
    (tmp_path / "verification.yaml").write_text(blocks("yaml")[0])
    assert load(tmp_path / "verification.yaml").relying_party.id == "example.com"


def test_methods_are_those_of_the_folder():
    assert set(catalogue()) == {
        "domain_control",
        "identity_vendor",
        "key_dpop",
        "key_mtls",
        "one_time_code",
        "organisation_login",
        "passkey",
        "recorded",
    }
    assert len(REASONS) == len(set(REASONS))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import stillwatch.responses; print(len(stillwatch.responses.catalogue()))", "10"),
        ("from stillwatch.access import verification; print(verification.installed())", "False"),
        (
            "from stillwatch.access import verification\ntry: verification.Office\nexcept Exception as e: print(type(e).__name__, e)",
            "pip install 'stillwatch[access]'",
        ),
        ("from stillwatch.cli import main; sys.argv = ['stillwatch', '--help']; main()", "serve"),
    ],
)
def test_what_needs_no_verification_runs_without_the_extra(code, said):
    done = subprocess.run(
        [sys.executable, "-c", HIDDEN + code], capture_output=True, text=True, timeout=60, check=False
    )
    assert said in done.stdout, done.stderr
