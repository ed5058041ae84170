"""Onboarding waves: a launch or a video brings hundreds of sign-ups from one country within two days (C11)."""

from collections.abc import Iterator

from stillwatch.lab import arrivals, groups
from stillwatch.lab.arrays import DAY, choose, texts
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "onboarding_waves", 100):
        country = groups.some_country(rng)
        crowd = groups.gather(world, rng, "onboarding_waves", groups.size(rng, 120, 400), country=country)
        begin = world.start + int(rng.integers(0, max(world.days - 3, 1)) * DAY)
        groups.enrolled(rng, crowd, begin, float(rng.uniform(6, 48)))
        kinds = texts(["prepaid", "virtual", "debit", "credit"])[
            choose(rng, (0.2, 0.2, 0.3, 0.3), crowd.size)
        ]
        paid = crowd.account["payment_fp"] != None  # noqa: E711  (an element-wise test)
        kinds[~paid] = None
        crowd.set(payment_kind=kinds, referral=f"launch-{rng.integers(100, 999)}")
        yield groups.finished(world, rng, crowd, arrivals.habitual(world, rng, crowd))
