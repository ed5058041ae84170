"""The bench of training compute: anchors are compared, and priors that are wrong fail it."""

import msgspec

from stillwatch.lab.benches import compute
from stillwatch.sharing import brief


def test_every_anchor_is_compared_and_inside():
    report = compute.measure(2, 20_000, lambda _: None)
    assert report.holds
    told = {one["anchor"] for one in report.figures["anchors"]}
    assert len(told) == len(brief.anchors())
    assert all(one["width"] < 1000 for one in report.figures["anchors"])


def test_priors_that_are_wrong_are_seen():
    wrong = [
        msgspec.structs.replace(one, low=one.low / 100, high=one.high / 100)
        if one.name == "utilisation"
        else one
        for one in brief.load_priors()
    ]
    found = compute.compared(brief.Model(wrong, draws=5_000))
    hours = [one for one in found if one.unit == "h100 hours"]
    assert hours
    assert not any(one.inside for one in hours)
