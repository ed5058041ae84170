"""Unrelated people behind one address: offices, campuses, carriers."""

from stillwatch.lab.outside.accounts import Signup
from stillwatch.lab.outside.clients import programs
from stillwatch.lab.outside.enrolment import group
from stillwatch.lab.outside.routines import own_use
from stillwatch.lab.outside.world import World

CARRIER_COUNTRIES = ["IN", "ID", "NG", "PH", "BR", "VN", "EG"]


def nat_developers(world: World) -> None:
    """Developers in one office or coworking space."""
    for _ in range(world.groups(6)):
        size = world.members(20, 60)
        for account in group(world, size, ("nat",), Signup(cohort="nat_developers")):
            if world.rng.random() < 0.6:
                account.clients = programs(world.rng)
            own_use(world, account, world.volume(14, 1, 500), turns=2)


def campuses(world: World) -> None:
    """Students of one university, some also at home."""
    for number in range(world.groups(4)):
        size = world.members(40, 120)
        programme = "edu" if number % 2 else None
        like = Signup(cohort="campus", plan="free", programme=programme, habit="student")
        for account in group(world, size, ("nat", "domain"), like):
            homes = world.network.homes(account.country)
            account.addresses = account.addresses + homes * world.rng.choice((0, 1, 2))
            own_use(world, account, world.volume(8, 1, 200))


def carriers(world: World) -> None:
    """Customers of a carrier that puts all of them behind a few addresses."""
    rng = world.rng
    for _ in range(world.groups(5)):
        country = rng.choice(CARRIER_COUNTRIES)
        gateways = [world.network.home(country) for _ in range(rng.choice((2, 4, 8)))]
        size = world.members(40, 110)
        for account in group(world, size, (), Signup(cohort="cgnat", country=country, addresses=gateways)):
            own_use(world, account, world.volume(6, 1, 200))
