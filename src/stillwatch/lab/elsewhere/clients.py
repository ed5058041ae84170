"""Client programs: user agents, whose `%d` are version numbers, and TLS fingerprints."""

import re
from random import Random

_NODE_TLS = ["t13d5911h1_a33745022dd6_1f22a2ca17c4", "t13d5910h1_a33745022dd6_41ba5d3b2c55"]
CLIENTS: dict[str, tuple[list[str], list[str]]] = {
    "py": (
        ["aurora-python/1.%d.%d", "python-httpx/0.2%d.%d", "AsyncAurora/Python 1.%d.%d"],
        [
            "t13d1516h2_8daaf6152771_b0da82dd1658",
            "t13d1517h2_8daaf6152771_b6f405a00624",
            "t13d4312h1_c7886603b240_b26ce05bbdd6",
        ],
    ),
    "req": (
        ["python-requests/2.3%d.%d"],
        ["t13d4312h1_c7886603b240_b26ce05bbdd6", "t13d3112h1_e8f1e7e78f70_6bebaf5329ac"],
    ),
    "node": (["aurora-js/0.%d.%d", "node-fetch/1.%d.%d", "axios/1.%d.%d"], _NODE_TLS),
    "go": (
        ["Go-http-client/2.0", "aurora-go/0.%d.%d"],
        ["t13d1312h2_f57a46bbacb6_ab7e3b40a677", "t13d190900_9dc949149365_97f8aa674fd9"],
    ),
    "java": (
        ["okhttp/4.%d.%d", "Apache-HttpClient/5.%d.%d (Java/21)"],
        ["t13d1812h2_5d04281c6031_ef7df7f74e48"],
    ),
    "curl": (["curl/8.%d.%d"], ["t13d3112h2_e8f1e7e78f70_1d37bd780c83"]),
    "rust": (["reqwest/0.1%d.%d"], ["t13d1011h2_61a7ad8aa9b6_3fcd1a44f3e3"]),
    "browser": (
        [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/13%d.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/13%d.0.0.0 Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_%d like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (X11; Linux x86_64; rv:13%d.0) Gecko/20100101 Firefox/13%d.0",
            "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/13%d.0.0.0 Mobile Safari/537.36",
        ],
        [
            "t13d1516h2_8daaf6152771_02713d6af862",
            "t13d1715h2_5b57614c22b0_3d5424432f57",
            "t13d2014h2_a09f3c656075_14788d8d241b",
            "t13d1517h2_8daaf6152771_b1ff8ab2d16f",
        ],
    ),
    "harness": (
        ["braid-cli/0.%d.%d (external, cli)", "braid-cli/0.%d.%d (darwin; arm64)"],
        ["t13d5911h1_a33745022dd6_1f22a2ca17c4", "t13d5910h1_a33745022dd6_7ba41a0e5ce2"],
    ),
    "opentool": (["opentool/1.%d.%d bun/1.2"], ["t13d1411h1_9e6a3e6d2b91_a1c1f3c2f0d1"]),
}
API_CLIENTS = ["py", "py", "py", "req", "node", "node", "go", "java", "curl", "rust"]


def agents(rng: Random, client: str) -> list[str]:
    """One user agent of a client, at times two."""
    return [
        re.sub("%d", lambda _: str(rng.randint(2, 9)), rng.choice(CLIENTS[client][0]))
        for _ in range(1 if rng.random() < 0.65 else 2)
    ]


def handshakes(rng: Random, client: str) -> list[str]:
    """TLS fingerprints of an account: one, at times every one its client has."""
    known = CLIENTS[client][1]
    return [rng.choice(known)] if rng.random() < 0.8 else known
