"""What speaks for innocence: a gathering, which has one occasion and is over in two days.

People who meet for a hackathon, a lesson or a launch share one hall, one evening of sign-ups or one referral, and
what else they share follows from that. Then they leave. An operator works in lots, of which none covers all accounts,
and goes on. So a group is excused as far as a single card, network, mail domain, referral or occasion covers
its accounts *and* two days hold its exchanges. An operator would have to hand over all accounts by one key
and stop. A campaign's own first days look like it, so young clusters need more evidence from elsewhere.
"""

import numpy as np

from stillwatch.campaigns.calibration import Calibrated, calibrate
from stillwatch.features.distinct import counted
from stillwatch.features.groups import Groups, Measure
from stillwatch.linking.keyring import FAMILIES, KIND_CODE
from stillwatch.linking.keytable import ranges
from stillwatch.linking.scene import Scene, opened_near

NAME = "gathering"
CLAIM = (
    "one occasion and two days cover what the accounts do (-log of what is left over {value},"
    " benign groups {expected})"
)
CAUSES = ("payment instrument", "network prefix", "sign-up network", "mail domain", "referral")
NEEDS = (
    "account.payment_fp",
    "client_ip",
    "account.signup_ip",
    "account.email_domain",
    "account.referral",
    "account.created_at",
    "ts",
)
OF_CAUSES = [FAMILIES.index(name) for name in ("money", "place", "onboarding")]
SOFTENING = 0.03  # share left over under which differences do not matter
FLOOR = 0.7


def gathering(groups: Groups, scene: Scene) -> Measure:
    """-log of what one cause and two days together leave over, 0 or more, for each group."""
    total = groups.total(scene.daily)
    pairs = total[:, 1:] + total[:, :-1]
    brief = pairs.max(axis=1) / np.maximum(groups.total(scene.exchanges), 1)
    left_over = 1 - np.clip(_covered(groups, scene) * brief, 0, 1)
    return Measure(-np.log(np.minimum(left_over + SOFTENING, 1.0)), np.zeros(len(groups)))


def _covered(groups: Groups, scene: Scene) -> np.ndarray:
    """The largest share of each group's accounts that a single key, or occasion of sign-up, covers.

    Where nothing is known of any cause it could be all of them, so that less knowledge makes no more evidence.
    """
    table = scene.table
    edges = np.flatnonzero(np.isin(table.kind, [KIND_CODE[name] for name in CAUSES])[table.key])
    start = np.searchsorted(table.account[edges], np.arange(len(table.first_edge)))
    at, entry = ranges(start, groups.members)
    pair, held = counted(groups.owner[entry] * len(table.kind) + table.key[edges[at]])
    group, key = pair // len(table.kind), pair % len(table.kind)
    size = np.maximum(groups.sizes, 1)
    others = np.maximum(int(table.stratum_size.sum()) - size[group], 1)
    share = np.zeros(len(groups))
    np.maximum.at(share, group, held / size[group] - (table.degree[key] - held) / others)
    near = opened_near(groups, scene)
    np.maximum.at(share, groups.owner, near / size[groups.owner])
    known = (np.bincount(group, minlength=len(groups)) > 0) | (groups.total_of(near) > 0)
    return np.where(known, share, 1.0)


def excuse(groups: Groups, scene: Scene, clusters: int, family: np.ndarray) -> Calibrated:
    """How much more the first `clusters` groups are excused than natural groups are, 0 or more."""
    calibrated = calibrate(gathering(groups, scene), clusters, ~np.isin(family, OF_CAUSES), FLOOR)
    return Calibrated(np.maximum(calibrated.score, 0.0), calibrated.value, calibrated.expected)
