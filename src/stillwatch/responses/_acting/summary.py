"""What takes the place of a reasoning text: nothing, or what the operator's hook makes of it."""

import logging
from collections.abc import Callable

LOGGER = logging.getLogger(__name__)


class Summary:
    """Summaries of one answer; the same text is summarised once."""

    def __init__(self, summarise: Callable[[str], str] | None) -> None:
        self._summarise = summarise
        self._made: dict[str, str] = {}

    @property
    def wanted(self) -> bool:
        return self._summarise is not None

    def of(self, text: str) -> str:
        """The summary, or "" for none. A hook that fails strips the text: it must not give it away."""
        if self._summarise is None or not text.strip():
            return ""
        if text not in self._made:
            try:
                self._made[text] = str(self._summarise(text))
            except Exception as error:  # noqa: BLE001 - the boundary to the operator's own code
                name = getattr(self._summarise, "__qualname__", repr(self._summarise))
                LOGGER.warning("the summary hook %s failed: %s", name, type(error).__name__)
                self._made[text] = ""
        return self._made[text]
