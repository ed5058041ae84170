"""Objects that are made of what a sender wrote down."""

from stillwatch.codescan.measure.compose.weaknesses import Weakness
from stillwatch.codescan.measure.running.observe import Seen
from stillwatch.codescan.measure.running.payloads import CANARY


def shown(seen: Seen) -> bool:
    """Whether the sender's pickle was read, or a document of his made an object that YAML itself does not know."""
    unpickled = any(name == "pickle.loads" and CANARY in value for name, value in seen.events)
    return unpickled or f"('{CANARY}',)" in seen.body


WEAKNESS = Weakness(
    "deserialization",
    502,
    (
        "import base64\nimport pickle\nanswer = str(pickle.loads(base64.urlsafe_b64decode($value)))\n",
        "import yaml\nanswer = str(yaml.load($value, Loader=yaml.Loader))\n",
        "import yaml\nanswer = str(yaml.unsafe_load($value))\n",
        "import yaml\nanswer = str(yaml.load($value, Loader=yaml.UnsafeLoader))\n",
    ),
    (
        "import json\nanswer = str(json.loads($value))\n",
        "import yaml\nanswer = str(yaml.safe_load($value))\n",
        "import yaml\nanswer = str(yaml.load($value, Loader=yaml.SafeLoader))\n",
    ),
    shown,
    plain="gASVCQAAAAAAAACMBW5vdGVzlC4=",
)
