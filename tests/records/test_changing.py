"""A file that others replace."""

from stillwatch.records.changing import INTERVAL, ChangingFile


def test_a_file_changes_once_however_often_it_is_asked_and_not_before_its_time(tmp_path):
    path, now = tmp_path / "file", [0.0]
    path.write_text("one")
    file = ChangingFile(path, lambda: now[0])
    path.write_text("another")
    assert not file.changed()
    now[0] += INTERVAL
    assert file.changed()
    now[0] += INTERVAL
    assert not file.changed()
    path.unlink()
    now[0] += INTERVAL
    assert file.changed()
    path.write_text("another")
    now[0] += INTERVAL
    assert file.changed()
