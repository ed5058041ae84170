"""The examples of the how-to run as they stand."""

import re
from pathlib import Path

import pytest

from stillwatch.access.signup import load_terms

PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "check-sign-ups.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("number", "said"), [(0, "acct-1 0 [] 0.01\n"), (1, "True 0\n")], ids=["a desk", "identities"]
)
def test_examples_print_what_the_page_says(number, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    example = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[number]
    exec(compile(example, "check-sign-ups.md", "exec"), {})
    assert capsys.readouterr().out == said


def test_the_terms_of_the_page_are_read(tmp_path):
    (tmp_path / "terms.yaml").write_text(re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL).group(1))
    (tmp_path / "throwaway-hosts.txt").write_text("throwaway.example\n")
    assert load_terms(tmp_path / "terms.yaml").disposable_mail == ("throwaway.example",)
