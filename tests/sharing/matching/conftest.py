"""One group for the tests that change nothing of it: dealing takes a moment."""

import pytest
from group_of_members import Group


@pytest.fixture(scope="session")
def group():
    return Group()
