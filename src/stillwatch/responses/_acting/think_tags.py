"""Reasoning that stands in tags at the beginning of a text, as open models write it; also cut into pieces."""

from stillwatch.responses._acting.summary import Summary

TAGS = ("<think>", "<thinking>")


class ThinkTags:
    """Takes the text in pieces and gives the visible part of each."""

    def __init__(self, summary: Summary) -> None:
        self._summary = summary
        self._tag: str | None = None  # whose end is waited for
        self._begun = False  # visible text has begun: tags are text from here on
        self._kept = ""  # not yet known to be a tag or text
        self._thought: list[str] = []

    def feed(self, piece: str) -> str:
        if self._begun:
            return piece
        self._kept += piece
        if self._tag is None and not self._opened():
            return self._release() if self._is_text() else ""
        return self._inside() if self._tag else ""

    def end(self) -> str:
        """What was held back: a text that ended inside its tags is all reasoning."""
        if self._tag is None:
            return self._release()
        self._thought.append(self._kept)
        self._kept = ""
        return self._summarised()

    def _opened(self) -> bool:
        start = self._kept.lstrip()
        self._tag = next((tag for tag in TAGS if start.startswith(tag)), None)
        if self._tag is None:
            return False
        self._kept = start[len(self._tag) :]
        return True

    def _is_text(self) -> bool:
        start = self._kept.lstrip()
        return bool(start) and not any(tag.startswith(start) for tag in TAGS)

    def _inside(self) -> str:
        assert self._tag is not None
        close = f"</{self._tag[1:]}"
        thought, found, rest = self._kept.partition(close)
        if found:
            self._thought.append(thought)
            self._kept, self._begun = "", True
            return self._summarised() + rest
        safe = max(len(self._kept) - len(close) + 1, 0)
        if self._summary.wanted:
            self._thought.append(self._kept[:safe])
        self._kept = self._kept[safe:]
        return ""

    def _summarised(self) -> str:
        said = self._summary.of("".join(self._thought))
        return f"{self._tag}{said}</{self._tag[1:]}" if said and self._tag else ""

    def _release(self) -> str:
        kept, self._kept, self._begun = self._kept, "", True
        return kept


def visible(text: str, summary: Summary) -> str:
    """The visible part of a whole text."""
    tags = ThinkTags(summary)
    return tags.feed(text) + tags.end()
