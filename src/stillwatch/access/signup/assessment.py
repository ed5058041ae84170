"""What the checks say of some sign-ups: evidence by check and family, a posterior, and the level to ask for."""

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from stillwatch.access.signup.checks import Check, Family
from stillwatch.access.signup.families import FAMILIES, by_check, by_family
from stillwatch.access.signup.rates import RATE_DAYS, Rates

LEVELS = (0.05, 0.5, 0.95)
"""Posterior from which level 1, 2 and 3 is asked for.

Level 1 costs an honest person a minute, so it may be asked of nineteen for each one that is an operator's. Level 2 wants
a document: it is asked where an operator is the likelier. Level 3 wants a registered firm: one in twenty may be honest.
Level 4 is a contract, and no sign asks for that.
"""
CODE = "signup."  # before a check's id, in a reason code


class SignupEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """What one check saw. `nats` is its log likelihood ratio alone; checks of a family share theirs."""

    check: str
    family: Family
    grade: int
    nats: float
    claim: str
    source: str  # what the ratio was learned from


class SignupFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One sign-up. It refuses nothing: `suggested_level` is for those who decide what level to ask for."""

    account_id: str
    posterior: float  # probability that one operator of many accounts made it
    log_evidence: float  # nats
    suggested_level: int  # 0 to 4
    reasons: list[str]  # codes of what asks for the level, the weightiest first
    evidence: list[SignupEvidence]
    families: dict[str, float]  # nats that each family adds
    unseen: list[str]  # checks whose fields the record lacks


class Assessment(msgspec.Struct, frozen=True):
    """Sign-ups in the order they were asked about, as arrays; `findings` spells them out."""

    account_ids: list[str]
    checks: Sequence[Check]
    grades: np.ndarray  # int8 [sign-ups, checks], -1 unseen
    nats: np.ndarray  # float64 [sign-ups, checks]
    families: np.ndarray  # float64 [sign-ups, families]
    posterior: np.ndarray  # float64 [sign-ups]
    suggested_level: np.ndarray  # int64 [sign-ups]
    rates: list[Rates]
    rates_of: np.ndarray  # int64 [sign-ups], index into rates

    def __len__(self) -> int:
        return len(self.account_ids)

    @property
    def log_evidence(self) -> np.ndarray:
        """Nats [sign-ups]."""
        out: np.ndarray = self.families.sum(axis=1)
        return out

    def findings(self, at_level: int = 0) -> Iterator[SignupFinding]:
        """One finding a sign-up of which this level or more is asked for."""
        for row in np.flatnonzero(self.suggested_level >= at_level).tolist():
            yield self._finding(row)

    def _finding(self, row: int) -> SignupFinding:
        grades, nats = self.grades[row].tolist(), self.nats[row].tolist()
        level = int(self.suggested_level[row])
        evidence = [
            SignupEvidence(
                check=check.id,
                family=check.family,
                grade=grades[number],
                nats=nats[number],
                claim=check.claim,
                source=self._source(row, number),
            )
            for number, check in enumerate(self.checks)
            if grades[number] > 0 and (nats[number] > 0 or asked_by(check, grades[number]) > 0)
        ]
        evidence.sort(key=lambda one: (-one.nats, one.check))
        return SignupFinding(
            account_id=self.account_ids[row],
            posterior=float(self.posterior[row]),
            log_evidence=float(self.log_evidence[row]),
            suggested_level=level,
            reasons=[CODE + one.check for one in evidence] if level else [],
            evidence=evidence,
            families=dict(zip(FAMILIES, self.families[row].tolist(), strict=True)),
            unseen=[
                check.id for number, check in enumerate(self.checks) if check.weighs and grades[number] < 0
            ],
        )

    def _source(self, row: int, check: int) -> str:
        if not self.checks[check].weighs:
            return "a rule of the programme"
        rates, grade = self.rates[self.rates_of[row]], int(self.grades[row, check])
        others, operators = rates.others[check], rates.operators[check]
        return (
            f"as loud or louder in the {RATE_DAYS} days before: {others[grade:].sum():,.0f} of {others.sum():,.0f}"
            f" sign-ups, and {operators[grade:].sum():,.0f} of {operators.sum():,.0f} taken to be operators'"
        )


def asked_by(check: Check, grade: int) -> int:
    """The level that a grade asks for by itself."""
    return check.asks[min(grade, len(check.asks) - 1)] if check.asks and grade > 0 else 0


def assessed(
    account_ids: list[str],
    checks: Sequence[Check],
    grades: np.ndarray,
    rates: list[Rates],
    rates_of: np.ndarray,
    prior: float,
) -> Assessment:
    """Weigh grades [sign-ups, checks], each row by the rates of its day."""
    nats = np.zeros(grades.shape)
    families = np.zeros((len(grades), len(FAMILIES)))
    for number, one in enumerate(rates):
        rows = np.flatnonzero(rates_of == number)
        nats[rows] = by_check(one.nats, grades[rows])
        families[rows] = by_family(one.nats, one.alive, checks, grades[rows])
    log_odds = np.log(prior) - np.log1p(-prior) + families.sum(axis=1)
    posterior = 1 / (1 + np.exp(-log_odds))
    levels = np.searchsorted(np.array(LEVELS), posterior, side="right")
    for number, check in enumerate(checks):
        by_grade = np.array([asked_by(check, grade) for grade in range(check.grades)])
        levels = np.maximum(levels, by_grade[np.maximum(grades[:, number], 0)])
    return Assessment(
        account_ids, checks, grades, nats, families, posterior, levels.astype(np.int64), rates, rates_of
    )
