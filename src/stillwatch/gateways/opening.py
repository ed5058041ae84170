"""From a gateway's settings to the parts that serve calls."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from stillwatch.features.key import load_key
from stillwatch.gateways.caller import Identity
from stillwatch.gateways.deciding import FollowedPolicy, observe
from stillwatch.gateways.feed import Feed
from stillwatch.gateways.guard import Bounds, Decide, Guard
from stillwatch.gateways.settings import GatewaySettings
from stillwatch.gateways.trouble import Trouble
from stillwatch.marks.honey import load_pot
from stillwatch.responses import Facilities, LocalBuckets, SharedBuckets

if TYPE_CHECKING:
    from stillwatch.gateways.bound_keys import BoundKeys
    from stillwatch.gateways.minted_ids import MintedIds


class Gateway(msgspec.Struct, frozen=True, kw_only=True):
    """A guard, and how callers are told apart before it is asked."""

    guard: Guard
    identity: Identity
    settings: GatewaySettings


def open_gateway(
    settings: GatewaySettings,
    *,
    decide: Decide | None = None,
    summarise: Callable[[str], str] | None = None,
) -> Gateway:
    """Make what the settings describe. `decide` takes the place of the policy file. Raises InvalidConfiguration."""
    spool = settings.path(settings.spool)
    trouble = Trouble()
    facilities = Facilities(
        now=time.time,
        buckets=SharedBuckets(settings.path(settings.rate_file)) if settings.rate_file else LocalBuckets(),
        summarise=summarise,
        honey=load_pot(settings.path(settings.honey)).note if settings.honey else None,
        appeal_url=settings.appeal_url,
    )
    bounds = Bounds(
        enforce=settings.enforce,
        fail_closed=settings.fail_closed,
        hold_seconds=settings.limits.hold_seconds,
        answer_bytes=settings.limits.answer_bytes,
    )
    feed = Feed(spool, trouble, settings.limits, keep_text=settings.keep_text)
    identity = Identity(
        key=load_key(spool),
        account_header=settings.account_header,
        claims_header=settings.claims_header,
        account_claim=settings.account_claim,
        trusted_hops=settings.trusted_hops,
        fact_headers=settings.facts,
    )
    keys = _keys(settings, identity, trouble)
    ids = _ids(settings, trouble)
    guard = Guard(decide or _decide(settings), feed, trouble, facilities, bounds, keys=keys, ids=ids)
    return Gateway(guard=guard, identity=identity, settings=settings)


def _keys(settings: GatewaySettings, identity: Identity, trouble: Trouble) -> "BoundKeys | None":
    stated = settings.bound_keys
    if stated is None:
        return None
    from stillwatch.gateways.bound_keys import BoundKeys  # noqa: PLC0415 - needs an extra

    return BoundKeys(settings.path(stated.file), stated, identity, trouble)


def _ids(settings: GatewaySettings, trouble: Trouble) -> "MintedIds | None":
    if settings.minted_ids is None:
        return None
    from stillwatch.gateways.minted_ids import MintedIds  # noqa: PLC0415 - needs an extra

    return MintedIds(settings, settings.minted_ids, trouble)


def _decide(settings: GatewaySettings) -> Decide:
    if settings.policy is None:
        return observe
    verdicts = settings.path(settings.verdicts) if settings.verdicts else None
    standings = settings.path(settings.standings) if settings.standings else None
    return FollowedPolicy(settings.path(settings.policy), verdicts, standings=standings).decide
