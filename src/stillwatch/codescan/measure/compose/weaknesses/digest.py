"""Signatures made with a broken hash."""

from stillwatch.codescan.measure.compose.weaknesses import Weakness
from stillwatch.codescan.measure.running.observe import Seen

BROKEN = ("md5", "sha1")


def shown(seen: Seen) -> bool:
    made = {(name, value.strip("'")) for name, value in seen.events}
    return any(
        (("hashlib.new", name) in made) or any(sink == f"hashlib.{name}" for sink, _ in made)
        for name in BROKEN
    )


WEAKNESS = Weakness(
    "hash",
    328,
    (
        "import hashlib\nsignature = hashlib.new($value)\nsignature.update(given.encode())\nanswer = signature.hexdigest()\n",
        "import hashlib\nanswer = hashlib.new(name=$value, data=given.encode()).hexdigest()\n",
        "import hashlib\nanswer = getattr(hashlib, $value)(given.encode()).hexdigest()\n",
    ),
    ("import hashlib\nanswer = $value + hashlib.sha256(given.encode()).hexdigest()\n",),
    shown,
    choice=("md5", "sha256"),
)
