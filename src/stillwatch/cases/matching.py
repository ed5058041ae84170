"""Which case a campaign continues.

Campaign ids are those of one run. Within one watch, which has a name, the same id is the same campaign. Else a
campaign continues every case with which it shares at least half of the accounts of the smaller of both; accounts
that are new to it join the case with which it shares most. Half, since then a campaign that fell into two pieces
still finds its case by the larger, and two cases that became one campaign are both found.
"""

from collections import Counter
from collections.abc import Collection, Mapping

SAME = 0.5  # share of the smaller of both


def same(shared: int, one: int, other: int) -> bool:
    """Whether two sets of accounts that share so many are the same group."""
    return shared > 0 and shared >= SAME * min(one, other)


def continued(
    accounts: Collection[str], holders: Mapping[str, Collection[str]], sizes: Mapping[str, int]
) -> list[str]:
    """Cases that a campaign of these accounts continues, the one that shares most first.

    `holders` names the cases that hold each account, and `sizes` how many accounts each case has.
    """
    shared = Counter(case for account in accounts for case in holders.get(account, ()))
    found = [case for case, count in shared.items() if same(count, len(accounts), sizes[case])]
    return sorted(found, key=lambda case: (-shared[case], case))
