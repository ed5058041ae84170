"""Stillwatch's own records as JSON lines: `.jsonl`, also packed with gzip or zstd.

Reads files whose name begins with `exchanges`, `accounts` or `events`, and files of any other name whose
lines carry `exchange_id`, `ts` and `account_id` (exchanges), `account_id` and other fields of an account
(accounts), or `ts` and `kind` (events). The fields are those of the file contract; names beyond it are
reported and passed over.

Lenient where the contract is: a time is RFC 3339 text in UTC or integer microseconds; `asn` is 64500 or
"AS64500"; `logprobs` true or a count; a turn's content is text, a list of parts or null; a count may be
written 12.0. From `messages` follow `system`, `prompt`, `n_turns`, `n_images`, `n_tool_calls` and
`n_tool_results` where the record does not state them.

Rejected, each with its line and a reason: text that is not JSON or not UTF-8, a line that is no object, a
missing required field, a value of the wrong type or outside the contract, a time outside 2000-2100. Of a
packed file that is cut short, everything before the cut is read and the rest is one rejection.

Cannot know: who minted the ids inside `messages`, so `replayed_ids` is never derived from them.
"""

from collections.abc import Iterator
from pathlib import Path

from stillwatch.records import Rejection
from stillwatch.sources._reading.blocks import line_blocks
from stillwatch.sources._reading.interface import Block, Decoded
from stillwatch.sources._reading.lines import decode_canonical
from stillwatch.sources._reading.looks import keys, kind_by_fields, kind_by_name
from stillwatch.sources._reading.unpack import head_of

EXAMPLE = b"""\
{"exchange_id": "ex-1", "ts": "2026-03-02T08:00:00Z", "account_id": "acc-a", "model": "large-1", "prompt": "Grade this.", "tokens_in": 4, "asn": "AS64500", "logprobs": true}
{"exchange_id": "ex-2", "ts": 1772438403000000, "account_id": "acc-b", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": "data:,"}}]}]}
"""
SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".ndjson")


class CanonicalJsonl:
    """Reads the contract's records from JSON lines."""

    name = "canonical_jsonl"
    example = EXAMPLE

    def matches(self, name: str, head: bytes) -> float:
        """Sure of the required fields; a name of the contract is enough for a file that shows none."""
        if head.startswith(b"PAR1"):
            return 0.0
        if kind_by_fields(keys(head)) is not None:
            return 1.0 if kind_by_name(name) else 0.9
        return 0.1 if kind_by_name(name) and name.endswith(SUFFIXES) else 0.0

    def line_kind(self, name: str, head: bytes) -> str:
        return kind_by_name(name) or kind_by_fields(keys(head)) or "exchanges"

    def blocks(self, path: Path) -> Iterator[Block | Rejection]:
        return line_blocks(self.name, self.line_kind(path.name, head_of(path)), path)

    def decode(self, block: Block) -> Decoded:
        return decode_canonical(block)


SOURCE = CanonicalJsonl()
