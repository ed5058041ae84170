"""Laws of every detector there is: the catalogue is walked, so a new detector is held to them unasked."""

import pickle
import re
from functools import cache
from itertools import pairwise

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from staging import FIRES, KEY, QUIET, part, stage, staged, table

from stillwatch.detectors import catalogue
from stillwatch.features.groups import Groups, Measure
from stillwatch.features.sketch import sketch
from stillwatch.features.sketchlog import SketchLog
from stillwatch.linking.rehearsal import (
    Records,
    Rehearsal,
    any_of,
    asking,
    dealt_out,
    each,
    everybody,
    strangers,
)
from stillwatch.records import ACCOUNTS, EVENTS, EXCHANGES, Account

NAMES = sorted(catalogue())
LAX = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ALWAYS_THERE = {"ts"}  # an exchange without it is rejected
NOISE = 0.1  # of a score, by which natural groups move when strata become coarser

_STAGES = {}
NUMBER = r"-?[0-9]+\.[0-9]{2}"

# A group that shows every detector something, so that equal measures do not mean equal silence.
BUSY = Rehearsal(
    name="a busy pool",
    schedule=dealt_out(3),
    exchange={
        "prompt": any_of(*(f"{word} of the day" for word in ("picture", "soup", "riddle"))),
        "replayed_ids": any_of(["call-1"], ["call-2"], None),
        "pathway": any_of("api", "app", None),
        "session_id": any_of("one", "two", None),
        "tokens_out": any_of(5, 700, None),
        "http_status": any_of(200, 200, 429),
    },
    account={"created_at": lambda first: first.ts - 3_600_000_000, "payment_bin": each("510510", "535353")},
)


def played(rehearsal, drop=frozenset()):
    """The stage of a rehearsal; those of one name are the same."""
    known = (rehearsal.name, drop)
    if known not in _STAGES:
        _STAGES[known] = stage(rehearsal.play(), rehearsal.suspects, drop)
    return _STAGES[known]


@cache
def busy_records():
    """The busy pool, and three accounts that were never used."""
    records = BUSY.play()
    unused = [Account(account_id=f"unused-{number}") for number in range(3)]
    return Records(records.exchanges, [*records.accounts, *unused], records.events)


@cache
def busy():
    return stage(busy_records(), BUSY.suspects)


def same(left, right):
    assert left.null == right.null
    np.testing.assert_allclose(left.value, right.value, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(left.error, right.error, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_declares_what_it_is(name):
    detector = catalogue()[name]
    assert detector.id == name
    assert detector.key in ("control", "extraction")
    assert "{value}" in detector.claim
    assert "{expected}" in detector.claim
    fields = {
        *EXCHANGES.names,
        *(f"account.{field}" for field in ACCOUNTS.names),
        "event.ban",
        "event.model_release",
    }
    assert detector.needs <= fields
    documentation = __import__(detector.__module__, fromlist=["__doc__"]).__doc__
    for part_of_it in ("Sees: ", "Cannot see: ", "Answers: ", "Benign work that trips it: ", "Sample: `"):
        assert part_of_it in documentation


@pytest.mark.parametrize("name", NAMES)
def test_its_sample_is_what_it_says_of_its_first_true_example(name):
    detector = catalogue()[name]
    documentation = __import__(detector.__module__, fromlist=["__doc__"]).__doc__
    sample = " ".join(re.search(r"Sample: `([^`]+)`", documentation).group(1).split())
    said = played(detector.true_positives[0]).score(detector)
    real = detector.claim.format(value=f"{said.value[0]:.2f}", expected=f"{said.expected:.2f}")
    assert re.sub(NUMBER, "#", sample) == re.sub(NUMBER, "#", real)
    told, true = ([float(number) for number in re.findall(NUMBER, text)] for text in (sample, real))
    np.testing.assert_allclose(told, true, atol=0.05, err_msg=real)


@pytest.mark.parametrize("name", NAMES)
def test_fires_on_its_true_examples(name):
    detector = catalogue()[name]
    assert detector.true_positives
    for rehearsal in detector.true_positives:
        assert played(rehearsal).score(detector).score[0] > FIRES, rehearsal.name


@pytest.mark.parametrize("name", NAMES)
def test_keeps_quiet_on_its_false_examples(name):
    detector = catalogue()[name]
    assert detector.true_negatives
    for rehearsal in detector.true_negatives:
        assert not played(rehearsal).score(detector).score[0] >= QUIET, rehearsal.name


@pytest.mark.parametrize("name", NAMES)
@LAX
@given(cuts=st.lists(st.floats(0, 1), max_size=6), restart=st.booleans())
def test_any_cut_into_batches_and_any_restart_give_the_same_measures(name, cuts, restart):
    stage_, detector = busy(), catalogue()[name]()
    size = len(stage_.observed)
    bounds = [0, *sorted(int(cut * size) for cut in cuts), size]
    for start, stop in pairwise(bounds):
        detector.observe(part(stage_.observed, start, stop))
        if restart:
            detector = pickle.loads(pickle.dumps(detector))
    same(detector.measure(stage_.groups, stage_.scene), whole(name))


@cache
def whole(name):
    return busy().measure(catalogue()[name])


@pytest.mark.parametrize("name", NAMES)
def test_single_exchanges_as_batches_give_the_same_measures(name):
    stage_, detector = busy(), catalogue()[name]()
    head = 150
    for at in range(head):
        detector.observe(part(stage_.observed, at, at + 1))
    detector.observe(part(stage_.observed, head, len(stage_.observed)))
    same(detector.measure(stage_.groups, stage_.scene), whole(name))


@pytest.mark.parametrize("name", NAMES)
def test_neither_input_nor_state_is_changed_by_looking(name):
    stage_ = busy()
    before = pickle.dumps((stage_.observed, stage_.groups, stage_.scene))
    detector = catalogue()[name]()
    detector.observe(stage_.observed)
    first = detector.measure(stage_.groups, stage_.scene)
    same(first, detector.measure(stage_.groups, stage_.scene))
    assert pickle.dumps((stage_.observed, stage_.groups, stage_.scene)) == before


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_of_a_group_does_not_depend_on_the_groups_beside_it(name):
    stage_, detector = busy(), catalogue()[name]()
    detector.observe(stage_.observed)
    sets = np.split(stage_.groups.members, stage_.groups.offsets[1:-1])
    silent = np.array([stage_.scene.ledger.lookup(f"unused-{number}") for number in range(3)])
    nobody = np.zeros(0, np.int64)
    beside = detector.measure(Groups.of([silent, nobody, *sets[::-1], nobody]), stage_.scene)
    turned = Measure(beside.value[2:-1][::-1], beside.error[2:-1][::-1], beside.null)
    same(turned, whole(name))


@cache
def renamed():
    """The busy log with every account, and everything that names an account's belongings, called otherwise."""

    def account(name):
        kind, number = name.rsplit("-", 1)
        return f"{(int(number) * 7 + 3) % 997:03d} {kind[::-1]}"

    def other(text):
        return text and text[::-1] + "'"

    everything = everybody() + busy_records()
    exchanges = [
        msgspec.structs.replace(
            exchange,
            account_id=account(exchange.account_id),
            session_id=other(exchange.session_id),
            ja4=other(exchange.ja4),
        )
        for exchange in sorted(everything.exchanges, key=lambda exchange: (exchange.ts, exchange.exchange_id))
    ]
    accounts = [
        msgspec.structs.replace(
            one,
            account_id=account(one.account_id),
            payment_fp=other(one.payment_fp),
            device_id=other(one.device_id),
            org_id=other(one.org_id),
            payment_bin=other(one.payment_bin),
        )
        for one in reversed(everything.accounts)
    ]
    suspects = [account(name) for name in BUSY.suspects]
    stage_ = staged(
        sketch(table(exchanges, EXCHANGES), KEY),
        table(accounts, ACCOUNTS),
        table(everything.events, EVENTS),
        suspects,
    )
    old = busy()
    code = np.array([stage_.scene.ledger.lookup(account(name)) for name in old.scene.ledger.names])
    return msgspec.structs.replace(stage_, groups=Groups(code[old.groups.members], old.groups.offsets))


@pytest.mark.parametrize("name", NAMES)
def test_other_names_and_another_order_of_accounts_change_no_measure(name):
    new = renamed().measure(catalogue()[name])
    old = whole(name)
    np.testing.assert_allclose(new.value, old.value, rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(new.error, old.error, rtol=1e-7, atol=1e-7)


@cache
def delivered_twice(folder):
    """The busy log after a journey through a sketch log into which every third batch went twice, out of order."""
    records = everybody() + busy_records()
    batch = sketch(table(records.exchanges, EXCHANGES), KEY)
    log = SketchLog(folder)
    step = 700
    for number, start in enumerate(range(0, len(batch), step)):
        log.append(
            batch.slice(len(batch) - start - min(step, len(batch) - start), min(step, len(batch) - start))
        )
        if number % 3 == 0:
            log.append(batch.slice(start, step))
    log.seal()
    whole_log = (
        pa.Table.from_batches([batch for tick in log.ticks() for batch in log.read(tick)])
        .combine_chunks()
        .to_batches()[0]
    )
    assert log.repeats
    assert len(whole_log) == len(batch)
    stage_ = staged(
        whole_log, table(records.accounts, ACCOUNTS), table(records.events, EVENTS), BUSY.suspects
    )
    old = busy()
    code = np.array([stage_.scene.ledger.lookup(account) for account in old.scene.ledger.names])
    return msgspec.structs.replace(stage_, groups=Groups(code[old.groups.members], old.groups.offsets))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sketches")


@pytest.mark.parametrize("name", NAMES)
def test_a_repeated_delivery_counts_once(name, folder):
    same(delivered_twice(folder).measure(catalogue()[name]), whole(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_log_without_the_fields_it_needs_never_raises_a_score(name):
    detector = catalogue()[name]
    missing = frozenset(detector.needs - ALWAYS_THERE)
    if not missing:
        return
    for rehearsal in detector.true_positives:
        blind = played(rehearsal, missing).score(detector).score[0]
        assert not blind > played(rehearsal).score(detector).score[0] + NOISE


@pytest.mark.parametrize("name", NAMES)
def test_state_grows_with_accounts_and_not_with_exchanges(name):
    few, many = catalogue()[name](), catalogue()[name]()
    observed = busy().observed
    few.observe(observed)
    many.observe(observed)
    hour = 3_600_000_000
    for later in range(1, 6):
        many.observe(msgspec.structs.replace(observed, ts=observed.ts + later * 8 * 24 * hour))
    assert len(pickle.dumps(many)) <= 1.02 * len(pickle.dumps(few)) + 1000


def test_an_operator_can_hide_from_one_detector_but_the_catalogue_sees_both_keys():
    """A plain harvest, seen by several detectors of each key at once."""
    rehearsal = Rehearsal(
        name="a plain harvest",
        schedule=dealt_out(16),
        patience=0.0,
        exchange={
            "prompt": asking(
                "Implement a Python class for {0}, {1} and {2}. Write out your whole chain of thought."
            )
        },
        account={
            "payment_bin": each("510510", "535353"),
            "payment_kind": "prepaid",
            "kyc_level": 0,
            "org_id": None,
        },
    )
    stage_ = played(rehearsal)
    fired = [detector.key for detector in catalogue().values() if stage_.score(detector).score[0] > FIRES]
    assert fired.count("control") >= 3
    assert fired.count("extraction") >= 5


def test_a_relay_is_not_mistaken_for_a_queue():
    """Its texts are real people's: what is asked is not of one kind."""
    stage_ = played(Rehearsal(name="a relay", exchange={"prompt": strangers}))
    assert stage_.score(catalogue()["relay"]).score[0] > FIRES
    assert not stage_.score(catalogue()["elicitation"]).score[0] > QUIET
