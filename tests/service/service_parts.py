"""Parts that tests of the service are set up from."""

from composed_campaigns import HOUR, START

from stillwatch.records import Micros
from stillwatch.service.spooling import Spooler
from stillwatch.service.standing import Home


class Clock:
    """Time that a test moves on."""

    def __init__(self):
        self.now = START + 1000 * HOUR

    def __call__(self):
        self.now += 1
        return Micros(self.now)


def home_at(folder, **changed):
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "out": folder,
        "verdicts": folder / "verdicts",
        "standings": folder / "standings",
        "alarms": folder / "alarms.jsonl",
    }
    return Home(spooler=Spooler(folder / "spool"), **(told | changed))
