"""Who the composed accounts are: where they live, come from and work, and what their records say of it."""

from dataclasses import dataclass

import numpy as np

from stillwatch.lab.arrays import Bools, Floats, Ints, Rng, choose
from stillwatch.lab.borders.setting import Setting
from stillwatch.lab.places import CLOCKS, COUNTRY_WEIGHTS

KINDS = (
    "resident",
    "traveller",
    "expatriate",
    "remote worker",
    "student abroad",
    "roaming",
    "evader, private network",
    "evader, residential proxies",
    "evader, hosted relay",
    "evader, careless",
)
ABROAD = slice(1, 6)  # kinds that cross borders and break no rule
EVADERS = slice(6, 10)
TRIPS = 4


@dataclass
class People:
    """n accounts; countries are indices into the simulator's, -1 for a record that is empty."""

    kind: Ints
    home: Ints  # where they come from
    lives: Ints  # where they are, but for journeys: the truth that a verdict is about
    cover: Ints  # where evaders say they are; `lives` for all others
    days: Ints  # of the log
    sessions: Ints
    middle: Floats  # of their day, local hour
    spread: Floats  # hours
    tireless: Bools
    clock: Floats  # hours east, while at home
    trip_from: Floats  # [n, TRIPS] day
    trip_to: Floats
    trip_where: Ints
    veil: Floats  # share of sessions through a private network
    declared: Ints
    document: Ints
    payment: Ints
    thin: Bools
    phone: Ints
    virtual: Bools  # the number: of a service on the net
    signup: Ints
    signup_veiled: Bools
    tongue: Ints  # country whose language the client asks for, -1 without the header
    slips: Floats  # evaders: share of sessions without their disguise

    def __len__(self) -> int:
        return len(self.kind)

    def evades(self) -> Bools:
        out: Bools = self.kind >= EVADERS.start
        return out


def people(rng: Rng, world: Setting, counts: dict[str, int]) -> People:
    """Draw so many accounts of each kind, mixed."""
    kind = np.repeat([KINDS.index(name) for name in counts], list(counts.values()))
    rng.shuffle(kind)
    size = len(kind)
    inside = _anywhere(rng, world.inside, size)
    lives = inside.copy()
    home = inside.copy()
    foreign = np.isin(kind, [KINDS.index(name) for name in ("expatriate", "student abroad", "remote worker")])
    home[foreign] = _anywhere(rng, np.arange(len(world.served)), foreign.sum())
    evades = kind >= EVADERS.start
    lives[evades] = rng.choice(world.outside, evades.sum())
    home[evades] = lives[evades]
    drawn = People(
        kind=kind,
        home=home,
        lives=lives,
        cover=np.where(evades, inside, lives),
        days=np.clip(rng.lognormal(3.8, 0.6, size), 7, 120).astype(np.int64),
        sessions=np.clip(rng.lognormal(np.where(evades, 3.7, 3.2), 0.8), np.where(evades, 8, 2), 220).astype(
            np.int64
        ),
        middle=14.3 + 2.3 * rng.standard_t(5, size),
        spread=rng.uniform(2.2, 4.8, size),
        tireless=rng.random(size) < np.where(evades, 0.22, 0.04),
        clock=CLOCKS[lives],
        trip_from=np.full((size, TRIPS), np.inf),
        trip_to=np.full((size, TRIPS), -np.inf),
        trip_where=np.zeros((size, TRIPS), np.int64),
        veil=np.where(rng.random(size) < 0.14, rng.beta(1.2, 1.8, size), 0.0),
        declared=lives.copy(),
        document=np.full(size, -1),
        payment=lives.copy(),
        thin=rng.random(size) < 0.07,
        phone=lives.copy(),
        virtual=rng.random(size) < 0.05,
        signup=lives.copy(),
        signup_veiled=np.zeros(size, bool),
        tongue=np.full(size, -1),
        slips=np.zeros(size),
    )
    _shifts(rng, drawn)
    _journeys(rng, drawn)
    _records_of_the_honest(rng, drawn)
    _evaders(rng, world, drawn)
    _gaps(rng, drawn)
    return drawn


def _anywhere(rng: Rng, among: Ints, size: int) -> Ints:
    return among[choose(rng, COUNTRY_WEIGHTS[among], size)]


def _some(rng: Rng, rows: Bools, share: float) -> Bools:
    return rows & (rng.random(len(rows)) < share)


def _shifts(rng: Rng, drawn: People) -> None:
    """Night shifts, parents of infants, and people abroad who keep the hours of an office at home."""
    size = len(drawn)
    odd = rng.random(size) < 0.05
    drawn.middle[odd] = rng.uniform(0, 24, odd.sum())
    foreign = drawn.home != drawn.lives
    loyal = _some(rng, foreign, 0.04)
    drawn.clock[loyal] = CLOCKS[drawn.home[loyal]]


def _journeys(rng: Rng, drawn: People) -> None:
    """Travellers go anywhere, expatriates and students mostly home, the roaming all the time, others now and then."""
    chance = np.array([0.06, 0.95, 0.25, 0.10, 0.35, 1.0, 0, 0, 0, 0])[drawn.kind]
    length = np.array([6, 9, 14, 7, 18, 12, 1, 1, 1, 1])[drawn.kind]
    everywhere = np.arange(len(CLOCKS))
    homeward = np.isin(drawn.kind, [KINDS.index("expatriate"), KINDS.index("student abroad")])
    for trip in range(TRIPS):
        goes = rng.random(len(drawn)) < chance * (0.8**trip)
        start = rng.uniform(-10, drawn.days)
        stays = np.clip(rng.exponential(length), 1, 45)
        where = _anywhere(rng, everywhere, len(drawn))
        where = np.where(homeward & (rng.random(len(drawn)) < 0.75), drawn.home, where)
        drawn.trip_from[goes, trip] = start[goes]
        drawn.trip_to[goes, trip] = (start + stays)[goes]
        drawn.trip_where[:, trip] = where


def _records_of_the_honest(rng: Rng, drawn: People) -> None:
    size = len(drawn)
    foreign = drawn.home != drawn.lives
    drawn.payment = np.where(_some(rng, foreign, 0.38), drawn.home, drawn.payment)
    drawn.phone = np.where(_some(rng, foreign, 0.33), drawn.home, drawn.phone)
    drawn.declared = np.where(_some(rng, foreign, 0.04), drawn.home, drawn.declared)
    moved = _some(rng, foreign, 0.2)  # signed up before they moved, or on a visit home
    drawn.signup = np.where(moved, drawn.home, drawn.signup)
    anywhere = _anywhere(rng, np.arange(len(CLOCKS)), size)
    drawn.signup = np.where(rng.random(size) < np.where(drawn.kind == 1, 0.09, 0.01), anywhere, drawn.signup)
    drawn.payment = np.where(
        rng.random(size) < 0.012, anywhere, drawn.payment
    )  # a spouse's, a firm's, a neobank's
    drawn.phone = np.where(rng.random(size) < 0.008, anywhere, drawn.phone)
    drawn.signup_veiled = (drawn.veil > 0) & (rng.random(size) < 0.6)
    checked = rng.random(size) < 0.05
    drawn.document = np.where(checked, drawn.home, -1)
    asks = rng.random(size) < 0.4
    speaks = np.where(foreign & (rng.random(size) < 0.3), drawn.lives, drawn.home)
    drawn.tongue = np.where(asks, speaks, -1)


def _evaders(rng: Rng, world: Setting, drawn: People) -> None:
    """Disguises, each as complete as its owner is careful: `care` decides how often the truth stands in a record."""
    size = len(drawn)
    evades = drawn.evades()
    cares = np.array([0, 0, 0, 0, 0, 0, 0.55, 0.88, 0.85, 0.3])[drawn.kind]
    care = np.clip(cares + rng.normal(0, 0.12, size), 0.05, 0.995)
    bought = _anywhere(rng, world.inside, size)
    for name, matches in (("payment", 0.2), ("phone", 0.3), ("signup", 0.75), ("declared", 1.0)):
        shown = np.where(rng.random(size) < matches, drawn.cover, rng.permutation(bought))
        honesty = 1 - care if name != "declared" else (1 - care) ** 2
        said = np.where(rng.random(size) < honesty, drawn.lives, shown)
        setattr(drawn, name, np.where(evades, said, getattr(drawn, name)))
    drawn.thin |= _some(rng, evades, 0.6)
    drawn.virtual = np.where(evades, (drawn.phone != drawn.lives) & (rng.random(size) < 0.85), drawn.virtual)
    drawn.veil[evades] = 0
    drawn.signup_veiled[evades] = rng.random(evades.sum()) < 0.55
    pretends = _some(rng, evades, 0.15)  # works at the hours of the cover
    drawn.clock = np.where(pretends, CLOCKS[drawn.cover], drawn.clock)
    drawn.slips = np.where(evades, rng.beta(0.6, 12, size) * (1 - care) * 3, 0.0)
    asks = evades & (rng.random(size) < 0.3)
    pose = np.where(rng.random(size) < care, drawn.cover, drawn.lives)
    drawn.tongue = np.where(evades, np.where(asks, pose, -1), drawn.tongue)
    drawn.document[evades] = -1
    papers = evades & (rng.random(size) < 0.02)
    drawn.document = np.where(papers, bought, drawn.document)


def _gaps(rng: Rng, drawn: People) -> None:
    """Records that were never filled in."""
    for name, share in (("declared", 0.04), ("payment", 0.07), ("phone", 0.13), ("signup", 0.06)):
        values = getattr(drawn, name)
        values[rng.random(len(drawn)) < share] = -1
