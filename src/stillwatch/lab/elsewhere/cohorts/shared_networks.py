"""People behind one address or one card: enterprises, campuses, carriers, co-working rooms, households."""

from stillwatch.lab.elsewhere.accounts import Signup, new_card, new_device, opaque
from stillwatch.lab.elsewhere.clients import agents
from stillwatch.lab.elsewhere.network import usually
from stillwatch.lab.elsewhere.people import Hours, Session, live, own_system
from stillwatch.lab.elsewhere.provider import Provider
from stillwatch.lab.elsewhere.vocabulary import WORDS

ENTERPRISES = [80, 45, 30, 25]
NETWORKS = [  # cohort, accounts, country, pathway, addresses
    ("cowork", 70, "US", "api", 1),
    ("uni0", 150, "GB", "edu", 4),
    ("uni1", 90, "KR", "edu", 2),
    ("cgnat", 200, "ID", "app", 6),
]


def enterprises(provider: Provider) -> None:
    """One contract, one office network, five teams with a system prompt each."""
    for number, people in enumerate(ENTERPRISES):
        rng = provider.rng(f"enterprise{number}")
        company, country = WORDS["company"][number], rng.choice(["US", "DE", "JP", "GB", "SG"])
        organisation = opaque(rng, "org_", 8) if number != 2 else None
        office = [provider.network.home(rng, country) for _ in range(2)]
        interests = ["code", "data", "write", "assist"]
        teams = [(own_system(provider, rng, company), rng.choice(interests)) for _ in range(5)]
        record = {
            "email_domain": f"{company.split()[0].lower()}.com",
            "payment_fp": new_card(rng),
            "payment_kind": "invoice",
            "payment_bin": None,
            "kyc_level": 3,
            "plan": "enterprise",
            "org_id": organisation,
            "signup_ip": office[0].ip,
        }
        client = agents(rng, "java")
        for _ in provider.cohort(rng, people):
            pathway = rng.choice(["api", "api", "cloud:azure-x", "app"])
            signup = Signup(cohort=f"enterprise{number}", country=country, pathway=pathway, record=record)
            account = provider.enrol(rng, signup)
            account.route = usually(office)
            account.organisation = organisation if rng.random() < 0.7 else None
            system, interest = rng.choice(teams)
            if pathway != "app":
                account.system, account.agents = system, client
            count = 1 + int(rng.lognormvariate(1.4, 0.9) * provider.setting.volume)
            hours = Hours(account.zone, work=True)
            for at in hours.draw(rng, count, max(0, account.opened), provider.end):
                Session(at=at, interests=[interest], turns=rng.randint(1, 4)).hold(provider, rng, account)


def campuses_and_carriers(provider: Provider) -> None:
    """Ordinary people whom a campus, a carrier or a shared office puts behind a few addresses."""
    for name, people, country, pathway, addresses in NETWORKS:
        rng = provider.rng(name)
        gate = [provider.network.home(rng, country) for _ in range(addresses)]
        gate = [address._replace(asn=gate[0].asn) for address in gate]
        for _ in provider.cohort(rng, people):
            record: dict[str, object] = {"signup_ip": gate[0].ip, "signup_asn": gate[0].asn}
            if name.startswith("uni") and rng.random() < 0.7:
                record["email_domain"] = f"{name}.ac.example"
            path = pathway if rng.random() < 0.85 else "app"
            account = provider.enrol(rng, Signup(cohort=name, country=country, pathway=path, record=record))
            at_home = [provider.network.home(rng, country)] if name.startswith("uni") else []
            account.route = usually(gate + at_home)
            live(provider, rng, account)


def households(provider: Provider) -> None:
    """Two to four accounts that share a card, a device and a line; not counted as hard negatives."""
    rng = provider.rng("household")
    for _ in provider.cohort(rng, 60):
        card, device, country = new_card(rng), new_device(rng), provider.network.country(rng)
        line = provider.network.home(rng, country)
        for _ in range(rng.choice([2, 2, 2, 3, 4])):
            record: dict[str, object] = {"payment_fp": card} if rng.random() < 0.7 else {}
            if rng.random() < 0.6:
                record["device_id"] = device
            signup = Signup(cohort="household", hard_negative=False, country=country, record=record)
            account = provider.enrol(rng, signup)
            account.route = usually([line, provider.network.home(rng, country)])
            live(provider, rng, account)
