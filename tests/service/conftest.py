import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

sys.path.append(str(Path(__file__).parents[1] / "cases"))  # composed campaigns, a real PostgreSQL
sys.path.append(str(Path(__file__).parents[1] / "gateways"))  # real servers on loopback

from service_parts import Clock, home_at, office

from stillwatch.cases import api
from stillwatch.service.application import application
from stillwatch.service.edge import Bounds
from stillwatch.service.metrics import Series
from stillwatch.service.standing import Standing


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    with api.open_store(f"sqlite:///{tmp_path}/cases.db", clock=clock) as store:
        yield store


@pytest.fixture
def homes(tmp_path):
    return {
        name: home_at(tmp_path / name, policy=tmp_path / name / "policy.yaml") for name in ("acme", "beta")
    }


@pytest.fixture
def standing(store, homes, tmp_path):
    shared = office(tmp_path)
    shared.prepare(store.tenant())
    standing = Standing(store, homes, Series(), office=shared)
    yield standing
    standing.close()


@pytest.fixture
def bounds():
    return Bounds()


@pytest.fixture
def client(standing, bounds):
    with TestClient(application(standing, bounds=bounds)) as client:
        yield client


@pytest.fixture
def acme(store):
    return store.tenant("acme")


@pytest.fixture
def token(store):
    """Make a token and return the header that shows it."""

    def make(*scopes, tenant="acme", owner="ana", days=30):
        _, text = api.add_token(
            store.tenant(tenant), owner=owner, scopes=scopes or ["admin"], days=days, by="test"
        )
        return {"authorization": f"Bearer {text}"}

    return make
