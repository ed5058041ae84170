"""The training compute of a shared finding: the interval that a brief of the campaign alone would give."""

from functools import cache

from stillwatch.sharing.brief.compute import DRAWS, SEED, Haul, Model, range_of
from stillwatch.sharing.brief.material import COUNTED
from stillwatch.sharing.finding.folder import Folder
from stillwatch.sharing.finding.model import ComputeInterval

CHIP, UNIT = "h100", "H100-hours"
QUERY = "compute_fed"
MEANS = "hours of one H100 that training on the haul takes: one draw in ten is below p10, half below p50, nine below p90"
METHOD = f"monte-carlo:6nd:seed-{SEED}:draws-{DRAWS}"
DIGITS = 3  # of each end: the priors are known by their size alone


def compute_interval(folder: Folder, campaign_id: str) -> ComputeInterval | None:
    """What the training fed by the campaign's haul takes; None where nothing was taken."""
    tokens, exchanges = folder.run("tokens_out", campaign_id), folder.run("exchange_count", campaign_id)
    if exchanges.value <= 0:
        return None
    counted = tokens.value > 0 and folder.coverage("tokens_out") >= COUNTED
    haul = Haul(float(tokens.value) if counted else None, float(exchanges.value))
    p10, p50, p90 = (float(f"{end:.{DIGITS}g}") for end in range_of(_model().fed_hours(haul, CHIP)))
    query = f"{QUERY}/{campaign_id}/{folder.digest}"
    return ComputeInterval(p10, p50, p90, METHOD, UNIT, query)


@cache
def _model() -> Model:
    return Model()
