"""Why a cluster is called a campaign, as a tree of claims that can be read to any depth."""

import numpy as np

from stillwatch.campaigns.court import Standing
from stillwatch.campaigns.docket import SHARE_OF_LEVEL, Suspect
from stillwatch.linking.keyring import FAMILIES, KIND_NAMES
from stillwatch.linking.scene import FEWEST_SHARERS, Scene
from stillwatch.records import Claim, SharedKey

KEYS = {
    "control": "the accounts are under common control",
    "extraction": "what they do is extraction, not use",
}
SHOWN_KEYS = 24


def evidence(suspect: Suspect, standing: Standing, fdr: float) -> Claim:
    """The claim that the cluster is a campaign, resting on both keys, each on kinds, each on detectors."""
    verdicts, row = standing.verdicts, standing.row
    totals = {"control": verdicts.control[row], "extraction": verdicts.extraction[row]}
    return Claim(
        claim=f"{len(suspect.accounts)} accounts run by one operator harvest the model",
        detector="both keys",
        value=round(suspect.surest, 2),
        expected_if_benign=f"at most {-np.log(fdr * SHARE_OF_LEVEL):.1f} nats beyond the number of clusters tested",
        strength=round(suspect.surest, 2),
        children=[_key(standing, key, float(totals[key])) for key in KEYS],
    )


def _key(standing: Standing, key: str, total: float) -> Claim:
    children = []
    for testimony in standing.verdicts.testimonies:
        score = testimony.calibrated.score[standing.row]
        if testimony.key != key or not np.isfinite(score):
            continue
        value, expected = testimony.calibrated.value[standing.row], testimony.calibrated.expected
        children.append(
            Claim(
                claim=testimony.claim.format(value=f"{value:.2f}", expected=f"{expected:.2f}"),
                detector=testimony.detector,
                value=round(float(value), 4),
                expected_if_benign=round(expected, 4),
                strength=round(float(testimony.part[standing.row]), 2),
                sources=list(testimony.needs),
            )
        )
    children.sort(key=lambda claim: -claim.strength)
    return Claim(
        claim=KEYS[key],
        detector=key,
        value=round(total, 2),
        expected_if_benign=0.0,
        strength=round(total, 2),
        sources=sorted({source for child in children for source in child.sources}),
        children=children,
    )


def shared_keys(standing: Standing, scene: Scene) -> list[SharedKey]:
    """The keys that mark the members, heaviest first; labels are keyed hashes, never the value itself."""
    cluster, table = standing.cluster, scene.table
    keys = np.flatnonzero(np.isin(table.name, cluster.names))
    members = np.isin(table.account, cluster.accounts)
    held = np.bincount(table.key[members], minlength=len(table.kind))[keys]
    others = table.degree[keys] - held
    population = max(int((np.diff(table.first_edge) > 0).sum()) - len(cluster.accounts), 1)
    lift = (held / max(len(cluster.accounts), 1)) / ((others + 0.5) / population)
    weight = np.where(held >= FEWEST_SHARERS, held * np.log(np.maximum(lift, 1)), 0.0)
    order = np.argsort(-weight, kind="stable")[: min(SHOWN_KEYS, int((weight > 0).sum()))]
    return [
        SharedKey(
            family=FAMILIES[table.family[keys[i]]],
            label=f"{KIND_NAMES[table.kind[keys[i]]]} {int(table.name[keys[i]]):016x}"[:-8],
            members=int(held[i]),
            others=int(others[i]),
            lift=round(float(lift[i]), 1),
        )
        for i in order
    ]
