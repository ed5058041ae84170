"""The wire formats of a small model provider: one script of an answer, whole and streamed, in each."""
