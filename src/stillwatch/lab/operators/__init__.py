"""Simulated distillation operators, told by the public cases; one file an operator."""
