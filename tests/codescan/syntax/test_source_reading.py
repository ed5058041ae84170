"""Files of any Python are read, and what cannot be read is said."""

import ast
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.codescan.syntax import nodes
from stillwatch.codescan.syntax.reading import Unreadable, decoded, read


def body(source: str) -> nodes.Block:
    return read("a.py", textwrap.dedent(source).encode()).tree.body


def value(source: str) -> nodes.Expression:
    (statement,) = body(f"x = {source}")
    assert isinstance(statement, nodes.Assign)
    return statement.value


def test_what_newer_pythons_write():
    source = read(
        "new.py",
        b"type Pair[T] = tuple[T, T]\n"
        b"def first[T](pair: Pair[T]) -> T: return pair[0]\n"
        b"text = f\"{names['key']!r:>{width}}\"\n"
        b"template = t'hello {name}'\n"
        b"try: pass\nexcept* ValueError: pass\n",
    )
    assert source.broken == ()
    assert [type(statement).__name__ for statement in source.tree.body] == [
        "Assign", "Function", "Assign", "Assign", "Try",
    ]  # fmt: skip


def test_what_python_2_wrote():
    source = read(
        "old.py",
        b"print 'a', 1\nexec 'x = 1'\ntry:\n    pass\nexcept ValueError, error:\n    raise\nn = 0777L\n",
    )
    assert source.broken == ()
    handler = source.tree.body[2].handlers[0]
    assert (handler.type.name, handler.name) == ("ValueError", "error")
    assert source.tree.body[3].value.value == 0o777


def test_what_is_broken_is_said_and_the_rest_is_read():
    source = read(
        "broken.py", b"def good():\n    return 1\n\ndef bad(:\n    return 2\n\ndef fine():\n    return 3\n"
    )
    assert source.broken
    names = [statement.name for statement in source.tree.body if isinstance(statement, nodes.Function)]
    assert "good" in names
    assert "fine" in names


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x = 1\0", "NUL"),
        (b"# coding: klingon\nx = 1\n", "klingon"),
        (b"x = '\xff\xfe'\n", "not utf-8"),
    ],
)
def test_what_is_no_text_is_refused(data, reason):
    with pytest.raises(Unreadable, match=reason):
        read("bad.py", data)


def test_declared_encodings_are_used():
    assert decoded("# -*- coding: latin-1 -*-\nname = 'é'\n".encode("latin-1")).endswith("'é'\n")


def test_deep_nesting_is_an_error_of_the_file():
    with pytest.raises(Unreadable, match="nested"):
        read("deep.py", b"x = " + b"(" * 50_000 + b"1" + b")" * 50_000)


@pytest.mark.parametrize(
    "literal",
    ["'a\\n\\x41\\u00e9'", 'r"a\\n"', "b'\\x00\\xff'", "'a' \"b\" '''c'''", "0x1f", "1_000", "1e3", "2j", "'\\N{BULLET}'",
     "'\\'quoted\\''", "'line\\\nnext'", "''", "b''", "rb'\\d'"],
)  # fmt: skip
def test_literals_mean_what_python_says(literal):
    found = value(literal)
    assert isinstance(found, nodes.Constant)
    assert found.value == ast.literal_eval(literal)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\r")))
def test_any_text_is_read_or_refused(text):
    try:
        source = read("any.py", text.encode())
    except Unreadable:
        return
    assert source.lines == tuple(text.removeprefix("\ufeff").split("\n"))


@given(st.text())
def test_a_string_as_python_writes_it_is_that_string(text):
    found = value(ascii(text))
    assert isinstance(found, nodes.Constant)
    assert found.value == text


def test_class_patterns_with_keywords():
    (match,) = body("""
    match x:
        case a.B(left=C(), right=(1 | 2), rest=None):
            pass
        case B(1, -1, name):
            pass
    """)
    first, second = (case.pattern for case in match.cases)
    assert [name for name, _ in first.keywords] == ["left", "right", "rest"]
    assert [type(one).__name__ for one in second.positional] == [
        "ValuePattern",
        "ValuePattern",
        "CapturePattern",
    ]
