"""A whole release, with sketches and tokens made through the quorum, in every form: nothing that was planted is in it."""

import json
import sys
from pathlib import Path

import pytest
from test_leak import PLANTED_CARDS, dictionary
from two_labs import ONE_CUSTOMER, findings, write

sys.path.append(str(Path(__file__).parents[1]))
from made_up import DAY, NOW, PROMPT, _campaign

from stillwatch.features.key import SketchKey
from stillwatch.records import Micros
from stillwatch.sharing import finding as sharing
from stillwatch.sharing import formats
from stillwatch.sharing.composing import Audience, Terms, compose
from stillwatch.sharing.matching.crypto import group as curve
from stillwatch.sharing.matching.crypto import oprf
from stillwatch.sharing.matching.templates.sketches import fragment_value
from stillwatch.sharing.matching.tokens import Asking, shortened

SECRET = SketchKey(bytes(range(32)))
POLICY = b"""version: 1
producer: {name: Us}
matching: {fields: [payment_fp]}
recipients: [{id: partner, clearance: red}]
rows:
""" + b"".join(
    f"  - {{field: {name}, recipient: partner, tlp: green, k: 1, transform: {field.transforms[0]}}}\n".encode()
    for name, field in sharing.FIELDS.items()
)


@pytest.fixture
def release(group, tmp_path, tenant):
    """Everything that any policy can let go, of a campaign with planted accounts, cards and prompts."""
    log, found = write(tmp_path / "log", "planted"), findings(tmp_path / "found", "planted")
    document = {"schema": "stillwatch.campaigns/1", "campaigns": [_campaign(25, 75)]}
    (found / "campaigns.json").write_text(json.dumps(document))
    policy = sharing.parse_policy(POLICY, "release.yaml")
    with group.served(tmp_path):
        asking = Asking(group.identities["lab-a"], group.roster, group.keys["lab-a"], workers=1)
        made = compose(
            sharing.Folder(found, log=log, cleared=["planted-op-3"]),
            "campaign-001",
            Audience(policy, "partner"),
            key=SECRET,
            said=sharing.Said(),
            terms=Terms(tlp="clear"),
            asking=asking,
        )
    assert made.absent == []
    gate = sharing.Gate(
        tenant, policy, sharing.new_key(NOW - DAY), sharing.release_keys(SECRET, NOW), by="me"
    )
    return gate.release(made.finding, "partner", formats.projected(formats.catalogue(), []), reason="why")


def test_nothing_planted_is_in_any_file_of_it(release):
    finding = release.view.finding
    assert finding.compute
    assert finding.template_sketches
    assert len(finding.match_tokens) == len(finding.account_tokens) == 24  # of 25 one was cleared
    for name, data in release.files.items():
        for planted in (
            "planted",
            "Halvorsen",
            ONE_CUSTOMER[:20],
            PROMPT[:20],
            "chain of thought",
            *PLANTED_CARDS,
        ):
            assert planted.encode() not in data, name


def test_a_member_with_the_release_recovers_nothing(release, group):
    """It tries its dictionary on tokens and sketches with all the keys that it has."""
    finding, own = release.view.finding, group.keys["lab-b"]
    tokens = {bytes.fromhex(one.value) for one in finding.match_tokens}
    tokens |= {bytes.fromhex(token) for one in finding.template_sketches for token in one.tokens}
    assert (
        len(tokens) > len(finding.match_tokens) == 24
    )  # sketches too: how many of theirs depends on the group's key
    cards, guessed = dictionary(own.hashes)
    guesses = cards + [fragment_value(one) for one in guessed]
    for secret in (
        curve.decoded(bytes.fromhex(own.share)),
        1,
        int.from_bytes(bytes.fromhex(own.seed)) % curve.ORDER,
    ):
        assert not tokens & set(shortened(oprf.directly(secret, guesses)))
    assert Micros(release.view.valid_until) <= NOW + 90 * DAY
