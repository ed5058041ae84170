"""Everything the room offers, in one place."""

from stillwatch.sharing.taxii.application import Exchange, taxii_app
from stillwatch.sharing.taxii.entrance import Certificates
from stillwatch.sharing.taxii.exchanging import Pulled, Pushed, pull, push, withdraw
from stillwatch.sharing.taxii.levels import LABELS, Level, stated_level
from stillwatch.sharing.taxii.limits import Limits
from stillwatch.sharing.taxii.partners import (
    Partner,
    Shelf,
    add_collection,
    grant,
    house_shelf,
    list_shelves,
    set_partner,
)
from stillwatch.sharing.taxii.peer import Patience, Peer, PeerGone, PeerRefused
from stillwatch.sharing.taxii.received import Held, Received
from stillwatch.sharing.taxii.release import Release, Shown, by_level
from stillwatch.sharing.taxii.schema import prepare
from stillwatch.sharing.taxii.writing import add, delete

__all__ = [
    "LABELS",
    "Certificates",
    "Exchange",
    "Held",
    "Level",
    "Limits",
    "Partner",
    "Patience",
    "Peer",
    "PeerGone",
    "PeerRefused",
    "Pulled",
    "Pushed",
    "Received",
    "Release",
    "Shelf",
    "Shown",
    "add",
    "add_collection",
    "by_level",
    "delete",
    "grant",
    "house_shelf",
    "list_shelves",
    "prepare",
    "pull",
    "push",
    "set_partner",
    "stated_level",
    "taxii_app",
    "withdraw",
]
