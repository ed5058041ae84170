"""Which wire format a path speaks. A prefix, such as a deployment's name, does not matter."""

from stillwatch.records import Route

ENDINGS: tuple[tuple[str, Route], ...] = (
    ("/chat/completions", "chat"),
    ("/completions", "completions"),
    ("/messages", "messages"),
    ("/responses", "responses"),
    (":generateContent", "gemini"),
    (":streamGenerateContent", "gemini"),
    ("/embeddings", "embeddings"),
)


def route_of(path: str) -> Route | None:
    """The route of a request to a model; None for any other path."""
    plain = path.split("?", 1)[0].rstrip("/")
    return next((route for ending, route in ENDINGS if plain.endswith(ending)), None)
