"""The server under test: how it is asked, and the objects that a run puts into one of its collections."""

import json
import uuid
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin

import httpx
import msgspec

from stillwatch.lab.conformance.clause import Broken, NotApplicable
from stillwatch.records import UnreadableInput, UsageError

TYPE = "application/taxii+json;version=2.1"
ANY = "application/taxii+json"
STAMPS = tuple(
    f"2026-0{month}-01T00:00:00.000Z" for month in (1, 2, 3)
)  # versions of the objects that have some
SINGLE = 12  # objects of one version
Json = dict[str, Any]


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """How a server lets us in: by a bearer token, or by Basic."""

    token: str | None = None
    user: str | None = None
    password: str = ""

    def headers(self) -> dict[str, str]:
        return {} if self.token is None else {"authorization": f"Bearer {self.token}"}

    def basic(self) -> tuple[str, str] | None:
        return None if self.user is None else (self.user, self.password)


class Target:
    """Use it as a context manager. The first collection that may be both read and written is used."""

    def __init__(self, base: str, login: Login, *, seconds: float = 30.0) -> None:
        self.base = base.rstrip("/")
        self.login = login
        self._client = httpx.Client(
            auth=login.basic(), headers=login.headers(), timeout=seconds, follow_redirects=False
        )
        self.outside = httpx.Client(timeout=seconds)  # without credentials
        self.root = ""
        self.collection: Json = {}
        self.listed: list[Json] = []
        self.singles = [_indicator(STAMPS[0], number) for number in range(SINGLE)]
        self.versions = _versions()
        self.observable: Json = {"type": "ipv4-addr", "spec_version": "2.1", "value": "198.51.100.7"} | _id(
            "ipv4-addr"
        )
        self.marking: Json = _id("marking-definition") | {
            "type": "marking-definition",
            "spec_version": "2.1",
            "created": STAMPS[0],
            "definition_type": "statement",
            "definition": {"statement": "Made by a test of conformance"},
        }
        self.custom: Json = _id("x-stillwatch-probe") | {
            "type": "x-stillwatch-probe",
            "spec_version": "2.1",
            "created": STAMPS[0],
            "modified": STAMPS[0],
            "x_text": "ünï \u2028 <b>&amp;</b>",
            "x_numbers": [1, -2, 0.5, 1e-7, 9007199254740991],
            "x_nested": {"a": [{"b": None}, True]},
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()
        self.outside.close()

    @property
    def all_versions(self) -> list[Json]:
        """Everything that was put in, in the order in which it was."""
        return [*self.singles, *self.versions, self.observable, self.marking, self.custom]

    @property
    def latest(self) -> list[Json]:
        return [*self.singles, self.versions[-1], self.observable, self.marking, self.custom]

    @property
    def ours(self) -> dict[str, str]:
        """The parameter by which no objects but those of this run are asked for."""
        return {"match[id]": ",".join(one["id"] for one in self.latest)}

    @property
    def place(self) -> str:
        """The collection's URL."""
        return f"{self.root}collections/{self.collection['id']}/"

    def prepare(self) -> None:
        """Find a collection, and put the objects in. Raises UnreadableInput, since nothing can be asked then."""
        try:
            found = self.get(f"{self.base}/taxii2/").json()
            self.root = urljoin(f"{self.base}/taxii2/", str(found.get("default") or found["api_roots"][0]))
            self.listed = self.get(f"{self.root}collections/").json()["collections"]
        except (httpx.HTTPError, ValueError, KeyError, IndexError, TypeError) as error:
            raise UnreadableInput(
                f"{self.base}: no TAXII 2.1 server that lets us in answers: {error}"
            ) from error
        usable = [one for one in self.listed if one.get("can_read") and one.get("can_write")]
        if not usable:
            raise UsageError(f"{self.base}: no collection here may be both read and written")
        self.collection = usable[0]
        for part in (
            self.singles,
            *([one] for one in self.versions),
            [self.observable, self.marking, self.custom],
        ):
            answer = self.post(f"{self.place}objects/", {"objects": part})
            if answer.status_code != httpx.codes.ACCEPTED:
                raise UnreadableInput(
                    f"{self.base}: objects are not taken: {answer.status_code} {answer.text[:200]}"
                )

    def get(
        self, url: str, parameters: Mapping[str, str] | None = None, *, accept: str | None = TYPE
    ) -> httpx.Response:
        return self._client.get(url, params=parameters, headers={} if accept is None else {"accept": accept})

    def post(self, url: str, content: Json | bytes, *, kind: str = TYPE) -> httpx.Response:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return self._client.post(url, content=body, headers={"accept": TYPE, "content-type": kind})

    def delete(self, url: str, parameters: Mapping[str, str] | None = None) -> httpx.Response:
        return self._client.delete(url, params=parameters, headers={"accept": TYPE})

    def add(self, objects: Sequence[Json]) -> Json:
        """The status of adding them, which must be accepted."""
        answer = self.post(f"{self.place}objects/", {"objects": list(objects)})
        return _body(answer, httpx.codes.ACCEPTED)

    def objects(self, parameters: Mapping[str, str] | None = None) -> list[Json]:
        """Those of one page."""
        return list(self.page("objects/", parameters)[0].get("objects", []))

    def page(self, path: str, parameters: Mapping[str, str] | None = None) -> tuple[Json, httpx.Headers]:
        answer = self.get(f"{self.place}{path}", parameters)
        return _body(answer, httpx.codes.OK), answer.headers

    def walked(self, path: str, parameters: Mapping[str, str], limit: int) -> list[list[Json]]:
        """Pages from the first to the last, by `next`, else by the time of adding."""
        wanted = {**parameters, "limit": str(limit)}
        out: list[list[Json]] = []
        for _ in range(10 * len(self.all_versions)):
            body, headers = self.page(path, wanted)
            out.append(list(body.get("objects", [])))
            if not body.get("more", False):
                return out
            if body.get("next"):
                wanted["next"] = body["next"]
            else:
                wanted["added_after"] = headers["x-taxii-date-added-last"]
        raise Broken("pages never come to an end")

    def first(self, *, can_read: bool, can_write: bool) -> str:
        """The URL of a collection with these rights. Raises NotApplicable."""
        for one in self.listed:
            if (one.get("can_read"), one.get("can_write")) == (can_read, can_write):
                return f"{self.root}collections/{one['id']}/"
        raise NotApplicable("the server lists no collection with such rights")


def fresh(stamp: str = STAMPS[0]) -> Json:
    """An object that no server has seen."""
    return _indicator(stamp, 0)


def _body(answer: httpx.Response, wanted: int) -> Json:
    if answer.status_code != wanted:
        raise Broken(f"status {answer.status_code}, not {wanted}: {answer.text[:120]}")
    body = answer.json()
    if not isinstance(body, dict):
        raise Broken("the body is no JSON object")
    return body


def _id(kind: str) -> Json:
    return {"id": f"{kind}--{uuid.uuid4()}"}


def _indicator(stamp: str, number: int) -> Json:
    return _id("indicator") | {
        "type": "indicator",
        "spec_version": "2.1",
        "created": stamp,
        "modified": stamp,
        "name": f"Probe {number}",
        "pattern": "[ipv4-addr:value = '198.51.100.7']",
        "pattern_type": "stix",
        "valid_from": stamp,
    }


def _versions() -> list[Json]:
    """Three versions of one campaign."""
    first = _id("campaign") | {
        "type": "campaign",
        "spec_version": "2.1",
        "created": STAMPS[0],
        "name": "Probe",
    }
    return [first | {"modified": stamp} for stamp in STAMPS]
