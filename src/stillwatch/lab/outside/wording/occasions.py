"""What is asked together on an occasion: a course, a contest, a first visit, a benchmark."""

COURSEWORK = [
    "[[CS|DS|AI]]%k% assignment {1|2|3|4}: {implement|write|code} [[a linked list|a tokenizer|k-means|Dijkstra|a matrix class|a bank account class]] in [[Python|Java|C]]. {I don't understand the first part|my output is wrong|is this right so far|how do I start|what does the marking scheme want}? %d%",
    "[[Essay|Homework]] due [[Friday|Sunday|Monday]]: {discuss|explain|outline} [[the causes of the French Revolution|mitosis and meiosis|supply and demand shocks|Hamlet's delay|the Krebs cycle]]. %d% {Need|I need} %n2%0 words, [[APA|MLA]] references.",
    "Problem set %n%: %task%\n{Show all steps|show your working|explain each step} as [[our teacher|the course|Prof. %P%]] wants, with the reasoning before the result. %d%",
    "Week [[2|3|5]] lab of [[Prompting 101|LLM Foundations|Agents in Practice]]: {compare|try} [[zero-shot and chain of thought|two system prompts|temperature 0 and 1]] on: %task%",
]
HACKATHON = [
    "{build|we are building|help us build} [[a carbon tracker|a campus chatbot|an accessible map|a triage bot]] for [[HackBridge|GreenHack|MedJam]] in {24h|one night}: %x%",
    "[[HackBridge|GreenHack|MedJam]] API quickstart: {call|use} the sponsor endpoint /v1/%fnx% from {React|Flask|Swift}, error %err%",
    "pitch for the judges, %n% minutes, team %P%: %x%",
]
STARTERS = [
    "Hello! [[Write a haiku about the ocean.|Tell me a joke about compilers.|Say hello in five languages.|Summarise the plot of Moby Dick in one sentence.]]",
    "[[Give me three name ideas for a coffee shop.|Explain quantum computing to a child.|What can you do?]]",
    "%chat%",
]
COMPETITION = [
    "[[TabCup|MathArena Open|ReasonCup]] item %n2%%n2%: %task%\n[[Write your full reasoning inside <think></think> and the final answer inside <answer></answer>.|First the derivation in numbered steps, then 'FINAL:' and the value.]]",
]
BENCHMARKS = [
    "Question: %task%\nAnswer:",
    "%task%\nLet's think step by step.",
    "%task%\n\nPut the final answer after ####.",
    "Solve the task. Think first, then give the answer on the last line.\n\n%task%",
    "<task>%task%</task>",
    "%task%",
    "Q: %task%\nA: Let's work this out in a step by step way to be sure we have the right answer.",
    "You are given a function calling task. %task%",
]
