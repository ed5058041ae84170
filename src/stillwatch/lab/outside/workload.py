"""What a program or habit makes of its calls: parameters of requests, and what is said of client, network and ids."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stillwatch.lab.outside.clients import Client
from stillwatch.lab.outside.network import Route

Kept = list[tuple[float, str]]
"""Ids that a client keeps of answers, and when it got them."""

OWN_LANGUAGE = "own"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Parameters of a request that a program sets."""

    max_tokens: int | None = None
    temperature: float | None = None
    n_choices: int | None = None
    stream: bool | None = None
    reasoning_effort: str | None = None


DEFAULT = Settings()


@dataclass(frozen=True, kw_only=True)
class Workload:
    """What a program or habit makes of calls; what is left out is the account's own."""

    operator: str | None = None
    kind: str = "chat"
    system: str | None = None
    tools: list[str] | None = None
    agent: bool = False
    settings: Settings = DEFAULT
    output: float | None = None  # log of the median answer, in tokens
    refused: float = 0.004
    pathway: str | list[str] | None = None
    clients: Sequence[Client] | None = None
    route: Route | None = None
    accept_language: str | None = OWN_LANGUAGE
    model: str | Callable[[float], str | None] | None = None
    end_users: list[str] | None = None
    images: Callable[[], int] | None = None
    sealed: float = 0.0  # share of answers whose sealed reasoning the client keeps
    resume: Callable[[float], list[str]] | None = None
    keep: Kept | None = None  # takes the ids of answers


PLAIN = Workload()
