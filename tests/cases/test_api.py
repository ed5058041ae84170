"""What the room offers can be reached by its name."""

from pkgutil import iter_modules

from stillwatch import cases
from stillwatch.cases import api


def test_no_module_hides_a_name():
    assert not {module.name for module in iter_modules(cases.__path__)} & set(api.__all__)


def test_every_name_is_reached_from_the_room():
    assert all(getattr(cases, name) is getattr(api, name) for name in api.__all__)
