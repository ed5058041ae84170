"""Programs that call for many: review bots, routers, gateways, resellers, rotated keys, monitors."""

from stillwatch.lab.elsewhere.accounts import Signup, new_card, new_device
from stillwatch.lab.elsewhere.clients import agents
from stillwatch.lab.elsewhere.grammar import spin
from stillwatch.lab.elsewhere.network import fresh, usually
from stillwatch.lab.elsewhere.people import Hours, Session, ask, live, own_system
from stillwatch.lab.elsewhere.provider import Call, Provider
from stillwatch.lab.elsewhere.setting import DAY, HOUR
from stillwatch.lab.elsewhere.vocabulary import WORDS

REVIEWER = "You review pull requests for $O. {Comment only on bugs.|Be strict about tests.} {Output|Return} {a JSON list|markdown}."
DIFF = "Diff for PR #$N in $P:\n--- a/<mod>/<verb>.py\n+++ b/<mod>/<verb>.py\n@@ -$N,$M +$N,$M @@\n-    return <verb>_<noun>(<noun>)\n+    return <verb>_<noun>(<noun>, <noun>=$M)\n\n$K"
PING = "{ping|Reply with OK|health check: what is 2+2?|Status of <mod>: anomalous? yes/no}"


def review_bots(provider: Provider) -> None:
    """Build machines of three firms: another address for every call, the same prompt in many accounts."""
    for number, (accounts, cloud) in enumerate([(24, "github"), (14, "microsoft"), (8, "amazon")]):
        rng = provider.rng(f"ci{number}")
        company, shared, hour = WORDS["company"][number + 5], new_card(rng), rng.uniform(0, 24)
        system = provider.corpus.fill(rng, REVIEWER, project=company)
        route = fresh(lambda rng, cloud=cloud: provider.network.cloud(rng, cloud))  # type: ignore[misc]
        for _ in provider.cohort(rng, accounts):
            record: dict[str, object] = {
                "payment_fp": shared if number < 2 else new_card(rng),
                "email_domain": f"{company.split()[0].lower()}.io",
            }
            client = rng.choice(["node", "py"])
            account = provider.enrol(rng, Signup(cohort="ci", pathway="api", client=client, record=record))
            account.route, account.system = route, system
            account.agents = account.agents + agents(rng, "node")
            for day in range(provider.days):
                for _ in range(rng.randint(0, 12 if day % 7 < 5 else 3)):
                    nightly = hour * HOUR + rng.expovariate(1 / 1500)
                    at = day * DAY + (nightly if rng.random() < 0.6 else rng.random() * DAY)
                    prompt = provider.corpus.fill(rng, DIFF, project=account.project)
                    provider.add(rng, account, Call(at=at, prompt=prompt, capability="coding"))


def router(provider: Provider) -> None:
    """A router's own accounts share its users among them, with its own addresses and client."""
    rng = provider.rng("router")
    exits = [provider.network.cloud(rng, rng.choice(["amazon", "google"])) for _ in range(3)]
    record = {"payment_fp": new_card(rng), "payment_kind": "invoice", "email_domain": "switchyard.example"}
    interests = ["chat", "code", "write", "homework", "assist"]
    users = [(rng.choice(interests), f"u{rng.randrange(10**6)}") for _ in range(60)]
    for _ in provider.cohort(rng, 8):
        signup = Signup(cohort="router", pathway="api", client="go", record=record)
        account = provider.enrol(rng, signup)
        account.route, account.agents = usually(exits), ["switchyard-gateway/1.2"]
        for _ in range(170):
            interest, user = rng.choice(users)
            session = Session(
                at=rng.uniform(0, provider.end),
                interests=[interest],
                turns=rng.randint(1, 4),
                end_user=user if rng.random() < 0.7 else None,
            )
            session.hold(provider, rng, account)


def gateway_customers(provider: Provider) -> None:
    """Strangers who bring keys of their own to one gateway: its addresses and client in all of them."""
    rng = provider.rng("gateway_customer")
    exits = [provider.network.cloud(rng, rng.choice(["amazon", "google"])) for _ in range(3)]
    for _ in provider.cohort(rng, 70):
        account = provider.enrol(rng, Signup(cohort="gateway_customer", pathway="api", client="go"))
        account.route, account.agents = usually(exits), ["switchyard-gateway/2.2"]
        live(provider, rng, account, 1.3)


def reseller_customers(provider: Provider) -> None:
    """Strangers whose accounts a reseller opened and pays for."""
    for number, (accounts, country) in enumerate([(45, "SG"), (28, "IN")]):
        rng = provider.rng(f"reseller{number}")
        cards, device = [new_card(rng), new_card(rng)], new_device(rng)
        for _ in provider.cohort(rng, accounts):
            record: dict[str, object] = {
                "payment_fp": rng.choice(cards),
                "payment_kind": "virtual" if number else "invoice",
                "payment_country": country,
                "device_id": device if rng.random() < 0.5 else None,
                "referral": f"partner-{number}",
            }
            signup = Signup(
                cohort="reseller_customer",
                country=country if rng.random() < 0.5 else None,
                pathway="reseller" if rng.random() < 0.7 else "api",
                record=record,
            )
            live(provider, rng, provider.enrol(rng, signup), 1.5)


def rotations(provider: Provider) -> None:
    """A firm closes an account and opens another with the same prompt: what a ban and its successor look like."""
    for number, pairs in enumerate([9, 14, 6]):
        rng = provider.rng(f"rotation{number}")
        company, card, exit_ = WORDS["company"][number + 12], new_card(rng), provider.network.cloud(rng)
        system, domain = own_system(provider, rng, company), f"{company.split()[0].lower()}.com"
        for _ in provider.cohort(rng, pairs):
            cut = rng.uniform(0.25, 0.75) * provider.end
            reopened = cut + rng.uniform(60, 20_000)
            for begin, end, age in [(0.0, cut, 90 * DAY), (reopened, provider.end, -reopened)]:
                paying = {"payment_fp": card if rng.random() < 0.8 else None, "email_domain": domain}
                signup = Signup(cohort="rotation", pathway="api", client="py", age=age, record=paying)
                account = provider.enrol(rng, signup)
                account.route, account.system = usually([exit_, provider.network.home(rng, "US")]), system
                if end == cut:
                    reason = rng.choice(["rotated", "left company", None])
                    closed = {"status": "closed", "status_at": cut, "status_reason": reason}
                    account.versions.append((cut, closed))
                hours = Hours(account.zone, work=True)
                for at in hours.draw(rng, rng.randint(8, 40), begin, end):
                    prompt, capability = ask(provider, rng, account, "write" if number else "code")
                    provider.add(rng, account, Call(at=at, prompt=prompt, capability=capability))


def monitors(provider: Provider) -> None:
    """Health checks: the same few words by the clock, day and night."""
    rng = provider.rng("monitor_bot")
    for _ in provider.cohort(rng, 9):
        client = rng.choice(["go", "curl"])
        account = provider.enrol(rng, Signup(cohort="monitor_bot", pathway="api", client=client))
        prompt, step = spin(rng, PING), rng.choice([1_800, 3_600, 7_200])
        first = rng.uniform(0, step)
        for beat in range(int((provider.end - first) / step)):
            at = first + beat * step + rng.uniform(0, 2)
            provider.add(rng, account, Call(at=at, prompt=prompt, length=0.02))
