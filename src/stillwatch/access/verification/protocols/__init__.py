"""The protocols by which things are shown: pure functions of what was sent, keys and the time."""
