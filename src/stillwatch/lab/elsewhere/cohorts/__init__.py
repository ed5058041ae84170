"""Everybody innocent: people, products, and groups that look like an operator's accounts in one respect."""

from collections.abc import Callable

from stillwatch.lab.elsewhere.cohorts import (
    automation,
    evaluators,
    gatherings,
    ordinary,
    particular,
    pipelines,
    products,
    shared_networks,
)
from stillwatch.lab.elsewhere.provider import Provider

COHORTS: list[Callable[[Provider], None]] = [
    products.app_users,
    products.coding_tools,
    products.white_label_bots,
    shared_networks.enterprises,
    shared_networks.campuses_and_carriers,
    shared_networks.households,
    evaluators.evaluators,
    evaluators.on_release_day,
    evaluators.evaluation_lab,
    automation.review_bots,
    automation.router,
    automation.gateway_customers,
    automation.reseller_customers,
    automation.rotations,
    automation.monitors,
    gatherings.classrooms,
    gatherings.hackathons,
    gatherings.onboarding,
    pipelines.judges,
    pipelines.audits,
    pipelines.synthetic_data,
    pipelines.red_teams,
    pipelines.authorised,
    particular.localisation,
    particular.journalists,
    particular.privacy_users,
    ordinary.ordinary,  # last: it fills up to the number of accounts wanted
    ordinary.wrong_bans,
]
