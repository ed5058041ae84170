import os
import subprocess
import sys

import pytest

from stillwatch.records import UsageError
from stillwatch.runtime.lock import claimed, holder

HOLD = "import sys; from pathlib import Path; from stillwatch.runtime.lock import claimed\nwith claimed(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"


def test_one_process_holds_a_state_and_is_named(tmp_path):
    assert holder(tmp_path) is None
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as other:
        assert other.stdout.readline() == b"held\n"
        assert holder(tmp_path) == other.pid
        with pytest.raises(UsageError, match=f"process {other.pid}"), claimed(tmp_path):
            pass
        other.kill()
    assert holder(tmp_path) is None
    with claimed(tmp_path):
        assert holder(tmp_path) == os.getpid()
    assert holder(tmp_path) is None
