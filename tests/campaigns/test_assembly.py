import numpy as np

from stillwatch.campaigns.assembly import SURE, UNHEARD, named
from stillwatch.campaigns.docket import Suspect
from stillwatch.linking.growth import Membership

ACCOUNTS = np.arange(40)


def suspect(log_odds):
    cluster = Membership(ACCOUNTS, log_odds, np.zeros(0, np.uint64))
    return Suspect(0, ACCOUNTS, log_odds, recent=[(0, cluster)])


def test_accounts_whose_texts_nobody_kept_are_named_only_when_surer():
    log_odds = np.where(ACCOUNTS < 30, UNHEARD + 1, (SURE + UNHEARD) / 2)
    for heard, expected in ((True, 40), (False, 30)):
        _, of, _ = named([suspect(log_odds)], np.full(len(ACCOUNTS), heard))
        assert (of >= 0).sum() == expected
