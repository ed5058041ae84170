"""Real prompts of the development data, where present: benchmarks and chat by capability, role and source."""

import gzip
import os
from functools import cached_property
from pathlib import Path

import msgspec

from stillwatch.records import UnreadableInput

LONGEST = 1_600  # characters kept of a prompt, so that a few essays do not carry the log's size


class Prompt(msgspec.Struct):
    """One text of the development data."""

    text: str
    source: str
    capability: str
    role: str
    lang: str = "und"


class Library:
    """The prompts under `folder` (default: `STILLWATCH_DATA`/prompts); empty where there are none."""

    def __init__(self, folder: Path | None = None) -> None:
        root = os.environ.get("STILLWATCH_DATA")
        self.folder = folder or (Path(root) / "prompts" if root else None)

    @cached_property
    def prompts(self) -> list[Prompt]:
        if self.folder is None or not self.folder.is_dir():
            return []
        return [prompt for path in sorted(self.folder.glob("*.jsonl.gz")) for prompt in self._read(path)]

    @cached_property
    def _by_capability(self) -> dict[str, list[str]]:
        return self._grouped("capability")

    @cached_property
    def by_source(self) -> dict[str, list[str]]:
        """Texts by source project: what an evaluator calls a benchmark."""
        return self._grouped("source")

    def texts(self, capability: str) -> list[str]:
        """Texts of one capability, cut to `LONGEST` characters."""
        return self._by_capability.get(capability, [])

    def _grouped(self, attribute: str) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        for prompt in self.prompts:
            groups.setdefault(getattr(prompt, attribute), []).append(prompt.text[:LONGEST])
        return groups

    @staticmethod
    def _read(path: Path) -> list[Prompt]:
        try:
            with gzip.open(path) as stream:
                decoder = msgspec.json.Decoder(Prompt)
                return [decoder.decode(line) for line in stream if line.strip()]
        except (OSError, EOFError, msgspec.DecodeError) as error:
            raise UnreadableInput(f"{path}: {error}") from error
