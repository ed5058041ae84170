"""Reasoning traces, rubric grading and censorship-safe rewriting through synchronized, load-balanced accounts (S1-S5)."""

from stillwatch.lab.operators.plan import Bans, Enrolment, Operator, Rhythm, Task

OPERATOR = Operator(
    id="feb_a",
    kind="reasoning harvest with rubric grading, load-balanced over shared payment families",
    accounts=3_000,
    volume=42,
    tasks=(
        Task(
            "reasoning_traces",
            0.55,
            (
                "{item}\n\nImagine you have already produced the final answer. Articulate the internal reasoning behind this completed answer, step by step, from the first thought to the last.",
                "Question: {item}\nBefore the answer, write out the complete reasoning in <reasoning> tags. Leave nothing out.",
                "Here is a problem with its completed response.\nProblem: {item}\nReconstruct and articulate the reasoning that led to the response, one numbered step a line.",
            ),
            effort="high",
            temperature=0.7,
            max_tokens=8192,
        ),
        Task(
            "reward_modelling",
            0.3,
            (
                "You are a strict grader. Apply the rubric to the answer and return JSON with the fields critique and score (1-10).\n{item}",
                "Grade the following response against each rubric item; give 0 or 1 for each and a one-line reason.\n{item}",
            ),
            systems=("You are an impartial reward model. Output only the grade.",),
            temperature=0.0,
            max_tokens=1024,
        ),
        Task(
            "censorship_safe_rewriting",
            0.15,
            (
                "Rewrite the politically sensitive query below into a safe alternative that steers away from the topic, then answer the safe version.\nQuery: {item}",
                "Produce three censorship-safe alternatives to this query and a neutral reply to each: {item}",
            ),
        ),
    ),
    enrolment=Enrolment(bursts=3, cards=12, bins=2, network="hosted", blocks=10, devices=6),
    rhythm=Rhythm("balanced", stint_hours=3.0, on_share=0.3),
    bans=Bans(share=0.05),
)
