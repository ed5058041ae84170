"""What to look for: patterns on networks, Sigma rules, and what a receiver should do at most on each."""

from collections.abc import Iterator

from stillwatch.records import Micros
from stillwatch.sharing.finding.model import Indicator
from stillwatch.sharing.finding.words import Action
from stillwatch.sharing.formats._projection import sigma_rules
from stillwatch.sharing.formats._projection.names import time_text
from stillwatch.sharing.formats._projection.stix import extension
from stillwatch.sharing.formats._projection.stix.objects import Maker, Object

SIGMA_VERSION = "2.1.0"  # of the Sigma rules specification
ACTIONS: dict[Action, str] = {
    "watch": "Watch the accounts that an indicator meets, and act on nothing else than your own evidence.",
    "step_up": "Ask the accounts that an indicator meets to verify who they are.",
    "block": "Block what an indicator meets, after review by a person.",
}


def indicators(make: Maker, campaign: Object) -> Iterator[Object]:
    """Each indicator with its relation to the campaign, and the course of action that goes with it."""
    made = [(_of(make, one), one.max_action) for one in make.view.finding.indicators]
    made.append((_correlation(make), "watch"))
    courses: dict[Action, Object] = {}
    for found, action in made:
        if action not in courses:
            courses[action] = _course(make, action)
            yield courses[action]
        yield found
        yield make.relation(found, "indicates", campaign)
        yield make.relation(courses[action], "mitigates", found)


def _course(make: Maker, action: Action) -> Object:
    name = f"At most: {action.replace('_', ' ')}"
    return make.domain("course-of-action", action, name=name, description=ACTIONS[action])


def _of(make: Maker, one: Indicator) -> Object:
    harm = f"{one.benign_share:.1%} of the accounts that it meets are not of the campaign."
    if one.kind == "asn":
        pattern, kind, name = (
            f"[autonomous-system:number = {int(one.value)}]",
            "stix",
            f"Network AS{one.value}",
        )
    else:
        rules = [rule for rule in sigma_rules.client_rules(make.view) if rule["detection"] == _selecting(one)]
        pattern, kind, name = sigma_rules.text(*rules), "sigma", f"Client with TLS fingerprint {one.value}"
    return _indicator(
        make,
        f"{one.kind}/{one.value}",
        name=name,
        description=f"{one.accounts} accounts of the campaign use it. {harm}",
        pattern=pattern,
        pattern_type=kind,
        extensions=extension.of_indicator(one),
    )


def _selecting(one: Indicator) -> dict[str, object]:
    return {"selection": {"ja4": one.value}, "condition": "selection"}


def _correlation(make: Maker) -> Object:
    rules = (sigma_rules.base_rule(make.view), sigma_rules.correlation_rule(make.view))
    cluster = make.view.finding.cluster
    return _indicator(
        make,
        "correlation",
        name="One text from many accounts",
        description="Many accounts that send a text of one template family within an hour.",
        pattern=sigma_rules.text(*rules),
        pattern_type="sigma",
        extensions=extension.of_rule(cluster.benign_share if cluster else None),
    )


def _indicator(make: Maker, key: str, *, pattern_type: str, **properties: object) -> Object:
    view = make.view
    kept = {one.field: one.until for one in view.kept}
    until = Micros(min(view.valid_until, kept.get("indicators", view.valid_until)))
    version = {"pattern_version": SIGMA_VERSION if pattern_type == "sigma" else "2.1"}
    return make.domain(
        "indicator",
        key,
        indicator_types=["malicious-activity"],
        pattern_type=pattern_type,
        **version,
        valid_from=time_text(view.released),
        valid_until=time_text(until),
        **properties,
    )
