"""People and small firms whose own ways look strange: hidden networks, shared cards, imports, migrations."""

from stillwatch.lab.outside.accounts import THROWAWAY_HOSTS, Signup
from stillwatch.lab.outside.clients import programs
from stillwatch.lab.outside.clocks import own_hours, sessions, timetable
from stillwatch.lab.outside.countries import CODES
from stillwatch.lab.outside.emission import emit
from stillwatch.lab.outside.enrolment import group
from stillwatch.lab.outside.grammar import settled
from stillwatch.lab.outside.routines import own_use, serve
from stillwatch.lab.outside.speakers import chatting, templated
from stillwatch.lab.outside.wording.products import DIGESTS, JOBS
from stillwatch.lab.outside.workload import Kept, Workload
from stillwatch.lab.outside.world import DAY, World

PROMOTED = ["IN", "BR", "MX", "ID", "PH", "NG"]


def privacy_minded(world: World) -> None:
    """People behind VPNs with masked mail and virtual cards."""
    rng, network = world.rng, world.network
    for _ in range(world.groups(160)):
        domain = rng.choice([*THROWAWAY_HOSTS, "proton.me", "tutanota.com"])
        like = Signup(cohort="privacy_minded", domain=domain)
        account = group(world, 1, (), like, countries=CODES)[0]
        account.plan = "plus"
        account.card = world.card(account.country, rng.choice(["virtual", "prepaid"]))
        account.addresses = [network.vpn() for _ in range(rng.choice((2, 5)))]
        account.signup_address = network.vpn()
        own_use(world, account, world.volume(9, 1, 300), Workload(accept_language=None))


def fintech_promotions(world: World) -> None:
    """Students who all got the virtual card of one fintech in a promotion."""
    rng = world.rng
    for _ in range(world.groups(3)):
        country, issuer = rng.choice(PROMOTED), f"{rng.randrange(400_000, 559_999):06d}"
        size = world.members(50, 120)
        like = Signup(cohort="fintech_promo", country=country, plan="plus", referral="campus-amb")
        for account in group(world, size, (), like, wave=(rng.uniform(-10, 10), 2.5)):
            account.card = world.card(country, "virtual", issuer)
            account.addresses = world.network.homes(country)
            own_use(world, account, world.volume(8, 1, 150))


def agencies(world: World) -> None:
    """Agencies that run one job at the same minute for all their clients' accounts."""
    rng = world.rng
    for _ in range(world.groups(5)):
        hour, templates = rng.randrange(24), settled(rng, DIGESTS)
        size = world.members(8, 30)
        like = Signup(cohort="cron_agency", plan="pay-as-you-go")
        for account in group(world, size, ("egress", "client"), like):
            calls = world.volume(45, 0.5, 200)
            working = rng.random() < 0.3
            times = timetable(world, calls, hour, 0, 8, begin=account.begins, working_days=working)
            emit(world, account, templated(account.person, templates, follow=False), times)


def chat_imports(world: World) -> None:
    """Chats that are resumed from an export: ids of answers come back in a new conversation."""
    for _ in range(world.groups(80)):
        _import(world)


def _import(world: World) -> None:
    rng = world.rng
    kept: Kept = []
    old = group(world, 1, (), Signup(cohort="chat_import"))[0]
    moved = rng.uniform(5, world.days - 5) * DAY
    calls = world.volume(12, 0.7, 100)
    times = sessions(world, calls, own_hours(world, old), 3, 80, old.begins, moved)
    emit(world, old, chatting(old.person), times, Workload(keep=kept, sealed=0.4))
    new = old
    if rng.random() >= 0.7:
        like = Signup(cohort="chat_import", country=old.country, addresses=old.addresses, device=old.device)
        new = group(world, 1, (), like)[0]
    new.person = old.person

    def resume(at: float) -> list[str]:
        if rng.random() >= 0.6:
            return []
        return [made for when, made in rng.sample(kept, min(len(kept), 3)) if when < at]

    calls = world.volume(10, 0.7, 100)
    times = sessions(world, calls, own_hours(world, old), 3, 80, moved)
    emit(world, new, chatting(new.person), times, Workload(resume=resume, sealed=0.2))


def vendor_migrations(world: World) -> None:
    """Services that come from another vendor with their full load at once."""
    rng = world.rng
    for _ in range(world.groups(45)):
        like = Signup(
            cohort="vendor_migration",
            plan="pay-as-you-go",
            clients=programs(rng),
            created=rng.uniform(1, world.days - 6) * DAY,
        )
        account = group(world, 1, ("egress", "domain"), like)[0]
        account.begins = account.created
        speaker = templated(account.person, settled(rng, JOBS, 2), follow=False)
        calls = world.volume(110, 0.8, 1_200)
        work = Workload(system=f"Service {account.person.product}")
        serve(world, account, speaker, calls, work, habit=rng.choice(["round_the_clock", "flat"]))


def families(world: World) -> None:
    """Families and freelancers who share a card and a home."""
    rng = world.rng
    for _ in range(4 * world.groups(8)):
        like = Signup(cohort="shared_card_family", habit="evening")
        members = group(world, rng.choice((2, 3, 4)), ("card", "nat"), like)
        for account in members:
            if rng.random() < 0.6:
                account.phone_hash = members[0].phone_hash
            own_use(world, account, world.volume(8, 0.9, 150), code=False)
