"""A level policy: bands that accounts fall into, asks by band, and how the clusters of campaigns are challenged."""

from fnmatch import fnmatchcase
from typing import Literal

import msgspec

from stillwatch.records import Terms

LEVELS = range(
    5
)  # 0 to 4, after NIST SP 800-63-4: e-mail; phone and payment; person or organisation; owners; contract
When = Literal["open", "confirmed"]


class Tier(msgspec.Struct, frozen=True):
    """What is worth copying: by patterns of model names, and by capabilities of a campaign. One without any is the rest."""

    name: str
    models: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()

    def holds(self, model: str | None, capability: str | None) -> bool:
        if not self.models and not self.capabilities:
            return True
        named = model is not None and any(fnmatchcase(model, pattern) for pattern in self.models)
        return named or capability in self.capabilities


class Band(msgspec.Struct, frozen=True):
    """A range of a number, from `least` up to the band above it."""

    name: str
    least: float


class Risk(msgspec.Struct, frozen=True):
    """Accounts of campaigns in these states and at least this likely; the first has no states and takes the rest."""

    name: str
    states: tuple[str, ...] = ()
    least: float = 0.0


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A level asked of the accounts in some bands. A dimension that is left empty takes all of its bands."""

    id: str
    tiers: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    level: int
    deadline: int  # microseconds from the asking
    terms: Terms
    line: int

    def meets(self, cell: tuple[str, str, str, str]) -> bool:
        """Whether it asks accounts in these bands of tier, volume, risk and region."""
        wanted = (self.tiers, self.volumes, self.risks, self.regions)
        return all(not bands or one in bands for bands, one in zip(wanted, cell, strict=True))


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """Shares that pass, as thought of before any challenge was measured, and how many accounts that is worth."""

    legitimate: float
    operator: float
    worth: float


class ChallengePolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How all accounts of a campaign are asked at once."""

    when: When
    least: float  # probability of an account from which it is asked with its campaign
    level: int
    deadline: int  # microseconds
    control_share: float  # of all other accounts
    expected: Expected
    terms: Terms
    line: int


class SignUp(msgspec.Struct, frozen=True, kw_only=True):
    """On what terms the level is asked that the checks at sign-up suggest."""

    deadline: int  # microseconds
    terms: Terms


class LevelPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A level policy that holds together. Bands go from the least to the most; the first ask that meets decides."""

    file: str
    sha256: str
    tiers: tuple[Tier, ...]  # the first that holds counts
    volumes: tuple[Band, ...]  # exchanges in 28 days
    risks: tuple[Risk, ...]  # the last that holds counts
    regions: tuple[Band, ...]  # probability of a region that is not supported
    asks: tuple[Ask, ...]
    signup: SignUp | None = None
    challenge: ChallengePolicy | None = None

    def first(self, cell: tuple[str, str, str, str]) -> Ask | None:
        """The ask of accounts in these bands."""
        return next((ask for ask in self.asks if ask.meets(cell)), None)
