"""Names of files, made of a sender's text."""

import posixpath

from stillwatch.codescan.measure.compose.weaknesses import Weakness
from stillwatch.codescan.measure.running.observe import Seen
from stillwatch.codescan.measure.running.payloads import CANARY

ROOM = "/suite/testfiles/"


def shown(seen: Seen) -> bool:
    """Whether a file outside the folder of files was opened for the sender."""
    opened = [value.rpartition(" ")[0] for name, value in seen.events if name == "open"]
    whole = [posixpath.normpath(posixpath.join("/suite", path)) for path in opened]
    return any(CANARY in path and not path.startswith(ROOM) for path in whole)


WEAKNESS = Weakness(
    "pathtraver",
    22,
    (
        "with open('testfiles/' + $value) as file:\n    answer = file.read()\n",
        "import os\nwith open(os.path.join('testfiles', $value)) as file:\n    answer = file.read()\n",
        "from pathlib import Path\nanswer = (Path('testfiles') / $value).read_text()\n",
        "with open(f'testfiles/{$value}', 'a') as file:\n    file.write('seen')\nanswer = 'noted'\n",
    ),
    (
        "import os\nwith open(os.path.join('testfiles', os.path.basename($value))) as file:\n    answer = file.read()\n",
        (
            "from werkzeug.utils import secure_filename\n"
            "with open('testfiles/' + secure_filename($value)) as file:\n    answer = file.read()\n"
        ),
        (
            "from pathlib import Path\nbase = Path('testfiles').resolve()\nwanted = (base / $value).resolve()\n"
            "answer = wanted.read_text() if wanted.is_relative_to(base) else 'outside'\n"
        ),
    ),
    shown,
)
