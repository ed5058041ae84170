"""Agentic work, coding, data analysis, computer use and vision over several pathways; later reasoning traces (S7-S10)."""

from stillwatch.lab.operators.plan import Bans, Enrolment, Operator, Rhythm, Task

_AGENT = (
    "You are an autonomous agent working in a sandbox. Think before each action, then call exactly one tool."
)

OPERATOR = Operator(
    id="feb_b",
    kind="broad agentic harvest over varied account types and pathways",
    accounts=5_500,
    volume=105,
    tasks=(
        Task(
            "agentic_reasoning",
            0.22,
            ("Task: {item}\nWork until the task is done. State your plan first.",),
            (_AGENT,),
            ("bash", "read_file", "write_file"),
            3.0,
        ),
        Task(
            "tool_use",
            0.2,
            ("User request: {item}\nDecide which function to call and with which arguments.",),
            (_AGENT,),
            ("search", "calculator", "calendar", "weather", "mail"),
            1.6,
        ),
        Task(
            "coding",
            0.18,
            ("Implement the following and add tests.\n{item}",),
            ("You are a senior engineer. Return complete files.",),
        ),
        Task(
            "data_analysis",
            0.12,
            ("Given the attached table, answer with the query you would run and the result.\n{item}",),
            tools=("run_sql", "plot"),
        ),
        Task(
            "computer_use",
            0.1,
            ("Goal: {item}\nDescribe the next GUI action as JSON with coordinates.",),
            (_AGENT,),
            ("screenshot", "click", "type", "scroll"),
            2.5,
            1,
        ),
        Task(
            "vision", 0.08, ("Look at the image and answer in detail, with your reasoning. {item}",), images=1
        ),
        Task(
            "reasoning_traces",
            0.1,
            ("{item}\nReconstruct the full reasoning trace that leads to the answer. Do not summarise it.",),
            effort="high",
            after=0.6,
        ),
    ),
    enrolment=Enrolment(
        bursts=5,
        cards=8,
        card_kind="virtual",
        bins=3,
        disposable_mail=0.3,
        network="hosted",
        blocks=30,
        countries={"US": 0.4, "SG": 0.3, "JP": 0.15, "DE": 0.15},
        clients={"python-sdk": 0.5, "http-library": 0.2, "browser": 0.15, "node-sdk": 0.15},
        pathways={"api": 0.45, "app": 0.15, "cloud:nimbus": 0.2, "edu": 0.1, "startup": 0.1},
        programmes={"edu": 0.12, "startup": 0.12, "research": 0.06},
    ),
    rhythm=Rhythm("balanced", stint_hours=5.0, on_share=0.45),
    bans=Bans(share=0.04),
)
