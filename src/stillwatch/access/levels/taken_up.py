"""What challenges showed, taken up in verdicts: a view of them as they are published, which changes no state."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.cases.challenge_records import Challenge

BY_A_PERSON = "confirmed"  # only a person takes a confirmation back
NEAREST = 1e-9  # to 0 and 1, where log odds end


def taken_up(verdicts: pa.Table, challenges: Iterable[Challenge]) -> pa.Table:
    """Verdicts (columns account_id, campaign_id, state, probability, log_e_value) with what challenges add to them.

    An account that passed loses, one that was left without a proof gains, each by what its challenge measured; all
    rows of the campaign get the evidence of its cluster. A challenge that is not weighed yet says nothing.
    """
    weighed = [one for one in challenges if one.weight is not None]
    if not weighed or not len(verdicts):
        return verdicts
    shifts: dict[str, float] = {}
    evidence: dict[str, float] = {}
    for challenge in weighed:
        weight = challenge.weight
        assert weight is not None
        evidence[challenge.campaign_id] = weight.log_e_value
        for one in challenge.cluster:
            if one.answer == "passed":
                shifts[one.account_id] = weight.passing
            elif one.answer in {"failed", "silent"}:
                shifts[one.account_id] = weight.scattering
    free = np.asarray(pc.not_equal(verdicts["state"], BY_A_PERSON))
    shift = np.where(free, _looked_up(verdicts["account_id"], shifts), 0.0)
    gained = _looked_up(verdicts["campaign_id"], evidence)
    likely = np.clip(verdicts["probability"].to_numpy(), NEAREST, 1 - NEAREST)
    odds = np.log(likely) - np.log1p(-likely) + shift
    told = np.where(shift == 0, verdicts["probability"].to_numpy(), 1 / (1 + np.exp(-odds)))
    put = {"probability": told, "log_e_value": verdicts["log_e_value"].to_numpy() + gained}
    for name, column in put.items():
        place = verdicts.schema.get_field_index(name)
        verdicts = verdicts.set_column(place, verdicts.schema.field(name), pa.array(column))
    return verdicts


def _looked_up(keys: pa.ChunkedArray, values: dict[str, float]) -> np.ndarray:
    at = pc.index_in(keys, pa.array(list(values), pa.string()))
    found: np.ndarray = pc.fill_null(
        pc.take(pa.array(list(values.values()), pa.float64()), at), 0.0
    ).to_numpy()
    return found
