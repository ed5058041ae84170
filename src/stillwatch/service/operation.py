"""One operation of the service: what it takes, what it gives, and who may ask for it. Said once, in its file."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar

import msgspec

from stillwatch.cases.api import Scope, Tenant, Token
from stillwatch.service.standing import Home, Standing

UNDER = "/v1/{tenant}"
KILOBYTE, MEGABYTE = 1 << 10, 1 << 20

Id: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]
Name: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]
Words: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=10_000, pattern=r"\S")]
Limit: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Number: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Cursor: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,18}(:.{1,1000})?$")]


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No parameters."""


class Media(msgspec.Struct, frozen=True):
    """A body that is not JSON."""

    content_type: str
    says: str


Parameters = TypeVar("Parameters")
Body = TypeVar("Body")


class Asked(msgspec.Struct, Generic[Parameters, Body], frozen=True, kw_only=True):
    """A request that was let in, with its parameters, headers and body as declared."""

    standing: Standing
    tenant: Tenant
    let_in: Token | None  # None where the operation itself finds out who sends
    parameters: Parameters
    body: Body
    headers: Mapping[str, str] = {}  # those that the operation reads, as far as they were sent
    resumed: str | None = None  # the last event that a client of a stream has seen

    @property
    def token(self) -> Token:
        """The token of an operation that needs one."""
        assert self.let_in is not None
        return self.let_in

    @property
    def home(self) -> Home:
        """Where the watch of this tenant leaves its results. Raises NotThere."""
        return self.standing.home(self.tenant.name)


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """`path` is below `/v1/{tenant}`. A field of `parameters` is in the path where it is named there, else in the query.

    `run` may block. It gets an `Asked`, and returns what `answer` says: a value of that type, or of a `Media` a
    Response. With `scope` None no token is asked for: the operation checks by a signature who sends, and raises Refused
    with 401 for everybody else.
    """

    name: str
    method: Literal["GET", "POST", "DELETE"]
    path: str
    scope: Scope | None
    summary: str
    run: Callable[[Any], object]
    answer: Any
    parameters: type[msgspec.Struct] = Nothing
    body: type[msgspec.Struct] | Media | None = None
    body_bytes: int = 256 * KILOBYTE
    headers: tuple[str, ...] = ()

    @property
    def template(self) -> str:
        return UNDER + self.path

    def in_path(self, name: str) -> bool:
        return f"{{{name}}}" in self.path
