"""The bench of sharing, small: real server, real pages, real campaigns."""

from stillwatch.lab.benches import sharing
from stillwatch.lab.benches.sharing_campaigns import STAGES
from stillwatch.lab.benches.trials import Traffic


def test_a_campaign_reaches_a_partner_and_pages_are_timed(tmp_path):
    said = []
    size = sharing.Size(2_500, 3, 1, Traffic("hydra_proxy", 0.001, 1, (), 1))
    report = sharing.measure(tmp_path, said.append, size)
    assert report.figures["page_milliseconds"]["count"] == 3
    assert report.figures["campaign_seconds"]["count"] == 1
    assert report.figures["objects_a_second_in"] > 0
    assert set(report.figures["campaign_seconds_by_stage"]) == set(STAGES)
    (campaign,) = report.figures["campaigns"]
    assert campaign["accounts"] >= 10
    assert campaign["sketch_tokens"] > 0
    assert campaign["match_tokens"] > 0
    assert len(report.floors) == 2
    assert said
