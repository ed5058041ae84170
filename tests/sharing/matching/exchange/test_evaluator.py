"""An evaluator answers members, once, within limits, and refuses and counts all else."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.records import StillwatchError
from stillwatch.sharing.matching.crypto import group as curve
from stillwatch.sharing.matching.crypto import oprf
from stillwatch.sharing.matching.exchange.evaluator import FRESH, NOBODY
from stillwatch.sharing.matching.exchange.messages import (
    Answer,
    Reason,
    Refusal,
    Request,
    is_signed,
    opened,
    reply_in,
    signed,
)
from stillwatch.sharing.matching.exchange.usage import DAY, EVALUATED, Usage

NOW = 1_790_000_000_000_000


@pytest.fixture
def usage(tmp_path):
    kept = Usage(tmp_path / "usage.db")
    yield kept
    kept.close()


@pytest.fixture
def evaluator(group, usage):
    key = msgspec.structs.replace(group.keys["lab-b"], valid_from=NOW - DAY, valid_until=NOW + DAY)
    return group.evaluator("lab-b", usage, lambda: NOW, {key.key_id: key})


def request(of, sender="lab-a", **fields):
    base = Request(
        group="labs",
        key_id=of.keys["lab-b"].key_id,
        sender=sender,
        receiver="lab-b",
        sent_at=NOW,
        nonce=b"0123456789abcdef",
        quorum=[1, 2],
        elements=curve.generated(3) + curve.generated(4),
    )
    return msgspec.structs.replace(base, **fields)


def asked(evaluator, group, message, by="lab-a"):
    content, named = signed(message, group.identities[by])
    reason, reply = evaluator.answer(content)
    envelope = opened(reply)
    assert is_signed(envelope, group.identities["lab-b"].verify_key)
    answer = reply_in(envelope)
    assert answer.request == named
    return reason, answer


def test_a_member_is_answered_with_a_proof(evaluator, group, usage):
    reason, answer = asked(evaluator, group, request(group))
    assert reason is None
    assert isinstance(answer, Answer)
    public = curve.multiply(-1 % curve.ORDER, bytes.fromhex(group.keys["lab-a"].public_shares[2]))
    sent = [curve.generated(3), curve.generated(4)]
    back = [answer.elements[:32], answer.elements[32:]]
    assert oprf.verify(public, sent, back, answer.proof)  # of 1 and 2, the second counts -1 times
    (row,) = usage.asked()
    assert (row.sender, row.outcome, row.requests, row.elements) == ("lab-a", EVALUATED, 1, 2)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"group": "others"}, Reason.MISDIRECTED),
        ({"receiver": "lab-c"}, Reason.MISDIRECTED),
        ({"sent_at": NOW - FRESH - 1}, Reason.STALE),
        ({"sent_at": NOW + FRESH + 1}, Reason.STALE),
        ({"nonce": b"short"}, Reason.STALE),
        ({"key_id": "0" * 16}, Reason.KEY),
        ({"quorum": [1, 3]}, Reason.QUORUM),
        ({"quorum": [2]}, Reason.QUORUM),
        ({"quorum": [2, 2]}, Reason.QUORUM),
        ({"quorum": [1, 2, 3]}, Reason.QUORUM),
        ({"quorum": [2, 9]}, Reason.QUORUM),
        ({"elements": b""}, Reason.ELEMENTS),
        ({"elements": b"odd"}, Reason.ELEMENTS),
        ({"elements": bytes(32)}, Reason.ELEMENTS),
        ({"elements": b"\xff" * 32}, Reason.ELEMENTS),
        ({"elements": curve.generated(3) * 2049}, Reason.ELEMENTS),
    ],
)
def test_what_may_not_be_asked_is_refused_and_counted(evaluator, group, usage, fields, reason):
    found, reply = asked(evaluator, group, request(group, **fields))
    assert found is reason
    assert isinstance(reply, Refusal)
    assert reason in {row.outcome for row in usage.asked()}


def test_an_expired_key_is_refused(group, usage):
    for now in (NOW - 2 * DAY, NOW + 2 * DAY):
        key = msgspec.structs.replace(group.keys["lab-b"], valid_from=NOW - DAY, valid_until=NOW + DAY)
        late = group.evaluator("lab-b", usage, lambda now=now: now, {key.key_id: key})
        assert asked(late, group, request(group, sent_at=now))[0] is Reason.KEY


def test_a_replayed_request_is_refused_also_after_a_restart(evaluator, group, usage, tmp_path):
    assert asked(evaluator, group, request(group))[0] is None
    assert asked(evaluator, group, request(group))[0] is Reason.REPLAYED
    usage.close()
    again = Usage(tmp_path / "usage.db")
    key = msgspec.structs.replace(group.keys["lab-b"], valid_from=NOW - DAY, valid_until=NOW + DAY)
    restarted = group.evaluator("lab-b", again, lambda: NOW, {key.key_id: key})
    assert asked(restarted, group, request(group))[0] is Reason.REPLAYED
    again.close()


def test_who_is_no_member_or_signs_for_another_is_refused(evaluator, group, usage):
    assert asked(evaluator, group, request(group, sender="stranger"))[0] is Reason.UNSIGNED
    assert asked(evaluator, group, request(group), by="lab-c")[0] is Reason.UNSIGNED
    assert {row.sender for row in usage.asked()} == {NOBODY}


def test_a_flood_ends_at_the_limit_of_the_day_and_fills_no_disk(group, usage):
    roster = msgspec.structs.replace(
        group.roster,
        members=[msgspec.structs.replace(member, daily_limit=5) for member in group.roster.members],
    )
    key = msgspec.structs.replace(group.keys["lab-b"], valid_from=NOW - DAY, valid_until=NOW + 3 * DAY)
    clock = [NOW]
    limited = type(group.evaluator("lab-b", usage))(
        group.identities["lab-b"], roster, {key.key_id: key}, usage, lambda: clock[0]
    )
    reasons = [asked(limited, group, request(group, nonce=at.to_bytes(16)))[0] for at in range(20)]
    assert reasons == [None] * 2 + [Reason.LIMIT] * 18
    assert asked(limited, group, request(group, sender="lab-c", nonce=bytes(16)), by="lab-c")[0] is None
    counts = {(row.sender, row.outcome): (row.requests, row.elements) for row in usage.asked()}
    assert counts["lab-a", EVALUATED] == (2, 4)
    assert counts["lab-a", Reason.LIMIT] == (18, 36)
    clock[0] += DAY
    assert asked(limited, group, request(group, sent_at=clock[0], nonce=b"n" * 16))[0] is None


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=300))
def test_garbage_is_refused_with_a_signed_reply(group, tmp_path_factory, content):
    kept = Usage(tmp_path_factory.getbasetemp() / "garbage.db")
    reason, reply = group.evaluator("lab-b", kept).answer(content)
    kept.close()
    assert reason in {Reason.MALFORMED, Reason.UNSIGNED}
    assert is_signed(opened(reply), group.identities["lab-b"].verify_key)


def test_a_changed_message_is_not_signed(evaluator, group):
    content, _ = signed(request(group), group.identities["lab-a"])
    body = bytearray(content)
    body[content.index(b"0123456789abcdef")] ^= 1
    assert evaluator.answer(bytes(body))[0] is Reason.UNSIGNED
    assert evaluator.answer(content + bytes(80_000))[0] is Reason.MALFORMED


def test_a_log_that_cannot_be_kept_is_said(tmp_path):
    (tmp_path / "file").write_bytes(b"no database, but longer than a header of one" * 9)
    with pytest.raises(StillwatchError, match="cannot be kept"):
        Usage(tmp_path / "file")
