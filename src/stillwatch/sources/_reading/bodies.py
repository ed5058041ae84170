"""Facts of one call from its bodies, where the route already says which wire format they are in."""

from types import ModuleType

from stillwatch.records import Route
from stillwatch.sources._reading import chat, gemini, messages, responses
from stillwatch.sources._reading.dig import Facts, Json, merged, text
from stillwatch.sources._reading.exchange import pair_facts
from stillwatch.sources._reading.rows import ROWS, WireTurn
from stillwatch.sources._reading.turns import derive

WIRES: dict[Route, ModuleType] = {
    "chat": chat,
    "completions": chat,
    "messages": messages,
    "responses": responses,
    "gemini": gemini,
}
SHOWN_BY_TURNS = ("system", "prompt", "n_turns", "n_images", "n_tool_results", "n_tool_calls")


def body_facts(route: Route, request: Json, answer: Json = None) -> Facts:
    """Fields of an exchange that a request and its answer show; the turns themselves are left out.

    Never raises, whatever the bodies hold. Fields that they do not show are left out.
    """
    wire = WIRES.get(route)
    if wire is None:
        return merged({"model": text(request, "model")})
    facts = pair_facts(wire, request, answer)
    turns = facts.pop("messages", None)
    if turns is None:
        return facts
    row = ROWS["exchanges"](
        exchange_id="",
        ts=0,
        account_id="",
        system=facts.get("system"),
        n_tool_calls=facts.get("n_tool_calls"),
        messages=[WireTurn(turn["role"], turn["content"], turn.get("tool_calls")) for turn in turns],
    )
    derive(row)
    return merged({name: getattr(row, name) for name in SHOWN_BY_TURNS}, facts)
