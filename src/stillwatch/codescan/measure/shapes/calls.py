"""Functions between the value and its use."""

from stillwatch.codescan.measure.shapes import Shape

SHAPES = (
    Shape(
        "table of functions", "$a = {'one': lambda: $dropped, 'two': lambda: $kept}\n$result = $a['two']()\n"
    ),
    Shape(
        "closure",
        "$result = $f($kept, $dropped)()\n",
        "def $f($a, $b):\n    def $g():\n        return $a\n\n    return $g\n",
    ),
    Shape(
        "default argument", "def $f($a=$kept, $b=$dropped):\n    return $a\n\n\n$result = $f($b='given')\n"
    ),
    Shape("positional arguments", "$result = $f($dropped, $kept)\n", "def $f(*$a):\n    return $a[1]\n"),
    Shape(
        "keyword arguments",
        "$result = $f(left=$dropped, right=$kept)\n",
        "def $f(**$a):\n    return $a['right']\n",
    ),
    Shape(
        "partial",
        "from functools import partial\n$a = partial($f, $kept)\n$result = $a($dropped)\n",
        "def $f($a, $b):\n    return $a\n",
    ),
    Shape(
        "decorator",
        "$result = $f($kept, $dropped)\n",
        "from functools import wraps\n\n\ndef $g($b):\n    @wraps($b)\n    def $h(*$c):\n        return $b(*reversed($c))\n\n    return $h\n\n\n"
        "@$g\ndef $f($d, $e):\n    return $e\n",
    ),
    Shape(
        "generator",
        "$a = $f($dropped, $kept)\nnext($a)\n$result = next($a)\n",
        "def $f($b, $c):\n    yield $b\n    yield $c\n",
    ),
    Shape(
        "recursion",
        "$result = $f(3, $kept, $dropped)\n",
        "def $f($n, $b, $c):\n    if $n == 0:\n        return $b\n    return $f($n - 1, $b, $c)\n",
    ),
    Shape(
        "swapped by keyword",
        "$result = $f(second=$kept, first=$dropped)\n",
        "def $f(*, first, second):\n    return second\n",
    ),
    Shape(
        "nonlocal",
        "$a = $dropped\n\n\ndef $f():\n    nonlocal $a\n    $a = $kept\n\n\n$f()\n$result = $a\n",
    ),
    Shape("map", "$result = list(map(lambda $a: $a[1], [($dropped, $kept)]))[0]\n"),
    Shape(
        "filter",
        "$result = next(filter(lambda $a: $a[0] == 'use', [('leave', $dropped), ('use', $kept)]))[1]\n",
    ),
    Shape(
        "reduce",
        "from functools import reduce\n$result = reduce(lambda $a, $b: $b, [$dropped, $dropped, $kept])\n",
    ),
    Shape(
        "item getter",
        "from operator import itemgetter\n$result = itemgetter('want')({'want': $kept, 'leave': $dropped})\n",
    ),
    Shape(
        "callback",
        "$result = $f(lambda $a, $b: $a, $kept, $dropped)\n",
        "def $f($c, *$d):\n    return $c(*$d)\n",
    ),
    Shape(
        "context manager",
        "with $f($kept, $dropped) as $a:\n    $result = $a\n",
        "from contextlib import contextmanager\n\n\n@contextmanager\ndef $f($b, $c):\n    yield $b\n",
    ),
    Shape(
        "sent to a generator",
        "$a = $f()\nnext($a)\n$a.send($dropped)\n$result = $a.send($kept)\n",
        "def $f():\n    $b = ''\n    while True:\n        $b = yield $b\n",
    ),
    Shape(
        "returned pair",
        "$a, $b = $f($kept, $dropped)\n$result = $b\n",
        "def $f($c, $d):\n    return $d, $c\n",
    ),
    Shape(
        "changed argument",
        "$a = [$dropped]\n$f($a, $kept)\n$result = $a[0]\n",
        "def $f($b, $c):\n    $b[0] = $c\n",
    ),
    Shape(
        "function in another file",
        "$result = $f($dropped, $kept)\n",
        "from $module import $f\n",
        "def $f($a, $b):\n    $c = {'first': $a, 'second': $b}\n    return $c['second']\n",
    ),
    Shape(
        "setting of another file",
        "$result = $kept if $module.$K == 'plain' else $dropped\n",
        "import $module\n",
        "$K = 'plain'\n",
    ),
    Shape(
        "table in another file",
        "$result = $T['second']($kept, $dropped)\n",
        "from $module import $T\n",
        "def $f($a, $b):\n    return $b\n\n\ndef $g($a, $b):\n    return $a\n\n\n$T = {'first': $f, 'second': $g}\n",
    ),
)
