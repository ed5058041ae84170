"""A run's findings as a brief for the public, a partner or an authority, and the training compute they feed."""

from stillwatch.sharing.brief.audience import AUDIENCES, Audience
from stillwatch.sharing.brief.compute import DRAWS, SEED, Haul, Model, Range, load_priors
from stillwatch.sharing.brief.doings import Doings, read_case
from stillwatch.sharing.brief.material import Material, of_case, read
from stillwatch.sharing.brief.page import page
from stillwatch.sharing.brief.pdf import pdf
from stillwatch.sharing.brief.queries import Query, registry
from stillwatch.sharing.brief.reference import anchors, chips
from stillwatch.sharing.brief.statement import Statement, read_statement

__all__ = [
    "AUDIENCES",
    "DRAWS",
    "SEED",
    "Audience",
    "Doings",
    "Haul",
    "Material",
    "Model",
    "Query",
    "Range",
    "Statement",
    "anchors",
    "chips",
    "load_priors",
    "of_case",
    "page",
    "pdf",
    "read",
    "read_case",
    "read_statement",
    "registry",
]
