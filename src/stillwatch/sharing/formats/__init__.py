"""Forms a shared finding leaves in: each file of this folder makes the files of one form from a recipient's view."""

from stillwatch.sharing.formats._projection.catalogue import catalogue
from stillwatch.sharing.formats._projection.interface import Form, projected
from stillwatch.sharing.formats._projection.stix.signed import (
    collection_files,
    verify_objects,
    with_signature,
)
from stillwatch.sharing.formats._reading.bundle import Limits, Received, read

__all__ = [
    "Form",
    "Limits",
    "Received",
    "catalogue",
    "collection_files",
    "projected",
    "read",
    "verify_objects",
    "with_signature",
]
