"""Values that are safe to stand in a header, whoever wrote them."""

LONGEST = 256


def plain(value: str) -> str:
    """Printable ASCII without quotes and backslashes; anything else becomes a question mark."""
    return "".join(sign if " " <= sign <= "~" and sign not in '"\\' else "?" for sign in value[:LONGEST])
