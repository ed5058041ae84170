"""How soon a campaign is with a partner, and how fast a large collection is read and written, over real HTTP.

The server is `stillwatch share serve` in a process of its own, on SQLite in a file. Half of the objects go in over HTTP,
as a partner hands them in, which is timed. A page is timed from the request to the decoded envelope, at places all over
the collection in random order. What is timed of a campaign `sharing_campaigns` says.
"""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import httpx
import msgspec
import numpy as np
from rich.table import Table

from stillwatch import cases
from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.lab.benches.sharing_campaigns import Sent, Way, by_stage, require_validator
from stillwatch.lab.benches.trials import Traffic
from stillwatch.lab.served.sharing import TENANT, ours
from stillwatch.records import StillwatchError, rfc3339
from stillwatch.sharing import taxii
from stillwatch.sharing.taxii.records import MEDIA_TYPE, Envelope, Manifest

PAGE = 1_000
PART = 5_000  # objects that are put in at once
AMBER = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
ARRIVED_SECONDS, PAGE_MILLISECONDS = 10.0, 100.0
STAMP = 1_767_225_600_000_000  # 2026-01-01
WORDS = ("carrier", "lattice", "harvest", "rubric", "session", "prefix", "cohort", "replay")


class Size(NamedTuple):
    """How much is measured: objects held, pages read, campaigns sent, and of which simulated log."""

    objects: int
    pages: int
    campaigns: int
    traffic: Traffic


def measure(root: Path, tell: Tell, size: Size) -> Report:
    """Fill a collection with so many objects, read pages of it, and send campaigns that were found."""
    objects, pages, campaigns, traffic = size
    require_validator()
    chance = random.Random(traffic.seed)
    server, login = ours(root / "partner")
    tell(f"putting {objects // 2:,} objects into the store")
    _fill(root / "partner", chance, objects // 2)
    with server:
        place = f"{server.url}/taxii2/{TENANT}/collections/both/"
        tell(f"handing in {objects - objects // 2:,} objects over HTTP")
        rate = asyncio.run(_hand_in(place, login.token, chance, objects - objects // 2))
        tell(f"reading {pages} pages")
        times = _page_times(place, login.headers(), chance, pages)
        sent = _campaigns(
            Way(root, traffic, root / "partner", server.url, login.token, tell), campaigns, tell
        )
    arrived = [one.total for one in sent]
    figures: Figures = {
        "objects": objects,
        "objects_a_second_in": rate,
        "page_milliseconds": _spread(times),
        "campaign_seconds": _spread(arrived),
        "campaign_seconds_by_stage": {name: _spread(values) for name, values in by_stage(sent).items()},
        "campaigns": [
            {
                "accounts": one.accounts,
                "objects": one.objects,
                "sketch_tokens": one.sketched,
                "match_tokens": one.tokens,
            }
            for one in sent[: len({one.accounts for one in sent})]
        ],
        "traffic": traffic.folder,
    }
    floors = [
        Floor("seconds from a campaign to a partner, slowest", max(arrived), ARRIVED_SECONDS, at_least=False),
        Floor(
            f"ms for a page of {PAGE:,} of {objects:,}, p95",
            float(np.percentile(times, 95)),
            PAGE_MILLISECONDS,
            at_least=False,
        ),
    ]
    return Report("sharing", figures, floors, [traffic.seed], [_table(times, sent, rate)])


def _fill(folder: Path, chance: random.Random, count: int) -> None:
    with cases.open_store(f"sqlite:///{folder}/cases.db", audit_key=folder / "audit.key") as store:
        tenant = store.tenant(TENANT)
        shelf = taxii.house_shelf(tenant, "both")
        for part in _parts(chance, count):
            taxii.add(tenant, shelf, "partner", part)


async def _hand_in(place: str, token: str | None, chance: random.Random, count: int) -> float:
    """Objects a second."""
    made = list(_parts(chance, count))
    begun = time.perf_counter()
    async with taxii.Peer(token=token) as peer:
        for part in made:
            told = await taxii.push(peer, place, part)
            if told.refused:
                raise StillwatchError(f"objects were refused: {told.refused[0]}")
    return count / (time.perf_counter() - begun)


def _page_times(place: str, headers: dict[str, str], chance: random.Random, pages: int) -> list[float]:
    """Milliseconds for each page, from all over the collection."""
    out = []
    with httpx.Client(headers={**headers, "accept": MEDIA_TYPE}, timeout=60) as client:
        begins = _begins(client, place)
        for number in range(pages + 1):
            asked = {"added_after": chance.choice(begins), "limit": str(PAGE)}
            begun = time.perf_counter()
            page = msgspec.json.decode(client.get(f"{place}objects/", params=asked).content, type=Envelope)
            if number:  # the first one opens the connection
                out.append((time.perf_counter() - begun) * 1e3)
            if len(page.objects) != PAGE:
                raise StillwatchError(f"a page has {len(page.objects)} objects")
    return out


def _begins(client: httpx.Client, place: str) -> list[str]:
    """Times of adding after which there is a whole page."""
    out: list[str] = []
    wanted = {"limit": str(PAGE)}
    while True:
        page = msgspec.json.decode(client.get(f"{place}manifest/", params=wanted).content, type=Manifest)
        if not page.more or page.next is None:
            return out[:-1] or out
        out.append(page.objects[-1].date_added)
        wanted["next"] = page.next


def _campaigns(way: Way, count: int, tell: Tell) -> list[Sent]:
    sent = []
    with way.open() as tenant:
        for number in range(count):
            tell(f"campaign {number + 1} of {count}")
            sent.append(way.send(tenant, way.campaigns[number % len(way.campaigns)]))
    return sent


def _parts(chance: random.Random, count: int) -> Iterator[Sequence[bytes]]:
    for begin in range(0, count, PART):
        yield [_stix(chance, begin + number) for number in range(min(PART, count - begin))]


def _stix(chance: random.Random, number: int) -> bytes:
    """An indicator of a usual size, 900 bytes or so."""
    stamp = rfc3339(STAMP + number * 1_000_000)
    says = " ".join(chance.choices(WORDS, k=40))
    made = {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{UUID(int=chance.getrandbits(128), version=4)}",
        "created_by_ref": "identity--0d5a4f6e-36a5-4c0e-9a63-3a1f9f3b1f11",
        "created": stamp,
        "modified": stamp,
        "name": f"Template family {number}",
        "description": says,
        "indicator_types": ["malicious-activity"],
        "pattern": f"[user-account:account_login = '{chance.getrandbits(128):032x}'] REPEATS 5 TIMES WITHIN 3600 SECONDS",
        "pattern_type": "stix",
        "valid_from": stamp,
        "object_marking_refs": [AMBER],
    }
    return msgspec.json.encode(made)


def _spread(values: Sequence[float]) -> Figures:
    p50, p95 = np.percentile(values, [50, 95])
    return {"p50": float(p50), "p95": float(p95), "max": max(values), "count": len(values)}


def _table(times: Sequence[float], sent: Sequence[Sent], rate: float) -> Table:
    table = Table("what", "p50", "p95", "slowest", title="Sharing over TAXII 2.1")
    rows = {"page of 1,000, ms": (times, 1), "campaign to a partner, s": ([one.total for one in sent], 2)}
    rows |= {f"  {stage}, s": (values, 2) for stage, values in by_stage(sent).items()}
    for name, (values, digits) in rows.items():
        p50, p95 = np.percentile(values, [50, 95])
        table.add_row(name, *(f"{value:.{digits}f}" for value in (p50, p95, max(values))))
    table.add_row("objects a second in", f"{rate:,.0f}", "", "")
    return table
