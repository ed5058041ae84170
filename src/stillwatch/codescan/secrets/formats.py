"""Keys and tokens in the formats their providers document: prefixes, lengths and, where there are some, checksums."""

from __future__ import annotations

import re
import string
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def _checksum62(token: str) -> bool:
    """GitHub's and npm's tokens end with the CRC-32 of what stands before, in six digits of base 62."""
    body = token.partition("_")[2]
    number = zlib.crc32(body[:-6].encode())
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = BASE62[rest] + digits
    return digits.rjust(6, "0") == body[-6:]


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of secret: the first group of the pattern is the secret; texts without any of the signs hold none."""

    name: str
    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    confidence: float
    valid: Callable[[str], bool] = lambda _secret: True


def _format(
    name: str,
    signs: str,
    pattern: str,
    confidence: float,
    valid: Callable[[str], bool] = lambda _secret: True,
) -> Format:
    whole = re.compile(rf"(?<![\w+-])(?:{pattern})(?![\w+-])")
    return Format(name, tuple(signs.split()), whole, confidence, valid)


FORMATS = (
    _format("an AWS access key", "AKIA ASIA", r"((?:AKIA|ASIA)[A-Z2-7]{16})", 0.85),
    _format("a GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", r"(gh[pousr]_[A-Za-z0-9]{36})", 0.95, _checksum62),
    _format("a GitHub token", "github_pat_", r"(github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})", 0.9),
    _format("an npm token", "npm_", r"(npm_[A-Za-z0-9]{36})", 0.95, _checksum62),
    _format("a GitLab token", "glpat-", r"(glpat-[A-Za-z0-9_-]{20})", 0.85),
    _format("a Slack token", "xox", r"(xox[abprs]-\d{9,}-[A-Za-z0-9-]{20,})", 0.85),
    _format("a Slack webhook", "hooks.slack.com", r"https://hooks\.slack\.com/services/(T\w{8,}/B\w{8,}/\w{24})", 0.85),
    _format("a Stripe key", "k_live_", r"([sr]k_live_[A-Za-z0-9]{24,99})", 0.9),
    _format("a Google API key", "AIza", r"(AIza[A-Za-z0-9_-]{35})", 0.85),
    _format("an OpenAI key", "T3BlbkFJ", r"(sk-(?:[A-Za-z0-9]+-)?[A-Za-z0-9_-]{20,80}T3BlbkFJ[A-Za-z0-9_-]{20,80})", 0.95),
    _format("an Anthropic key", "sk-ant-", r"(sk-ant-(?:api|admin)\d\d-[A-Za-z0-9_-]{93}AA)", 0.95),
    _format("a Hugging Face token", "hf_", r"(hf_[A-Za-z]{34})", 0.85),
    _format("a SendGrid key", "SG.", r"(SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})", 0.9),
    _format("a PyPI token", "pypi-AgE", r"(pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,})", 0.95),
    _format("a Telegram bot token", ":AA", r"(?:bot)?(\d{8,10}:AA[A-Za-z0-9_-]{33})", 0.85),
    _format("a DigitalOcean token", "dop_v1_", r"(dop_v1_[0-9a-f]{64})", 0.9),
    _format("an Azure storage key", "AccountKey=", r"AccountKey=([A-Za-z0-9+/]{86}==)", 0.9),
)  # fmt: skip
PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:RSA |EC |DSA |OPENSSH )?PRIVATE KEY-----(?:\\n|[\s\"'])*([A-Za-z0-9+/=\s\\]{64,})"
)
IN_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{2,20}://[\w.~%-]+:([^\s:/@'\"{}$<>]{6,})@([\w.-]+)")
LOCAL = re.compile(
    r"(localhost|127\.\d+\.\d+\.\d+|host|hostname|server|db|database|postgres|mysql|redis|(\w+\.)?example\.\w+)\Z"
)
