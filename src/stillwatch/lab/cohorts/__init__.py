"""Benign groups that look like campaigns in all but one respect; one file a cohort."""
