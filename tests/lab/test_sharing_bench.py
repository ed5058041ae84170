"""The bench of sharing, small: real server, real pages, real campaigns."""

from stillwatch.lab.benches import sharing


def test_a_campaign_reaches_a_partner_and_pages_are_timed(tmp_path):
    said = []
    report = sharing.measure(tmp_path, said.append, objects=2_500, pages=3, campaigns=1, seed=8000)
    assert report.figures["page_milliseconds"]["count"] == 3
    assert report.figures["campaign_seconds"]["count"] == 1
    assert report.figures["objects_a_second_in"] > 0
    assert len(report.floors) == 2
    assert said
