import pytest

from stillwatch.codescan.measure.errors import UnusableSuite
from stillwatch.codescan.measure.suite import Case, Suite, read, write_answers

CASES = [Case("one", "sqli", True, 89), Case("two", "sqli", False, 89)]


@pytest.fixture
def suite(tmp_path):
    made = Suite(tmp_path / "suite", CASES)
    (made.root / "testcode").mkdir(parents=True)
    for case in CASES:
        made.file(case).write_text("")
    write_answers(made)
    return made


def answers(suite, text):
    (suite.root / "expectedresults-generated.csv").write_text(text)


def test_what_is_written_is_read(suite):
    assert read(suite.root) == suite


def test_comments_and_further_columns_are_passed_over(suite):
    answers(suite, "# name, and so on\none, sqli, true, 89, more\n\ntwo,sqli,false,89\n")
    assert read(suite.root).cases == CASES


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("one,sqli,true\n", ":1: 3 columns"),
        ("one,sqli,maybe,89\n", ":1: 'maybe' is neither true nor false"),
        ("#\none,sqli,true,CWE-89\n", ":2: 'CWE-89' is no CWE number"),
        ("../one,sqli,true,89\n", "cannot be the name of a Python file"),
        ("one,sqli,true,89\none,sqli,false,89\n", ":2: one is named twice"),
        ("# nothing\n", "names no case"),
        ("one,sqli,true,89\nthree,sqli,true,89\n", "three.py: missing"),
    ],
)
def test_answers_that_do_not_hold_are_told_with_their_place(suite, text, told):
    answers(suite, text)
    with pytest.raises(UnusableSuite, match=told):
        read(suite.root)


def test_a_folder_that_is_no_suite_is_told(tmp_path):
    with pytest.raises(UnusableSuite, match="no such folder"):
        read(tmp_path / "absent")
    with pytest.raises(UnusableSuite, match="its answers are not known"):
        read(tmp_path)


def test_two_files_of_answers_are_one_too_many(suite):
    (suite.root / "expectedresults-9.csv").write_text("one,sqli,true,89\n")
    with pytest.raises(UnusableSuite, match="2 files"):
        read(suite.root)


def test_bytes_that_are_no_text_are_told(suite):
    (suite.root / "expectedresults-generated.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnusableSuite):
        read(suite.root)
