"""What a method of proof is: how it is begun, and what its answer shows. It keeps nothing itself."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeAlias

import msgspec

from stillwatch.access.verification.keyed import Keyed
from stillwatch.access.verification.proof import Key, Subject
from stillwatch.access.verification.settings import Settings
from stillwatch.records import Micros

Id: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]
Line: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
Long: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]
KeysOf: TypeAlias = Callable[[Sequence[str], str], list[Key]]
"""The keys of some accounts, of one kind."""


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every beginning says. A method adds its own fields."""

    account_id: Id


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every answer says."""

    account_id: Id
    challenge_id: Id


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """What a method begins with."""

    asked: Any  # of the method's `begins`
    settings: Settings
    keyed: Keyed
    keys: KeysOf
    now: Micros


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What a method wants back with the answer, and what is shown to who asked."""

    state: dict[str, Any]
    shown: dict[str, Any]


class Answering(msgspec.Struct, frozen=True, kw_only=True):
    """What a method judges."""

    answer: Any  # of the method's `completes`
    account_id: str
    state: dict[str, Any]  # as it was begun
    settings: Settings
    keyed: Keyed
    keys: KeysOf
    now: Micros


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that was shown for the first time."""

    kind: str
    key_id: str
    public: str
    counter: int = 0
    facts: dict[str, object] = {}


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer proves. `until` cuts the kind's own lifetime shorter; of a key in use, the counter moves on."""

    kind: str
    provenance: dict[str, object]
    subjects: tuple[Subject, ...] = ()
    made_at: Micros | None = None  # where it was found out before now
    until: Micros | None = None
    key: NewKey | None = None
    used: tuple[Key, int] | None = None
    by: str | None = None  # who vouches for it; else the method itself


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """How a method begins. A challenge lives for `lives` and may be tried `attempts` times, right or wrong."""

    takes: type[Asked]
    begin: Callable[[Asking], Begun]
    lives: int
    attempts: int


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """One way to prove something. `complete` raises Refused."""

    gives: tuple[str, ...]
    completes: type[msgspec.Struct]
    complete: Callable[[Answering], Given]
    opening: Opening | None = None  # None where a person enters what is proved
    signed: bool = False  # answers come from a vendor alone, by its signed events
