"""The description holds: whatever is generated from it is answered as it says, and nothing breaks the service."""

import jsonschema
import pytest
import schemathesis
from composed_campaigns import names, opened
from hypothesis import HealthCheck, settings
from served import served

from stillwatch.cases import api
from stillwatch.service.application import application
from stillwatch.service.openapi import document

schema = schemathesis.pytest.from_fixture("described")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A served application with some cases, and what opens it."""
    from conftest import home_at  # noqa: PLC0415

    from stillwatch.service.metrics import Series
    from stillwatch.service.standing import Standing

    folder = tmp_path_factory.mktemp("service")
    with api.open_store(f"sqlite:///{folder}/cases.db") as store:
        tenant = store.tenant("acme")
        cases = [opened(tenant, names(100 * at, 100 * at + 20), f"c-{at}") for at in range(3)]
        _, text = api.add_token(tenant, owner="ana", scopes=["admin"], days=1, by="test")
        standing = Standing(store, {"acme": home_at(folder / "acme")}, Series())
        with served(application(standing)) as address:
            yield address, text, cases


@pytest.fixture
def described(running):
    address, _, _ = running
    return schemathesis.openapi.from_url(f"{address}/openapi.json")


@schema.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_generated_from_the_description_is_answered_as_it_says(case, running):
    _, text, cases = running
    if "tenant" in case.path_parameters:
        case.path_parameters["tenant"] = "acme"
    if "case_id" in case.path_parameters and len(case.path_parameters["case_id"]) % 2:
        case.path_parameters["case_id"] = cases[len(case.path_parameters["case_id"]) % 3]
    if case.path.endswith("/alarms/stream"):
        case.query = {"seconds": 0}
    case.call_and_validate(headers={"authorization": f"Bearer {text}"}, timeout=20)


def test_the_document_is_one_of_openapi_3_1():
    import json

    said = json.loads(document())
    for one in said["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(one)
    ids = [op["operationId"] for path in said["paths"].values() for op in path.values()]
    assert len(ids) == len(set(ids)) > 35
