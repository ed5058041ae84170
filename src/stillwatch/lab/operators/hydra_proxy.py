"""A resale proxy that mixes unrelated customers' traffic with distillation and replaces banned accounts at once (S14, S15)."""

from stillwatch.lab.operators.plan import Bans, Cover, Enrolment, Operator, Rhythm, Task

OPERATOR = Operator(
    id="hydra_proxy",
    kind="proxy pool that mixes distillation with customers' requests and replaces banned accounts",
    accounts=8_000,
    volume=125,
    tasks=(
        Task(
            "agentic_reasoning",
            0.3,
            ("[task]\n{item}\n[/task]\nThink out loud, act, and report every decision with its reason.",),
            steps=2.0,
            tools=("bash", "read_file", "write_file"),
        ),
        Task(
            "coding",
            0.3,
            (
                "Solve the programming task. First the approach in prose, then the code, then tests.\nTask: {item}",
            ),
            temperature=0.6,
        ),
        Task(
            "tool_use",
            0.2,
            ("{item}\nAnswer as a JSON list of calls, each with a field why.",),
            tools=("search", "lookup", "convert", "schedule", "send"),
        ),
        Task(
            "reasoning_traces",
            0.2,
            ("{item}\nWrite the complete chain of thought before the final line 'Answer:'.",),
            effort="high",
        ),
    ),
    enrolment=Enrolment(
        bursts=12,
        burst_hours=10,
        lead_days=14,
        cards=6,
        card_kind="prepaid",
        bins=4,
        disposable_mail=0.4,
        network="hosted",
        blocks=60,
        countries={"US": 0.35, "SG": 0.2, "HK": 0.2, "JP": 0.15, "GB": 0.1},
        clients={"http-library": 0.4, "go-client": 0.3, "python-sdk": 0.3},
        devices=4,
    ),
    rhythm=Rhythm("steady", stint_hours=2.0, on_share=0.7),
    bans=Bans(share=0.35, successor_minutes=12),
    cover=Cover(share=0.6, spread=0.1, voices=6),
)
