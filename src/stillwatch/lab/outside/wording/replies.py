"""What the model answers, by the kind of work."""

REPLIES = {
    "reason": "Let me work through this. First, {note|observe} that the quantities are given. Next, I {combine|compare} them step by step. {Checking|Verifying} the result, it holds. Final answer: %n2%.",
    "code": "Here is the {change|patch}:\n```\n{def|fn} %fnx%(x):\n    return x\n```\nI {also|have} covered the edge cases.",
    "judge": "Score: {2|3|4|5}. The answer is {mostly|partly} {correct|complete} but {lacks detail|misses one case}.",
    "chat": "{Sure|Of course|Happy to help}. Here are {some|a few} {thoughts|ideas}: 1) start small, 2) {plan|check} the details, 3) review on %day%.",
    "tool": "{Calling|I will call} the {right|suitable} tool with the given arguments.",
}
