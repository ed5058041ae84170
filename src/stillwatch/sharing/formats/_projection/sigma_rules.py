"""Sigma rules of a view: a base rule on template families, the correlation over accounts, and a rule a client fingerprint.

The rules read a table of calls with the columns `account_id`, `ja4` and `template_family`; a call stands once for each
family its fixed texts belong to. Where the view holds template sketches, the families are those; else any family counts.
"""

import yaml

from stillwatch.sharing.finding.view import View
from stillwatch.sharing.formats._projection.names import day_text, uuid_of
from stillwatch.sharing.formats._projection.sentences import TITLE, summary

LOGSOURCE = {"product": "llm_api", "service": "calls"}
WINDOW = "1h"
FEWEST = 5  # accounts: fewer share a text by chance
PART = 20  # the alarm needs one in so many of the campaign's accounts within the window
UNKNOWN = 20  # accounts, where the view does not say how many the campaign has


def base_rule(view: View) -> dict[str, object]:
    """A call whose fixed text is of a family of the campaign."""
    families = sorted({token for one in view.finding.template_sketches for token in one.tokens})
    wanted: dict[str, object] = (
        {"template_family": families} if families else {"template_family|exists": True}
    )
    return {
        "title": "Call with a text of a template family",
        "id": str(uuid_of(view, "sigma", "base")),
        "name": "template_call",
        "status": "experimental",
        "description": "A call whose system prompt or user turn carries a fixed text. Alone it says nothing.",
        "author": view.producer.name,
        "date": day_text(view.finding.created),
        "logsource": LOGSOURCE,
        "detection": {"selection": wanted, "condition": "selection"},
        "level": "informational",
    }


def correlation_rule(view: View) -> dict[str, object]:
    """Many accounts that send a text of one family within an hour."""
    return {
        "title": TITLE + ": one text from many accounts",
        "id": str(uuid_of(view, "sigma", "correlation")),
        "status": "experimental",
        "description": summary(view),
        "author": view.producer.name,
        "date": day_text(view.finding.created),
        "references": ["https://atlas.mitre.org/techniques/AML.T0024.002"],
        "correlation": {
            "type": "value_count",
            "rules": ["template_call"],
            "group-by": ["template_family"],
            "timespan": WINDOW,
            "condition": {"gte": threshold(view), "field": "account_id"},
        },
        "falsepositives": ["A product or a course whose users all send one fixed text"],
        "level": "high" if view.finding.template_sketches else "low",
    }


def client_rules(view: View) -> list[dict[str, object]]:
    """One rule for each client fingerprint; others use the same clients, so that the level is low."""
    return [
        {
            "title": f"Client of a {TITLE.lower()}",
            "id": str(uuid_of(view, "sigma", "ja4", one.value)),
            "status": "experimental",
            "description": (
                f"Of the accounts with this TLS fingerprint {one.benign_share:.1%} are not of the campaign."
                f" Do no more than: {one.max_action.replace('_', ' ')}."
            ),
            "author": view.producer.name,
            "date": day_text(view.finding.created),
            "logsource": LOGSOURCE,
            "detection": {"selection": {"ja4": one.value}, "condition": "selection"},
            "level": "low",
        }
        for one in view.finding.indicators
        if one.kind == "ja4"
    ]


def threshold(view: View) -> int:
    """Accounts within the window."""
    cluster = view.finding.cluster
    if cluster is None or cluster.accounts is None:
        return UNKNOWN
    return max(FEWEST, int(cluster.accounts.value) // PART)


def text(*rules: dict[str, object]) -> str:
    """Rules as one YAML stream."""
    return "---\n".join(
        yaml.safe_dump(rule, sort_keys=False, allow_unicode=True, width=100) for rule in rules
    )
