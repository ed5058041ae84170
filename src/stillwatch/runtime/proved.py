"""What accounts have proved, for whoever asks levels of them."""

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access import verification
from stillwatch.access.levels.facts import with_column

if TYPE_CHECKING:
    from stillwatch.access.verification import Office
    from stillwatch.cases.api import Tenant
    from stillwatch.records import Micros


def proved(tenant: "Tenant", office: "Office", facts: pa.Table, now: "Micros") -> pa.Table:
    """Facts (schema FACTS) with the level each account holds by its proofs, where that is more than its record says.

    Raises StillwatchError where the store is down.
    """
    held = verification.VerificationDesk(tenant, office).holders(now)
    accounts = [name for name, one in held.items() if one.level > 0]
    if not accounts:
        return facts
    levels = pa.array([held[name].level for name in accounts], pa.uint8())
    shown = with_column(facts, "level", accounts, levels)
    higher = pc.max_element_wise(facts["level"], shown["level"])
    return shown.set_column(facts.schema.get_field_index("level"), facts.schema.field("level"), higher)
