"""The plan of an operator, told declaratively: what is harvested, by how many accounts, enrolled and scheduled how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Task:
    """One kind of work: its share of the jobs, its fixed wordings (with `{item}`), system prompts, tools and settings."""

    capability: str
    share: float
    wordings: tuple[str, ...]
    systems: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    steps: float = 1.0  # mean calls a job; later calls are turns of an agent loop
    images: int = 0
    effort: str | None = None
    temperature: float | None = None
    max_tokens: int = 4096
    after: float = 0.0  # share of the campaign that passes before this work begins


@dataclass(frozen=True)
class Enrolment:
    """How accounts come to be: sign-up bursts, money, mail, networks, programs."""

    bursts: int = 3  # sign-up bursts the pool was made in
    burst_hours: float = 6.0
    lead_days: float = 6.0  # sign-up before the campaign's start
    cards: int = 10  # accounts that share one payment instrument
    card_kind: str = "prepaid"
    bins: int = 2  # distinct card prefixes
    disposable_mail: float = 0.5
    network: Literal["hosted", "residential", "access"] = "hosted"
    blocks: int = 12  # /24 blocks the pool works from
    countries: Mapping[str, float] = field(default_factory=lambda: {"US": 0.6, "SG": 0.4})
    clients: Mapping[str, float] = field(default_factory=lambda: {"python-sdk": 1.0})
    pathways: Mapping[str, float] = field(default_factory=lambda: {"api": 1.0})
    programmes: Mapping[str, float] = field(default_factory=dict)
    devices: int = 8  # accounts a sign-up device
    plan: str = "pay-as-you-go"


@dataclass(frozen=True)
class Rhythm:
    """When the pool works: `balanced` shifts, `lockstep` pulses, `steady` quotas, `served` or `own_hours` as people come."""

    kind: Literal["balanced", "lockstep", "steady", "served", "own_hours"] = "balanced"
    stint_hours: float = 4.0
    on_share: float = 0.35  # of the living accounts that work in one stint
    outages: int = 3  # hours-long stops of the whole operation


@dataclass(frozen=True)
class Bans:
    """The provider's bans: share of the pool banned in time, and how soon a successor works on."""

    share: float = 0.0
    successor_minutes: float = 15.0
    standby: float = 0.0  # share of the pool that stays silent until the big ban


@dataclass(frozen=True)
class Cover:
    """Innocent traffic inside the pool: mean share of an account's exchanges, and how many voices an account carries."""

    share: float = 0.0
    spread: float = 0.0
    voices: int = 1


@dataclass(frozen=True)
class Relay:
    """Real users of the operator's own product whose requests are pushed through the pool."""

    users: float  # users an account of the pool
    languages: Mapping[str, float]
    harness: str  # what its agent harness puts into system prompts
    harness_share: float = 0.5


@dataclass(frozen=True)
class Operator:
    """One operator; `accounts` is at scale 1, `volume` exchanges an account over the campaign."""

    id: str
    kind: str
    accounts: int
    volume: float
    tasks: tuple[Task, ...]
    enrolment: Enrolment = Enrolment()
    rhythm: Rhythm = Rhythm()
    bans: Bans = Bans()
    cover: Cover = Cover()
    days: float | None = None  # length of the campaign in a log of four weeks; to the end if not said
    pivot: float = 0.0  # share of traffic moved to a new model within a day of its release
    shift: str | None = None  # a model the whole operation moves to half-way
    injected: str | None = (
        None  # one fixed instruction at the head or tail of the prompt, or as the system prompt
    )
    relayed: Relay | None = None
    replays: float = 0.0  # share of calls that send back ids captured elsewhere
    paraphrases: bool = False
    floor: int = 40
