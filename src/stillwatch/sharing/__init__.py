"""Findings that leave: one model, many forms, and what may leave to whom."""
