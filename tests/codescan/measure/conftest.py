import pytest

from stillwatch.codescan.measure.errors import CannotRun
from stillwatch.codescan.measure.running.observe import Interpreter


@pytest.fixture(scope="session")
def python():
    """This interpreter, if it has what cases import."""
    try:
        return Interpreter.checked(None)
    except CannotRun as error:
        pytest.skip(str(error))
