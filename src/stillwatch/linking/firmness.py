"""How sure a cluster is of its accounts when what sets one apart from its fellows is held against it.

Growth lets a family's best mark speak, and asks nothing more of a family in which an account has any mark at all. So who
has a faint mark of every family is believed, though its fellows all send a text that it never sent. That is
right for growing, since an operator's accounts differ, and too little for a refusal. Here a family says two things: that the
account has this mark, and that it has none that says more.
"""

import numpy as np

from stillwatch.linking.growth import WORST, best_marks, portrait_of, profile
from stillwatch.linking.keyring import FAMILIES
from stillwatch.linking.keytable import KeyTable


def firm_odds(table: KeyTable, members: np.ndarray) -> np.ndarray:
    """Log odds, float64 [members], that a cluster's operator runs each of its accounts (codes, ascending).

    They are at most what growth would say of them.
    """
    keys, ratio = profile(table, members)
    holders, marks = best_marks(table, keys, ratio)
    portrait = portrait_of(table, members, keys, ratio, holders, marks)
    inside = np.isin(holders, members)
    best = np.zeros((len(members), len(FAMILIES)))
    best[np.searchsorted(members, holders[inside])] = marks[inside]
    shown = table.shown[members]
    log_odds, _ = portrait.judge(best, shown)
    strangers = table.shown.sum(axis=0) - shown.sum(axis=0)
    for family in range(len(FAMILIES)):
        there = shown[:, family]
        marked = there & (best[:, family] > 0)
        log_odds[marked] += _nothing_louder(
            best[marked, family], best[there, family], marks[~inside, family], int(strangers[family])
        )
    return log_odds


def _nothing_louder(mine: np.ndarray, fellows: np.ndarray, others: np.ndarray, strangers: int) -> np.ndarray:
    """Log likelihood ratios, at most 0, of having no mark of a family louder than one's own.

    `mine` are the best marks of some accounts and `fellows` those of all members that show the family; `others` those of
    outsiders that have any, among `strangers` who show the family.
    """
    as_quiet = np.searchsorted(np.sort(fellows), mine, "right") - 1  # an account is no evidence on itself
    louder = len(others) - np.searchsorted(np.sort(others), mine, "right")
    inside = (as_quiet + 0.5) / len(fellows)
    outside = (strangers - louder + 0.5) / (strangers + 1)
    out: np.ndarray = np.clip(np.log(inside / outside), WORST, 0.0)
    return out
