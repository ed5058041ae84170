"""The file of verdicts: what goes in comes out, and a file that is not whole says so."""

import struct
import threading

import pyarrow as pa
import pytest
from composed import verdict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.policy import VerdictTable
from stillwatch.policy import publish as publishing
from stillwatch.policy.publish import VERDICTS, publish, rows
from stillwatch.policy.verdict_layout import ROW, Header, hashed
from stillwatch.records import StillwatchError, UnreadableInput, Verdict

FLOATS = st.floats(allow_nan=False)
VERDICT = st.builds(
    Verdict,
    campaign_id=st.text(max_size=8),
    state=st.sampled_from(["suspected", "open", "confirmed"]),
    probability=FLOATS,
    log_e_value=FLOATS,
    accounts=st.integers(0, 2**32 - 1),
    capability=st.text(max_size=5),
    since=st.integers(-(2**62), 2**62),
    active=st.booleans(),
    case_id=st.none() | st.text(max_size=5),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held=st.dictionaries(st.text(max_size=12), VERDICT, max_size=40), others=st.lists(st.text(max_size=12))
)
def test_what_is_published_is_looked_up(tmp_path, held, others):
    path = tmp_path / "verdicts"
    assert publish(path, rows(held.items()), version=7) == len(held)
    table = VerdictTable.open(path)
    assert (table.version, len(table)) == (7, len(held))
    for account, expected in held.items():
        assert table.lookup(account) == expected
    for account in others:
        assert table.lookup(account) == held.get(account)
    assert list(tmp_path.iterdir()) == [path]


def test_many_verdicts_each_found_and_nobody_else(tmp_path):
    held = {f"acct-{number}": verdict(accounts=number) for number in range(5_000)}
    publish(tmp_path / "verdicts", rows(held.items()), version=1)
    table = VerdictTable.open(tmp_path / "verdicts")
    assert all(table.lookup(account) == expected for account, expected in held.items())
    assert not any(table.lookup(f"acct-{number}") for number in range(5_000, 10_000))


def test_few_are_hashed_as_many_are(monkeypatch):
    accounts = pa.chunked_array([["a", "", "ümlaut"], ["b\0c"]], pa.string())
    few = publishing._hashes(b"salt", accounts)  # noqa: SLF001 - the two ways to the same
    monkeypatch.setattr(publishing, "MANY", 1)
    assert few.tolist() == publishing._hashes(b"salt", accounts).tolist()  # noqa: SLF001
    assert few.tolist() == [list(hashed(b"salt", one)) for one in accounts.to_pylist()]


def test_an_account_id_that_no_text_can_hold_has_no_verdict(published):
    assert VerdictTable.open(published({"a": verdict()})).lookup("\ud800") is None


def test_an_account_id_does_not_stand_in_the_file(published):
    path = published({"acct-secret-name": verdict()})
    assert b"secret" not in path.read_bytes()


def test_the_same_verdicts_are_hashed_anew_each_time(published):
    path = published({"a": verdict()})
    before = Header.decode(path.read_bytes(), path.stat().st_size).salt
    published({"a": verdict()})
    assert Header.decode(path.read_bytes(), path.stat().st_size).salt != before


def test_a_row_whose_check_differs_accuses_nobody(published):
    path = published({"a": verdict(), "b": verdict()})
    data = bytearray(path.read_bytes())
    header = Header.decode(bytes(data), len(data))
    key, check = hashed(header.salt, "a")
    at = next(at for at in range(2) if struct.unpack_from("=Q", data, header.keys + 8 * at)[0] == key)
    struct.pack_into("=Q", data, header.rows + ROW.size * at, check ^ 1)
    path.write_bytes(data)
    table = VerdictTable.open(path)
    assert table.lookup("a") is None
    assert table.lookup("b") == verdict()


def test_of_two_accounts_with_one_key_each_keeps_its_own(published):
    path = published({"a": verdict(accounts=1), "b": verdict(accounts=2)})
    data = bytearray(path.read_bytes())
    header = Header.decode(bytes(data), len(data))
    key, _ = hashed(header.salt, "a")
    for at in range(2):
        struct.pack_into("=Q", data, header.keys + 8 * at, key)
    bucket = key >> (64 - header.bits)
    for at in range((1 << header.bits) + 1):
        struct.pack_into("=I", data, header.buckets + 4 * at, 2 if at > bucket else 0)
    path.write_bytes(data)
    assert VerdictTable.open(path).lookup("a") == verdict(accounts=1)


def test_an_account_that_stands_twice_keeps_its_first_row(tmp_path):
    twice = rows([("a", verdict(accounts=1)), ("b", verdict()), ("a", verdict(accounts=2))])
    assert publish(tmp_path / "v", twice, version=1) == 2
    assert VerdictTable.open(tmp_path / "v").lookup("a").accounts == 1


@pytest.mark.parametrize("column", VERDICTS.names)
def test_rows_that_are_no_verdicts_are_refused_and_nothing_is_written(tmp_path, column):
    with pytest.raises(StillwatchError, match="no verdicts"):
        publish(tmp_path / "v", rows([("a", verdict())]).drop_columns([column]), version=1)
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(StillwatchError, match="missing/v: cannot be written"):
        publish(tmp_path / "missing" / "v", rows([]), version=1)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadableInput, match="none"):
        VerdictTable.open(tmp_path / "none")
    with pytest.raises(UnreadableInput):
        VerdictTable.open(tmp_path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "v"
    publish(path, rows([(name, verdict(case_id=name)) for name in "abc"]), version=1)
    return path.read_bytes()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 10_000))
def test_a_file_cut_anywhere_is_refused(tmp_path, whole, cut):
    path = tmp_path / "v"
    path.write_bytes(whole[: cut % len(whole)])
    with pytest.raises(UnreadableInput, match="v: "):
        VerdictTable.open(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 10_000), value=st.binary(min_size=1, max_size=12))
def test_damage_anywhere_is_an_error_of_one_kind_at_worst(tmp_path, whole, at, value):
    path = tmp_path / "v"
    data = bytearray(whole)
    at %= len(data)
    data[at : at + len(value)] = value[: len(data) - at]
    path.write_bytes(data)
    try:
        table = VerdictTable.open(path)
        for name in "abcd":
            table.lookup(name)
    except UnreadableInput:
        pass


def test_damage_to_the_header_is_seen(published):
    path = published({"a": verdict()})
    data = bytearray(path.read_bytes())
    for at in range(0, 104, 3):
        broken = data.copy()
        broken[at] ^= 1
        path.write_bytes(broken)
        with pytest.raises(UnreadableInput):
            VerdictTable.open(path)


def test_a_reader_never_sees_half_a_file(tmp_path):
    """One thread replaces the file while others open and look up: each sees one whole version."""
    path = tmp_path / "verdicts"
    versions = 12
    tables = [rows([(f"a{n}", verdict(accounts=version)) for n in range(200)]) for version in range(versions)]
    publish(path, tables[0], version=0)
    done = threading.Event()
    wrong = []

    def read():
        while not done.is_set():
            table = VerdictTable.open(path)
            seen = {table.lookup(f"a{n}").accounts for n in range(0, 200, 20)}
            if seen != {table.version}:
                wrong.append((table.version, seen))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for version, table in enumerate(tables):
        publish(path, table, version=version)
    done.set()
    for reader in readers:
        reader.join()
    assert not wrong
    assert VerdictTable.open(path).version == versions - 1


def test_whoever_has_the_old_file_open_keeps_it(published):
    old = VerdictTable.open(published({"a": verdict()}, version=1))
    published({"b": verdict()}, version=2)
    assert old.lookup("a") == verdict()
    assert old.lookup("b") is None
