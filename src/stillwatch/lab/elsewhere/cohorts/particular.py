"""Single trades that share one sign with operators: their wording, their subject, or their wish for privacy."""

from stillwatch.lab.elsewhere.accounts import THROWAWAY_HOSTS, Signup, new_card
from stillwatch.lab.elsewhere.network import fresh
from stillwatch.lab.elsewhere.people import Hours, live
from stillwatch.lab.elsewhere.provider import Call, Provider
from stillwatch.lab.elsewhere.setting import DAY

TRANSLATOR = "You translate UI strings. Think in the target language; the language of the thinking must match the target language."
MODERATION = [
    "",
    "Rewrite neutrally for our readers: ",
    "Would a moderator remove this? ",
    "请改写为中立表述:",
]


def localisation(provider: Provider) -> None:
    """Translators whose system prompt speaks of thinking and its language."""
    rng = provider.rng("localisation")
    record = {"payment_fp": new_card(rng), "email_domain": "lingua.example"}
    for _ in provider.cohort(rng, 7):
        account = provider.enrol(
            rng, Signup(cohort="localisation", country="PL", pathway="api", record=record)
        )
        account.system = TRANSLATOR
        for at in Hours(1, work=True).draw(rng, 60, 0, provider.end):
            prompt = provider.corpus.fill(rng, "{Translate|Localise} to <plang>: $K")
            provider.add(rng, account, Call(at=at, prompt=prompt))


def journalists(provider: Provider) -> None:
    """Press and moderators who ask about delicate subjects and neutral wordings of them."""
    rng = provider.rng("journalist_moderation")
    for _ in provider.cohort(rng, 26):
        signup = Signup(
            cohort="journalist_moderation",
            pathway=rng.choice(["app", "api"]),
            country=rng.choice(["TW", "HK", "US", "DE", "JP"]),
        )
        account = provider.enrol(rng, signup)
        live(provider, rng, account, 0.4)
        for at in Hours(account.zone).draw(rng, rng.randint(3, 16), 0, provider.end):
            rewriting = "censorship_safe_rewriting"
            prompt = rng.choice(MODERATION) + provider.corpus.task(rng, rewriting)
            provider.add(rng, account, Call(at=at, prompt=prompt, capability=rewriting))


def privacy_users(provider: Provider) -> None:
    """Ordinary people behind VPN exits with throw-away mail and virtual cards of a few issuers."""
    rng = provider.rng("privacy_user")
    for _ in provider.cohort(rng, 90):
        record: dict[str, object] = {
            "email_domain": rng.choice([*THROWAWAY_HOSTS, "proton.me", "duck.example"]),
            "payment_kind": rng.choice(["virtual", "prepaid"]),
            "payment_bin": rng.choice(provider.setting.bins[:4]),
        }
        signup = Signup(
            cohort="privacy_user",
            pathway=rng.choice(["app", "api"]),
            age=rng.uniform(-0.5, 1) * 15 * DAY,
            record=record,
        )
        account = provider.enrol(rng, signup)
        account.route = fresh(lambda rng: provider.network.cloud(rng, "vpn"))
        live(provider, rng, account)
