"""Members come to a key that none of them has seen, and notice who deals falsely."""

from itertools import combinations

import msgspec
import pytest
from group_of_members import DAY, Group

from stillwatch.records import InvalidConfiguration, UnreadableInput, UsageError
from stillwatch.sharing.matching.crypto import group as curve
from stillwatch.sharing.matching.crypto import oprf, shares
from stillwatch.sharing.matching.membership import dealing, epoch
from stillwatch.sharing.matching.membership.identity import created, load_identity, sealed_for, write_secret
from stillwatch.sharing.matching.membership.roster import load_roster


def share(key):
    return curve.decoded(bytes.fromhex(key.share))


def test_any_two_of_three_have_the_key_and_one_has_not(group):
    keys = [group.keys[name] for name in ("lab-a", "lab-b", "lab-c")]
    whole = set()
    for pair in combinations(keys, 2):
        weight = shares.weights([key.number for key in pair])
        whole.add(sum(weight[key.number] * share(key) for key in pair) % curve.ORDER)
    assert len(whole) == 1
    (secret,) = whole
    assert curve.generated(secret).hex() == keys[0].public
    assert secret not in {share(key) for key in keys}
    for key in keys:
        assert curve.generated(share(key)).hex() == keys[0].public_shares[key.number]


def test_all_members_have_one_public_key_and_one_seed_and_askers_no_share(group):
    assert len({(key.public, key.seed, key.key_id) for key in group.keys.values()}) == 1
    assert group.keys["lab-d"].share is None


def test_a_new_epoch_has_another_key_and_seed(group):
    identity, roster = group.identities["lab-a"], group.roster
    begin = group.keys["lab-a"].valid_from
    again = [
        (name, dealing.deal(group.identities[name], roster, "2027q1", begin, begin + DAY))
        for name in ("lab-a", "lab-b", "lab-c")
    ]
    key = dealing.join(identity, roster, again)
    assert key.key_id != group.keys["lab-a"].key_id
    assert key.seed != group.keys["lab-a"].seed


def changed(group, **fields):
    """Lab-b's dealing with changed fields, signed by lab-b: a dealer that lies."""
    body = msgspec.json.decode(group.dealings[1][1], type=dealing.Dealing).body
    dealt = msgspec.structs.replace(msgspec.json.decode(body, type=dealing.Dealt), **fields)
    raw = msgspec.json.encode(dealt)
    signature = group.identities["lab-b"].signer.sign(b"stillwatch-dealing-1\0" + raw).hex()
    return msgspec.json.encode(dealing.Dealing(body=msgspec.Raw(raw), signature=signature))


def resealed(group, part):
    about = b"labs\x002026q4\x00lab-b\x00lab-a"
    whole = msgspec.json.decode(
        msgspec.json.decode(group.dealings[1][1], type=dealing.Dealing).body, type=dealing.Dealt
    ).sealed
    return whole | {"lab-a": sealed_for(group.identities["lab-a"].seal_key, part, about).hex()}


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        (lambda group: {"sealed": resealed(group, bytes(32) + b"\x05" + bytes(31))}, "another seed"),
        (lambda _: {"sealed": {}}, "nothing in it for lab-a"),
        (lambda group: {"sealed": resealed(group, bytes(32) + b"\xff" * 32)}, "nothing in it"),
        (lambda _: {"threshold": 1}, "another roster"),
        (lambda _: {"holders": [1, 2]}, "another roster"),
        (lambda _: {"commitments": [(b"\xff" * 32).hex()] * 2}, "not a dealing"),
        (lambda _: {"commitments": [curve.generated(7).hex()] * 2}, "not what lab-b committed to"),
        (lambda _: {"dealer": "lab-d"}, "holds no share"),
        (lambda _: {"dealer": "lab-c"}, "signature"),
        (lambda _: {"epoch": "2031q1"}, "nothing in it for lab-a|another epoch"),
    ],
)
def test_a_dealer_that_lies_is_named(group, lie, said):
    false = ("from-b.dealing", changed(group, **lie(group)))
    dealings = [group.dealings[0], false, group.dealings[2]]
    with pytest.raises(UnreadableInput, match=said):
        dealing.join(group.identities["lab-a"], group.roster, dealings)


def test_every_holder_must_deal(group):
    with pytest.raises(UsageError, match="lab-c is missing"):
        dealing.join(group.identities["lab-a"], group.roster, group.dealings[:2])


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"body": {}, "signature": "00"}'])
def test_what_is_no_dealing_is_named(group, content):
    with pytest.raises(UnreadableInput, match=r"^odd\.dealing: not a dealing"):
        dealing.join(group.identities["lab-a"], group.roster, [("odd.dealing", content)])


def test_who_holds_no_share_deals_none_and_an_epoch_ends(group):
    with pytest.raises(UsageError, match="holds no share"):
        dealing.deal(group.identities["lab-d"], group.roster, "x", 0, DAY)
    with pytest.raises(UsageError, match="92 days"):
        dealing.deal(group.identities["lab-a"], group.roster, "x", 0, 200 * DAY)


def test_the_current_key_is_the_valid_one_that_began_last(group):
    key = group.keys["lab-a"]
    later = msgspec.structs.replace(key, epoch="later", valid_from=key.valid_from + 1)
    known = {one.key_id: one for one in (key, later)}
    assert epoch.current(known, key.valid_from + 1) == later
    with pytest.raises(UsageError, match="no key is valid"):
        epoch.current(known, key.valid_until)


def test_secrets_are_for_their_owner_and_not_written_over(tmp_path):
    path = tmp_path / "me.identity"
    identity = created("me")
    write_secret(path, msgspec.json.encode(identity))
    assert path.stat().st_mode & 0o077 == 0
    assert load_identity(path) == identity
    with pytest.raises(UsageError, match="not written over"):
        write_secret(path, b"")
    with pytest.raises(InvalidConfiguration, match="no identity there"):
        load_identity(tmp_path / "none")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("threshold = 2", "threshold = 4", "threshold is 4"),
        ("number = 2", "number = 1", "one name, or one number"),
        ('name = "lab-b"', 'name = "lab-a"', "one name, or one number"),
        ("number = 3", "number = 300", "from 1 to 255"),
        ('verify_key = "', 'verify_key = "zz', "64 hexadecimal digits"),
        ('url = "http', 'url = "ftp', "needs a url"),
        ("daily_limit = 3000000", "daily_limit = -1", "below 0"),
        ("daily_limit", "dayly_limit", "unknown field"),
        ("[[members]]", "[[members", "Expected"),
    ],
)
def test_a_roster_that_does_not_hold_together_is_refused(group, tmp_path, old, new, said):
    path = group.write(tmp_path) / "lab-a" / "roster.toml"
    assert load_roster(path) == group.roster
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(InvalidConfiguration, match=said):
        load_roster(path)


def test_one_holder_alone_is_a_group_of_threshold_one():
    pair = Group(threshold=1, holders=("lab-b",), asks=("lab-a",))
    key = pair.keys["lab-b"]
    assert curve.generated(share(key)).hex() == key.public
    assert oprf.directly(share(key), [b"x"])
