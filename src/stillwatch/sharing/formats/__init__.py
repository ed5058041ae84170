"""Forms a shared finding leaves in: each file of this folder makes the files of one form from a recipient's view."""

from stillwatch.sharing.formats._projection.catalogue import catalogue
from stillwatch.sharing.formats._projection.interface import Form, projected
from stillwatch.sharing.formats._projection.stix.extension import ID as EXTENSION
from stillwatch.sharing.formats._projection.stix.releases import Release, releases
from stillwatch.sharing.formats._projection.stix.signed import (
    collection_files,
    verify_objects,
    with_signature,
)
from stillwatch.sharing.formats._reading.bundle import Limits, Received, read
from stillwatch.sharing.formats._reading.judge import judged

__all__ = [
    "EXTENSION",
    "Form",
    "Limits",
    "Received",
    "Release",
    "catalogue",
    "collection_files",
    "judged",
    "projected",
    "read",
    "releases",
    "verify_objects",
    "with_signature",
]
