"""The thresholds of Huntbase's hunts for advisory AA26-251A, as one query.

An account is flagged when a source address of its calls served 20 accounts or more, or more than 10,000
requests, or when more than 5 accounts came from that address with one user agent. The score is the largest
of the three counts over its threshold, so 1 is where the hunt fires. Prompts are not read.
"""

from pathlib import Path

import pyarrow as pa

from stillwatch.lab.logs import open_log
from stillwatch.lab.peers import Missing, Peer, judged

HUNT = """
WITH addresses AS (
    SELECT client_ip, count(DISTINCT account_id) AS accounts, count(*) AS requests
    FROM exchanges WHERE client_ip IS NOT NULL GROUP BY client_ip),
agents AS (
    SELECT client_ip, user_agent, count(DISTINCT account_id) AS accounts
    FROM exchanges WHERE client_ip IS NOT NULL AND user_agent IS NOT NULL GROUP BY client_ip, user_agent),
calls AS (SELECT DISTINCT account_id, client_ip, user_agent FROM exchanges)
SELECT account_id,
       max(greatest(coalesce(addresses.accounts, 0) / 20, coalesce(addresses.requests, 0) / 10001,
                    coalesce(agents.accounts, 0) / 6))::DOUBLE AS score
FROM calls LEFT JOIN addresses USING (client_ip) LEFT JOIN agents USING (client_ip, user_agent)
GROUP BY account_id ORDER BY account_id
"""


def judge(log: Path) -> pa.Table | Missing:
    scored = open_log(log).sql(HUNT).to_arrow_table()
    scores = scored["score"].to_numpy()
    return judged(scored["account_id"].combine_chunks(), scores, scores >= 1.0)


PEER = Peer("shared_address", "address thresholds (Huntbase)", judge)
