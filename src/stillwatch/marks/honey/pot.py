"""What a gateway holds: the canaries in clear, without the secret; and which of them a cohort is shown."""

from hashlib import blake2b
from pathlib import Path

import msgspec

from stillwatch.marks.honey.canaries import Canary, canary
from stillwatch.marks.honey.commitments import Commitments
from stillwatch.marks.keys import MarkKeys
from stillwatch.records import InvalidConfiguration

SHOWN = 3  # canaries of a cohort: few, so that each comes often enough to be learned


class Pot(msgspec.Struct, frozen=True, kw_only=True):
    """All canaries that were committed to."""

    digest: str
    canaries: list[Canary]

    def note(self, cohort: str, decision_id: str) -> str:
        """What an answer to a cohort shows; which of its canaries, the decision says."""
        shown = assigned(self.digest, cohort, len(self.canaries))
        return self.canaries[shown[_number(decision_id.encode(), b"") % len(shown)]].text


def assigned(digest: str, cohort: str, count: int) -> list[int]:
    """The serial numbers of a cohort's canaries, all different."""
    found: list[int] = []
    turn = 0
    while len(found) < min(SHOWN, count):
        serial = _number(f"{digest} {turn}".encode(), cohort.encode()) % count
        turn += 1
        if serial not in found:
            found.append(serial)
    return found


def pot_of(keys: MarkKeys, published: Commitments) -> Pot:
    return Pot(
        digest=published.digest,
        canaries=[canary(keys, serial) for serial in range(len(published.commitments))],
    )


def load_pot(path: Path) -> Pot:
    """Of a gateway's settings. Raises InvalidConfiguration."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Pot)
    except OSError as error:
        raise InvalidConfiguration(f"the honey material {path} cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise InvalidConfiguration(f"{path}: no honey material: {error}") from error
    if not found.canaries:
        raise InvalidConfiguration(f"{path}: there is no canary in it")
    return found


def _number(one: bytes, other: bytes) -> int:
    said = len(one).to_bytes(4, "big") + one + other
    return int.from_bytes(blake2b(said, digest_size=8, person=b"honey").digest(), "big")
