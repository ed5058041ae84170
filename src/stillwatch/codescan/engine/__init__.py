"""Abstract interpretation: what values and whose data can stand where, over all branches that can be taken.

A value is a constant where it can be known and a shape where not, and carries the taints of the inputs it was made
from. Given constants, the same interpreter runs a program as Python would; that is how a payload is followed.
"""
