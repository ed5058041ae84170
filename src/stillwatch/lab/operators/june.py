"""Software engineering and agentic reasoning at 26 exchanges an account a day: no account is remarkable."""

from stillwatch.lab.operators.plan import Bans, Enrolment, Operator, Rhythm, Task

OPERATOR = Operator(
    id="june",
    kind="software engineering and agentic reasoning at 26 exchanges an account a day",
    accounts=6_500,
    volume=310,
    days=12,
    tasks=(
        Task(
            "coding",
            0.6,
            (
                "Repository context omitted. Work item:\n{item}\nDeliver: analysis, plan, full diff, verification.",
                "As a staff engineer, resolve this ticket end to end and narrate your debugging: {item}",
            ),
            ("You are working in a terminal on a checked-out repository.",),
            ("bash", "edit_file", "grep", "run_tests"),
            3.0,
        ),
        Task(
            "agentic_reasoning",
            0.4,
            (
                "Objective: {item}\nKeep a log of beliefs, actions and observations until the objective is met.",
            ),
            ("You are working in a terminal on a checked-out repository.",),
            ("bash", "read_file", "write_file"),
            3.0,
        ),
    ),
    enrolment=Enrolment(
        bursts=8,
        burst_hours=12,
        lead_days=8,
        cards=5,
        card_kind="virtual",
        bins=4,
        disposable_mail=0.35,
        network="residential",
        countries={"US": 0.5, "GB": 0.15, "DE": 0.1, "SG": 0.15, "JP": 0.1},
        clients={"node-sdk": 0.5, "python-sdk": 0.5},
        devices=3,
    ),
    rhythm=Rhythm("steady", stint_hours=8.0, on_share=0.8),
    bans=Bans(share=0.03),
)
