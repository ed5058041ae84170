"""CI fleets: a firm's jobs on ephemeral runners, a new address for every call, round the clock (C1, C3)."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from stillwatch.lab import groups, places
from stillwatch.lab.arrays import mixed
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World

RUNNERS = (8075, 16509, 396982)


def build(world: World) -> Iterator[Slice]:
    for rng in groups.instances(world, "ci_fleets", 250):
        crowd = groups.gather(world, rng, "ci_fleets", groups.size(rng, 4, 25), client="http-library")
        groups.one_program(rng, crowd, "http-library")
        groups.one_firm(rng, crowd, invoice=bool(rng.random() < 0.5))
        groups.staying(world, crowd)
        calls = groups.runs(
            world, rng, crowd, float(rng.uniform(0.25, 1)), rng.integers(1, 6, crowd.size), gap=20.0
        )
        asn, net = places.hosted_networks(rng, calls.size, RUNNERS)
        review = groups.wrapped(
            "Review this diff. List bugs with line numbers, or reply LGTM.\n\n",
            groups.own_request(world, rng, crowd, calls),
            f"\n\ncommit {mixed(int(rng.integers(1 << 30))) % 10**9:09d}",
        )
        address = places.address_text(net + 1 + rng.integers(0, 254, calls.size))
        land = places.address_country(asn, net, np.zeros(calls.size, dtype=np.int64))
        yield groups.finished(
            world,
            rng,
            crowd,
            calls,
            {
                "prompt": review,
                "client_ip": address,
                "asn": pa.array(asn),
                "country": pa.array(places.COUNTRY_CODES.tolist()).take(pa.array(land)),
                **groups.single(calls),
            },
        )
