"""Reading a request: its parameters and its body, as the operation declares them."""

import gzip
import io
import zlib
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.requests import Request

from stillwatch.service.operation import Media, Operation
from stillwatch.service.problem import Refused

UNPACKED = 8  # times what a packed body may hold at the most when it is unpacked
PIECE = 1 << 20
CLOSE = {"connection": "close"}  # what is left of a body is not read
SHOWN = 300  # characters of a complaint, which may quote the request


def parameters(operation: Operation, request: Request) -> msgspec.Struct:
    """Those of the path and of the query. Raises Refused."""
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in given:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"the parameter {name[:SHOWN]!r} stands twice")
        given[name] = value
    known = {field.name for field in msgspec.structs.fields(operation.parameters)}
    in_path = {name for name in known if operation.in_path(name)}
    if strange := sorted((set(given) - known) | (set(given) & in_path)):
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"there is no parameter {strange[0][:SHOWN]!r}")
    given |= {name: request.path_params[name] for name in in_path}
    try:
        return msgspec.convert(given, operation.parameters, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)[:SHOWN]) from error


async def body(operation: Operation, request: Request) -> Any:
    """The body, decoded; None where the operation takes none. Raises Refused."""
    wanted = operation.body
    if wanted is None:
        return None
    _check_type(request, wanted.content_type if isinstance(wanted, Media) else "application/json")
    data = await _whole(request, operation.body_bytes)
    if isinstance(wanted, Media):
        return data
    try:
        return msgspec.json.decode(data, type=wanted)
    except msgspec.ValidationError as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)[:SHOWN]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(HTTPStatus.BAD_REQUEST, f"the body is not JSON: {error}"[:SHOWN]) from error


def _check_type(request: Request, wanted: str) -> None:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != wanted:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"the body must be {wanted}")


async def _whole(request: Request, limit: int) -> bytes:
    """All of the body. Raises Refused where it is longer than the limit, or unpacks to eight times as much."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a body may be packed with gzip alone")
    too_long = Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body may have up to {limit:,} bytes", CLOSE)
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > limit:
        raise too_long
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > limit:
            raise too_long
    return bytes(data) if encoding == "identity" else _unpacked(bytes(data), UNPACKED * limit)


def _unpacked(data: bytes, most: int) -> bytes:
    out = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            while piece := file.read(PIECE):
                out += piece
                if len(out) > most:
                    raise Refused(
                        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body unpacks to over {most:,} bytes"
                    )
    except (OSError, EOFError, zlib.error) as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "the body is not gzip, or it is cut short") from error
    return bytes(out)
