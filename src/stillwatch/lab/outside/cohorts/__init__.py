"""Innocent accounts: those that look like an operator's, and the ordinary ones."""

from collections.abc import Callable

from stillwatch.lab.outside.cohorts import (
    evaluators,
    individuals,
    intermediaries,
    learning,
    organisations,
    products,
    shared_networks,
    trades,
)
from stillwatch.lab.outside.cohorts.ordinary import ordinary
from stillwatch.lab.outside.world import World

COHORTS: list[Callable[[World], None]] = [
    products.app_users,
    products.agent_programs,
    organisations.enterprises,
    shared_networks.nat_developers,
    shared_networks.campuses,
    shared_networks.carriers,
    learning.classrooms,
    learning.online_courses,
    learning.hackathons,
    learning.onboarding_waves,
    evaluators.nightly_evaluators,
    evaluators.public_benchmarks,
    evaluators.day_one_benchmarks,
    products.regression_probes,
    organisations.ci_fleets,
    intermediaries.fallback_routers,
    intermediaries.gateways,
    intermediaries.resellers,
    *trades.TRADES,
    trades.annotators_at_home,
    trades.journalists,
    organisations.key_rotation,
    organisations.staff_turnover,
    organisations.plan_migration,
    organisations.failover,
    individuals.privacy_minded,
    products.prompt_library,
    products.extension_users,
    products.nocode_platform,
    learning.competitions,
    individuals.fintech_promotions,
    individuals.agencies,
    individuals.chat_imports,
    individuals.vendor_migrations,
    individuals.families,
    learning.reproduction_seminars,
    trades.translators,
    products.device_fleet,
]

__all__ = ["COHORTS", "ordinary"]
