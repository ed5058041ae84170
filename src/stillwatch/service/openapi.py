"""The description of the service in OpenAPI 3.1, made from the declarations by which requests are checked."""

import json
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, TypeAlias

import msgspec

from stillwatch.cases.api import SCOPES
from stillwatch.service.catalogue import operations
from stillwatch.service.open_to_all import OPENED
from stillwatch.service.operation import Media, Operation
from stillwatch.service.problem import CONTENT_TYPE, Problem

Json: TypeAlias = dict[str, Any]
REFS = "#/components/schemas/{name}"
ALWAYS = (400, 401, 403, 404, 408, 409, 413, 415, 422, 500, 503)
SAYS = {
    "read": "see everything",
    "decide": "change cases",
    "review": "confirm as a reviewer, which a block needs",
    "ingest": "hand in exchanges and decisions",
    "verify": "begin and complete proofs of identity for customers",
    "pull": "take what is shared with partners; opens nothing here",
    "push": "hand in what a partner shares; opens nothing here",
    "admin": "all of it, and tokens",
}
TENANT = {"name": "tenant", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


@cache
def document() -> bytes:
    """The document as JSON."""
    types = list(_types())
    made, components = msgspec.json.schema_components(types, schema_hook=_anything, ref_template=REFS)
    schemas = dict(zip(map(id, types), made, strict=True))
    paths: dict[str, Json] = {}
    for opened in OPENED:
        paths[opened.path] = {
            "get": {
                "operationId": opened.name,
                "summary": opened.summary,
                "security": [],
                "responses": _responses(opened.answer, schemas, (408, 413, 500, 503)),
            }
        }
    for one in operations():
        paths.setdefault(one.template, {})[one.method.lower()] = _operation(one, schemas)
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Stillwatch",
                "version": version("stillwatch"),
                "description": "Times are microseconds since 1970 in UTC. A token belongs to one tenant. Scopes: "
                + ", ".join(f"`{scope}` ({SAYS[scope]})" for scope in SCOPES),
            },
            "paths": paths,
            "components": {
                "schemas": components,
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
                "headers": {
                    "RequestId": {"description": "Names the request in the log", "schema": {"type": "string"}}
                },
            },
        }
    ).encode()


def _types() -> Iterator[Any]:
    yield Problem
    for answer in (*(one.answer for one in OPENED), *(one.answer for one in operations())):
        if not isinstance(answer, Media):
            yield answer
    for one in operations():
        if one.body is not None and not isinstance(one.body, Media):
            yield one.body


def _operation(one: Operation, schemas: dict[int, Json]) -> Json:
    said: Json = {
        "operationId": one.name,
        "summary": one.summary,
        "description": f"Scope: `{one.scope}`" if one.scope else "No token: the sender signs",
        "security": [{"bearer": []}] if one.scope else [],
        "parameters": [TENANT, *_parameters(one), *map(_header, one.headers)],
        "responses": _responses(one.answer, schemas, ALWAYS),
    }
    if isinstance(one.body, Media):
        lines = {"schema": {"type": "string"}}
        said["requestBody"] = {"required": True, "content": {one.body.content_type: lines}}
    elif one.body is not None:
        content = {"application/json": {"schema": schemas[id(one.body)]}}
        said["requestBody"] = {"required": True, "content": content}
    return said


def _parameters(one: Operation) -> list[Json]:
    _, components = msgspec.json.schema_components([one.parameters], schema_hook=_anything, ref_template=REFS)
    (schema,) = (part for name, part in components.items() if name == one.parameters.__name__)
    required = set(schema.get("required", []))
    return [
        {
            "name": name,
            "in": "path" if one.in_path(name) else "query",
            "required": name in required,
            "schema": _without_null(part),
        }
        for name, part in schema.get("properties", {}).items()
    ]


def _header(name: str) -> Json:
    return {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}


def _without_null(schema: Json) -> Json:
    """A parameter that is not given is absent; it cannot be null."""
    kept = {name: part for name, part in schema.items() if name != "default" or part is not None}
    if "anyOf" in kept:
        others = [part for part in kept.pop("anyOf") if part != {"type": "null"}]
        return kept | (others[0] if len(others) == 1 else {"anyOf": others})
    if None in kept.get("enum", []):
        kept["enum"] = [value for value in kept["enum"] if value is not None]
    return kept


def _responses(answer: Any, schemas: dict[int, Json], problems: tuple[int, ...]) -> Json:
    if isinstance(answer, Media):
        kind = {"type": "object"} if answer.content_type == "application/json" else {"type": "string"}
        good: Json = {"description": answer.says, "content": {answer.content_type: {"schema": kind}}}
    else:
        good = {"description": "Done", "content": {"application/json": {"schema": schemas[id(answer)]}}}
    good["headers"] = {"x-request-id": {"$ref": "#/components/headers/RequestId"}}
    problem = {"content": {CONTENT_TYPE: {"schema": schemas[id(Problem)]}}}
    told = {str(one): {"description": HTTPStatus(one).phrase} | problem for one in sorted(problems)}
    return {"200": good} | told


def _anything(_kind: type) -> Json:
    """A value of any type, where a record says `object`."""
    return {"description": "any JSON"}
