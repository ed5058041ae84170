"""A small, careful operator: every request phrased anew, people's hours, cards and homes of its own."""

from stillwatch.lab.operators.plan import Enrolment, Operator, Rhythm, Task

OPERATOR = Operator(
    id="slow",
    kind="paraphrased harvest at low volume with people's hours and fresh cards",
    accounts=3_000,
    volume=40,
    tasks=(
        Task("reasoning_traces", 0.5, ("{item}",), effort="high"),
        Task("coding", 0.3, ("{item}",)),
        Task("reward_modelling", 0.2, ("{item}",)),
    ),
    enrolment=Enrolment(
        bursts=20,
        burst_hours=48,
        lead_days=60,
        cards=0,
        disposable_mail=0.1,
        network="access",
        countries={"US": 0.4, "GB": 0.1, "DE": 0.1, "CA": 0.1, "AU": 0.1, "SG": 0.1, "NL": 0.1},
        clients={"python-sdk": 0.5, "harness": 0.2, "node-sdk": 0.3},
        pathways={"api": 1.0},
        devices=1,
    ),
    rhythm=Rhythm("own_hours"),
    paraphrases=True,
)
