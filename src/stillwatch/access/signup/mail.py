"""Mail addresses as a sign-up check sees them: the mailbox behind aliases, and what the name in front looks like."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property, lru_cache
from itertools import pairwise

import msgspec

LONGEST = 320  # characters of an address: RFC 3696 with its erratum 1690 has 64 + 1 + 255
NUMBERED = 4  # digits at the end of a name from which it is counted as numbered
BIRTH_YEARS = range(1940, 2016)  # people put the year they were born behind their names
CHANGES = 3  # from letters to digits or back, from which a name is counted as random
CONSONANTS = 7  # in a row; German compounds have six
HEXADECIMAL = 16  # digits of a name that is nothing else
ONE_MAILBOX = {"googlemail.com": "gmail.com"}  # two names of one host
DOTLESS = frozenset({"gmail.com"})  # hosts that deliver whatever the dots
_RUNS = re.compile(r"[^\W\d_]+|\d+|[\W_]")
_CONSONANTS = re.compile(rf"[bcdfghjklmnpqrstvwxz]{{{CONSONANTS},}}")
_HEXADECIMAL = re.compile(rf"(?=.*[0-9])(?=.*[a-f])[0-9a-f]{{{HEXADECIMAL},}}")


class Mailbox(msgspec.Struct, frozen=True, dict=True):
    """One address, case-folded; `name` is what stands before the at sign."""

    name: str
    domain: str

    @property
    def address(self) -> str:
        return f"{self.name}@{self.domain}"

    @cached_property
    def bare(self) -> str:
        """The name without its tag: `ana` of `ana+trial7`."""
        return self.name.split("+", 1)[0] or self.name

    @property
    def canonical(self) -> str:
        """The address that mail to this one is delivered to, where the host is known to have aliases."""
        domain = ONE_MAILBOX.get(self.domain, self.domain)
        return f"{self.bare.replace('.', '') if domain in DOTLESS else self.bare}@{domain}"

    @property
    def look(self) -> str:
        """`random`, `numbered` or `plain`."""
        kinds = [run[0].isdigit() for run in _RUNS.findall(self.bare) if run[0].isalnum()]
        changes = sum(left != right for left, right in pairwise(kinds))
        if changes >= CHANGES or _HEXADECIMAL.fullmatch(self.bare) or _CONSONANTS.search(self.bare):
            return "random"
        digits = re.search(r"[0-9]*$", self.bare)
        tail = digits.group() if digits else ""
        year = len(tail) == NUMBERED and int(tail) in BIRTH_YEARS
        return "numbered" if len(tail) >= NUMBERED and not year else "plain"

    @property
    def shape(self) -> str:
        """The name with words as `a` and each digit as `9`: `a.a9999` of `ana.liu4821`."""
        return "".join(
            "9" * len(run) if run[0].isdigit() else "a" if run[0].isalpha() else run
            for run in _RUNS.findall(self.bare)
        )

    @property
    def stem(self) -> str:
        """The name without digits and what separates: `crawler` of `crawler-0017`."""
        return "".join(run for run in _RUNS.findall(self.bare) if run[0].isalpha())


def read_address(text: str) -> Mailbox | None:
    """The address, or None where the text is none."""
    folded = unicodedata.normalize("NFKC", text[: LONGEST + 1]).strip().casefold()
    name, at, domain = folded.rpartition("@")
    domain = domain.rstrip(".")
    if not at or not name or "." not in domain or len(folded) > LONGEST or any(c.isspace() for c in folded):
        return None
    return Mailbox(name, read_domain(domain))


def read_domain(text: str) -> str:
    """A domain as lists have it: case-folded, without a last dot, in ASCII where IDNA can say it."""
    folded = text.strip().casefold().rstrip(".")
    if folded.isascii():
        return folded
    try:
        return folded.encode("idna").decode("ascii")
    except UnicodeError:
        return folded


class Domains:
    """A list of domains; one on it stands for all below it as well."""

    def __init__(self, domains: Iterable[str]) -> None:
        self._listed = {read_domain(domain.strip().removeprefix("*").lstrip(".")) for domain in domains} - {
            ""
        }

    def __bool__(self) -> bool:
        return bool(self._listed)

    def has(self, domain: str) -> bool:
        """Whether the domain, or one that it is below, is listed."""
        rest = read_domain(domain)
        while rest not in self._listed:
            _, dot, rest = rest.partition(".")
            if not dot:
                return False
        return True


@lru_cache(maxsize=16)
def listed(domains: tuple[str, ...]) -> Domains:
    """The list of these domains, made once for all batches."""
    return Domains(domains)
