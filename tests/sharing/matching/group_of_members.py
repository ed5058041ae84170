"""A matching group made for tests: real keys, really dealt; evaluators behind real HTTP servers on loopback."""

import contextlib
import json
import socket
import threading
import time

import msgspec
import uvicorn

from stillwatch.sharing.matching.exchange.evaluator import Evaluator
from stillwatch.sharing.matching.exchange.routes import application
from stillwatch.sharing.matching.exchange.serving import now
from stillwatch.sharing.matching.exchange.usage import Usage
from stillwatch.sharing.matching.membership.dealing import deal, join
from stillwatch.sharing.matching.membership.identity import created
from stillwatch.sharing.matching.membership.roster import Member, Roster

DAY = 86_400_000_000
NAMES = ("lab-a", "lab-b", "lab-c")


class Group:
    """Members by name, with the keys of one epoch; `asks` hold no share."""

    def __init__(
        self, *, threshold=2, holders=NAMES, asks=("lab-d",), limit=3_000_000, begin=None, days=30.0
    ):
        self.identities = {name: created(name) for name in (*holders, *asks)}
        self.ports = {}
        members = []
        for number, name in enumerate(holders, 1):
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.ports[name] = free.getsockname()[1]
            members.append(self._member(name, limit, number, f"http://127.0.0.1:{self.ports[name]}"))
        members += [self._member(name, limit) for name in asks]
        self.roster = Roster(group="labs", threshold=threshold, members=members)
        begin = now() - DAY // 24 if begin is None else begin
        until = begin + int(days * DAY)
        self.dealings = [
            (name, deal(self.identities[name], self.roster, "2026q4", begin, until)) for name in holders
        ]
        self.keys = {
            name: join(identity, self.roster, self.dealings) for name, identity in self.identities.items()
        }

    def _member(self, name, limit, number=None, url=None):
        own = self.identities[name]
        return Member(
            name=name,
            verify_key=own.verify_key,
            seal_key=own.seal_key,
            number=number,
            url=url,
            daily_limit=limit,
        )

    def evaluator(self, name, usage, clock=now, keys=None):
        key = self.keys[name]
        return Evaluator(
            self.identities[name], self.roster, {key.key_id: key} if keys is None else keys, usage, clock
        )

    @contextlib.contextmanager
    def served(self, folder, names=NAMES):
        """The usage logs of evaluators that answer meanwhile."""
        with contextlib.ExitStack() as stack:
            logs = {}
            for name in names:
                logs[name] = stack.enter_context(contextlib.closing(Usage(folder / f"{name}.db")))
                app = application(self.evaluator(name, logs[name]))
                stack.enter_context(serving(app, self.ports[name]))
            yield logs

    def write(self, folder):
        """The files that the commands read, a folder a member."""
        lines = [f'group = "{self.roster.group}"', f"threshold = {self.roster.threshold}"]
        for member in self.roster.members:
            lines.append("[[members]]")
            for name, value in msgspec.structs.asdict(member).items():
                if value is not None:
                    lines.append(f"{name} = {json.dumps(value)}")
        for name, identity in self.identities.items():
            (folder / name / "epochs").mkdir(parents=True)
            (folder / name / "roster.toml").write_text("\n".join(lines) + "\n")
            (folder / name / "stillwatch.identity").write_bytes(msgspec.json.encode(identity))
            (folder / name / "epochs" / "2026q4.epoch").write_bytes(msgspec.json.encode(self.keys[name]))
        return folder

    def options(self, folder, name):
        own = folder / name
        return [
            *("--identity", str(own / "stillwatch.identity")),
            *("--roster", str(own / "roster.toml")),
            *("--keys", str(own / "epochs")),
        ]


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
