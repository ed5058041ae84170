"""Products whose users hold accounts of their own: apps, coding tools, white-label bots."""

import math
from dataclasses import replace

from stillwatch.lab.elsewhere.accounts import Signup, new_card, opaque
from stillwatch.lab.elsewhere.clients import CLIENTS, agents
from stillwatch.lab.elsewhere.grammar import freeze, spin
from stillwatch.lab.elsewhere.network import usually
from stillwatch.lab.elsewhere.people import Hours, Session, ToolRun, own_system
from stillwatch.lab.elsewhere.provider import Call, Provider
from stillwatch.lab.elsewhere.sayings import (
    BRAID,
    BRAID_TOOLS,
    CHAT,
    MARLIN,
    MARLIN_TOOLS,
    OPENTOOL,
    OPENTOOL_TOOLS,
)
from stillwatch.lab.elsewhere.setting import DAY
from stillwatch.lab.elsewhere.vocabulary import WORDS

APPS = [(420, "own", 1), (190, "pooled", 2), (70, "own", 3), (45, "none", 1)]  # users, who pays, addresses
APP_TEMPLATES = [
    "{Rewrite|Rephrase} {this|my} message {to be|so it sounds} {more polite|friendlier}: $K",
    "{User asks|Customer message}: $X\n{Reply in|Answer with} {two|three} sentences.",
    "{Flashcard|Quiz} {topic|subject}: <topic>. {Level|Grade}: $M. {Ask|Make} {one|three} question(s).",
    "{Ingredients|Pantry}: <food>, <food>. {Diet|Style}: <mood>. {Suggest|Propose} a {dinner|meal}.",
]
TOOLS = [
    (300, BRAID, BRAID_TOOLS, "harness"),
    (130, OPENTOOL, OPENTOOL_TOOLS, "opentool"),
    (80, MARLIN, MARLIN_TOOLS, "node"),
]


def app_users(provider: Provider) -> None:
    """Users of one app share its template, addresses and client; some apps pay for all of them."""
    for number, (users, payer, addresses) in enumerate(APPS):
        rng = provider.rng(f"app{number}")
        name = rng.choice(WORDS["company"])
        exits = [provider.network.cloud(rng) for _ in range(addresses)]
        system = f"{own_system(provider, rng, name, 0)} App build {rng.randint(100, 999)}."
        template = freeze(rng, rng.choice(APP_TEMPLATES))
        usual = [provider.corpus.fill(rng, template, spin(rng, rng.choice(CHAT))) for _ in range(280)]
        agent, card = agents(rng, "node")[:1], new_card(rng)
        ways: dict[str, dict[str, object]] = {
            "own": {},
            "pooled": {"payment_fp": card, "payment_kind": "invoice", "payment_bin": None},
            "none": {"payment_fp": None, "payment_kind": None},
        }
        signup = Signup(
            cohort=f"app{number}",
            pathway="api" if number < 3 else "cloud:bedrock",
            client="node",
            record=ways[payer],
        )
        for _ in provider.cohort(rng, users):
            account = provider.enrol(rng, replace(signup, age=rng.expovariate(1 / (40 * DAY))))
            account.route, account.agents, account.handshakes = usually(exits), agent, CLIENTS["node"][1][:1]
            account.system, account.models = system, ["aurora-3-mini"]
            account.max_tokens, account.temperature = 700, 0.6
            if payer != "own":
                account.record |= {"signup_ip": exits[0].ip, "signup_asn": exits[0].asn}
            uses = max(1, int(rng.lognormvariate(1.3, 0.8) * provider.setting.volume))
            for at in Hours(account.zone).draw(rng, uses, max(0, account.opened), provider.end):
                prompt = (
                    rng.choice(usual)
                    if rng.random() < 0.8
                    else provider.corpus.fill(rng, template, provider.corpus.pick(rng, "general"))
                )
                end_user = None if number else account.id[-8:]
                provider.add(rng, account, Call(at=at, prompt=prompt, end_user=end_user))


def coding_tools(provider: Provider) -> None:
    """Developers at home with one of three coding tools: one system prompt and one set of tools for all."""
    for number, (users, system, tools, client) in enumerate(TOOLS):
        rng = provider.rng(f"harness{number}")
        for _ in provider.cohort(rng, users):
            account = provider.enrol(rng, Signup(cohort=f"harness{number}", pathway="api", client=client))
            homes = [provider.network.home(rng, account.country) for _ in range(rng.randint(1, 2))]
            account.route, account.system = usually(homes), system
            if rng.random() < 0.8:
                folder = f"/{rng.choice(['home', 'Users'])}/{account.user}/{account.project}"
                platform = rng.choice(["darwin", "linux", "win32"])
                account.system += f"\n# Environment: cwd {folder}; {platform}"
            account.max_tokens = None if number else 32_000
            account.effort = rng.choice([None, "high", "medium"])
            runs = max(1, int(rng.lognormvariate(0.6, 0.9) * math.sqrt(provider.setting.volume)))
            hours = Hours(account.zone, work=True)
            for at in hours.draw(rng, runs, max(0, account.opened), provider.end):
                ToolRun(at=at, tools=tools).hold(provider, rng, account)


def white_label_bots(provider: Provider) -> None:
    """One account serves many people under another name, as an operator's relay would."""
    rng = provider.rng("whitelabel_bot")
    for _ in provider.cohort(rng, 12):
        signup = Signup(cohort="whitelabel_bot", pathway="api", country=rng.choice(["SG", "JP", "IN"]))
        account = provider.enrol(rng, signup)
        name, maker = rng.choice(["Nova", "Mira", "Kobo", "Tenzi"]), rng.choice(WORDS["company"])
        account.system = (
            f"You are {name}, made by {maker}. Never say you are Aurora or mention other vendors."
        )
        for _ in range(rng.randint(15, 60)):
            session = Session(
                at=rng.uniform(0, provider.end),
                interests=["chat", "write", "code", "homework"],
                turns=rng.randint(1, 4),
                end_user=opaque(rng, "eu_", 4),
            )
            session.hold(provider, rng, account)
