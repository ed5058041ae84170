"""Which media types are spoken: TAXII 2.1 in JSON, with or without saying that it is 2.1."""

from http import HTTPStatus

from starlette.requests import Request

from stillwatch.sharing.taxii.refusal import NotServed

OURS = "application/taxii+json"
VERSION = "2.1"


def check_accept(request: Request) -> None:
    """Raises NotServed where a client takes nothing that is spoken here."""
    accepted = request.headers.getlist("accept")
    if accepted and not any(_accepts(one) for one in ",".join(accepted).split(",")):
        raise NotServed(HTTPStatus.NOT_ACCEPTABLE, f"answers are {OURS};version={VERSION}")


def check_content(request: Request) -> None:
    """Raises NotServed where a body is of another type, or is packed."""
    kind, parameters = _parsed(request.headers.get("content-type", ""))
    packed = request.headers.get("content-encoding", "identity").strip().lower() != "identity"
    if kind != OURS or parameters.get("version", VERSION) != VERSION or packed:
        raise NotServed(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"a body is {OURS};version={VERSION}, and not packed"
        )


def _accepts(text: str) -> bool:
    kind, parameters = _parsed(text)
    try:
        wanted = float(parameters.get("q", "1")) > 0
    except ValueError:
        wanted = False
    if kind in ("*/*", "application/*"):
        return wanted
    return wanted and kind == OURS and parameters.get("version", VERSION) == VERSION


def _parsed(text: str) -> tuple[str, dict[str, str]]:
    kind, *parameters = (part.strip() for part in text.split(";"))
    named = (part.partition("=") for part in parameters)
    return kind.lower(), {name.strip().lower(): value.strip().strip('"') for name, _, value in named}
