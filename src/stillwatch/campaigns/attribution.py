"""Which exchanges of a member belong to the campaign: a mixture of the campaign's law and everyone else's.

A proxy pushes real customers through the same accounts, so each account has a share of its own. The
campaign's law is learned by expectation-maximisation from the members' exchanges, over what an exchange
asks for and how, never over client or network: those are the operator's in both halves. What it is held
against is the law of everyone else, drawn towards the members' other exchanges where the campaign has a
text of its own to begin from: the customers of a proxy are not quite like the provider's.
"""

import msgspec
import numpy as np

from stillwatch.features.content import DIMENSIONS
from stillwatch.features.observed import Observed

ROUNDS = 15
CAP = 3.0  # nats one feature can say for or against
DEPENDENCE = 0.6  # features of one exchange follow from each other in part; their sum is scaled down
START = 0.75  # share of a member's exchanges taken to be the campaign's before anything is known
WITH_TEXT, WITHOUT_TEXT = 0.95, 0.3  # belief at the start in exchanges with and without the campaign's text
ANCHOR = 4.0  # times the members' exchanges that everyone else's law weighs in that of their other exchanges
PSEUDO = 4.0  # exchanges' worth of belief in the campaign's common share, for each account
TYPICAL = 2.0  # nats: a fragment this typical of members' exchanges belongs to the campaign's text
FAINT = 0.25  # of the campaign's common share: an account with less shares its keys and not its work
TELLING = 0.1  # share of members' exchanges that carry the campaign's text before it is a starting point
CELLS = 256
_LEVELS = np.array([0.1, 0.3, 0.6])


class Traits(msgspec.Struct, frozen=True):
    """Categorical traits of n exchanges: uint64 [n, traits], and their fragments uint64 [n, m]."""

    columns: np.ndarray
    fragments: np.ndarray

    def take(self, rows: np.ndarray) -> "Traits":
        """The chosen rows."""
        return Traits(self.columns[rows], self.fragments[rows])


def traits(batch: Observed) -> Traits:
    """What attribution looks at in each exchange."""
    halves = batch.vector.reshape(len(batch), 8, DIMENSIONS // 8).sum(axis=2) > 0
    cell = (halves * (1 << np.arange(8))).sum(axis=1)
    columns = [
        batch.tools,
        batch.capability.argmax(axis=1).astype(np.uint64),
        np.searchsorted(_LEVELS, batch.elicitation).astype(np.uint64),
        np.searchsorted(_LEVELS, batch.grading).astype(np.uint64),
        np.log2(np.maximum(batch.words, 0) + 1).astype(np.uint64),
        np.minimum(batch.turns, 6).astype(np.int64).astype(np.uint64),
        np.where(batch.words > 0, cell, CELLS).astype(np.uint64),
    ]
    fragments = np.hstack([batch.fragments, batch.system[:, None]])
    return Traits(np.stack(columns, axis=1), fragments)


class Law(msgspec.Struct):
    """Log likelihood ratios, campaign over everyone else, by trait value; and of carrying the campaign's text."""

    values: list[np.ndarray]
    ratios: list[np.ndarray]
    typical: np.ndarray  # uint64 sorted: fragments of the campaign's text
    with_text: float
    without_text: float
    share: float  # of members' exchanges that are the campaign's
    accounts: np.ndarray  # int64 sorted
    account_share: np.ndarray
    faint: np.ndarray  # bool: hardly anything of the account is the campaign's

    def log_odds(self, seen: Traits, account: np.ndarray) -> np.ndarray:
        """Log odds that each exchange belongs to the campaign, given its account's share."""
        total = np.where(carries(seen, self.typical), self.with_text, self.without_text)
        for column, (values, ratios) in enumerate(zip(self.values, self.ratios, strict=True)):
            total = total + _looked_up(values, ratios, seen.columns[:, column])
        at = np.minimum(np.searchsorted(self.accounts, account), len(self.accounts) - 1)
        share = np.where(self.accounts[at] == account, self.account_share[at], self.share)
        out: np.ndarray = DEPENDENCE * total + np.log(share / (1 - share))
        return out


def carries(seen: Traits, typical: np.ndarray) -> np.ndarray:
    """Bool [n]: some fragment of the exchange is among the typical ones."""
    return np.asarray(np.isin(seen.fragments, typical).any(axis=1))


def learn(mine: Traits, account: np.ndarray, others: Traits) -> Law:
    """Fit the campaign's law from members' exchanges and a sample of everyone else's."""
    typical = _typical(mine.fragments, others.fragments)
    text_mine, text_others = carries(mine, typical), carries(others, typical)
    values = [np.unique(np.append(m, o)) for m, o in zip(mine.columns.T, others.columns.T, strict=True)]
    base = [
        np.bincount(np.searchsorted(v, o), minlength=len(v)) + 0.5
        for v, o in zip(values, others.columns.T, strict=True)
    ]
    codes = [np.searchsorted(v, m) for v, m in zip(values, mine.columns.T, strict=True)]
    accounts, of = np.unique(account, return_inverse=True)
    size = np.bincount(of)
    told = text_mine.mean() > TELLING
    belongs: np.ndarray = (
        np.where(text_mine, WITH_TEXT, WITHOUT_TEXT) if told else np.full(len(account), START)
    )
    anchor = ANCHOR * len(account)
    share = float(belongs.mean())
    account_share = np.full(len(accounts), share)
    ratios: list[np.ndarray] = []
    with_text = without_text = 0.0
    for _ in range(ROUNDS):
        weight = belongs.sum() + 1.0
        rest = 1 - belongs if told else np.zeros(len(account))
        ratios = []
        total = np.zeros(len(account))
        for code, known in zip(codes, base, strict=True):
            usual = known / known.sum()
            own = np.bincount(code, belongs, len(known)) + 0.5 * usual * len(known)
            other = np.bincount(code, rest, len(known)) + anchor * usual
            ratio = np.clip(np.log(own / own.sum()) - np.log(other / other.sum()), -CAP, CAP)
            ratios.append(ratio)
            total += ratio[code]
        rate = (belongs @ text_mine + 0.5) / weight
        usual_rate = (text_others.sum() + 0.5) / (len(text_others) + 1.0)
        chance = (rest @ text_mine + anchor * usual_rate) / (rest.sum() + anchor)
        with_text = float(np.clip(np.log(rate / chance), -CAP, 2 * CAP))
        without_text = float(np.clip(np.log((1.0001 - rate) / (1 - chance)), -CAP, CAP))
        total += np.where(text_mine, with_text, without_text)
        odds = DEPENDENCE * total + np.log(account_share / (1 - account_share))[of]
        belongs = 1 / (1 + np.exp(-odds))
        share = float(np.clip(belongs.mean(), 0.01, 0.99))
        account_share = np.clip((np.bincount(of, belongs) + PSEUDO * share) / (size + PSEUDO), 0.01, 0.99)
    faint = (np.bincount(of, belongs) + share) / (size + 1) < FAINT * share
    return Law(values, ratios, typical, with_text, without_text, share, accounts, account_share, faint)


def _typical(mine: np.ndarray, others: np.ndarray) -> np.ndarray:
    values, counts = np.unique(mine[mine != 0], return_counts=True)
    many = counts >= max(5, 0.01 * len(mine))
    values, counts = values[many], counts[many]
    known, known_counts = np.unique(others[np.isin(others, values)], return_counts=True)
    elsewhere = np.zeros(len(values))
    elsewhere[np.searchsorted(values, known)] = known_counts
    ratio = np.log((counts + 0.5) / (len(mine) + 1.0)) - np.log((elsewhere + 0.5) / (len(others) + 1.0))
    out: np.ndarray = values[ratio > TYPICAL]
    return out


def _looked_up(values: np.ndarray, ratios: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    at = np.minimum(np.searchsorted(values, wanted), len(values) - 1)
    return np.where(values[at] == wanted, ratios[at], 0.0)


def mixture(likelihood: np.ndarray, rounds: int = 30) -> np.ndarray:
    """Shares of classes that explain n rows of class likelihoods best (maximum likelihood by EM)."""
    share = np.full(likelihood.shape[1], 1 / likelihood.shape[1])
    for _ in range(rounds):
        belongs = likelihood * share
        belongs /= np.maximum(belongs.sum(axis=1, keepdims=True), 1e-12)
        share = belongs.mean(axis=0)
    return share
