"""The parts of a MISP event."""
