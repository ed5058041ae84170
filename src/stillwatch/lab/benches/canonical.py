"""Canonical JSON lines for measuring speed: plain traffic with about 1 kB of text an exchange."""

from pathlib import Path

import numpy as np

START = 1_772_409_600_000_000  # 2026-03-02T00:00:00Z in microseconds
SPAN = 28 * 86_400_000_000
EXCHANGES_PER_ACCOUNT = 20  # 200,000 accounts at 4,000,000 exchanges
POOL = 8_192  # texts that are drawn from, each behind words of its own
PROMPT_WORDS, RESPONSE_WORDS = 60, 90  # of 5.7 characters and a space: 1,000 characters together
CHUNK = 20_000
AGENTS = ("python-httpx/0.27", "openai-python/1.40", "curl/8.5", "node-fetch/3.3", "okhttp/4.12")
MODELS = ("large-1", "medium-1", "small-1")
COUNTRIES = ("US", "DE", "IN", "BR", "JP", "FR", "GB", "SG")


def write(folder: Path, exchanges: int, seed: int) -> int:
    """Write `exchanges.jsonl` and `accounts.jsonl` into `folder`; gives the number of accounts."""
    folder.mkdir(parents=True, exist_ok=True)
    accounts = max(1, exchanges // EXCHANGES_PER_ACCOUNT)
    draw = np.random.default_rng(seed)
    _write_accounts(folder / "accounts.jsonl", accounts, draw)
    vocabulary = _vocabulary(draw)
    prompts = _texts(vocabulary, PROMPT_WORDS, draw)
    responses = _texts(vocabulary, RESPONSE_WORDS, draw)
    times = START + np.sort(draw.integers(0, SPAN, size=exchanges))
    with (folder / "exchanges.jsonl").open("w", encoding="ascii") as stream:
        for first in range(0, exchanges, CHUNK):
            ts = times[first : first + CHUNK].tolist()
            account = draw.integers(0, accounts, size=len(ts)).tolist()
            text = draw.integers(0, POOL, size=(len(ts), 2)).tolist()
            own = draw.integers(0, len(vocabulary), size=(len(ts), 3)).tolist()
            stream.writelines(
                f'{{"exchange_id":"x{first + row}","ts":{ts[row]},"account_id":"a{account[row]}",'
                f'"pathway":"api","model":"{MODELS[account[row] % 3]}",'
                f'"prompt":"{vocabulary[own[row][0]]} {vocabulary[own[row][1]]} {vocabulary[own[row][2]]} '
                f'{prompts[text[row][0]]}","response":"{responses[text[row][1]]}",'
                f'"n_turns":1,"tokens_in":{90 + own[row][0] % 50},"tokens_out":{120 + own[row][1] % 90},'
                f'"http_status":200,{_network(account[row])}}}\n'
                for row in range(len(ts))
            )
    return accounts


def _network(account: int) -> str:
    """Fields of the client; an account keeps its address and program."""
    address = f"10.{account >> 16 & 255}.{account >> 8 & 255}.{account & 255}"
    return (
        f'"client_ip":"{address}","asn":{64_500 + account % 97},"country":"{COUNTRIES[account % 8]}",'
        f'"user_agent":"{AGENTS[account % 5]}","ja4":"t13d15{account % 11:02}h2_8daaf6152771_02713d6af862"'
    )


def _write_accounts(path: Path, accounts: int, draw: np.random.Generator) -> None:
    created = (START - draw.integers(0, 700 * 86_400_000_000, size=accounts)).tolist()
    bins = draw.integers(400_000, 402_000, size=accounts).tolist()
    with path.open("w", encoding="ascii") as stream:
        stream.writelines(
            f'{{"account_id":"a{number}","created_at":{created[number]},"plan":"pay-as-you-go",'
            f'"payment_fp":"fp-{number}","payment_kind":"credit","payment_bin":"{bins[number]}",'
            f'"signup_country":"{COUNTRIES[number % 8]}","email_domain":"mail{number % 40}.example"}}\n'
            for number in range(accounts)
        )


def _vocabulary(draw: np.random.Generator) -> list[str]:
    letters = np.array(list("etaoinshrdlucmfwypvbgk"))
    lengths = draw.integers(3, 9, size=6_000)
    return ["".join(letters[draw.integers(0, len(letters), size=length)]) for length in lengths]


def _texts(vocabulary: list[str], words: int, draw: np.random.Generator) -> list[str]:
    """POOL texts whose words are as unevenly frequent as those of a language (Zipf)."""
    weights = 1 / np.arange(2, len(vocabulary) + 2)
    chosen = draw.choice(len(vocabulary), p=weights / weights.sum(), size=(POOL, words))
    return [" ".join(vocabulary[word] for word in row) for row in chosen.tolist()]
