"""Points for each API key, after the published rule of AegisGate (Go, `distillation_detect.go`).

More than 100 prompts give .30, one 50-character opening in more than 30 % of the prompts .25, phrases that
ask for a chain of thought in more than 60 % of them .35, more than 5 client addresses .15; a key is flagged
from .60. Points and thresholds are the published ones; the phrases are a list of our own, since only the
numbers are taken over. Counts run over the whole log, which makes the rule more sensitive than a gateway's
window would. An account's score is that of its worst key; an account without named keys is one key.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.lab.logs import open_log
from stillwatch.lab.peers import Missing, Peer, judged

FLAGGED_FROM = 0.60
PHRASES = (
    "step by step",
    "step-by-step",
    "chain of thought",
    "chain-of-thought",
    "show your reasoning",
    "show your work",
    "explain your reasoning",
    "your reasoning process",
    "internal reasoning",
    "think aloud",
    "think out loud",
    "thought process",
    "reason through",
    "walk me through",
    "intermediate steps",
    "before answering, think",
)
RULE = """
WITH calls AS (
    SELECT account_id, coalesce(api_key_id, account_id) AS key, client_ip, left(prompt, 50) AS opening,
           regexp_matches(lower(prompt), $phrases) AS elicits
    FROM exchanges),
openings AS (
    SELECT account_id, key, max(calls) AS most FROM (
        SELECT account_id, key, count(*) AS calls FROM calls
        WHERE opening IS NOT NULL GROUP BY account_id, key, opening)
    GROUP BY account_id, key),
points AS (
    SELECT account_id, key,
           CASE WHEN count(*) > 100 THEN 0.30 ELSE 0 END
           + CASE WHEN coalesce(any_value(most), 0) > 0.30 * count(*) THEN 0.25 ELSE 0 END
           + CASE WHEN count(*) FILTER (elicits) > 0.60 * count(*) THEN 0.35 ELSE 0 END
           + CASE WHEN count(DISTINCT client_ip) > 5 THEN 0.15 ELSE 0 END AS points
    FROM calls LEFT JOIN openings USING (account_id, key) GROUP BY account_id, key)
SELECT account_id, max(points)::DOUBLE AS score FROM points GROUP BY account_id ORDER BY account_id
"""


def judge(log: Path) -> pa.Table | Missing:
    scored = open_log(log).sql(RULE, params={"phrases": "|".join(PHRASES)}).to_arrow_table()
    scores = scored["score"].to_numpy()
    flagged = pc.greater_equal(scored["score"], FLAGGED_FROM - 1e-9).to_numpy()
    return judged(scored["account_id"].combine_chunks(), scores, flagged)


PEER = Peer("gateway_thresholds", "per-key points (AegisGate)", judge)
