import pytest

from stillwatch.records import StillwatchError
from stillwatch.service.spooling import Spooler


def test_a_draft_of_a_killed_process_is_not_taken_for_a_segment(tmp_path):
    (tmp_path / ".exchanges-received-1-ab.jsonl").write_bytes(b"half a li")
    spooler = Spooler(tmp_path)
    spooler.put(b"{}")
    spooler.close()
    (segment,) = tmp_path.iterdir()
    assert segment.read_bytes() == b"{}\n"


def test_a_spool_that_nobody_takes_away_is_full_at_some_time(tmp_path, monkeypatch):
    monkeypatch.setattr("stillwatch.service.spooling.LOOK", 0.0)
    spooler = Spooler(tmp_path, room=100)
    spooler.put(b"a" * 200)
    with pytest.raises(StillwatchError, match="full"):
        spooler.put(b"b")
    next(tmp_path.iterdir()).unlink()
    spooler.put(b"c")
    spooler.close()
    with pytest.raises(StillwatchError, match="going down"):
        spooler.put(b"d")


def test_an_error_of_the_disk_reaches_the_sender(tmp_path):
    spooler = Spooler(tmp_path / "spool")
    (tmp_path / "spool").rmdir()
    spooler._looked = float("inf")  # noqa: SLF001 - so that the directory is not looked at before it is written
    with pytest.raises(FileNotFoundError):
        spooler.put(b"a")
    spooler.close()
