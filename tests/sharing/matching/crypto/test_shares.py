"""A key in shares: any quorum has it, fewer have nothing, and wrong shares show."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.sharing.matching.crypto import group, oprf, shares


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_any_quorum_evaluates_as_the_whole_key(data):
    holders = data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=5, unique=True))
    threshold = data.draw(st.integers(1, len(holders)))
    dealings = [shares.deal(threshold, holders) for _ in holders]
    own = {n: sum(dealt[n] for _, dealt in dealings) % group.ORDER for n in holders}
    public = shares.summed([commitments[0] for commitments, _ in dealings])
    for number in holders:
        assert all(shares.fits(commitments, number, dealt[number]) for commitments, dealt in dealings)
        assert group.generated(own[number]) == shares.summed(
            [shares.public_share(commitments, number) for commitments, _ in dealings]
        )
    (value,), by = [b"value"], group.random_scalar()
    outputs = set()
    for quorum in combinations(holders, threshold):
        weight = shares.weights(quorum)
        assert shares.summed([group.multiply(weight[n], group.generated(own[n])) for n in quorum]) == public
        sent = oprf.blind([value], [by])
        parts = [oprf.evaluate(weight[n] * own[n] % group.ORDER, sent)[0] for n in quorum]
        outputs.add(oprf.finalize([value], [by], [shares.summed(parts)])[0])
    assert len(outputs) == 1


def test_a_wrong_share_does_not_fit():
    commitments, dealt = shares.deal(2, [1, 2, 3])
    assert shares.fits(commitments, 1, dealt[1])
    assert not shares.fits(commitments, 1, dealt[2])
    assert not shares.fits(commitments, 1, 0)


def test_what_cancels_out_is_no_key():
    element = group.generated(5)
    assert shares.summed([element, group.generated(group.ORDER - 5)]) is None
