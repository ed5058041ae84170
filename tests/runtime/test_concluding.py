"""The process that concludes, and what it does when the store of cases is down."""

import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "laws"))
from harvest import FDR, records, sketches, tables
from staging import KEY

from stillwatch.cases import api
from stillwatch.linking.rehearsal import DAY, START
from stillwatch.runtime import concluding
from stillwatch.runtime.casework import Books
from stillwatch.runtime.concluding import Concluder, order
from stillwatch.runtime.ingest import Piece, Settings
from stillwatch.runtime.watch import Watch
from stillwatch.sources import Block

NOW = (START + 30 * DAY) / 1_000_000


def ended(concluder, seconds=60.0):
    """Wait for the process that runs."""
    until = time.monotonic() + seconds
    while not concluder.step():
        assert time.monotonic() < until
        time.sleep(0.05)


def block(kind):
    return Block("canonical_jsonl", kind, kind, 1, None)


def watched(folder):
    """A watch that has seen a campaign."""
    watch = Watch(folder, Settings(KEY), FDR, 60.0)
    for kind, rows in zip(("accounts", "events"), tables(records()), strict=True):
        for batch in rows.to_batches():
            watch.take(block(kind), Piece(kind, batch, [], {}), NOW)
    batch = sketches()
    watch.take(block("exchanges"), Piece("exchanges", batch, [], {"ts": len(batch)}), NOW)
    watch.commit({})
    for tick in watch.over(NOW):
        watch.close(tick)
        if watch.state.loop.court.docket.standing():
            break
    return watch


def test_findings_become_cases_also_when_the_store_comes_back_later(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(concluding, "AGAIN", 0.1)
    books = Books(f"sqlite:///{tmp_path}/store/cases.db", None, "acme", "watch")
    (tmp_path / "store").write_text("no directory")
    watch, concluder = watched(tmp_path / "home"), Concluder()
    concluder.ask(order(watch, tmp_path / "out", books))
    ended(concluder)
    assert (tmp_path / "out" / "campaigns.json").exists()
    time.sleep(0.2)
    concluder.step()
    ended(concluder)
    (tmp_path / "store").unlink()
    time.sleep(0.2)
    concluder.step()
    ended(concluder)
    assert "could not be written" not in caplog.text
    with api.open_store(books.url, make=False) as store:
        (case,) = api.list_cases(store.tenant("acme")).rows
        (line,) = api.list_campaigns(store.tenant("acme"), watch="watch").rows
    assert line.case_ids == [case.case_id]
    concluder.step()
    concluder.finish()
