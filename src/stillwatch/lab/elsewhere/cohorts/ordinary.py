"""The ordinary population, its upgrades and its bans, the wrong ones among them."""

from stillwatch.lab.elsewhere.accounts import NEVER, Signup
from stillwatch.lab.elsewhere.people import live
from stillwatch.lab.elsewhere.provider import Provider
from stillwatch.lab.elsewhere.setting import HOUR

INNOCENT_SHARE = 0.935  # of the accounts wanted; operators bring the rest
REASONS = ["payment_fraud", "abuse", "spam", "terms", "chargeback"]
WRONG_BANS = 6


def ordinary(provider: Provider) -> None:
    """Fill the log up with ordinary accounts, a few of which are banned or change their plan."""
    rng = provider.rng("ordinary")
    for _ in range(int(provider.wanted * INNOCENT_SHARE) - len(provider.accounts)):
        account = provider.enrol(rng, Signup(hard_negative=False))
        chance = rng.random()
        if chance < 0.012:
            at = rng.uniform(max(0, account.opened), provider.end)
            provider.ban(rng, account, at, rng.choice(REASONS))
        elif chance < 0.03:
            change: dict[str, object] = {"plan": rng.choice(["pro", "tier3", "payg"])}
            account.versions.append((rng.uniform(0, provider.end), change))
        live(provider, rng, account)


def wrong_bans(provider: Provider) -> None:
    """Ban innocents and take it back within two days."""
    rng = provider.rng("wrong bans")
    standing = [account for account in provider.accounts if account.closed == NEVER]
    for account in rng.sample(standing, WRONG_BANS):
        at = rng.uniform(0, 0.9 * provider.end)
        banned: dict[str, str | None] = {"kind": "ban", "account_id": account.id, "note": "terms"}
        provider.events.append((at, banned))
        back = at + rng.uniform(2, 30) * HOUR
        provider.events.append((back, {**banned, "kind": "unban", "note": "appeal"}))
