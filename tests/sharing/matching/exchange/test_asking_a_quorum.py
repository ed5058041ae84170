"""Values in, outputs out, over real HTTP: whoever is away, floods or lies, the quorum's output is one and the same."""

from contextlib import ExitStack, closing

import msgspec
import pytest
from group_of_members import LABS, Group, serving
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from stillwatch.sharing.matching import tokens
from stillwatch.sharing.matching.crypto import group as curve
from stillwatch.sharing.matching.crypto import oprf, shares
from stillwatch.sharing.matching.exchange.asking import Asker, Http, NoQuorum
from stillwatch.sharing.matching.exchange.messages import (
    PATH,
    Answer,
    digest,
    joined,
    opened,
    parted,
    request_in,
    signed,
)
from stillwatch.sharing.matching.exchange.usage import EVALUATED

VALUES = [b"one", b"two", b"three"]


@pytest.fixture
def asker():
    with ExitStack() as stack:

        def made(group, name):
            post = stack.enter_context(closing(Http(5.0)))
            return Asker(group.identities[name], group.roster, group.keys[name], post)

        yield made


def whole(group):
    """What the whole key makes of the values, which nobody but this test puts together."""
    pair = [group.keys["lab-a"], group.keys["lab-b"]]
    weight = shares.weights([1, 2])
    secret = sum(weight[key.number] * curve.decoded(bytes.fromhex(key.share)) for key in pair) % curve.ORDER
    return oprf.directly(secret, VALUES)


def test_every_member_gets_the_output_of_the_whole_key(group, tmp_path, asker):
    with group.served(tmp_path) as logs:
        for name in group.keys:
            one = asker(group, name)
            assert one.outputs(VALUES) == whole(group)
            assert one.troubles == []
        rows = [row for log in logs.values() for row in log.asked()]
        assert {row.outcome for row in rows} == {EVALUATED}
        assert sum(row.elements for row in rows) == 3 * 3 + 3 * 2  # holders ask one other, lab-d two


def test_another_member_stands_in_for_one_that_is_away(group, tmp_path, asker):
    with group.served(tmp_path, names=("lab-b", "lab-c")):
        one = asker(group, "lab-d")
        for _ in range(4):
            assert one.outputs(VALUES) == whole(group)
        assert {trouble.member for trouble in one.troubles} <= {"lab-a"}


def test_too_few_members_are_no_quorum(group, tmp_path, asker):
    with group.served(tmp_path, names=("lab-c",)), pytest.raises(NoQuorum, match="does not answer"):
        asker(group, "lab-d").outputs(VALUES)


def lying(group, how):
    """Lab-b's evaluator, which answers falsely."""

    async def evaluate(http):
        envelope = opened(await http.body())
        request, identity = request_in(envelope), group.identities["lab-b"]
        elements = parted(request.elements)
        other = curve.random_scalar()
        evaluated = oprf.evaluate(other, elements)
        proof = oprf.prove(other, curve.generated(other), elements, evaluated)
        answer = Answer(
            responder="lab-b", request=digest(envelope.body), elements=joined(evaluated), proof=proof
        )
        return Response(how(answer, identity))

    return Starlette(routes=[Route(PATH, evaluate, methods=["POST"])])


def sealed(answer, identity):
    return signed(answer, identity)[0]


LIES = {
    "wrong key": sealed,
    "no proof": lambda answer, identity: sealed(msgspec.structs.replace(answer, proof=b""), identity),
    "zero proof": lambda answer, identity: sealed(msgspec.structs.replace(answer, proof=bytes(64)), identity),
    "too few": lambda answer, identity: sealed(
        msgspec.structs.replace(answer, elements=answer.elements[:32]), identity
    ),
    "zeros": lambda answer, identity: sealed(msgspec.structs.replace(answer, elements=bytes(96)), identity),
    "odd": lambda answer, identity: sealed(msgspec.structs.replace(answer, elements=b"odd"), identity),
    "of another request": lambda answer, identity: sealed(
        msgspec.structs.replace(answer, request=bytes(32)), identity
    ),
    "as another": lambda answer, identity: sealed(
        msgspec.structs.replace(answer, responder="lab-c"), identity
    ),
    "unsigned": lambda answer, _: msgspec.msgpack.encode([msgspec.msgpack.encode(answer), bytes(64)]),
    "noise": lambda *_: b"\xc1 nothing",
    "nothing": lambda *_: b"",
    "without end": lambda *_: bytes(1 << 20),
}


@pytest.mark.parametrize("how", LIES)
def test_a_member_that_lies_is_left_out_and_named(group, tmp_path, asker, how):
    with (
        group.served(tmp_path, names=("lab-a", "lab-c")),
        serving(lying(group, LIES[how]), group.ports["lab-b"]),
    ):
        one = asker(group, "lab-d")
        for _ in range(12):  # until chance has asked it
            assert one.outputs(VALUES) == whole(group)
            if one.troubles:
                break
        assert [trouble.member for trouble in one.troubles] == ["lab-b"]


def test_a_member_at_its_limit_is_told_so(tmp_path, asker):
    tight = Group(limit=2)
    with tight.served(tmp_path), pytest.raises(NoQuorum, match="refuses \\(limit\\): lab-d may ask 2"):
        asker(tight, "lab-d").outputs(VALUES)


def test_who_holds_the_whole_key_asks_nobody():
    pair = Group(threshold=1, holders=("lab-b",), asks=("lab-a",))
    found = tokens.Asking(pair.identities["lab-b"], pair.roster, pair.keys["lab-b"]).evaluate(VALUES)
    assert len({len(token) for token in found}) == 1 < len(set(found))


def test_processes_give_what_one_gives(group, tmp_path, monkeypatch):
    monkeypatch.setattr(tokens, "ALONE_BELOW", 2)
    monkeypatch.setattr(tokens, "CHUNK", 2)
    with group.served(tmp_path, names=LABS):
        asking = tokens.Asking(group.identities["lab-a"], group.roster, group.keys["lab-a"], workers=2)
        assert asking.evaluate(VALUES) == tokens.shortened(whole(group))
        assert asking.left_out == []
