"""Calls over the network, and what their answers show."""

import json
import time

import httpx
from answers import request_of, seen_streamed, seen_whole

PATHS = {"chat": "/v1/chat/completions", "messages": "/v1/messages", "responses": "/v1/responses"}
REASONING = "The user wants the weather, so I look it up. Ω is cut in streams."
SAID = "Let me look that up.It rains in Bern — take a coat. ☂"
CALLS = ['{"city": "Bern"}']


def ask(url, route, headers, *, stream=False, model=None, **more):
    body = request_of(route, **more) | ({"stream": True} if stream else {})
    if model is not None:
        body["model"] = model
    return httpx.post(f"{url}{PATHS[route]}", json=body, headers=headers, timeout=30.0)


def seen(route, reply, *, stream):
    """(text, reasoning, calls) of an answer."""
    assert reply.status_code == 200, reply.text
    if not stream:
        return seen_whole(route, reply.json())
    return seen_streamed(route, events(reply))


def events(reply):
    data = [line[6:] for line in reply.text.splitlines() if line.startswith("data: ")]
    return [json.loads(each) for each in data if each != "[DONE]"]


def spooled_lines(spool, kind="exchanges"):
    """The records that lie in a spool, by their ids: a segment is renamed while it is read."""
    found = {}
    for path in sorted(spool.glob(f"{kind}-*")):
        try:
            lines = path.read_bytes().splitlines()
        except FileNotFoundError:
            return spooled_lines(spool, kind)
        for line in map(json.loads, lines):
            found[line["exchange_id"]] = line
    return list(found.values())


def recorded(spool, account, count=1):
    """The exchanges of an account, once they are so many."""
    until = time.monotonic() + 15.0
    while True:
        found = [each for each in spooled_lines(spool) if each["account_id"] == account]
        if len(found) >= count or time.monotonic() > until:
            return found
        time.sleep(0.05)
