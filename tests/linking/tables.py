"""Graphs of accounts and keys written down by hand."""

import numpy as np

from stillwatch.linking.keyring import FAMILIES, FAMILY_OF_KIND, KIND_CODE
from stillwatch.linking.keytable import KeyTable


def table_of(held, accounts):
    """`held` maps (kind, name) to the account codes that hold the key; all accounts are of one stratum."""
    names = list(held)
    pairs = sorted((account, number) for number, key in enumerate(names) for account in held[key])
    account, key = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
    kind = np.array([KIND_CODE[kind] for kind, _ in names])
    degree = np.bincount(key, minlength=len(names))
    shown = np.zeros((accounts, len(FAMILIES)), bool)
    shown[account, FAMILY_OF_KIND[kind][key]] = True
    return KeyTable(
        account=account,
        key=key,
        count=np.ones(len(key), np.int64),
        first_edge=np.searchsorted(account, np.arange(accounts + 1)),
        kind=kind,
        name=np.arange(1, len(names) + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15),
        degree=degree,
        stratum=np.zeros(accounts, np.int64),
        stratum_size=np.array([accounts]),
        cell=key,
        cell_degree=degree,
        by_key=np.argsort(key, kind="stable"),
        key_start=np.concatenate([[0], np.cumsum(degree)]),
        family=FAMILY_OF_KIND[kind],
        shown=shown,
    )


def operator(name, members, *, texts=3, cards=4, exits=3, shared=()):
    """Keys of an operator: every account carries its texts, cards and exits are dealt out in lots."""
    members = list(members)
    keys = {("text fragment", f"{name} {number}"): members for number in range(texts)}
    keys |= {("payment instrument", f"{name} {lot}"): members[lot::cards] for lot in range(cards)}
    keys |= {("network prefix", f"{name} {lot}"): members[lot::exits] for lot in range(exits)}
    return keys | dict.fromkeys(shared, members)


def merged(*parts):
    """Holders of all parts together; a key that several parts name is held by the accounts of each."""
    out = {}
    for part in parts:
        for key, members in part.items():
            out[key] = [*out.get(key, []), *members]
    return out
