"""How an operator's pool of accounts is enrolled: sign-up bursts, payment families, mail, networks, programs."""

import numpy as np

from stillwatch.lab import clients, people, places
from stillwatch.lab.arrays import DAY, HOUR, Ints, Rng, choose, kept, opaque, texts
from stillwatch.lab.operators.plan import Enrolment, Operator
from stillwatch.lab.people import People
from stillwatch.lab.world import World


def crew(world: World, rng: Rng, operator: Operator, size: int, start: int) -> People:
    """`size` accounts of one operator, whose campaign starts at `start`."""
    plan = operator.enrolment
    pool = people.draw(world, rng, size, operator.id)
    pool.operator = operator.id
    habits = pool.habits
    lands = np.array([places.index_of(code) for code in plan.countries])
    habits.country = lands[choose(rng, list(plan.countries.values()), size)]
    programs = np.array([clients.client_index(client) for client in plan.clients])
    habits.client = programs[choose(rng, list(plan.clients.values()), size)]
    habits.agent, habits.ja4 = clients.draw_agents(rng, habits.client)
    habits.pathway = texts(list(plan.pathways))[choose(rng, list(plan.pathways.values()), size)]
    chat = clients.CHAT[habits.client]
    habits.pathway[chat] = "app"
    habits.pathway[~chat & (habits.pathway == "app")] = "api"
    habits.voices.language[:] = places.languages_of(rng, habits.country)
    habits.voices.fields[:] = world.speech.draw_fields(rng, habits.voices.language)
    _networks(rng, plan, pool)
    created = _creations(rng, plan, size, start)
    _papers(rng, plan, pool, created)
    return pool


def _networks(rng: Rng, plan: Enrolment, pool: People) -> None:
    habits, size = pool.habits, pool.size
    if plan.network == "hosted":
        asn, net = places.hosted_networks(rng, plan.blocks)
        block = rng.integers(0, plan.blocks, (2, size))
        habits.home_asn, habits.home = asn[block[0]], net[block[0]]
        habits.away_asn, habits.away = asn[block[1]], net[block[1]]
        habits.away_share = np.full(size, 0.25)
        return
    habits.home_asn, habits.home = places.access_networks(rng, habits.country)
    habits.away_asn, habits.away = places.access_networks(rng, habits.country)
    if plan.network == "residential":
        habits.away_share = rng.uniform(0.2, 0.5, size)


def _creations(rng: Rng, plan: Enrolment, size: int, start: int) -> Ints:
    if plan.bursts == 0:
        return (start - 2 * DAY - rng.beta(1, 1.6, size) * 500 * DAY).astype(np.int64)
    bursts = start - DAY // 2 - rng.random(plan.bursts) * plan.lead_days * DAY
    begin = bursts[rng.integers(0, plan.bursts, size)]
    return (begin + rng.random(size) * plan.burst_hours * HOUR).astype(np.int64)


def _papers(rng: Rng, plan: Enrolment, pool: People, created: Ints) -> None:
    size, habits = pool.size, pool.habits
    code = places.COUNTRY_CODES[habits.country]
    bins = places.card_prefixes(rng, habits.country).astype("U6").astype(object)
    if plan.cards:
        instruments = max(1, size // plan.cards)
        card = rng.integers(0, instruments, size)
        family = places.card_prefixes(rng, habits.country[: plan.bins]).astype("U6").astype(object)
        lands = code[rng.integers(0, size, plan.bins)]
        of_card = rng.integers(0, len(family), instruments)
        pool.set(
            payment_fp=opaque(rng, instruments, "pm_", 12)[card],
            payment_kind=plan.card_kind,
            payment_bin=family[of_card][card],
            payment_country=lands[of_card][card],
        )
    else:
        kinds = texts(people.CARDS)[choose(rng, people.CARD_SHARES, size)]
        pool.set(
            payment_fp=opaque(rng, size, "pm_", 12),
            payment_kind=kinds,
            payment_bin=bins,
            payment_country=code,
        )
    devices = max(1, size // max(plan.devices, 1))
    programme = texts([*plan.programmes, None])
    shares = [*plan.programmes.values(), 1 - sum(plan.programmes.values())]
    pool.set(
        created_at=created.astype(object),
        plan=plan.plan,
        org_id=None,
        email_domain=people.mail_domains(rng, size, disposable=plan.disposable_mail, corporate=0.05),
        phone_country=kept(rng.random(size) < 0.5, code),
        signup_ip=people.signup_addresses(rng, habits.home),
        signup_asn=habits.home_asn.astype(object),
        signup_country=code.copy(),
        declared_country=code.copy(),
        signup_ja4=texts(clients.JA4_STRINGS)[habits.ja4],
        device_id=kept(
            rng.random(size) < 0.6, opaque(rng, devices, "d_", 12)[rng.integers(0, devices, size)]
        ),
        referral=kept(rng.random(size) < 0.05, people.referrals(rng, size)),
        programme=programme[choose(rng, shares, size)],
        kyc_level=choose(rng, (0.6, 0.4), size).astype(object),
        status="active",
    )
