"""Customers whose contract allows training on outputs: they behave exactly as a campaign (S31)."""

from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa

from stillwatch.lab import campaign, groups
from stillwatch.lab.operators.plan import Bans, Enrolment, Operator, Rhythm, Task
from stillwatch.lab.requests import Slice
from stillwatch.lab.world import World

PLAN = Operator(
    id="authorised_distillation",
    kind="harvest under contract",
    accounts=0,
    volume=70,
    tasks=(
        Task(
            "reasoning_traces",
            0.5,
            ("{item}\n\nWrite the full reasoning between <think> tags, then the answer.",),
            effort="high",
        ),
        Task("coding", 0.3, ("Implement and explain:\n{item}",)),
        Task(
            "reward_modelling",
            0.2,
            ("Score the answer from 1 to 10 by the rubric and justify the score.\n{item}",),
            temperature=0.0,
        ),
    ),
    enrolment=Enrolment(cards=40, card_kind="credit", bins=1, disposable_mail=0.0, blocks=6),
    rhythm=Rhythm("balanced", stint_hours=4.0, on_share=0.4),
    bans=Bans(),
)


def build(world: World) -> Iterator[Slice]:
    for number, rng in enumerate(groups.instances(world, "authorised_distillation", 100)):
        plan = replace(PLAN, id=f"authorised_distillation/{number}")
        made = campaign.run(world.plain(), plan, groups.size(rng, 20, 45))
        made.people.cohort, made.people.operator, made.people.hard_negative = (
            "authorised_distillation",
            None,
            True,
        )
        made.people.set(authorised_distillation=True)
        rows = made.exchanges.num_rows
        exchanges = made.exchanges.drop_columns(["operator", "capability"])
        for name in ("operator", "capability"):
            exchanges = exchanges.append_column(name, pa.nulls(rows, pa.string()))
        yield Slice(made.people, exchanges, [])
