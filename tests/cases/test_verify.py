"""Whatever is changed in an exported or stored audit is found, and a whole one holds."""

import json

import msgspec
import pytest
import sqlalchemy as sql
from composed_campaigns import Clock, names, opened
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stillwatch.cases import api
from stillwatch.cases.merkle import leaf_hash
from stillwatch.cases.schema import entries, items
from stillwatch.records import Decision, UnreadableInput


def decision(number, **said):
    return Decision(
        decision_id=f"d-{number}", ts=number, account_id=f"acct-{number % 5}", step="tag", reason="R1", **said
    )


@pytest.fixture(scope="module")
def exported_key(tmp_path_factory):
    return tmp_path_factory.mktemp("key") / "audit.key"


@pytest.fixture(scope="module")
def exported(tmp_path_factory, exported_key):
    """An audit of decisions and of a case, with checkpoints in the middle and an older one."""
    folder = tmp_path_factory.mktemp("exported")
    with api.open_store(f"sqlite:///{folder}/cases.db", clock=Clock(), audit_key=exported_key) as store:
        tenant = store.tenant()
        api.record_decisions(tenant, [decision(number) for number in range(5)])
        case_id = opened(tenant, names(0, 6))
        older = api.signed(tenant)
        api.record_decisions(tenant, [decision(number) for number in range(5, 9)])
        api.note(tenant, case_id, by="ana", text="looked at it")
        lines = list(api.export(tenant))
        return lines, older, tenant.signer.public


def checked(lines, **trusted):
    decoder = msgspec.json.Decoder(api.Line)
    return api.verify_lines([decoder.decode(line) for line in lines], **trusted)


def test_a_whole_audit_holds(exported):
    lines, older, public = exported
    outcome = checked(lines, public=public, older=older)
    assert outcome.holds
    assert (outcome.entries, outcome.checkpoints, outcome.fault) == (11, 1, None)


def entry_lines(lines):
    return [at for at, line in enumerate(lines) if json.loads(line)["type"] == "entry"]


def _later(entry):
    leaf = json.loads(entry["leaf"])
    leaf["ts"] += 1
    entry["leaf"] = json.dumps(leaf, sort_keys=True, separators=(",", ":"))


def _later_and_hashed(entry):
    _later(entry)
    entry["hash"] = leaf_hash(entry["leaf"].encode()).hex()


def _of_somebody_else(entry):
    for item in entry["items"]:
        item["content"] = '{"account_id":"somebody else"}'


CHANGES = {
    "leaf": _later,
    "leaf and hash": _later_and_hashed,
    "person": _of_somebody_else,
    "fewer items": lambda entry: entry.update(items=entry["items"][1:]),
    "number": lambda entry: entry.update(number=entry["number"] + 1),
}


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_change_to_an_entry_is_found(exported, data):
    lines, older, public = exported
    where = data.draw(st.sampled_from(entry_lines(lines)))
    number = json.loads(lines[where])["entry"]["number"]
    changed = list(lines)
    how = data.draw(st.sampled_from(["swap", "drop", "repeat", *CHANGES]))
    if how == "drop":
        del changed[where]
    elif how == "repeat":
        changed.insert(where, lines[where])
    elif how == "swap":
        other = data.draw(st.sampled_from([at for at in entry_lines(lines) if at != where]))
        changed[where], changed[other] = changed[other], changed[where]
        number = min(number, json.loads(lines[other])["entry"]["number"])
    else:
        line = json.loads(lines[where])
        CHANGES[how](line["entry"])
        changed[where] = json.dumps(line).encode()
        assume(line != json.loads(lines[where]))
    outcome = checked(changed, public=public, older=older)
    assert not outcome.holds
    assert outcome.first_bad is not None
    assert outcome.first_bad <= number + 1


def test_an_end_that_was_cut_off_is_found(exported):
    lines, older, public = exported
    middle = entry_lines(lines)[5]
    outcome = checked(lines[: middle + 1], public=public)
    assert not outcome.holds
    assert "no checkpoint covers" in outcome.fault
    outcome = checked(lines[:1], public=public, older=older)
    assert not outcome.holds
    assert "only 0 are left" in outcome.fault


def test_a_log_made_anew_with_the_same_key_is_not_the_older_one(exported, exported_key, tmp_path):
    _, older, public = exported
    with api.open_store(f"sqlite:///{tmp_path}/cases.db", clock=Clock(), audit_key=exported_key) as store:
        tenant = store.tenant()
        api.record_decisions(tenant, [decision(number) for number in range(12)])
        lines = list(api.export(tenant))
    assert checked(lines, public=public).holds
    outcome = checked(lines, public=public, older=older)
    assert not outcome.holds
    assert "older checkpoint" in outcome.fault


def test_another_key_is_not_trusted(exported, tmp_path):
    lines, _, _ = exported
    with api.open_store(f"sqlite:///{tmp_path}/other.db") as store:
        outcome = checked(lines, public=store.signer.public)
    assert not outcome.holds
    assert "another key" in outcome.fault


def test_a_store_that_was_changed_behind_its_back_is_found(tenant):
    api.record_decisions(tenant, [decision(number) for number in range(20)])
    api.signed(tenant)
    assert api.verify_lines(api.stored_lines(tenant)).holds
    with tenant.writing() as connection:
        leaf = connection.execute(sql.select(entries.c.leaf).where(entries.c.number == 7)).scalar_one()
        changed = leaf.replace('"tag"', '"block"')
        connection.execute(entries.update().where(entries.c.number == 7).values(leaf=changed))
    outcome = api.verify_lines(api.stored_lines(tenant))
    assert (outcome.holds, outcome.first_bad) == (False, 7)
    with tenant.writing() as connection:
        hashed = leaf_hash(changed.encode())
        connection.execute(entries.update().where(entries.c.number == 7).values(hash=hashed))
    outcome = api.verify_lines(api.stored_lines(tenant))
    assert not outcome.holds
    assert "entries 0 to 19" in outcome.fault


def test_a_personal_part_changed_in_a_store_is_named(tenant):
    api.record_decisions(tenant, [decision(number) for number in range(20)])
    with tenant.writing() as connection:
        connection.execute(
            items.update().where(items.c.number == 7).values(content='{"account_id":"somebody else"}')
        )
    api.signed(tenant)
    outcome = api.verify_lines(api.stored_lines(tenant))
    assert (outcome.holds, outcome.first_bad) == (False, 7)


def test_what_is_no_export_is_named_with_its_line(exported, tmp_path):
    lines, _, _ = exported
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b"".join(lines[:2]) + b"rubbish\n")
    with pytest.raises(UnreadableInput, match=r"audit\.jsonl:3"):
        api.verify_file(path)
    with pytest.raises(UnreadableInput, match="errno 2"):
        api.verify_file(tmp_path / "nothing")


def test_a_new_key_signs_the_whole_log_anew(tmp_path):
    url = f"sqlite:///{tmp_path}/cases.db"
    for number, key in enumerate(("old.key", "new.key")):
        with api.open_store(url, audit_key=tmp_path / key) as store:
            tenant = store.tenant()
            api.record_decisions(tenant, [decision(number)])
            assert api.verify_lines(api.stored_lines(tenant), public=store.signer.public).holds
