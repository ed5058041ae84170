"""The programs simulated people call with: user agents, TLS fingerprints and the pathway each implies."""

from dataclasses import dataclass

import numpy as np

from stillwatch.lab.arrays import Ints, Rng, choose


@dataclass(frozen=True)
class Client:
    """One program: its share of ordinary accounts, agent strings, TLS fingerprints (JA4) and pathway."""

    name: str
    weight: float
    agents: tuple[str, ...]
    ja4s: tuple[str, ...]
    pathway: str

    @property
    def chat(self) -> bool:
        return self.pathway == "app"


def _versions(pattern: str, *versions: str) -> tuple[str, ...]:
    return tuple(pattern.format(version) for version in versions)


_CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"
_SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{} Safari/605.1.15"
_FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"

CLIENTS = (
    Client(
        "browser",
        42,
        (
            *_versions(_CHROME, "141", "142", "143"),
            *_versions(_SAFARI, "18.5", "26.0"),
            *_versions(_FIREFOX, "143", "144"),
        ),
        (
            "t13d1516h2_8daaf6152771_02713d6af862",
            "t13d2014h2_a09f3c656075_14788d8d241b",
            "t13d1715h2_5b57614c22b0_3d5424432f57",
        ),
        "app",
    ),
    Client(
        "phone",
        20,
        (
            *_versions("AtlasApp/{} (iOS 19.1)", "4.11.0", "4.12.1", "4.13.0"),
            *_versions("AtlasApp/{} (Android 16)", "4.11.2", "4.13.0"),
        ),
        ("t13d1312h2_f57a46bbacb6_ab7e3b40a677", "t13d1314h2_55b375c5d22e_b26ce05bbdd6"),
        "app",
    ),
    Client(
        "python-sdk",
        16,
        _versions("atlas-python/{}", "1.38.0", "1.40.2", "1.44.0", "1.51.1", "1.52.0"),
        ("t13d1812h1_85036bcba153_b26ce05bbdd6", "t13d1712h1_5d04281c6031_78e6aca7449b"),
        "api",
    ),
    Client(
        "node-sdk",
        7,
        _versions("atlas-node/{}", "2.4.1", "2.6.0", "2.9.3"),
        ("t13d521100_b262b3658495_8e6e362c5eac", "t13d591000_a33745022dd6_5ac7197df9d2"),
        "api",
    ),
    Client(
        "harness",
        7,
        _versions("skiff-cli/{} (linux; x64)", "0.42.0", "0.43.1", "0.45.0")
        + _versions("skiff-cli/{} (darwin; arm64)", "0.43.1", "0.45.0"),
        ("t13d521100_b262b3658495_8e6e362c5eac", "t13d1811h1_e8f1e7e78f70_b26ce05bbdd6"),
        "api",
    ),
    Client(
        "http-library",
        5,
        _versions("python-httpx/{}", "0.27.2", "0.28.1")
        + _versions("python-requests/{}", "2.31.0", "2.32.3"),
        ("t13d1812h1_85036bcba153_b26ce05bbdd6", "t13d4312h1_c7886603b240_b26ce05bbdd6"),
        "api",
    ),
    Client("go-client", 2, ("Go-http-client/2.0",), ("t13d190900_9dc949149365_97f8aa674fd9",), "api"),
    Client("curl", 1, ("curl/8.5.0", "curl/8.11.1"), ("t13d3112h2_e8f1e7e78f70_6bebaf5329ac",), "api"),
)
CLIENT_WEIGHTS = np.array([client.weight for client in CLIENTS])

AGENT_STRINGS = tuple(agent for client in CLIENTS for agent in client.agents)
JA4_STRINGS = tuple(sorted({ja4 for client in CLIENTS for ja4 in client.ja4s}))
_FIRST_AGENT = np.cumsum([0, *(len(client.agents) for client in CLIENTS)])
CHAT = np.array([client.chat for client in CLIENTS])


def client_index(name: str) -> int:
    """Where a client stands in `CLIENTS`."""
    return next(i for i, client in enumerate(CLIENTS) if client.name == name)


def draw_agents(rng: Rng, client: Ints) -> tuple[Ints, Ints]:
    """Return an agent string and a TLS fingerprint (indexes) for each person's program."""
    agent = np.zeros(len(client), dtype=np.int64)
    ja4 = np.zeros(len(client), dtype=np.int64)
    for index in np.unique(client):
        here = np.flatnonzero(client == index)
        program = CLIENTS[index]
        shares = np.arange(1, len(program.agents) + 1) ** 0.5
        agent[here] = _FIRST_AGENT[index] + choose(rng, shares, len(here))
        ids = np.array([JA4_STRINGS.index(value) for value in program.ja4s])
        ja4[here] = ids[choose(rng, 1 / np.arange(1, len(ids) + 1), len(here))]
    return agent, ja4
