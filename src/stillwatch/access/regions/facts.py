"""The accounts to be judged as plain arrays: what holds of their records now, and their activity beside it."""

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.regions.activity import ACTIVITY, HOURS, LANGUAGE, PLACE
from stillwatch.access.regions.scene import Named, Scene, named
from stillwatch.access.regions.sightings import SIGNUP_LISTED
from stillwatch.records import ACCOUNTS

THIN = ("prepaid", "virtual", "gift")  # kinds of payment that name no bank that knows its customer
THIN_LINES = ("virtual", "prepaid")  # kinds of telephone line that anybody can have anywhere
CHECKED = 2  # level from which the country of the identity was read from a document (IAL2 of NIST SP 800-63A)


class Facts(msgspec.Struct, frozen=True):
    """n accounts; flat arrays hold several rows an account, with `*_owner` the account of each."""

    account_id: pa.Array
    org_id: pa.Array
    declared: Named
    checked: Named  # the country a document said
    signup: Named
    signup_hidden: np.ndarray
    payment: Named
    payment_thin: np.ndarray
    payment_kind_known: np.ndarray
    phone: Named
    phone_thin: np.ndarray
    phone_kind_known: np.ndarray
    exchanges: np.ndarray  # int64, 0 without activity
    moves: np.ndarray
    hidden: np.ndarray
    hours: np.ndarray  # [n, 24]
    days: np.ndarray
    last_seen: np.ndarray  # microseconds, -1 without activity
    ways: np.ndarray
    way_days: np.ndarray
    exits: np.ndarray
    networks: np.ndarray
    place: Named
    place_owner: np.ndarray
    place_exchanges: np.ndarray
    place_hidden: np.ndarray
    place_days: np.ndarray
    place_stays: np.ndarray
    place_returns: np.ndarray
    place_last: np.ndarray
    tags: list[str]
    tag: np.ndarray  # into `tags`
    tag_owner: np.ndarray
    tag_exchanges: np.ndarray
    owner: Named  # of shares
    owner_owner: np.ndarray
    owner_share: np.ndarray

    def __len__(self) -> int:
        return len(self.account_id)


def facts_of(accounts: pa.Table, activity: pa.Table, scene: Scene) -> Facts:
    """One row for each account of either table, first those of `accounts`, in their order."""
    now = _in_force(accounts, scene.now)
    known_ids, active_ids = now["account_id"], activity["account_id"].combine_chunks()
    only_active = active_ids.filter(pc.invert(pc.is_in(active_ids, known_ids)))
    account_id = pa.concat_arrays([known_ids, only_active.cast(pa.string())])
    record = {name: pa.concat_arrays([now[name], pa.nulls(len(only_active), now[name].type)]) for name in now}
    use = activity.select(ACTIVITY.names).cast(ACTIVITY).take(pc.index_in(account_id, active_ids))
    columns = {name: use[name].combine_chunks() for name in ACTIVITY.names}
    checked = pc.greater_equal(pc.fill_null(record["kyc_level"], 0), CHECKED)
    places, place_owner = _flat(columns["places"], PLACE)
    languages, tag_owner = _flat(columns["languages"], LANGUAGE)
    tags = languages.field("tag").dictionary_encode()
    owners, owner_owner = _flat(record["owner_countries"].cast(_SHARES), _SHARE)
    return Facts(
        account_id=account_id,
        org_id=record["org_id"],
        declared=named(scene, record["declared_country"]),
        checked=named(scene, pc.if_else(checked, record["kyc_country"], None)),
        signup=named(scene, record["signup_country"]),
        signup_hidden=pc.fill_null(record[SIGNUP_LISTED.name], False).to_numpy(zero_copy_only=False),
        payment=named(scene, record["payment_country"]),
        payment_thin=pc.is_in(record["payment_kind"], pa.array(THIN)).to_numpy(zero_copy_only=False),
        payment_kind_known=record["payment_kind"].is_valid().to_numpy(zero_copy_only=False),
        phone=named(scene, record["phone_country"]),
        phone_thin=pc.is_in(record["phone_kind"], pa.array(THIN_LINES)).to_numpy(zero_copy_only=False),
        phone_kind_known=record["phone_kind"].is_valid().to_numpy(zero_copy_only=False),
        exchanges=_whole(columns["exchanges"], 0),
        moves=_whole(columns["moves"], 0),
        hidden=_whole(columns["hidden"], 0),
        hours=_hours(columns["hours"]),
        days=_whole(columns["days"], 0),
        last_seen=_whole(columns["last_seen"], -1),
        ways=_real(columns["ways"]),
        way_days=_real(columns["way_days"]),
        exits=_real(columns["exits"]),
        networks=_real(columns["networks"]),
        place=named(scene, places.field("place")),
        place_owner=place_owner,
        place_exchanges=_whole(places.field("exchanges"), 0),
        place_hidden=_whole(places.field("hidden"), 0),
        place_days=_whole(places.field("days"), 0),
        place_stays=_whole(places.field("stays"), 0),
        place_returns=_whole(places.field("returns"), 0),
        place_last=_whole(places.field("last_seen"), -1),
        tags=tags.dictionary.to_pylist(),
        tag=tags.indices.to_numpy(zero_copy_only=False),
        tag_owner=tag_owner,
        tag_exchanges=_whole(languages.field("exchanges"), 0),
        owner=named(scene, owners.field("place")),
        owner_owner=owner_owner,
        owner_share=np.clip(np.nan_to_num(_real(owners.field("share"))), 0.0, 1.0),
    )


_SHARE = pa.struct([pa.field("place", pa.string(), nullable=False), ("share", pa.float64())])
_SHARES = pa.map_(pa.string(), pa.float64())


def _in_force(accounts: pa.Table, now: int) -> dict[str, pa.Array]:
    """For each account the last version that is valid at `now`; versions without a time come first."""
    whole = _completed(accounts)
    since = pc.fill_null(pc.cast(whole["valid_from"], pa.int64()), -1).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(since <= now)
    rows = rows[np.argsort(since[rows], kind="stable")]
    ids = whole["account_id"].dictionary_encode().indices.to_numpy(zero_copy_only=False)[rows]
    latest = np.full(ids.max(initial=-1) + 1, -1)
    latest[ids] = rows  # of equal ids the last assignment stands
    chosen = pa.array(np.sort(latest[latest >= 0]))
    return {name: column.take(chosen) for name, column in whole.items()}


def _completed(accounts: pa.Table) -> dict[str, pa.Array]:
    """The columns of schema ACCOUNTS and those beside it, null where the table has none."""
    out = {}
    for field in (*ACCOUNTS, SIGNUP_LISTED):
        if field.name in accounts.schema.names:
            out[field.name] = accounts[field.name].combine_chunks().cast(field.type)
        else:
            out[field.name] = pa.nulls(len(accounts), field.type)
    return out


def _flat(lists: pa.Array, kind: pa.StructType) -> tuple[pa.StructArray, np.ndarray]:
    """The structs of a list column in one piece, and the row each belongs to."""
    if pa.types.is_map(lists.type):
        lists = lists.cast(pa.list_(pa.struct([("key", pa.string()), ("value", pa.float64())])))
        flat = lists.flatten()
        flat = pa.StructArray.from_arrays([flat.field(0), flat.field(1)], fields=list(kind))
    else:
        flat = lists.flatten()
    return flat, pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)


def _hours(column: pa.Array) -> np.ndarray:
    out = np.zeros((len(column), HOURS))
    there = column.is_valid().to_numpy(zero_copy_only=False)
    out[there] = column.drop_null().flatten().to_numpy(zero_copy_only=False).reshape(-1, HOURS)
    return out


def _whole(column: pa.Array, empty: int) -> np.ndarray:
    out: np.ndarray = pc.fill_null(pc.cast(column, pa.int64()), empty).to_numpy(zero_copy_only=False)
    return out


def _real(column: pa.Array) -> np.ndarray:
    out: np.ndarray = pc.fill_null(column, 0.0).to_numpy(zero_copy_only=False)
    return out
