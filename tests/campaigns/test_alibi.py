"""A gathering is excused, an operator is not, and what is unknown excuses nobody."""

import msgspec
import numpy as np
import pytest
from stages import scene_of

from stillwatch.campaigns.alibi import gathering
from stillwatch.features.groups import Groups
from stillwatch.linking.rehearsal import DAY, START, Rehearsal, dealt_out, each

HALL = {"client_ip": "203.0.113.9", "asn": 64_999}
EVENING = {"created_at": START - DAY, "referral": "hack-night"}
TWO_DAYS = dealt_out(12, range(6, 8))
EVERY_DAY = dealt_out(4)


def excused(rehearsal, without=()):
    scene, suspects = scene_of(rehearsal)
    if "daily" in without:
        scene = msgspec.structs.replace(scene, daily=np.zeros_like(scene.daily))
    return float(gathering(Groups.of([suspects]), scene).value[0])


def test_a_hackathon_is_excused():
    meet = Rehearsal(name="hackathon", size=30, schedule=TWO_DAYS, exchange=HALL, account=EVENING)
    assert excused(meet) > 1.5


@pytest.mark.parametrize(
    ("name", "schedule", "account"),
    [
        ("one occasion that goes on", EVERY_DAY, EVENING),
        (
            "two days without an occasion",
            TWO_DAYS,
            {
                "created_at": each(*(START - days * DAY for days in range(10, 100, 9))),
                "referral": each("a", "b", "c", "d"),
                "email_domain": each(*(f"mail{number}.test" for number in range(9))),
            },
        ),
    ],
)
def test_either_half_alone_excuses_little(name, schedule, account):
    some = Rehearsal(
        name=name,
        size=30,
        schedule=schedule,
        exchange={"client_ip": each("192.0.2.1", "198.51.100.1", "203.0.113.1")},
        account=account,
    )
    assert excused(some) < 0.8


def test_unknown_days_excuse_nobody():
    meet = Rehearsal(name="hackathon", size=30, schedule=TWO_DAYS, exchange=HALL, account=EVENING)
    assert excused(meet, without=("daily",)) == 0.0
