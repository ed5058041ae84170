"""Who sends: the name and version that formats state."""

from importlib.metadata import version

VENDOR = "Stillwatch"
NAME = "stillwatch"
VERSION = version(NAME)
