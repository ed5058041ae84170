"""Agentic coding, tool use and orchestration; half the traffic moves to a new model within a day (S11-S13)."""

from stillwatch.lab.operators.plan import Bans, Enrolment, Operator, Rhythm, Task

OPERATOR = Operator(
    id="feb_c",
    kind="agentic coding harvest that pivots to a new model within a day of its release",
    accounts=8_500,
    volume=140,
    tasks=(
        Task(
            "coding",
            0.45,
            (
                "<repository>\n{item}\n</repository>\nPropose a patch. Explain each edit and why it is safe.",
                "Issue: {item}\nReproduce it, write the fix, then write a regression test.",
            ),
            ("You are an expert software engineer agent with access to a repository. Plan, act, verify.",),
            ("bash", "edit_file", "grep", "run_tests"),
            2.4,
        ),
        Task(
            "tool_use",
            0.3,
            (
                "Available functions are listed. Request: {item}\nEmit the calls in order as JSON, then explain the choice.",
            ),
            ("You are a function-calling engine.",),
            ("search", "lookup", "convert", "schedule", "send"),
            1.5,
        ),
        Task(
            "orchestration",
            0.25,
            (
                "You direct several workers. {item}\nReturn the delegation plan as a JSON tree with a brief for each worker.",
            ),
            ("You are the lead agent. Split the work and assign it.",),
            ("spawn_agent", "wait", "merge"),
            1.8,
        ),
    ),
    enrolment=Enrolment(
        bursts=4,
        cards=15,
        bins=3,
        disposable_mail=0.6,
        network="hosted",
        blocks=24,
        countries={"US": 0.5, "HK": 0.2, "SG": 0.3},
        clients={"python-sdk": 0.6, "http-library": 0.4},
    ),
    rhythm=Rhythm("steady", stint_hours=6.0, on_share=0.6),
    bans=Bans(share=0.05),
    pivot=0.5,
)
