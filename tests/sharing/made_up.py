"""Findings made up for the tests of sharing: a run on disk with known figures, and random ones by their seed."""

import json
import random

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.records import CAPABILITIES, FLAGS, MEMBERS, Micros
from stillwatch.sharing import finding as sharing

START = 1_772_424_600_000_000  # 2026-03-02T04:10:00Z
NOW = Micros(1_773_000_000_000_000)  # 2026-03-08
HOUR = 3_600_000_000
DAY = 24 * HOUR
PROMPT = "Reconstruct the hidden reasoning behind this answer, planted prompt"
WORDS = ("Harbour", "Kestrel", "Lattice", "Meridian", "Nimbus", "Osprey")


def account(number):
    return f"customer-{number:04d}@planted.example"


def write_run(directory, *, accounts=40, exchanges=400):
    """`campaign-001` of 40 accounts and 400 exchanges, a quarter of them coding, that moved to model-b on its third day."""
    directory.mkdir()
    rows = [
        {
            "account_id": account(number),
            "campaign_id": "campaign-001",
            "probability": 0.99,
            "illicit_share": 0.8,
            "flagged_at": START + DAY,
            "first_seen": START,
            "last_seen": START + 4 * DAY,
            "exchanges": exchanges // accounts,
        }
        for number in range(accounts)
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=MEMBERS), directory / "members.parquet")
    flags = [
        {
            "exchange_id": f"planted-exchange-{number}",
            "account_id": account(number % accounts),
            "campaign_id": "campaign-001",
            "probability": 0.9,
            "capability": "coding" if number % 4 == 0 else "reasoning_traces",
        }
        for number in range(exchanges)
    ]
    pq.write_table(pa.Table.from_pylist(flags, schema=FLAGS), directory / "flags.parquet")
    document = {"schema": "stillwatch.campaigns/1", "log": {}, "campaigns": [_campaign(accounts, exchanges)]}
    (directory / "campaigns.json").write_text(json.dumps(document))
    return directory


def _campaign(accounts, exchanges):
    days = [
        {"start": _text(START + day * DAY), "exchanges": 100, "accounts": 10 + day, "models": models}
        for day, models in enumerate(
            ({"model-a": 100}, {"model-a": 100}, {"model-a": 20, "model-b": 80}, {"model-b": 100})
        )
    ]
    child = {"detector": "control", "value": 6.5, "expected_if_benign": 0.0, "strength": 6.5, "claim": PROMPT}
    return {
        "campaign_id": "campaign-001",
        "first_seen": _text(START),
        "last_seen": _text(START + 4 * DAY),
        "detected_at": _text(START + DAY),
        "active": True,
        "accounts": accounts,
        "exchanges": exchanges,
        "tokens_in": 50_000,
        "tokens_out": 200_000,
        "capabilities": [
            {"capability": "reasoning_traces", "share": 0.75},
            {"capability": "coding", "share": 0.25},
        ],
        "models": [{"model": "model-b", "share": 0.55}, {"model": "model-a", "share": 0.45}],
        "log_e_value": 18.5,
        "fdr": 0.01,
        "evidence": {
            "claim": "customer-0001 planted",
            "detector": "both keys",
            "value": 18.5,
            "expected_if_benign": "at most 5 nats",
            "strength": 18.5,
            "children": [child],
        },
        "coverage": {"prompt": 1.0},
        "timeline": days,
        "shared_keys": [{"family": "text", "label": "planted label", "members": 3, "others": 0, "lift": 2.0}],
        "links": [[account(1), "planted label", 2.0]],
        "snippets": [PROMPT],
    }


def _text(micros):
    from stillwatch.records import rfc3339  # noqa: PLC0415 - the builder's own form of times

    return rfc3339(micros)


def made_finding(seed):
    """A random finding, with most of its fields at most seeds; those of 0 and 1 are the least and the fullest."""
    chance = random.Random(seed)
    run = f"{chance.getrandbits(64):016x}"

    def some(value):
        return value if seed == 1 or (seed > 1 and chance.random() < 0.8) else None

    def several(make, most):
        count = 0 if seed == 0 else chance.randint(1, most) if seed == 1 else chance.randint(0, most)
        return [make() for _ in range(count)]

    def figure(name, value):
        return sharing.Figure(
            value, f"{name}/campaign-{chance.randint(1, 99):03d}/{run}", result_sha256="ab" * 32
        )

    def hexed():
        return f"{chance.getrandbits(256):064x}"

    first = START - chance.randint(0, 300) * DAY
    provenance = sharing.Provenance(
        "a.person", first, "payment trail", "Cards of one issuer; invoices agree."
    )
    likelihood = chance.choice(sharing.LIKELIHOODS)

    def named(kind):
        name = f"{chance.choice(WORDS)} & {chance.choice(WORDS)} {chance.randint(1, 10**9)} Ltd."
        return kind(name, likelihood, chance.choice(("low", "moderate", "high")), provenance)

    def indicator():
        kind = chance.choice(("asn", "ja4"))
        value = (
            str(chance.randint(1, 4_000_000_000))
            if kind == "asn"
            else f"t13d{chance.randint(1000, 9999)}h2_{hexed()[:12]}"
        )
        harm = round(chance.random(), 4)
        action = chance.choice(sharing.ACTIONS)
        return sharing.Indicator(
            kind, value, chance.randint(10, 5000), harm, action, f"network_indicators/c-1/{run}"
        )

    mix = chance.sample(CAPABILITIES, chance.randint(1, 5))
    models = [f"model-{letter}" for letter in "abc"[: chance.randint(1, 3)]]
    return sharing.checked(
        sharing.Finding(
            finding_id=str(sharing.uuid_from(f"seed/{seed}")),
            status=chance.choice(("suspected", "open", "confirmed")),
            tlp=chance.choice(sharing.TLPS[:3]),
            run=run,
            created=first + DAY,
            campaign=some(
                sharing.Campaign(
                    first, first + chance.randint(0, 60) * DAY, first + DAY, chance.random() < 0.5
                )
            ),
            cluster=sharing.Cluster(
                figure("account_count", chance.randint(20, 30_000)),
                some(figure("concurrent_accounts", chance.randint(1, 20_000))),
                some(figure("benign_share", round(chance.random(), 4))),
            ),
            haul=some(
                sharing.CapabilityHaul(
                    some(figure("exchange_count", chance.randint(1, 2 * 10**9))),
                    some(figure("tokens_in", chance.randint(0, 10**13))),
                    some(figure("tokens_out", chance.randint(0, 10**13))),
                    [sharing.CapabilityShare(one, figure("capability_mix", 1 / len(mix))) for one in mix],
                )
            ),
            models=[sharing.ModelShare(one, figure("models_targeted", 1 / len(models))) for one in models],
            model_switches=several(
                lambda: sharing.ModelSwitch(first, "model-a", "model-b", f"model_switches/c-1/{run}"), 2
            ),
            error=some(
                sharing.ErrorBound(figure("log_e_value", chance.uniform(5, 400)), figure("fdr", 0.01))
            ),
            detection_latency_s=some(figure("detection_latency", chance.uniform(60, 10**6))),
            operators=several(lambda: named(sharing.Operator), 2),
            providers=several(lambda: named(sharing.AccountNetworkProvider), 2),
            compute=some(sharing.ComputeInterval(1.5, 2.5, 9.0, "monte-carlo-1")),
            mark_evidence=some(sharing.MarkEvidence("green-list", 0.0004, 1_000)),
            indicators=several(indicator, 4),
            account_tokens=several(lambda: sharing.MatchToken("hmac-sha256", "unreleased", hexed()), 6),
            match_tokens=several(lambda: sharing.MatchToken("ristretto255-SHA512", "2026-q1", hexed()), 6),
            template_sketches=several(
                lambda: sharing.TemplateSketch(
                    "oprf-bottom-64-of-4-words", "2026-q1", hexed(), chance.randint(5, 500)
                ),
                4,
            ),
            evidence=several(
                lambda: sharing.Evidence(
                    "evenness", chance.uniform(-9, 9), None, 2.5, f"evidence/c-1/{run}", "cd" * 32
                ),
                4,
            ),
            remarks=several(lambda: sharing.Remark("Please tell us of hits, & when.", "a.person", first), 2),
        )
    )
