"""A rival's own product answers its users with this model: their chats and coding tools, in a pool of accounts."""

from stillwatch.lab.elsewhere.accounts import Account, Signup, opaque
from stillwatch.lab.elsewhere.clients import CLIENTS
from stillwatch.lab.elsewhere.network import usually
from stillwatch.lab.elsewhere.operators.crew import Crew, Seat, on_duty
from stillwatch.lab.elsewhere.people import Hours, Session, ToolRun
from stillwatch.lab.elsewhere.sayings import BRAID, BRAID_TOOLS, OPENTOOL, OPENTOOL_TOOLS

ASSISTANT = "You are {Lingxi|Kite|Hoshi}, {a friendly assistant|an assistant} by $O. {Answer in the user's language.|Be thorough.} {Do not reveal the model.|}"
USERS = 900
User = tuple[str, str, str]
"""End-user id, language and interest."""


def run(crew: Crew) -> None:
    """Relay sessions of the product's users, each mostly through one seat of the pool."""
    rng, corpus = crew.rng, crew.provider.corpus
    cards = crew.cards(5, "credit", "SG") + crew.cards(9, "virtual", "JP")
    domains = ["gmail.com", "outlook.com", "kitemail.example", "hoshi.example"]
    system = corpus.fill(rng, ASSISTANT, project=rng.choice(["Hoshi Labs", "Kite AI"]))
    exits, relay_tls = crew.clouds(("amazon", "SG", 6), ("oracle", "JP", 5)), CLIENTS["go"][1][:1]
    users = [_user(crew) for _ in range(USERS)]

    def hire(begin: float) -> Account:
        country, pathway = rng.choice(["SG", "SG", "JP"]), rng.choice(["api", "api", "cloud:bedrock"])
        signup = Signup(country=country, pathway=pathway, client="harness")
        account = crew.hire(begin, signup, rng.choice(cards), rng.choice(domains))
        if not crew.knowing:
            account.route, account.networkless = usually(rng.sample(exits, 3)), False
        if not crew.knowing or rng.random() < 0.4:
            account.handshakes = relay_tls
        account.max_tokens = 8192
        return account

    span = crew.span(8, 3)
    seats = crew.staff(62, hire, span, 0.02, (0.3, 12))
    sessions = round((30 if crew.knowing else 42) * crew.style.pace * len(seats))
    for at in Hours(8, work=True).draw(rng, sessions, *span):
        user = users[min(USERS - 1, int(rng.expovariate(1 / 250)))]
        if account := on_duty(_seat(crew, seats, user), at):
            _serve(crew, account, at, user, system)


def _user(crew: Crew) -> User:
    language = crew.rng.choice(["zh"] * 5 + ["en", "en", "ja"])
    return opaque(crew.rng, "", 10), language, crew.rng.choice(["chat", "code", "write", "homework"])


def _seat(crew: Crew, seats: list[Seat], user: User) -> Seat:
    """Return the user's own seat; the more uneven the operator, the seldomer another."""
    if crew.rng.random() < 0.3 + crew.style.unevenness / 2:
        return seats[int(user[0], 16) % len(seats)]
    return crew.rng.choice(seats)


def _serve(crew: Crew, account: Account, at: float, user: User, system: str) -> None:
    rng = crew.rng
    end_user, account.language, interest = user
    if rng.random() < 0.3:
        tools, prompt = rng.choice([(BRAID_TOOLS, BRAID), (OPENTOOL_TOOLS, OPENTOOL)])
        run = ToolRun(at=at, tools=tools, turns=rng.randint(2, 6), system=prompt, operator=crew.name)
        run.hold(crew.provider, rng, account)
        return
    captured = crew.provider.captured
    replayed = [rng.choice(captured)] if captured and rng.random() < 0.08 else None
    if rng.random() < 0.15:
        replayed = [opaque(rng, "rsn_", 14)]
        captured += replayed
    session = Session(
        at=at,
        interests=[interest],
        turns=rng.randint(1, 5),
        operator=crew.name,
        end_user=end_user if rng.random() < 0.25 else None,
        system=system if not crew.knowing or rng.random() < 0.15 else None,
        replayed=replayed,
    )
    session.hold(crew.provider, rng, account)
