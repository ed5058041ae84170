"""The clauses, a file for each part of the standard."""
