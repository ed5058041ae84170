"""Stillwatch finds industrial distillation campaigns in the traffic of a language-model API."""

from importlib.metadata import version

__version__ = version("stillwatch")
