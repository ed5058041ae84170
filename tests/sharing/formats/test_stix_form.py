"""STIX bundles: the validator's verdict over many campaigns, a strict parse, the extension's schema, ids, and revocation.

STILLWATCH_CAMPAIGNS=1000 validates that many. Refresh the golden with STILLWATCH_GOLDENS=write.
"""

import json
import os
from pathlib import Path

import jsonschema
import msgspec
import pytest
import stix2
import stix2validator
from made_up import DAY, NOW, made_finding

from stillwatch.sharing import finding as sharing
from stillwatch.sharing.formats import stix
from stillwatch.sharing.formats._projection.stix import extension
from stillwatch.sharing.formats._projection.stix.releases import releases
from stillwatch.sharing.taxii.admission import admit

CAMPAIGNS = int(os.environ.get("STILLWATCH_CAMPAIGNS", "60"))
GOLDEN = Path(__file__).parent / "goldens" / "stix.json"
SCHEMA = json.loads(Path(extension.__file__).with_name(extension.SCHEMA_FILE).read_text())


def bundle(view):
    ((_, data),) = stix.files(view).items()
    return json.loads(data)


def viewed(seed, keys, recipient="authority"):
    return sharing.view_for(made_finding(seed), sharing.load_policy(), recipient, at=NOW, keys=keys).view


def by_type(made, kind):
    return [one for one in made["objects"] if one["type"] == kind]


def test_the_validator_finds_no_error_over_many_campaigns(keys):
    recipients = ("authority", "partner", "public")
    options = stix2validator.ValidationOptions(version="2.1")
    for seed in range(CAMPAIGNS):
        made = bundle(viewed(seed, keys, recipients[seed % 3]))
        found = stix2validator.validate_instance(made, options)
        assert [str(error) for error in found.errors] == []
        assert [str(warning) for warning in found.warnings] == []


@pytest.mark.parametrize("seed", range(20))
def test_a_strict_parse_takes_the_bundle(keys, seed):
    made = bundle(viewed(seed, keys))
    parsed = stix2.parse(json.dumps(made), allow_custom=False)
    assert len(parsed.objects) == len(made["objects"])
    for one, read in zip(made["objects"], parsed.objects, strict=True):
        if one["type"] in ("user-account", "autonomous-system"):
            contributing = (
                {"user_id": one["user_id"]} if one["type"] == "user-account" else {"number": one["number"]}
            )
            made_by_library = stix2.UserAccount if one["type"] == "user-account" else stix2.AutonomousSystem
            assert made_by_library(**contributing).id == one["id"] == read["id"]


@pytest.mark.parametrize("seed", range(20))
def test_extensions_meet_the_published_schema(keys, seed):
    validator = jsonschema.Draft202012Validator(SCHEMA)
    carried = [
        one["extensions"][extension.ID]
        for one in bundle(viewed(seed, keys))["objects"]
        if extension.ID in one.get("extensions", {})
    ]
    assert carried
    for one in carried:
        validator.validate(one)


def test_the_schema_would_notice_a_prompt(keys):
    (campaign,) = by_type(bundle(viewed(1, keys)), "campaign")
    carried = campaign["extensions"][extension.ID] | {"prompt": "text"}
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(carried)


def test_ids_are_unique_and_every_reference_is_there(keys):
    for seed in range(20):
        objects = bundle(viewed(seed, keys))["objects"]
        ids = [one["id"] for one in objects]
        assert len(set(ids)) == len(ids)
        for one in objects:
            refs = [value for name, value in one.items() if name.endswith("_ref")]
            refs += [value for name, values in one.items() if name.endswith("_refs") for value in values]
            assert set(refs) <= set(ids)


def test_the_operator_is_kept_apart_from_the_provider_of_accounts(keys):
    made = bundle(viewed(1, keys))
    operators, providers = by_type(made, "intrusion-set"), by_type(made, "threat-actor")
    links = {
        (one["source_ref"], one["relationship_type"], one["target_ref"])
        for one in by_type(made, "relationship")
    }
    (campaign,), (network,) = by_type(made, "campaign"), by_type(made, "infrastructure")
    assert operators
    assert providers
    assert all((campaign["id"], "attributed-to", one["id"]) in links for one in operators)
    assert all((one["id"], "owns", network["id"]) in links for one in providers)
    touching = {link for link in links if {one["id"] for one in providers} & {link[0], link[2]}}
    assert {verb for _, verb, _ in touching} == {"owns"}


def test_every_indicator_says_what_it_costs_others_and_ends_within_ninety_days(keys):
    made = bundle(viewed(1, keys))
    for one in by_type(made, "indicator"):
        carried = one["extensions"][extension.ID]
        assert carried["max_action"] in sharing.ACTIONS
        assert "benign_share" in carried or "indicator_benign_share" in carried
        assert one["valid_until"] <= "2026-06-06"
    assert {one["pattern_type"] for one in by_type(made, "indicator")} >= {"sigma"}


def test_a_later_release_is_a_new_version_of_the_same_objects(keys):
    finding, policy = made_finding(1), sharing.load_policy()
    early, late = (
        bundle(sharing.view_for(finding, policy, "authority", at=at, keys=keys).view)
        for at in (NOW, NOW + DAY)
    )
    assert [one["id"] for one in early["objects"]] == [one["id"] for one in late["objects"]]
    (before,), (after,) = by_type(early, "campaign"), by_type(late, "campaign")
    assert (before["created"], before["modified"]) < (after["created"], after["modified"])
    assert before["created"] == after["created"]


def test_two_recipients_get_no_object_of_one_id_with_two_contents(keys):
    seen = {}
    for recipient in ("authority", "partner", "public"):
        for one in bundle(viewed(1, keys, recipient))["objects"]:
            if one["type"] != "marking-definition":
                assert seen.setdefault(one["id"], one) == one


def test_revocation_reaches_every_object_that_can_be_revoked(keys):
    view = viewed(1, keys)
    revoked = bundle(msgspec.structs.replace(view, revoked_at=NOW + DAY))
    theirs = {one["id"] for one in bundle(view)["objects"]}
    assert {one["id"] for one in revoked["objects"]} == theirs
    producer = by_type(revoked, "report")[0]["created_by_ref"]
    assert all(one["revoked"] for one in revoked["objects"] if one.get("created_by_ref") == producer)
    assert stix2validator.validate_instance(revoked, stix2validator.ValidationOptions(version="2.1")).is_valid


@pytest.mark.parametrize(("accounts", "times"), [(24_000, True), (6_000, False)])
def test_a_campaign_of_many_accounts_is_let_into_a_collection(keys, accounts, times):
    """The largest public case had 24,000 accounts; our own server refuses objects of more than 256 KiB."""
    one = made_finding(1)
    many = [
        msgspec.structs.replace(one.match_tokens[0], value=f"{number:032x}") for number in range(accounts)
    ]
    finding = msgspec.structs.replace(one, match_tokens=many, account_tokens=many)
    if not times:
        finding = msgspec.structs.replace(finding, campaign=None)
    view = sharing.view_for(finding, sharing.load_policy(), "authority", at=NOW, keys=keys).view
    made = bundle(view)["objects"]
    for content in made:
        if content["type"] != "user-account":
            admit(json.dumps(content).encode(), NOW + 365 * DAY)
    carried = [one["extensions"][extension.ID] for one in made if extension.ID in one.get("extensions", {})]
    tokens = [token for part in carried for token in part.get("match_tokens", ())]
    assert tokens == msgspec.to_builtins(many)
    (held,) = releases(made, (), NOW)
    assert {one["id"] for one in held.objects} == {one["id"] for one in made}


def test_golden(view):
    made = json.dumps(bundle(view), indent=1, sort_keys=True) + "\n"
    if os.environ.get("STILLWATCH_GOLDENS") == "write":
        GOLDEN.write_text(made)
    assert made == GOLDEN.read_text()
