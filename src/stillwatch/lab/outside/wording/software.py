"""What developers ask, and the agent programs that many of them use."""

from typing import NamedTuple

QUESTIONS = [
    "{Why do I get|getting|I keep getting} %err% in %pl% when {calling|testing|deploying} %fn%?",
    "Refactor %fn% in %file% so that it {does not block|is testable|handles empty input|supports retries}.",
    "write a {unit test|property test|benchmark} for %fn% (%pl%)",
    "%err% at %file%:%n2% - {what does it mean|how do I fix this|any idea}?",
    "{Explain|Review} this diff in %file%: renamed %fn% and added a {cache|lock|timeout|feature flag}.",
    "How do I {paginate|stream|batch|cache} results in %fw%?",
    "{Convert|Port} %fn% from %pl% to {Go|Rust|TypeScript|Python|Kotlin}.",
    "SQL: count %p% orders per {week|region|customer} with more than %n% items",
    "docker build fails on step %n% with %err%, repo %p%",
    "regex for {dates|phone numbers|semver|IBANs} in %pl%",
    "add {logging|type hints|docstrings|metrics} to %file%",
    "CI for %p% times out after %n2% minutes, {ideas?|what to check?}",
    "upgrade %fw% breaks %fn%, changelog says %err%",
    "design a schema for %p% with {users|invoices|sensors|bookings} and {audit log|soft delete|tenants}",
    "git: undo the last %n% commits but keep changes in %file%",
]
FOLLOW_UPS = [
    "still {failing|broken}: %err%",
    "now {write|add} tests",
    "works, thanks. can you also update %file%",
    "use {async|generics|a dataclass|no dependencies} instead",
    "{shorter|simpler} please",
    "explain line %n%",
    "what about {Windows|concurrency|null values}?",
    "same for %fn%",
]
ERRORS = [
    "KeyError: 'id'",
    "NullPointerException",
    "ECONNRESET",
    "segfault",
    "TypeError: undefined is not a function",
    "borrow checker error E0502",
    "deadlock detected",
    "ORA-01555",
    "401 Unauthorized",
    "ImportError",
    "OOMKilled",
    "CORS error",
    "panic: index out of range",
]
LANGUAGES = [
    "Python",
    "Java",
    "TypeScript",
    "Rust",
    "Go",
    "C#",
    "Kotlin",
    "PHP",
    "Ruby",
    "C++",
    "Swift",
]
FRAMEWORKS = [
    "Django",
    "Spring",
    "Next.js",
    "FastAPI",
    "Rails",
    "Laravel",
    "Flutter",
    "Spark",
    "Terraform",
    "React Query",
]


class Harness(NamedTuple):
    """An agent program: name, system prompt, tools, and how it names itself to the server."""

    name: str
    system: str
    tools: list[str]
    agent: str


HARNESSES = [
    Harness(
        "shellmate",
        "You are ShellMate, an interactive CLI agent for software engineering. Use the tools available to assist the user. Keep answers short and to the point. Never guess URLs. Before editing, read the file. Follow the conventions of the code base, check package files before adding a library, and do not add comments unless asked. After a change run the linter and the tests when the commands are known. Plan larger work with the todo tool and mark items done as you go. Do not commit unless told to.",
        ["bash", "read_file", "edit_file", "grep", "glob", "todo_write", "web_fetch"],
        "shellmate-cli/{1.8.2|1.8.4|1.9.0} (node 20)",
    ),
    Harness(
        "openforge",
        "# OpenForge agent\nYou are a careful coding agent running in the user's terminal with workspace access. Work in small steps: inspect, plan, patch, verify. Patches use unified diff through apply_patch. Prefer ripgrep for search. When a command fails read the error before trying again. Never touch files outside the workspace. Final message: what changed, how it was verified, what is left.",
        ["shell", "apply_patch", "search", "view", "plan"],
        "openforge/{0.31.0|0.32.1} go1.23",
    ),
    Harness(
        "pairly",
        "You are Pairly inside the user's editor. You see open files and the cursor. Answer with code edits as fenced blocks with the file path in the first line. Ask when the request is ambiguous. Keep unchanged code elided with a comment. Use the project's style. Do not invent APIs.",
        ["open_file", "edit", "run_task", "diagnostics", "find_references"],
        "Pairly/{3.2|3.3|3.4} Electron",
    ),
]
AGENT_TURNS = [
    "continue",
    "{next|go on}",
    "output of the command: {ok|exit 0|%n2% lines|%err%}",
    "observation: %file% {changed|not found|has %n2% lines}",
    "tests: %n% passed, %n% failed",
    "{more detail|and then}?",
]
"""What an agent program sends between its steps."""
