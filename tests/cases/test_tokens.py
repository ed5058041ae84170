"""Tokens in the store; the routes that use them are tested in tests/service."""

import pytest
import sqlalchemy as sql
from composed_campaigns import find, names
from postgres import running

from stillwatch.cases import api
from stillwatch.cases.schema import VERSION, stores, tokens


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request, tmp_path_factory):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('store')}/cases.db"
        return
    with running() as found:
        yield found


def test_a_store_of_an_older_version_gets_the_tables_that_are_new(url, tmp_path):
    key = tmp_path / "audit.key"
    with api.open_store(url, audit_key=key) as store:
        find(store.tenant("acme"), names(0, 20))
        with store.tenant("acme").writing() as connection:
            tokens.drop(connection)
            connection.execute(stores.delete())
            connection.execute(stores.insert().values(version=1))
    for _ in range(2):
        with api.open_store(url, audit_key=key, make=False) as store:
            tenant = store.tenant("acme")
            _, text = api.add_token(tenant, owner="ana", scopes=["read"], days=1, by="root")
            assert api.find_token(tenant, text).owner == "ana"
            assert api.find_token(store.tenant("beta"), text) is None
            assert len(api.list_cases(tenant).rows) == 1
            with tenant.reading() as connection:
                assert connection.execute(sql.select(sql.func.max(stores.c.version))).scalar() == VERSION


def test_texts_that_a_database_cannot_hold_are_no_tokens(url, tmp_path):
    with api.open_store(url, audit_key=tmp_path / "audit.key") as store:
        for text in ("", "\x00", "\ud800", "ä" * 9_999):
            assert api.find_token(store.tenant("acme"), text) is None
