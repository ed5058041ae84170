"""The regression on steps that weighs regions."""

import numpy as np
import pytest

from stillwatch.access.regions.signals import FINDINGS, OF_PLACES, SIGNALS
from stillwatch.access.regions.weights import odds, tables
from stillwatch.lab.borders.fit import PAIRS, SHARES, found_in, log_odds, weigh
from stillwatch.lab.borders.judged import gather
from stillwatch.lab.borders.people import EVADERS, KINDS
from stillwatch.lab.borders.steps import Examples, fit


def examples(rng, size, law):
    """Each account has two rows; whether it is guilty is drawn from what the law says of both."""
    found = np.stack([rng.integers(0, len(findings), 2 * size) for findings in FINDINGS.values()], axis=1)
    ratio = law(found).reshape(size, 2)
    guilty = rng.random(size) < 1 / (1 + np.exp(-np.logaddexp(ratio[:, 0], ratio[:, 1])))
    return Examples(found.astype(np.int8), np.ones(2 * size), np.arange(size) * 2, guilty, np.ones(size), 0.0)


def test_steps_alone_and_together_are_found_again():
    home, exits, phone = (SIGNALS.index(name) for name in ("home", "exits", "phone"))

    def law(found):
        together = (found[:, home] >= 4) & (found[:, exits] >= 3)
        return -3.0 + 2.0 * (found[:, phone] >= 1) + 3.0 * together

    fitted = fit(examples(np.random.default_rng(1), 8_000, law), [("home", "exits")])
    steps = {(signal, first): nats for signal, first, nats in fitted.steps if nats > 0.5}
    both = {step[:4]: step[4] for step in fitted.both if step[4] > 0.5}
    assert steps == {("phone", 1): pytest.approx(2.0, abs=0.4)}
    assert sum(both.values()) == pytest.approx(3.0, abs=0.8)
    assert {step[::2] for step in both} == {("home", "exits")}


def test_what_speaks_for_innocence_has_no_weight():
    phone = SIGNALS.index("phone")
    fitted = fit(
        examples(np.random.default_rng(2), 4_000, lambda found: -1.0 - 2.0 * (found[:, phone] >= 1)), ()
    )
    assert "phone" not in {signal for signal, _, _ in fitted.steps}


def test_a_fit_is_the_same_again_and_the_judge_adds_up_what_was_fitted():
    world = gather(3, 0.02)
    found = found_in(world)
    one, again = (weigh([found], seeds=(3,)) for _ in range(2))
    assert one == again
    assert set(SHARES) == set(KINDS[: EVADERS.start])
    assert sum(SHARES.values()) == pytest.approx(1)
    assert all(a in SIGNALS and b in SIGNALS for a, b in PAIRS)
    ratio = log_odds(one, found)
    evades = found.kind >= EVADERS.start
    assert np.median(ratio[evades]) > np.quantile(ratio[~evades], 0.99)
    says = np.moveaxis(found.says[found.which[:5]], -1, 0)
    assert odds(tables(one), found.does[:5], says).shape == (5, found.which.shape[1])
    assert len(says) == OF_PLACES
