"""The benchmark of private matching at a small size: evaluators are the command, in processes of their own."""

from stillwatch.lab.benches import match


def test_two_labs_find_exactly_what_they_have_in_common(tmp_path, monkeypatch):
    monkeypatch.setattr(match, "MORE", 8)
    monkeypatch.setattr(match, "TIMED", 4)
    report = match.measure(tmp_path, 40, 20, lambda _line: None)
    assert report.figures["wrong"] == 0
    assert report.figures["distinct_tokens"] == 40 + 8 + 5  # a quarter of 20 is not lab B's
    assert report.holds
    assert set(report.figures["microseconds_an_element"]) >= {
        "blind",
        "evaluate",
        "prove",
        "verify",
        "finish",
    }
    assert (tmp_path / "threshold" / "lab-c" / "evaluator.db").exists()
