"""Commands of a shell, made of a sender's text."""

import ast
import shlex
from itertools import pairwise

from stillwatch.codescan.measure.compose.weaknesses import Weakness
from stillwatch.codescan.measure.running.observe import Seen

SHELLS = frozenset({"os.system", "os.popen"})


def shown(seen: Seen) -> bool:
    """Whether a shell was given a command of the sender's own beside the program's."""
    shell = {name.removesuffix(" shell") for name, _ in seen.events if name.endswith(" shell")} | SHELLS
    return any(name in shell and _second_command(value) for name, value in seen.events)


def _second_command(value: str) -> bool:
    given = ast.literal_eval(value)
    if not isinstance(given, str):
        return False
    words = list(shlex.shlex(given, posix=True, punctuation_chars=True))
    return any(first == ";" and second == "touch" for first, second in pairwise(words))


WEAKNESS = Weakness(
    "cmdi",
    78,
    (
        "import os\nos.system('ls ' + $value)\nanswer = 'listed'\n",
        "import subprocess\nsubprocess.run(f'ls {$value}', shell=True, capture_output=True, text=True)\nanswer = 'listed'\n",
        "import os\nanswer = os.popen('ls %s' % $value).read()\n",
        "import subprocess\nanswer = subprocess.check_output('ls {}'.format($value), shell=True, text=True)\n",
    ),
    (
        "import subprocess\nsubprocess.run(['ls', '--', $value], capture_output=True, text=True)\nanswer = 'listed'\n",
        "import os\nimport shlex\nos.system('ls ' + shlex.quote($value))\nanswer = 'listed'\n",
        "import os\nif $value.isalnum():\n    os.system('ls ' + $value)\nanswer = 'listed'\n",
    ),
    shown,
)
