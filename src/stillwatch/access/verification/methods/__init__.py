"""Ways to prove something: each file of this folder is one method, and says what it shows and what it cannot."""

from stillwatch.access.verification.methods._proving.catalogue import catalogue
from stillwatch.access.verification.methods._proving.interface import (
    Answering,
    Asking,
    Begun,
    Given,
    Method,
    NewKey,
    Opening,
)

__all__ = ["Answering", "Asking", "Begun", "Given", "Method", "NewKey", "Opening", "catalogue"]
