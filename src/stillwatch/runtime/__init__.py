"""Replay and watch: the same loop with another clock."""

from stillwatch.runtime.replay import detect

__all__ = ["detect"]
