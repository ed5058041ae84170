"""A teacher, a student that learns from its exchanges, and what each counter-measure changes for both and for customers."""
