"""Releases: signed, in the audit, refused where they must be, and taken back."""

import json

import msgspec
import pytest
from made_up import DAY, NOW, account, made_finding

from stillwatch import cases
from stillwatch.cases.entry import read
from stillwatch.features.key import SketchKey
from stillwatch.records import InvalidConfiguration, NotThere, UsageError
from stillwatch.sharing import finding as sharing
from stillwatch.sharing import formats

KEY = sharing.new_key(NOW - DAY)
EVERYTHING = formats.projected(formats.catalogue(), [])


def gate(tenant, keys, *, key=KEY, by="a.person"):
    return sharing.Gate(tenant, sharing.load_policy(), key, keys, by=by)


def audited(tenant):
    return [read(entry) for entry in cases.list_entries(tenant)]


def clear(seed):
    return msgspec.structs.replace(made_finding(seed), tlp="clear")


def test_every_file_is_signed_and_the_audit_names_its_hash(tenant, keys):
    release = gate(tenant, keys).release(clear(1), "partner", EVERYTHING, reason="to find the operator")
    named = [name for name in release.files if not name.endswith(".jws")]
    assert len(named) == 8
    for name in named:
        jws = release.files[f"{name}.jws"].decode().strip()
        payload = sharing.signed_bytes(name, release.files[name])
        assert sharing.verify(payload, jws, KEY.public, NOW) == NOW // 1_000_000
    (leaf,) = audited(tenant)
    assert (leaf.kind, leaf.by, leaf.facts["recipient"]) == ("finding_released", "a.person", "partner")
    assert set(leaf.facts["files"]) == set(named)
    assert "operators" in leaf.facts["dropped"]


def test_a_signature_holds_however_the_json_is_written(tenant, keys):
    release = gate(tenant, keys).release(clear(1), "partner", EVERYTHING, reason="why")
    name = next(name for name in release.files if name.endswith(".stix.json"))
    rewritten = json.dumps(json.loads(release.files[name]), sort_keys=True).encode()
    jws = release.files[f"{name}.jws"].decode().strip()
    sharing.verify(sharing.signed_bytes(name, rewritten), jws, KEY.public, NOW)
    for broken in (rewritten.replace(b"campaign", b"Campaign", 1), b"{}"):
        with pytest.raises(sharing.NotGenuine):
            sharing.verify(sharing.signed_bytes(name, broken), jws, KEY.public, NOW)


def test_other_keys_and_times_do_not_verify():
    jws = sharing.sign(b"text", KEY, NOW)
    with pytest.raises(sharing.NotGenuine):
        sharing.verify(b"text", jws, sharing.new_key(NOW).public, NOW)
    with pytest.raises(sharing.NotGenuine, match="outside the time"):
        sharing.verify(b"text", jws, KEY.public, NOW - DAY)
    short = msgspec.structs.replace(KEY.public, exp=NOW // 1_000_000 - 1)
    with pytest.raises(sharing.NotGenuine, match="outside the time"):
        sharing.verify(b"text", jws, short, NOW)
    for text in ("", ".", "a..b", jws.replace("..", ".e30."), jws[:-4]):
        with pytest.raises(sharing.NotGenuine):
            sharing.verify(b"text", text, KEY.public, NOW)


def test_an_expired_key_releases_nothing_and_the_try_is_in_the_audit(tenant, keys):
    old = sharing.new_key(NOW - 400 * DAY)
    with pytest.raises(sharing.ExpiredKey):
        gate(tenant, keys, key=old).release(clear(1), "partner", EVERYTHING, reason="why")
    (leaf,) = audited(tenant)
    assert (leaf.kind, leaf.facts["because"]) == ("finding_refused", "ExpiredKey")


def test_a_breach_of_tlp_is_refused_and_in_the_audit(tenant, keys):
    red = msgspec.structs.replace(made_finding(1), tlp="red")
    with pytest.raises(sharing.Refused, match="TLP:RED"):
        gate(tenant, keys).release(red, "partner", EVERYTHING, reason="why")
    (leaf,) = audited(tenant)
    assert (leaf.kind, leaf.facts["because"], leaf.facts["recipient"]) == (
        "finding_refused",
        "Refused",
        "partner",
    )


def test_who_is_no_recipient_gets_nothing(tenant, keys):
    with pytest.raises(UsageError, match="no recipient"):
        gate(tenant, keys).release(clear(1), "somebody", EVERYTHING, reason="why")
    assert [leaf.kind for leaf in audited(tenant)] == ["finding_refused"]


def test_nothing_is_released_without_a_person_and_a_reason(tenant, keys):
    with pytest.raises(UsageError, match="name of the person"):
        gate(tenant, keys, by=" ")
    with pytest.raises(UsageError, match="say why"):
        gate(tenant, keys).release(clear(1), "partner", EVERYTHING, reason=" ")
    assert audited(tenant) == []


def test_what_was_released_can_be_taken_back_and_nothing_else(tenant, keys):
    mine = gate(tenant, keys)
    release = mine.release(clear(1), "partner", EVERYTHING, reason="why")
    back = mine.revoke(release.view, EVERYTHING, reason="it was a classroom")
    assert [leaf.kind for leaf in audited(tenant)] == ["finding_released", "finding_revoked"]
    assert back.view.revoked
    never = msgspec.structs.replace(release.view, recipient="public")
    with pytest.raises(NotThere, match="never released"):
        mine.revoke(never, EVERYTHING, reason="why")


def test_a_store_with_the_release_verifies(tenant, keys, tmp_path):
    gate(tenant, keys).release(clear(1), "partner", EVERYTHING, reason="why")
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b"".join(cases.export(tenant)))
    assert cases.verify_file(path).holds


def test_no_file_of_any_form_holds_what_was_planted(run, tenant, keys):
    secret = SketchKey(bytes(range(32)))
    folder = sharing.Folder(run)
    said = sharing.Said(account_tokens=sharing.account_tokens(secret, folder.members("campaign-001")))
    finding = sharing.build_finding(folder, "campaign-001", tlp="clear", said=said)
    tokens = {one.value for one in finding.account_tokens}
    for recipient in ("public", "partner", "authority"):
        release = gate(tenant, keys).release(finding, recipient, EVERYTHING, reason="why")
        text = b"".join(release.files.values()).decode()
        for planted in ("planted", "customer", account(1), "hidden reasoning", *tokens):
            assert planted not in text


def test_keys_are_made_once_and_read_back(tmp_path):
    path = tmp_path / "release.jwk"
    made = sharing.load_key(path, NOW)
    assert sharing.load_key(path, NOW + DAY) == made
    assert path.stat().st_mode & 0o077 == 0
    path.write_text('{"kty": "OKP"}')
    with pytest.raises(InvalidConfiguration, match="JSON Web Key"):
        sharing.load_key(path, NOW)


def test_a_case_decides_the_status_and_who_was_cleared(run, tenant):
    import pyarrow.parquet as pq  # noqa: PLC0415

    from stillwatch.reports import load  # noqa: PLC0415

    document = json.loads((run / "campaigns.json").read_text())
    document["log"] = dict.fromkeys(("files", "exchanges", "repeats", "rejected", "accounts"), 0) | {
        "first_ts": None,
        "last_ts": None,
        "coverage": {},
        "events": [],
    }
    document["campaigns"][0]["evidence"] |= {"sources": []}
    (run / "campaigns.json").write_text(json.dumps(document))
    _, campaigns = load(run)
    (case_id,) = cases.upsert_findings(tenant, campaigns, pq.read_table(run / "members.parquet")).opened
    assert sharing.standing_of(tenant, case_id).status == "open"
    cases.clear(tenant, case_id, [account(3)], by="a.person", reason="a school")
    cases.confirm(tenant, case_id, by="a.person", reason="seen")
    standing = sharing.standing_of(tenant, case_id)
    assert standing == sharing.Standing(case_id, "confirmed", frozenset({account(3)}))
    cases.reopen(tenant, case_id, by="a.person", reason="not so")
    cases.dismiss(tenant, case_id, by="a.person", reason="a benchmark")
    with pytest.raises(UsageError, match="dismissed"):
        sharing.standing_of(tenant, case_id)
