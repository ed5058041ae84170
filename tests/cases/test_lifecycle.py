"""People's changes: states that may follow each other, reasons, reviewers; and a machine that tries everything."""

from tempfile import TemporaryDirectory

import pytest
from composed_campaigns import Clock, accounts_of, find, names, opened
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from stillwatch.cases import api
from stillwatch.records import UsageError

MOVES = {"confirm": "confirmed", "dismiss": "dismissed", "close": "closed", "reopen": "open"}


@pytest.fixture
def case_id(tenant):
    return opened(tenant, names(0, 40))


@pytest.mark.parametrize("second", MOVES)
@pytest.mark.parametrize("first", [None, "confirm", "dismiss", "close"])
def test_only_allowed_states_follow(tenant, case_id, first, second):
    if first:
        getattr(api, first)(tenant, case_id, by="ana", reason="first")
    state = api.get_case(tenant, case_id).summary.state
    if MOVES[second] in api.NEXT[state]:
        getattr(api, second)(tenant, case_id, by="ana", reason="then")
        assert api.get_case(tenant, case_id).summary.state == MOVES[second]
    else:
        with pytest.raises(UsageError, match=f"is {state}; from there it can become"):
            getattr(api, second)(tenant, case_id, by="ana", reason="then")
        assert api.get_case(tenant, case_id).summary.state == state
        assert len(api.history(tenant, case_id).rows) == 1 + bool(first), "what is refused leaves no entry"


@pytest.mark.parametrize("move", MOVES)
def test_a_decision_needs_a_person_and_a_reason(tenant, case_id, move):
    if move == "reopen":
        api.confirm(tenant, case_id, by="ana", reason="cards")
    for said in ({"by": "ana", "reason": " "}, {"by": "", "reason": "why"}):
        with pytest.raises(UsageError):
            getattr(api, move)(tenant, case_id, **said)
    with pytest.raises(UsageError, match="no case 'case-0'"):
        getattr(api, move)(tenant, "case-0", by="ana", reason="why")


def test_a_history_says_who_what_and_why(tenant, case_id):
    api.assign(tenant, case_id, by="ana", owner="ben")
    api.note(tenant, case_id, by="ben", text="same cards as in March")
    api.confirm(tenant, case_id, by="ben", reason="cards")
    rows = api.history(tenant, case_id).rows
    assert [(one.kind, one.by, one.text) for one in rows] == [
        ("case_opened", "stillwatch", None),
        ("case_assigned", "ana", None),
        ("note", "ben", "same cards as in March"),
        ("case_confirmed", "ben", "cards"),
    ]
    assert api.get_case(tenant, case_id).summary.owner == "ben"
    assert rows[0].accounts == names(0, 40)


def test_more_than_a_hundred_accounts_need_two_different_reviewers(tenant):
    case_id = opened(tenant, names(0, 101))
    api.confirm(tenant, case_id, by="ana", reason="cards")
    assert api.get_case(tenant, case_id).summary.reviewers == []
    api.confirm(tenant, case_id, by="ana", reason="cards", reviewer=True)
    with pytest.raises(UsageError, match="is confirmed"):
        api.confirm(tenant, case_id, by="ana", reason="again", reviewer=True)
    one = api.get_case(tenant, case_id).summary
    assert (one.reviewers, one.reviewers_needed, one.may_block) == (["ana"], 2, False)
    api.confirm(tenant, case_id, by="ben", reason="seen too", reviewer=True)
    one = api.get_case(tenant, case_id).summary
    assert (one.reviewers, one.may_block) == (["ana", "ben"], True)
    assert all(account.may_block for account in api.accused(tenant))
    api.reopen(tenant, case_id, by="ana", reason="a doubt")
    one = api.get_case(tenant, case_id).summary
    assert (one.reviewers, one.may_block) == ([], False)


def test_one_reviewer_is_enough_up_to_a_hundred_and_no_longer_when_it_grows(tenant):
    case_id = opened(tenant, names(0, 100), watch="live")
    api.confirm(tenant, case_id, by="ana", reason="cards", reviewer=True)
    assert api.get_case(tenant, case_id).summary.may_block
    find(tenant, names(0, 101), watch="live")
    assert not api.get_case(tenant, case_id).summary.may_block


def test_reopening_takes_a_dismissals_clearing_back_and_not_that_of_single_accounts(tenant, case_id):
    api.clear(tenant, case_id, names(0, 2), by="ana", reason="customers")
    api.dismiss(tenant, case_id, by="ana", reason="a class")
    assert len(api.cleared(tenant)) == 40
    api.reopen(tenant, case_id, by="ana", reason="not a class")
    assert {one.account_id for one in api.cleared(tenant)} == set(names(0, 2))
    assert accounts_of(tenant, case_id) == names(2, 40)


def test_only_accounts_of_the_case_are_cleared(tenant, case_id):
    with pytest.raises(UsageError, match=r"not in case-.*: acct-0999"):
        api.clear(tenant, case_id, ["acct-0001", "acct-0999"], by="ana", reason="customers")
    with pytest.raises(UsageError, match="at least one"):
        api.clear(tenant, case_id, [], by="ana", reason="customers")
    assert api.cleared(tenant) == []


class Desk(RuleBasedStateMachine):
    """Findings and people come in any order; what must never be is checked after each step."""

    ids = Bundle("ids")

    def __init__(self):
        super().__init__()
        self.states = {}
        self.folder = TemporaryDirectory()
        self.store = api.open_store(f"sqlite:///{self.folder.name}/cases.db", clock=Clock())
        self.tenant = self.store.tenant()

    def teardown(self):
        self.store.close()
        self.folder.cleanup()

    @rule(
        target=ids, group=st.integers(0, 3), more=st.integers(0, 6), log_e=st.sampled_from([9.0, 11.0, 14.5])
    )
    def look(self, group, more, log_e):
        result = find(self.tenant, names(20 * group, 20 * group + 10 + more), f"c-{group}", log_e=log_e)
        told = [*result.opened, *result.refreshed]
        for case_id in result.reopened:
            assert self.states[case_id] in ("dismissed", "closed")
            self.states[case_id] = "open"
        for case_id in result.opened:
            self.states[case_id] = "open"
        return told[0] if told else "case-0"

    @rule(
        case_id=ids,
        move=st.sampled_from(sorted(MOVES)),
        by=st.sampled_from(["ana", "ben"]),
        reviewer=st.booleans(),
    )
    def move(self, case_id, move, by, reviewer):
        extra = {"reviewer": reviewer} if move == "confirm" else {}
        try:
            now = getattr(api, move)(self.tenant, case_id, by=by, reason="why", **extra)
        except UsageError:
            return
        allowed = (*api.NEXT[self.states[now]], *(("confirmed",) if self.states[now] == "confirmed" else ()))
        assert MOVES[move] in allowed
        self.states[now] = MOVES[move]

    @rule(case_id=ids, some=st.sets(st.integers(0, 75), max_size=5))
    def clear(self, case_id, some):
        accounts = [f"acct-{number:04d}" for number in some]
        try:
            api.clear(self.tenant, case_id, accounts, by="ana", reason="why")
        except UsageError:
            return
        assert set(accounts) >= {one.account_id for one in api.cleared(self.tenant, accounts)}

    @rule(case_id=ids, other=ids)
    def merge(self, case_id, other):
        try:
            into = api.merge(self.tenant, case_id, other, by="ana", reason="why")
        except UsageError:
            return
        gone = {one for one in self.states if one in api.get_case(self.tenant, into).merged}
        for one in gone:
            self.states.pop(one)

    @rule(target=ids, case_id=ids, share=st.integers(1, 9))
    def split(self, case_id, share):
        try:
            accounts = accounts_of(self.tenant, case_id)[:share]
            new = api.split(self.tenant, case_id, accounts, by="ana", reason="why")
        except UsageError:
            return case_id
        self.states[new] = api.get_case(self.tenant, new).summary.state
        assert accounts_of(self.tenant, new) == accounts
        return new

    @invariant()
    def states_are_as_people_left_them(self):
        listed = {one.case_id: one.state for one in api.list_cases(self.tenant).rows}
        assert listed == self.states

    @invariant()
    def nobody_cleared_is_accused(self):
        accused = {one.account_id for one in api.accused(self.tenant)}
        assert not accused & {one.account_id for one in api.cleared(self.tenant)}

    @invariant()
    def no_account_is_in_two_cases(self):
        accused = [one.account_id for one in api.accused(self.tenant)]
        assert len(accused) == len(set(accused))

    @invariant()
    def the_audit_holds(self):
        assert api.verify_lines(api.stored_lines(self.tenant)).holds


Desk.TestCase.settings = settings(
    max_examples=20, stateful_step_count=15, deadline=None, phases=(Phase.generate,)
)
TestDesk = Desk.TestCase
