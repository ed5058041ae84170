"""Data is followed through values as Python moves it: each shape with its harmless twin."""

import pytest

SHAPES = {
    "a variable": ("x = given\neval(x)", "x = given\nx = '1'\neval(x)"),
    "a branch on constants": ("x = given if 3 * 7 > 20 else '1'\neval(x)", "x = '1' if 3 * 7 > 20 else given\neval(x)"),
    "a list": ("x = ['1', given, '2']\nx.pop(0)\neval(x[0])", "x = ['1', given, '2']\nx.pop(0)\neval(x[1])"),
    "a mapping": ("x = {'a': '1'}\nx['b'] = given\neval(x['b'])", "x = {'a': '1'}\nx['b'] = given\neval(x['a'])"),
    "a nested mapping": (
        "x = {'a': {'b': given, 'c': '1'}}\neval(x['a']['b'])",
        "x = {'a': {'b': given, 'c': '1'}}\neval(x['a']['c'])",
    ),
    "an alias": ("x = []\ny = x\ny.append(given)\neval(x[0])", "x = ['1']\ny = list(x)\ny.append(given)\neval(x[0])"),
    "unpacking": ("a, *b = given, '1', '2'\neval(a)", "a, *b = given, '1', '2'\neval(b[0])"),
    "a comprehension": ("eval([x for x in (given,)][0])", "eval([y for x, y in ((given, '1'),)][0])"),
    "a match": (
        "match 'abc'[1]:\n    case 'b':\n        x = given\n    case _:\n        x = '1'\neval(x)",
        "match 'abc'[2]:\n    case 'b':\n        x = given\n    case _:\n        x = '1'\neval(x)",
    ),
    "a loop": (
        "x = ''\nfor part in ('1', given):\n    x = part\neval(x)",
        "x = ''\nfor part in (given, '1'):\n    x = part\neval(x)",
    ),
    "a while loop": (
        "n = 0\nx = '1'\nwhile n < 3:\n    n += 1\n    x = given if n == 3 else '1'\neval(x)",
        "n = 0\nx = given\nwhile n < 3:\n    n += 1\n    x = given if n == 1 else '1'\neval(x)",
    ),
    "an exception": (
        "try:\n    raise ValueError('a')\nexcept ValueError:\n    x = given\neval(x)",
        "try:\n    x = '1'\nexcept ValueError:\n    x = given\neval(x)",
    ),
    "finally": (
        "try:\n    x = '1'\nfinally:\n    x = given\neval(x)",
        "try:\n    x = given\nfinally:\n    x = '1'\neval(x)",
    ),
    "a closure": (
        "def make(value):\n    return lambda: value\neval(make(given)())",
        "def make(value):\n    return lambda: '1'\neval(make(given)())",
    ),
    "nonlocal": (
        "x = '1'\ndef change():\n    nonlocal x\n    x = given\nchange()\neval(x)",
        "x = '1'\ndef change():\n    x = given\nchange()\neval(x)",
    ),
    "keywords": (
        "def take(a, *, b='1', **rest):\n    return rest['c']\neval(take('1', b='2', c=given))",
        "def take(a, *, b='1', **rest):\n    return b\neval(take(given, c=given))",
    ),
    "a generator": (
        "def each():\n    yield '1'\n    yield given\neval(list(each())[1])",
        "def each():\n    yield '1'\n    yield given\neval(list(each())[0])",
    ),
    "a partial": (
        "from functools import partial\ntake = partial(lambda a, b: b, '1')\neval(take(given))",
        "from functools import partial\ntake = partial(lambda a, b: a, '1')\neval(take(given))",
    ),
    "a decorator": (
        "def twice(f):\n    def inner(x):\n        return f(x)\n    return inner\n@twice\ndef same(x):\n    return x\neval(same(given))",
        "def none(f):\n    def inner(x):\n        return '1'\n    return inner\n@none\ndef same(x):\n    return x\neval(same(given))",
    ),
    "text pieces": ("eval('1' + given[0:40] + '2')", "x = 'abc' + given\neval(x[:3])"),
    "coding there and back": (
        "import base64\neval(base64.b64decode(base64.b64encode(given.encode())).decode())",
        "import base64\neval(base64.b64decode(base64.b64encode(b'1')).decode())",
    ),
    "a number": ("eval(f'{given}')", "eval(f'{int(given)}')"),
    "a short circuit": ("x = '' or given\neval(x)", "x = '1' or given\neval(x)"),
    "an allowed list": ("if given:\n    eval(given)", "if given in ('1', '2'):\n    eval(given)"),
    "configuration": (
        "import configparser\nc = configparser.ConfigParser()\nc.add_section('s')\nc.set('s', 'a', given)\nc.set('s', 'b', '1')\neval(c.get('s', 'a'))",
        "import configparser\nc = configparser.ConfigParser()\nc.add_section('s')\nc.set('s', 'a', given)\nc.set('s', 'b', '1')\neval(c.get('s', 'b'))",
    ),
    "a named tuple": (
        "from collections import namedtuple\nP = namedtuple('P', 'a b')\neval(P(given, '1').a)",
        "from collections import namedtuple\nP = namedtuple('P', 'a b')\na, b = P(given, '1')\neval(b)",
    ),
    "a member of an enumeration": (
        "import enum\nclass E(enum.Enum):\n    A = given\neval(E['A'].value)",
        "import enum\nclass E(enum.Enum):\n    A = '1'\neval(E(given).value)",
    ),
    "a setter": (
        "class P:\n    @property\n    def v(self):\n        return self.w\n    @v.setter\n    def v(self, x):\n        self.w = x\np = P()\np.v = given\neval(p.v)",
        "class P:\n    @property\n    def v(self):\n        return self.w\n    @v.setter\n    def v(self, x):\n        self.w = '1'\np = P()\np.v = given\neval(p.v)",
    ),
    "a value sent into a generator": (
        "def work():\n    while True:\n        x = yield\n        eval(x)\nw = work()\nnext(w)\nw.send(given)",
        "def work():\n    while True:\n        x = yield\n        eval('1')\nw = work()\nnext(w)\nw.send(given)",
    ),
    "a metaclass": (
        "seen = {}\nclass M(type):\n    def __new__(m, name, bases, held):\n        made = super().__new__(m, name, bases, held)\n        seen[name] = made\n        return made\nclass A(metaclass=M):\n    def run(self, x):\n        eval(x)\nseen['A']().run(given)",
        "seen = {}\nclass M(type):\n    def __new__(m, name, bases, held):\n        made = super().__new__(m, name, bases, held)\n        seen[name] = made\n        return made\nclass A(metaclass=M):\n    def run(self, x):\n        eval('1')\nseen['A']().run(given)",
    ),
    "single dispatch": (
        "from functools import singledispatch\n@singledispatch\ndef run(x):\n    pass\n@run.register\ndef _(x: str):\n    eval(x)\nrun(given)",
        "from functools import singledispatch\n@singledispatch\ndef run(x):\n    pass\n@run.register\ndef _(x: str):\n    eval('1')\nrun(given)",
    ),
    "an attribute that is made up": (
        "class B:\n    def __init__(self, d):\n        self.d = d\n    def __getattr__(self, n):\n        return self.d[n]\neval(B({'a': given, 'b': '1'}).a)",
        "class B:\n    def __init__(self, d):\n        self.d = d\n    def __getattr__(self, n):\n        return self.d[n]\neval(B({'a': given, 'b': '1'}).b)",
    ),
    "a reflected operator": (
        "class C:\n    def __radd__(self, o):\n        return o\neval(given + C())",
        "class C:\n    def __radd__(self, o):\n        return '1'\neval(given + C())",
    ),
    "what an exception carries": (
        "try:\n    raise ValueError(given, '1')\nexcept ValueError as e:\n    eval(e.args[0])",
        "try:\n    raise ValueError(given, '1')\nexcept ValueError as e:\n    eval(e.args[1])",
    ),
    "a heap": (
        "import heapq\nh = []\nheapq.heappush(h, (1, '1'))\nheapq.heappush(h, (2, given))\nheapq.heappop(h)\neval(heapq.heappop(h)[1])",
        "import heapq\nh = []\nheapq.heappush(h, (1, '1'))\nheapq.heappush(h, (2, given))\neval(heapq.heappop(h)[1])",
    ),
    "a mapping that fills itself": (
        "from collections import defaultdict\nd = defaultdict(list)\nd['a'].append(given)\nd['b'].append('1')\neval(d['a'][0])",
        "from collections import defaultdict\nd = defaultdict(list)\nd['a'].append(given)\nd['b'].append('1')\neval(d['b'][0])",
    ),
    "fields as a mapping": (
        "from dataclasses import asdict, dataclass\n@dataclass\nclass P:\n    a: str\n    b: str\neval(asdict(P(given, '1'))['a'])",
        "from dataclasses import asdict, dataclass\n@dataclass\nclass P:\n    a: str\n    b: str\neval(asdict(P(given, '1'))['b'])",
    ),
    "numbers in bytes": (
        "import struct\nn, s = struct.unpack('>I8s', given.encode())\neval(s)",
        "import struct\nn, s = struct.unpack('>I8s', given.encode())\neval(str(n))",
    ),
    "the exit of a context": (
        "class C:\n    x = '1'\n    def __enter__(self):\n        return self\n    def __exit__(self, *a):\n        eval(self.x)\nwith C() as c:\n    c.x = given",
        "class C:\n    x = '1'\n    def __enter__(self):\n        return self\n    def __exit__(self, *a):\n        eval(self.x)\nwith C() as c:\n    c.y = given",
    ),
    "an attribute of a function": (
        "def run():\n    eval(run.x)\nrun.x = given\nrun()",
        "def run():\n    eval(run.x)\nrun.x = '1'\nrun()",
    ),
    "a method called by its class": (
        "eval(str.strip(given))",
        "eval(''.join(filter(str.isalnum, given)))",
    ),
    "a queue": (
        "import queue\nq = queue.Queue()\nq.put('1')\nq.put(given)\nq.get()\neval(q.get())",
        "import queue\nq = queue.Queue()\nq.put('1')\nq.put(given)\neval(q.get())",
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_data_is_found_where_it_goes(shape, reaches):
    assert reaches(SHAPES[shape][0])


@pytest.mark.parametrize("shape", SHAPES)
def test_and_not_where_it_does_not(shape, reaches):
    assert not reaches(SHAPES[shape][1])


CLASSES = """
class Base:
    def __init__(self, value):
        self.value = value
        self.other = '1'

    @property
    def shown(self):
        return self.value

    @staticmethod
    def same(value):
        return value

    @classmethod
    def made(cls, value):
        return cls(value)

    def pick(self):
        return self.other


class Derived(Base):
    def pick(self):
        return super().pick() if self.value == 'never' else self.value
"""


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("eval(Base(given).value)", True),
        ("eval(Base(given).other)", False),
        ("eval(Base(given).shown)", True),
        ("eval(Base.same(given))", True),
        ("eval(Base.made(given).value)", True),
        ("eval(Base(given).pick())", False),
        ("eval(Derived(given).pick())", True),
        ("b = Base('1')\nb.value = given\neval(b.shown)", True),
        ("b = Base(given)\nb.value = '1'\neval(b.shown)", False),
        ("eval(getattr(Base(given), 'val' + 'ue'))", True),
        ("eval(getattr(Base(given), 'oth' + 'er'))", False),
    ],
)
def test_classes(code, found, reaches):
    assert reaches(code, before=CLASSES) is found


def test_other_files(findings):
    files = {
        "app.py": "from flask import request\nfrom parts import choose\n\ndef handler():\n    eval(choose(request.args['q'], '1'))\n",
        "parts/__init__.py": "from .inner import second as choose\n",
        "parts/inner.py": "def first(a, b):\n    return a\n\ndef second(a, b):\n    return b\n",
    }
    assert not findings(files)
    files["parts/__init__.py"] = "from .inner import first as choose\n"
    (found,) = findings(files)
    assert found.location.path == "app.py"
    assert [step.location.path for step in found.trace][:1] == ["app.py"]


def test_modules_that_import_each_other(findings):
    files = {
        "a.py": "import b\nfrom flask import request\n\ndef same(x):\n    return b.again(x)\n\ndef handler():\n    eval(same(request.args['q']))\n",
        "b.py": "import a\n\ndef again(x):\n    return x\n",
    }
    assert [finding.rule for finding in findings(files)] == ["code-injection"]


def test_a_condition_may_make_objects(reaches):
    assert reaches("while [part for part in given.split(',')]:\n    eval(given)\n    break")
