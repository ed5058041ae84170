"""What is settled when all calls are made: innocent bans, upgrades, and that nobody calls when they could not."""

from collections import Counter

from stillwatch.lab.outside.accounts import NEVER
from stillwatch.lab.outside.world import DAY, World

BANNED_IN_ERROR = {
    *("chat", "developer", "privacy_minded"),
    *("backend", "harness_users", "reseller_customers"),
}
UPGRADED = 60  # of so many accounts one is looked at
PAID_PLANS = {"pay-as-you-go", "pro"}


def settle_accounts(world: World) -> None:
    """Ban a few innocents, upgrade a few, and drop the calls of accounts that were closed by then."""
    _ban_innocents(world)
    _upgrade(world)
    closing = {account.id: account.ends for account in world.accounts if account.ban}
    world.calls.keep(lambda account, at: 0 <= at < min(world.end, closing.get(account, NEVER)))
    _count(world)
    _sign_up_before_calling(world)


def _ban_innocents(world: World) -> None:
    rng = world.rng
    _count(world)
    pool = [
        account
        for account in world.accounts
        if not account.operator and account.cohort in BANNED_IN_ERROR and account.exchanges > 1
    ]
    count = int(rng.uniform(15, 60) * world.scale) + 2
    for account in rng.sample(pool, min(len(pool), count)):
        world.ban(account, rng.uniform(1, world.days) * DAY, rng.choice(world.recording.ban_notes))


def _upgrade(world: World) -> None:
    rng = world.rng
    for account in rng.sample(world.accounts, len(world.accounts) // UPGRADED):
        if account.plan in PAID_PLANS and account.created < 0:
            account.upgraded_at = rng.uniform(1, world.days) * DAY


def _count(world: World) -> None:
    calls = Counter(world.calls.columns["account_id"])
    for account in world.accounts:
        account.exchanges = calls[account.id]


def _sign_up_before_calling(world: World) -> None:
    columns = world.calls.columns
    first: dict[str, float] = {}
    for account_id, at in zip(columns["account_id"], columns["ts"], strict=True):
        first[account_id] = min(at, first.get(account_id, NEVER))
    for account in world.accounts:
        if account.id in first and account.created > first[account.id]:
            account.created = first[account.id] - world.rng.expovariate(1 / 1200.0) - 20
