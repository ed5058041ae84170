"""The description holds: whatever is generated from it is answered as it says, and nothing breaks the service."""

import json

import jsonschema
import pytest
import schemathesis
from composed_campaigns import names, opened
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from served import served
from service_parts import home_at, office

from stillwatch.cases import api
from stillwatch.service.application import application
from stillwatch.service.metrics import Series
from stillwatch.service.openapi import document
from stillwatch.service.standing import Standing

DESCRIBED = json.loads(document())
OPERATIONS = [(path, method) for path, said in DESCRIBED["paths"].items() for method in said]
EXAMPLES = 10  # of each operation and mode


@schemathesis.serializer("application/x-ndjson")
def lines(_context, value):
    return str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A served application with some cases, and what opens it."""
    folder = tmp_path_factory.mktemp("service")
    with api.open_store(f"sqlite:///{folder}/cases.db") as store:
        tenant = store.tenant("acme")
        cases = [opened(tenant, names(100 * at, 100 * at + 20), f"c-{at}") for at in range(3)]
        _, text = api.add_token(tenant, owner="ana", scopes=["admin"], days=1, by="test")
        standing = Standing(store, {"acme": home_at(folder / "acme")}, Series(), office=office(folder))
        with served(application(standing)) as address:
            yield schemathesis.openapi.from_url(f"{address}/openapi.json"), text, cases


@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value
)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_what_is_generated_from_the_description_is_answered_as_it_says(path, method, mode, running):
    described, text, cases = running
    operation = described[path][method.upper()]
    if mode is GenerationMode.NEGATIVE and "{tenant}" not in path:
        pytest.skip("takes nothing that could be wrong")

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case):
        if "tenant" in case.path_parameters:
            case.path_parameters["tenant"] = "acme"
        named = str(case.path_parameters.get("case_id", ""))
        if len(named) % 2 and mode is GenerationMode.POSITIVE:
            case.path_parameters["case_id"] = cases[len(named) % 3]
        if path.endswith("/alarms/stream") and str(case.query.get("seconds", 60)).isdecimal():
            case.query["seconds"] = 0
        answer = case.call(headers={"authorization": f"Bearer {text}"}, timeout=20)
        case.validate_response(
            answer,
            checks=[
                schemathesis.checks.not_a_server_error,
                *(schemathesis.checks.CHECKS.get_one(name) for name in CHECKS),
            ],
        )

    holds()


CHECKS = (
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)


def test_the_document_is_one_of_openapi_3_1():
    for one in DESCRIBED["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(one)
    ids = [one["operationId"] for path in DESCRIBED["paths"].values() for one in path.values()]
    assert len(ids) == len(set(ids)) > 35
