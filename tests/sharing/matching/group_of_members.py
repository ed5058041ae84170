"""A matching group made for tests: real keys, really dealt; evaluators behind real HTTP servers on loopback."""

import contextlib
import threading
import time

import uvicorn

from stillwatch.lab.partners import DAY, LABS, Partners
from stillwatch.sharing.matching.exchange.evaluator import Evaluator
from stillwatch.sharing.matching.exchange.routes import application
from stillwatch.sharing.matching.exchange.serving import now
from stillwatch.sharing.matching.exchange.usage import Usage

__all__ = ["DAY", "LABS", "Group", "serving"]


class Group(Partners):
    """A group whose evaluators run in the process of the test."""

    def __init__(self, *, asks=("lab-d",), **more):
        super().__init__(asks=asks, **more)

    def evaluator(self, name, usage, clock=now, keys=None):
        key = self.keys[name]
        return Evaluator(
            self.identities[name], self.roster, {key.key_id: key} if keys is None else keys, usage, clock
        )

    @contextlib.contextmanager
    def served(self, folder, names=LABS):
        """The usage logs of evaluators that answer meanwhile."""
        with contextlib.ExitStack() as stack:
            logs = {}
            for name in names:
                logs[name] = stack.enter_context(contextlib.closing(Usage(folder / f"{name}.db")))
                app = application(self.evaluator(name, logs[name]))
                stack.enter_context(serving(app, self.ports[name]))
            yield logs


@contextlib.contextmanager
def serving(app, port):
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    assert server.started
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)
