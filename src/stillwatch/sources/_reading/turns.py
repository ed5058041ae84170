"""What the turns of a request say: their text, the system prompt, the last question, and counts.

One reading for the content parts of OpenAI Chat, OpenAI Responses and Anthropic Messages.
"""

from collections.abc import Sequence
from typing import Any

from stillwatch.sources._reading.rows import Row, WireTurn

SYSTEM_ROLES = frozenset({"system", "developer"})
IMAGE_PARTS = frozenset({"image", "image_url", "input_image"})
CALL_PARTS = frozenset({"tool_use", "server_tool_use", "mcp_tool_use", "tool_call", "function_call"})
RESULT_PARTS = frozenset({"tool_result", "tool_call_response", "function_call_output"})


def text_of(content: str | Sequence[Any] | None) -> str | None:
    """The text of a turn: its text parts, one a line; None where it has none."""
    if content is None or isinstance(content, str):
        return content
    texts = [text for text in map(_part_text, content) if text is not None]
    return "\n".join(texts) if texts else None


def kind_of(part: object) -> str:
    """The type a content part says it has; "" for what is no part."""
    kind = part.get("type") if isinstance(part, dict) else None
    return kind if isinstance(kind, str) else ""


def _part_text(part: object) -> str | None:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict) or kind_of(part) in RESULT_PARTS | CALL_PARTS:
        return None
    text = part.get("text", part.get("content"))
    return text if isinstance(text, str) else None


def parts_of(turn: WireTurn, kinds: frozenset[str]) -> int:
    """How many parts of a turn, or of the tool results in it, are of these kinds."""
    if not isinstance(turn.content, list):
        return 0
    inner = [part["content"] for part in turn.content if kind_of(part) in RESULT_PARTS and "content" in part]
    parts = [*turn.content, *(part for content in inner if isinstance(content, list) for part in content)]
    return sum(kind_of(part) in kinds for part in parts)


def derive(row: Row) -> None:
    """Fill in what the turns of an exchange show and its other fields leave open.

    `n_turns` counts the turns other than system ones, `n_tool_calls` the calls among them. Ids that were
    sent back stay with the source: only it knows who minted them.
    """
    turns: list[WireTurn] = row.messages
    if row.system is None:
        system = [text for turn in turns if turn.role in SYSTEM_ROLES and (text := text_of(turn.content))]
        row.system = "\n".join(system) or None
    if row.prompt is None:
        row.prompt = next(
            (text for turn in reversed(turns) if turn.role == "user" and (text := text_of(turn.content))),
            None,
        )
    if row.n_turns is None:
        row.n_turns = sum(turn.role not in SYSTEM_ROLES for turn in turns)
    if row.n_images is None:
        row.n_images = sum(parts_of(turn, IMAGE_PARTS) for turn in turns)
    if row.n_tool_results is None:
        row.n_tool_results = sum(
            1 if turn.role in {"tool", "function"} else parts_of(turn, RESULT_PARTS) for turn in turns
        )
    if row.n_tool_calls is None:
        listed = sum(len(turn.tool_calls) for turn in turns if isinstance(turn.tool_calls, list))
        row.n_tool_calls = listed + sum(parts_of(turn, CALL_PARTS) for turn in turns)
