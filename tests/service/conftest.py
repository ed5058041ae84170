import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

sys.path.append(str(Path(__file__).parents[1] / "cases"))  # composed campaigns, a real PostgreSQL
sys.path.append(str(Path(__file__).parents[1] / "gateways"))  # real servers on loopback

from composed_campaigns import HOUR, START

from stillwatch.cases import api
from stillwatch.records import Micros
from stillwatch.service.application import application
from stillwatch.service.edge import Bounds
from stillwatch.service.metrics import Series
from stillwatch.service.spooling import Spooler
from stillwatch.service.standing import Home, Standing


class Clock:
    """Time that a test moves on."""

    def __init__(self):
        self.now = START + 1000 * HOUR

    def __call__(self):
        self.now += 1
        return Micros(self.now)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    with api.open_store(f"sqlite:///{tmp_path}/cases.db", clock=clock) as store:
        yield store


def home_at(folder, **changed):
    folder.mkdir(parents=True, exist_ok=True)
    told = {"out": folder, "verdicts": folder / "verdicts", "alarms": folder / "alarms.jsonl"}
    return Home(spooler=Spooler(folder / "spool"), **(told | changed))


@pytest.fixture
def homes(tmp_path):
    return {
        name: home_at(tmp_path / name, policy=tmp_path / name / "policy.yaml") for name in ("acme", "beta")
    }


@pytest.fixture
def standing(store, homes):
    standing = Standing(store, homes, Series())
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
