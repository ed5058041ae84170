"""The functions that edits put into files: what they let through does no harm, and what is harmless passes them."""

import io
import pickle
import re
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.codescan.patch.fixes import (
    code_injection,
    regex_injection,
    server_side_request_forgery,
    unsafe_deserialization,
)


def made(text, name):
    namespace = {}
    exec("import ipaddress, pickle, re, socket, urllib.parse\n" + text, namespace)
    return namespace[name]


PLAIN = made(code_injection.GUARD, code_injection.NAME)
BOUNDED = made(regex_injection.GUARD, regex_injection.NAME)
PUBLIC = made(server_side_request_forgery.GUARD.format(error="ValueError"), server_side_request_forgery.NAME)
UNPICKLER = made(unsafe_deserialization.UNPICKLER, unsafe_deserialization.PLAIN)

EXPRESSIONS = st.text(alphabet="0123456789'\" +-*/()[]{},:.<>=!&|^~%\\nfrbuxa_#\n", max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=8,
)


class _Names(dict):
    """The names of an evaluation; that one is asked for is what must not happen."""

    def __missing__(self, name):
        raise AssertionError(f"{name} was looked up")


@given(EXPRESSIONS)
def test_an_expression_that_passes_looks_nothing_up(text):
    try:
        PLAIN(text)
    except ValueError:
        return
    try:
        code = compile(text.strip(), "x", "eval")
    except (SyntaxError, ValueError, MemoryError, OverflowError):
        return
    assert code.co_names == ()


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('id')", "''.__class__", "f'{open}'", "'''1'1\"'''+eval(1)+'1'", '"""1"1\'"""+open(1)+"1"',
        "0or open", "(lambda: 1)()", "9**9**9", "1<<9", "'\\'+open(1)+'", "[x for x in 'ab']",
    ],
)  # fmt: skip
def test_an_expression_that_could_call_something_is_refused(text):
    with pytest.raises(ValueError, match="more than values"):
        PLAIN(text)


@pytest.mark.parametrize(
    "text", ["1 + 2", "'text'", "[1, 2, 3]", "{'a': 1}", "not True or 3 > 2", "(1.5, -2)", '"a b"', ""]
)
def test_values_and_operators_pass(text):
    assert PLAIN(text) == text


@pytest.mark.parametrize("pattern", ["(a+)+$", "(?:a|aa)+$", "(a*){2,}", "(?x)(a+) +", "(a+)(?#c)+"])
def test_a_pattern_that_repeats_a_group_is_refused(pattern):
    with pytest.raises(re.error):
        BOUNDED(pattern)


@given(st.text(alphabet="abc.[]^$?*+-{}0123 ", max_size=20))
def test_a_pattern_without_groups_passes(pattern):
    assert BOUNDED(pattern) == pattern


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest", "http://127.0.0.1/", "http://[::1]/", "http://10.1.2.3:8080/", "https://192.168.0.1/x",
        "http://[::ffff:169.254.169.254]/", "file:///etc/passwd", "ftp://example.org/", "169.254.169.254/", "http://localhost/",
        "http://a@127.0.0.1/", "http://0.0.0.0/",
    ],
)  # fmt: skip
def test_an_address_of_an_inner_network_is_refused(url):
    with pytest.raises(ValueError, match=r"url type|not public"):
        PUBLIC(url)
    with pytest.raises(ValueError, match=r"url type|not public"):
        PUBLIC(url.upper())


def test_a_public_address_passes_and_so_does_a_name_that_nobody_has(monkeypatch):
    assert PUBLIC("https://8.8.8.8/a?b=c") == "https://8.8.8.8/a?b=c"

    def nobody(*_arguments):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    assert PUBLIC("https://name.invalid/x") == "https://name.invalid/x"


@given(VALUES, st.integers(min_value=0, max_value=pickle.HIGHEST_PROTOCOL))
def test_plain_data_is_read_as_pickle_reads_it(value, protocol):
    assert UNPICKLER(io.BytesIO(pickle.dumps(value, protocol))).load() == value


class _Runs:
    def __reduce__(self):
        return print, ("ran",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_what_needs_code_is_refused(capsys, protocol):
    with pytest.raises(pickle.UnpicklingError, match="not plain data"):
        UNPICKLER(io.BytesIO(pickle.dumps([_Runs()], protocol))).load()
    assert capsys.readouterr().out == ""


def test_sets_are_plain_data():
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert UNPICKLER(io.BytesIO(pickle.dumps({1, 2}, protocol))).load() == {1, 2}
