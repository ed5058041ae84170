"""What the desks of all tenants share in one process: settings, rules, the key of tokens, and the count of refusals."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from stillwatch.access.verification.protocols.dpop import Nonces
from stillwatch.access.verification.refusal import Reason, Refused
from stillwatch.access.verification.schema import prepare
from stillwatch.access.verification.settings import Settings
from stillwatch.cases.store import Tenant
from stillwatch.features.key import SketchKey


class Office:
    """Any thread may use it."""

    def __init__(self, settings: Settings, key: SketchKey) -> None:
        self.settings = settings
        self.key = key
        self.rules = settings.rules()
        self.nonces = Nonces(key.secret)
        self._refused: Counter[tuple[str, Reason]] = Counter()
        self._lock = Lock()
        self._prepared = False

    @contextmanager
    def counting(self, method: str) -> Iterator[None]:
        """Counts what is refused within, and lets it pass."""
        try:
            yield
        except Refused as refused:
            with self._lock:
                self._refused[method, refused.reason] += 1
            raise

    def refusals(self) -> dict[tuple[str, Reason], int]:
        """How many answers were refused, by method and reason, since the process began."""
        with self._lock:
            return dict(self._refused)

    def prepare(self, tenant: Tenant) -> None:
        """Make the tables, once."""
        with self._lock:
            if not self._prepared:
                with tenant.writing() as connection:
                    prepare(connection)
                self._prepared = True
