"""The named queries: every figure of a shared finding is one of these over the findings of a run, and can be run again.

A query asks about one campaign, `$campaign`, in SQL. Its id in a finding is NAME/CAMPAIGN/RUN, RUN being a digest of
the findings and of the accounts that were cleared, so that a recomputation on other findings is refused.
"""

from typing import NamedTuple


class Query(NamedTuple):
    """What is counted, and how."""

    means: str
    sql: str
    needs_log: bool = False


# Of whole-campaign figures, the part of the exchanges whose accounts nobody cleared.
_KEPT = """(SELECT count(*) FROM flags WHERE campaign_id = $campaign)
    / greatest((SELECT count(*) FROM all_flags WHERE campaign_id = $campaign), 1)"""
_SHARES = """steps AS (
    SELECT start, model, sum(exchanges) AS n FROM timeline WHERE campaign_id = $campaign GROUP BY ALL
), shares AS (
    SELECT start, model, n,
        coalesce(sum(n) OVER (PARTITION BY model ORDER BY start ROWS UNBOUNDED PRECEDING) - n, 0) AS own_before,
        sum(n) OVER (PARTITION BY model ORDER BY start ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS own_after,
        (SELECT sum(n) FROM steps AS earlier WHERE earlier.start < steps.start) AS before,
        (SELECT sum(n) FROM steps AS later WHERE later.start >= steps.start) AS after,
        (SELECT arg_max(model, total) FROM (
            SELECT model, sum(n) AS total FROM steps AS earlier WHERE earlier.start < steps.start GROUP BY model
        )) AS origin
    FROM steps
)"""

QUERIES = {
    "account_count": Query(
        "accounts of the campaign", "SELECT count(*) FROM members WHERE campaign_id = $campaign"
    ),
    "concurrent_accounts": Query(
        "most accounts at work in one interval of the timeline",
        "SELECT coalesce(max(accounts), 0) FROM timeline WHERE campaign_id = $campaign",
    ),
    "benign_share": Query(
        "share of the accounts' exchanges that were judged to be somebody else's work",
        """SELECT round(1 - sum(exchanges) / greatest(sum(exchanges / illicit_share), 1), 4) FROM members
        WHERE campaign_id = $campaign AND illicit_share > 0""",
    ),
    "exchange_count": Query(
        "exchanges attributed to the campaign",
        "SELECT count(*) FROM flags WHERE campaign_id = $campaign",
    ),
    "tokens_in": Query(
        "tokens sent in attributed exchanges",
        f"SELECT round(tokens_in * {_KEPT})::BIGINT FROM campaigns WHERE campaign_id = $campaign",  # noqa: S608 - constants
    ),
    "tokens_out": Query(
        "tokens taken in attributed exchanges",
        f"SELECT round(tokens_out * {_KEPT})::BIGINT FROM campaigns WHERE campaign_id = $campaign",  # noqa: S608 - constants
    ),
    "capability_mix": Query(
        "share of the attributed exchanges that take each capability",
        """SELECT capability, round(count(*) / sum(count(*)) OVER (), 4) FROM flags WHERE campaign_id = $campaign
        GROUP BY capability ORDER BY count(*) DESC, capability""",
    ),
    "models_targeted": Query(
        "share of the attributed exchanges that ask each model",
        "SELECT model, share FROM models WHERE campaign_id = $campaign ORDER BY share DESC, model",
    ),
    "model_switches": Query(
        "first steps of the timeline after which a model takes a quarter of what follows, having taken less than a"
        " fiftieth of 10 exchanges or more before",
        f"""WITH {_SHARES} SELECT min(start), arg_min(origin, start), model FROM shares
        WHERE before >= 10 AND after >= 10 AND own_after >= 0.25 * after AND own_before < 0.02 * before
        GROUP BY model ORDER BY 1, 3""",  # noqa: S608 - constants
    ),
    "detection_latency": Query(
        "seconds from the first attributed exchange to the alarm",
        "SELECT (detected_at - first_seen) / 1000000 FROM campaigns WHERE campaign_id = $campaign",
    ),
    "log_e_value": Query(
        "natural logarithm of the e-value", "SELECT log_e_value FROM campaigns WHERE campaign_id = $campaign"
    ),
    "fdr": Query(
        "false discovery rate at which it is reported",
        "SELECT fdr FROM campaigns WHERE campaign_id = $campaign",
    ),
    "evidence": Query(
        "what each detector measured",
        """SELECT detector, value, expected, strength FROM evidence WHERE campaign_id = $campaign
        ORDER BY strength DESC, detector""",
    ),
    "network_indicators": Query(
        "autonomous systems that at least a tenth of the members use, and their share of other accounts",
        """WITH use AS (SELECT DISTINCT asn::VARCHAR AS value, account_id FROM calls WHERE asn IS NOT NULL),
        own AS (SELECT account_id FROM members WHERE campaign_id = $campaign)
        SELECT value, count(own.account_id), round(1 - count(own.account_id) / count(*), 4)
        FROM use LEFT JOIN own USING (account_id) GROUP BY value
        HAVING count(own.account_id) >= (SELECT count(*) FROM own) / 10 AND count(own.account_id) > 0
        ORDER BY 2 DESC, 1 LIMIT 20""",
        needs_log=True,
    ),
    "client_indicators": Query(
        "well-formed TLS fingerprints that at least a tenth of the members use, and their share of other accounts",
        """WITH use AS (SELECT DISTINCT ja4 AS value, account_id FROM calls WHERE regexp_full_match(ja4, '[a-z0-9_]{1,80}')),
        own AS (SELECT account_id FROM members WHERE campaign_id = $campaign)
        SELECT value, count(own.account_id), round(1 - count(own.account_id) / count(*), 4)
        FROM use LEFT JOIN own USING (account_id) GROUP BY value
        HAVING count(own.account_id) >= (SELECT count(*) FROM own) / 10 AND count(own.account_id) > 0
        ORDER BY 2 DESC, 1 LIMIT 20""",
        needs_log=True,
    ),
}
