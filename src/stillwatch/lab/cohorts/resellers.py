"""Honest resellers: customers with accounts of their own, paid by the reseller, through its egress (S15, S28, S30)."""

from collections.abc import Iterator

from stillwatch.lab import arrivals, groups
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "resellers", 150):
        crowd = groups.gather(world, rng, "resellers", groups.size(rng, 20, 120), client="python-sdk")
        groups.one_program(rng, crowd, "go-client", pathway="reseller")
        mail = crowd.account["email_domain"].copy()
        groups.one_firm(rng, crowd, invoice=bool(rng.random() < 0.4))
        crowd.set(email_domain=mail, org_id=None, kyc_level=2)
        groups.one_egress(rng, crowd, 3)
        yield groups.finished(world, rng, crowd, arrivals.habitual(world, rng, crowd))
