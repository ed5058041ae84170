"""What only looks like a secret: placeholders, examples and test data."""

import re
from pathlib import PurePosixPath

WORDS = re.compile(
    r"(?i)example|placeholder|change[-_ ]?me|dummy|sample|your[-_ ]|insert|replace|redacted|xxxx|fake|"
    r"test|todo|secret|password|passw0rd|not[-_ ]?(a|so)[-_ ]?secret|super[-_ ]?secret|foo|bar|"
    r"12345|abcde|qwerty|\.\.\.|\*\*\*|<[^>]+>|\$\{|\{\{|%\(|^none$|^null$|^true$|^false$"
)
TESTS = frozenset({
    "test", "tests", "testing", "fixtures", "fixture", "testdata", "test_data", "examples", "example", "samples",
    "mocks", "docs", "doc", "docs_src", "spec", "specs", "cassettes",
})  # fmt: skip


def is_placeholder(text: str) -> bool:
    """Whether a value is one that stands for a secret, or is for show."""
    return WORDS.search(text) is not None or len(set(text)) <= max(3, len(text) // 8) or text.isspace()


def is_test(path: str) -> bool:
    """Whether a file is of tests, documentation or examples."""
    place = PurePosixPath(path)
    if TESTS.intersection(part.lower() for part in place.parts[:-1]):
        return True
    name = place.name.lower()
    return name.startswith(("test_", "conftest")) or place.stem.lower().endswith(
        ("_test", "_tests", ".example", ".sample")
    )
