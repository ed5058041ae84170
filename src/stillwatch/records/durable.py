"""Files that are there after a power failure: synced before they get their name, and their directory after."""

import os
from pathlib import Path


def replace(partial: Path, path: Path) -> None:
    """Put a file that is written in place of another, so that either the old one or the whole new one is found.

    Raises OSError.
    """
    descriptor = os.open(partial, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    partial.rename(path)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
