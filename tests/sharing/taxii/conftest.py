import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

sys.path.append(str(Path(__file__).parents[2] / "cases"))  # a real PostgreSQL
sys.path.append(str(Path(__file__).parents[2] / "gateways"))  # real servers on loopback

from exchanged import TYPE, House
from postgres import running

from stillwatch.cases import api
from stillwatch.sharing import taxii


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def url(request, tmp_path_factory):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('store')}/cases.db"
        return
    with running() as found:
        yield found


@pytest.fixture
def house(url, tmp_path, request):
    """A tenant with one collection of each kind of rights, and partners at several levels, on both stores."""
    with api.open_store(url, audit_key=tmp_path / "audit.key") as store:
        yield House(store.tenant(request.node.name))


@pytest.fixture
def small(tmp_path):
    """The same, on SQLite alone: where the store makes no difference."""
    with api.open_store(f"sqlite:///{tmp_path}/cases.db") as store:
        yield House(store.tenant("acme"))


@pytest.fixture
def client_of():
    """A client of a house, as a partner, and further settings of what is served."""

    def make(house, partner="lab", **changed):
        exchange = taxii.Exchange(tenants={house.tenant.name: house.tenant}, **changed)
        headers = (
            {"accept": TYPE, "authorization": f"Bearer {house.tokens[partner]}"}
            if partner
            else {"accept": TYPE}
        )
        return TestClient(
            taxii.taxii_app(exchange),
            base_url=f"http://testserver/taxii2/{house.tenant.name}/",
            headers=headers,
            raise_server_exceptions=True,
        )

    return make
