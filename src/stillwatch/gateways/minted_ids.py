"""Ids in answers that name, to us alone, whom they were made for; and what a request's history says by them.

Where the configuration has `minted_ids`, the ids of answers and their tool calls are replaced by minted ones, streamed
or whole. What a request sends back is read:

- Chat, Completions and Messages need nothing of the serving side's: tool calls only have to agree within a history, so
  minted ids go on as they come.
- OpenAI Responses keeps state by its own ids. They are replaced only with `originals`, a file of which id stands for
  which, and put back into requests. An id that could not be noted there is not replaced.
- With `seal_reasoning`, opaque parts of reasoning are sealed for the organisation and opened on the way back. Sent back
  by anybody else they are refused (403, `reasoning_of_another_organisation`), where `enforce` is on.

An id that is longer than 64 signs stays: some servers put more into it than a name. The exchange that is handed on says
by `account_handle` what ids call the account, and by `continued_id`, `continued_handle` and `continued_at` whose
conversation it went on with, if that was another organisation's.
"""

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from stillwatch.gateways._wire import ids
from stillwatch.gateways._wire.body import Json
from stillwatch.marks.ids.ages import DAY
from stillwatch.marks.ids.api import (
    Caller,
    FollowedKeys,
    Minter,
    Organisations,
    Sealer,
    continuation,
    hexadecimal,
)
from stillwatch.marks.ids.sealing import is_sealed
from stillwatch.responses import EventFilter, Refusal, error_body

if TYPE_CHECKING:
    from stillwatch.gateways.originals import Originals
    from stillwatch.gateways.passage import Passage
    from stillwatch.gateways.settings import GatewaySettings, MintingSettings
    from stillwatch.gateways.trouble import Trouble
    from stillwatch.records import Route

FORBIDDEN = 403
MOST_READ = 1_000  # ids of one history that are read, the latest ones: a request must not cost a second
LONGEST_ID = 64  # signs; what is longer carries more than a name
EDITS: "dict[Route, Callable[[Json, ids.Swap], Json]]" = {
    "chat": ids.chat,
    "completions": ids.completions,
    "messages": ids.messages,
    "responses": ids.responses,
}
FOREIGN = frozenset({"other_organisation", "other_account", "other_conversation"})


class NotTheirs(Exception):
    """Sealed reasoning was sent back by somebody it was not sealed for."""


class MintedIds:
    """Reads the ids of requests and mints those of answers. Methods may raise; the guard's boundary is around them."""

    def __init__(self, settings: "GatewaySettings", stated: "MintingSettings", trouble: "Trouble") -> None:
        """Raises InvalidConfiguration."""
        self._keys = FollowedKeys(
            settings.path(stated.keys),
            tenant=stated.tenant,
            other_tenants=stated.other_tenants,
            max_age=stated.max_age_days * DAY,
        )
        self._organisations = Organisations(stated.organisations)
        self._originals = _originals(settings, stated)
        self._stated = stated
        self._enforce = settings.enforce
        self._trouble = trouble
        self.keeps_response_ids = False  # a gateway that does not see other requests about an answer sets it

    def read(self, passage: "Passage") -> Refusal | None:
        """Read a request's history, and make its body what the serving side is to get."""
        account = passage.caller.account_id
        if account is None or not passage.read:
            return None
        minter = self._keys.minter()
        handle = hexadecimal(minter.account(account))
        passage.asked = {
            **passage.asked,
            "account_handle": handle,
            **self._continued(minter, passage, account),
        }
        try:
            changed = ids.opened(
                passage.route, passage.document, self._put_back(minter), self._opener(passage, account)
            )
        except NotTheirs:
            return _refused(passage.route)
        if changed is not passage.document:
            passage.document, passage.changed = changed, True
        return None

    def edits(self, passage: "Passage") -> bool:
        """Whether ids of the answer are minted."""
        if not self._stated.mint or passage.caller.account_id is None or passage.route not in EDITS:
            return False
        return passage.route != "responses" or self._originals is not None

    def answer(self, document: Json, passage: "Passage") -> Json:
        """A whole answer with minted ids."""
        swapping = self._swapping(passage)
        return swapping.done(EDITS[passage.route](document, swapping), document)

    def stream(self, passage: "Passage") -> EventFilter:
        """What the events of an answer go through."""
        return _Minting(self._swapping(passage), EDITS[passage.route])

    def path(self, path: str) -> str:
        """The path of a request about one of OpenAI's responses, with the serving side's id in it."""
        head, found, rest = path.partition("/responses/")
        if not found or self._originals is None:
            return path
        minted, slash, below = rest.partition("/")
        bare, mark, query = minted.partition("?")
        return f"{head}{found}{self._put_back(self._keys.minter())(bare)}{mark}{query}{slash}{below}"

    def _swapping(self, passage: "Passage") -> "_Swapping":
        account = passage.caller.account_id
        assert account is not None
        originals = self._originals if passage.route == "responses" else None
        keeps = frozenset({"resp_"}) if self.keeps_response_ids else frozenset()
        sealer = self._keys.sealer() if self._stated.seal_reasoning else None
        owner = Caller(account, passage.caller.org_id)
        return _Swapping(self._keys.minter(), sealer, owner, originals, keeps, self._trouble)

    def _continued(self, minter: Minter, passage: "Passage", account: str) -> dict[str, str | int]:
        sent = passage.asked.get("replayed_ids") or []
        before = minter.counts.copy()
        caller = Caller(account, passage.caller.org_id)
        found = continuation(minter, sent[-MOST_READ:], caller, self._organisations)
        for outcome, number in (minter.counts - before).items():
            self._trouble.count(f"ids_{outcome}", number)
        facts = {} if found is None else found.facts
        if facts:
            self._trouble.count("ids_of_another_account")
        return facts

    def _put_back(self, minter: Minter) -> Callable[[str], str]:
        def original(text: str) -> str:
            if self._originals is None or not minter.verify(text).authentic:
                return text
            try:
                found = self._originals.of(text)
            except sqlite3.Error as error:
                self._trouble.caught("originals", error)
                return text
            if found is None:
                self._trouble.count("ids_original_unknown")
                return text
            return found

        return original

    def _opener(self, passage: "Passage", account: str) -> Callable[[str], str]:
        sealer = self._keys.sealer()
        fellows = self._organisations.fellows(passage.caller.org_id)

        def opened(text: str) -> str:
            if not is_sealed(text):
                return text
            found = sealer.open(text, account, fellows)
            self._trouble.count(f"reasoning_{found.outcome}")
            if found.outcome in FOREIGN and self._enforce:
                raise NotTheirs
            return found.content if found.content is not None else self._dry_run(sealer, text, found.outcome)

        return opened

    def _dry_run(self, sealer: Sealer, text: str, outcome: str) -> str:
        """What a text that would be refused holds, where nothing is enforced; else the text itself."""
        content = sealer.unbound(text) if outcome in FOREIGN else None
        return text if content is None else content


class _Swapping:
    """What takes the place of the ids of one answer: the same for the same, however often it comes."""

    def __init__(
        self,
        minter: Minter,
        sealer: Sealer | None,
        owner: Caller,
        originals: "Originals | None",
        keeps: frozenset[str],
        trouble: "Trouble",
    ) -> None:
        self._minter, self._sealer, self._owner = minter, sealer, owner
        self._originals, self._keeps, self._trouble = originals, keeps, trouble
        self._made: dict[tuple[str, str], str] = {}
        self._fresh: list[tuple[str, str]] = []

    @property
    def seals(self) -> bool:
        return self._sealer is not None

    def id(self, prefix: str, text: str) -> str:
        if prefix in self._keeps:
            return text
        if len(text) > LONGEST_ID:
            self._trouble.count("ids_kept")
            return text
        made = self._made.get((prefix, text))
        if made is None:
            made = self._minter.mint(prefix, self._owner.account, self._owner.organisation)
            self._made[prefix, text] = made
            if self._originals is not None:
                self._fresh.append((made, text))
        return made

    def opaque(self, text: str) -> str:
        if self._sealer is None or is_sealed(text):
            return text
        return self._sealer.seal(text, self._owner.account, self._owner.organisation)

    def done(self, edited: Json, before: Json) -> Json:
        """What was edited; as it was, if what its ids stand for cannot be noted."""
        if self._originals is None or not self._fresh:
            return edited
        fresh, self._fresh = self._fresh, []
        try:
            self._originals.keep(fresh)
        except sqlite3.Error as error:
            self._trouble.caught("originals", error)
            stands = dict(fresh)
            for prefix, text in [key for key, made in self._made.items() if made in stands]:
                self._made[prefix, text] = text  # the rest of the answer must agree
            return before
        return edited


class _Minting:
    """The filter of a stream. A signature that comes in pieces is sealed whole, before its block ends."""

    def __init__(self, swapping: _Swapping, edit: Callable[[Json, ids.Swap], Json]) -> None:
        self._swapping, self._edit = swapping, edit
        self._signatures: dict[
            Any, tuple[Json, str]
        ] = {}  # index of a block -> its first piece, and all of it

    def event(self, event: Json) -> list[Json]:
        if not isinstance(event, dict):
            return [event]
        kind = event.get("type")
        if self._swapping.seals and kind == "content_block_delta" and self._is_signature(event):
            first, said = self._signatures.get(event.get("index"), (event, ""))
            self._signatures[event.get("index")] = first, said + event["delta"]["signature"]
            return []
        held = self._sealed(event.get("index")) if kind == "content_block_stop" else []
        return [*held, self._swapping.done(self._edit(event, self._swapping), event)]

    def end(self) -> list[Json]:
        """A stream that was cut short within a block: its signature goes on."""
        return [each for index in list(self._signatures) for each in self._sealed(index)]

    def _sealed(self, index: object) -> list[Json]:
        if index not in self._signatures:
            return []
        first, said = self._signatures.pop(index)
        return [{**first, "delta": {**first["delta"], "signature": self._swapping.opaque(said)}}]

    @staticmethod
    def _is_signature(event: Json) -> bool:
        delta = event.get("delta")
        return (
            isinstance(delta, dict)
            and delta.get("type") == "signature_delta"
            and isinstance(delta.get("signature"), str)
        )


def _originals(settings: "GatewaySettings", stated: "MintingSettings") -> "Originals | None":
    if stated.originals is None:
        return None
    from stillwatch.gateways.originals import Originals  # noqa: PLC0415 - Chat and Messages need none

    return Originals(settings.path(stated.originals), stated.kept_originals)


def _refused(route: "Route") -> Refusal:
    code = "reasoning_of_another_organisation"
    message = "The reasoning in this request was made for another organisation. Start the conversation anew."
    body = error_body(route, FORBIDDEN, code, message, {"reason": code})
    return Refusal(FORBIDDEN, {"content-type": "application/json"}, body)
