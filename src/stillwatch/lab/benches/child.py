"""The detector's side of `benches.apart`: detect once, and say how long it took.

`python -m stillwatch.lab.benches.child` reads a Request from its first argument and writes the seconds that
`detect` took, imports left out, to standard output.
"""

import sys
import time
from pathlib import Path

import msgspec

from stillwatch.lab.benches.apart import Request
from stillwatch.runtime import detect


def main(encoded: str) -> None:
    request = msgspec.json.decode(encoded, type=Request)
    started = time.monotonic()
    detect(
        [Path(path) for path in request.paths],
        Path(request.out),
        fdr=request.fdr,
        drop_fields=frozenset(request.drop_fields),
    )
    sys.stdout.write(f"{time.monotonic() - started}\n")


if __name__ == "__main__":
    main(sys.argv[1])
