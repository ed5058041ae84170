"""What one tenant does is never seen or changed by another, whatever both do."""

import pytest
import sqlalchemy as sql
from composed_campaigns import Clock, accounts_of, find, names
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from stillwatch.cases import api
from stillwatch.cases.schema import metadata
from stillwatch.records import Decision, UsageError

ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "find",
                "confirm",
                "dismiss",
                "close",
                "reopen",
                "note",
                "clear",
                "split",
                "merge",
                "decide",
                "purge",
                "redact",
                "assign",
            ]
        ),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=8,
)


def act(tenant, action, first, second):  # noqa: C901 - one action a case
    """One action on the same names that the other tenant uses; refusals are part of it."""
    ids = [one.case_id for one in api.list_cases(tenant).rows]
    case_id = ids[first % len(ids)] if ids else "case-0"
    other = ids[second % len(ids)] if ids else "case-0"
    said = {"by": "ana", "reason": "why"}
    try:
        match action:
            case "find":
                find(
                    tenant, names(10 * first, 10 * first + 15 + second), f"c-{first}", log_e=9.0 + 3 * second
                )
            case "confirm" | "dismiss" | "close" | "reopen":
                getattr(api, action)(tenant, case_id, **said)
            case "note":
                api.note(tenant, case_id, by="ana", text="a note")
            case "assign":
                api.assign(tenant, case_id, by="ana", owner="ben")
            case "clear" | "split":
                getattr(api, action)(tenant, case_id, accounts_of(tenant, case_id)[: 1 + second], **said)
            case "merge":
                api.merge(tenant, case_id, other, **said)
            case "decide":
                decision = Decision(
                    decision_id=f"d-{first}", ts=1, account_id=f"acct-000{second}", step="tag"
                )
                api.record_decisions(tenant, [decision])
            case "purge":
                api.purge(tenant, before=tenant.clock(), by="ana")
            case "redact":
                api.redact(tenant, f"acct-00{first}{second}", **said)
    except UsageError:
        return


def everything(store, tenant):
    """All rows of a tenant, in all tables."""
    with store.tenant(tenant).reading() as connection:
        return {
            table.name: sorted(
                map(repr, connection.execute(sql.select(table).where(table.c.tenant == tenant)).all())
            )
            for table in metadata.tables.values()
            if "tenant" in table.c
        }


@settings(deadline=None, max_examples=20, phases=(Phase.generate,))
@given(ours=ACTIONS, theirs=ACTIONS)
def test_nobody_touches_anybody_else(tmp_path_factory, ours, theirs):
    folder = tmp_path_factory.mktemp("tenants")
    with api.open_store(f"sqlite:///{folder}/cases.db", clock=Clock()) as store:
        one, other = store.tenant("one"), store.tenant("other")
        find(one, names(0, 20))
        find(other, names(0, 20))
        for action in theirs:
            act(other, *action)
        before = everything(store, "other")
        seen = everything(store, "one")
        for action in ours:
            act(one, *action)
        assert everything(store, "other") == before
        assert seen["cases"], "the other's actions left this one's rows"
        ids = {row.case_id for row in api.list_cases(other).rows}
        assert not ids & {row.case_id for row in api.list_cases(one).rows}
        for tenant in (one, other):
            assert api.verify_lines(api.stored_lines(tenant)).holds


def test_another_tenants_case_is_not_there(store):
    case_id = find(store.tenant("one"), names(0, 20)).opened[0]
    other = store.tenant("other")
    for read in (api.get_case, api.list_accounts, api.history):
        with pytest.raises(UsageError, match="there is no case"):
            read(other, case_id)


def test_every_table_has_its_tenant_first():
    for table in metadata.tables.values():
        if table.name != "stores":
            assert next(iter(table.primary_key.columns)).name == "tenant"
