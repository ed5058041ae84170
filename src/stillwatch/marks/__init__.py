"""Marks: what is put into answers and their identifiers so that a copy can be recognised, and the tests that recognise it."""
