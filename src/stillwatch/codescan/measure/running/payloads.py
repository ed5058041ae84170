"""What is sent to a case: a plain canary, nothing at all, and what an attacker of its category would try.

No payload does harm where it succeeds: the sinks that it reaches only write it down.
"""

import base64
import pickle
from collections.abc import Mapping, Sequence

import msgspec

CANARY = "canary7f3"
_PLAIN = (CANARY, "two words", "it's 5 > 4", "")
_ATTACKS: Mapping[str, Sequence[str]] = {
    "cmdi": (f"x; touch {CANARY}", f"$(touch {CANARY})"),
    "codeinj": (f"'{CANARY}'", f"{CANARY}()"),
    "deserialization": (
        base64.urlsafe_b64encode(pickle.dumps({"text": CANARY})).decode(),
        f"text: {CANARY}",
        f"text: !!python/tuple [{CANARY}]",
    ),
    "ldapi": ("*)(uid=*", f"*)(|(cn={CANARY}"),
    "pathtraver": (f"../{CANARY}", f"/{CANARY}", f"{CANARY}.txt"),
    "redirect": (
        f"https://evil.example/{CANARY}",
        f"//evil.example/{CANARY}",
        f"https://google.com/{CANARY}",
    ),
    "sqli": (f"{CANARY}' OR '1'='1", "foo"),
    "ssrf": (f"http://evil.example/{CANARY}",),
    "xpathi": (f"{CANARY}' or '1'='1", "1234"),
    "xss": (f"<script>{CANARY}</script>",),
    "xxe": (f"<a>{CANARY}</a>", f'<!DOCTYPE a [<!ENTITY e "{CANARY}">]><a>&e;</a>'),
}


class Request(msgspec.Struct, frozen=True):
    """One request to a case's own route; the query and the form are lists, as names may repeat."""

    query: list[tuple[str, str]]
    form: list[tuple[str, str]]
    headers: list[tuple[str, str]]
    cookies: list[tuple[str, str]] = []
    json: dict[str, str] = {}


def payloads(category: str) -> Sequence[str]:
    return (*_ATTACKS.get(category, ()), *_PLAIN)


def requests(category: str, token: str) -> list[Request]:
    """Every payload in every place at once, then each place alone, then none."""
    whole = [_everywhere(token, payload) for payload in payloads(category)]
    first = whole[0]
    alone = [
        Request(first.query, [], []),
        Request([], first.form, []),
        *(Request([], [], [header]) for header in first.headers),
        Request([], [], [], first.cookies),
        *(Request([], [], [], json={token: payload}) for payload in payloads(category)[:3]),
    ]
    return [*whole, *alone, Request([], [], [])]


def _everywhere(token: str, payload: str) -> Request:
    """The parameter is called like the case; some cases look for the name of a field whose value is the case's."""
    fields = [(token, payload)]
    if payload:
        fields.append((payload, token))
    headers = [(token, payload), ("Referer", payload)]
    return Request(fields, fields, headers, [(token, payload)])
