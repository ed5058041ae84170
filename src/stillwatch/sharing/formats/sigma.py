"""`ID.sigma.yml`: Sigma rules to look for the same operator in one's own log.

Carries: a correlation rule (`value_count`) that counts accounts a template family and hour, its base rule, and a rule
for each client fingerprint. The correlation fires at one in 20 of the campaign's accounts within an hour, and five at
least. Where template sketches leave with the view, only their families count and the level is high.
Needs: a table of calls with `account_id`, `ja4` and `template_family`, a row for each family of a call.
Cannot say: how alike two texts are, nor what the accounts take; that is what Stillwatch tests.
"""

from stillwatch.sharing.finding.view import View
from stillwatch.sharing.formats._projection import sigma_rules
from stillwatch.sharing.formats._projection.interface import Form
from stillwatch.sharing.formats._projection.names import slug


def files(view: View) -> dict[str, bytes]:
    if view.revoked:
        return {}
    rules = [sigma_rules.base_rule(view), sigma_rules.correlation_rule(view), *sigma_rules.client_rules(view)]
    return {f"{slug(view)}.sigma.yml": sigma_rules.text(*rules).encode()}


FORM = Form(files)
