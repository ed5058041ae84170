"""Two branches, of which only one can be taken."""

from stillwatch.codescan.measure.shapes import Shape

SHAPES = (
    Shape(
        "match on a pair",
        "match (3, 'up'):\n    case (3, 'down'):\n        $result = $dropped\n    case (_, 'up'):\n        $result = $kept\n"
        "    case _:\n        $result = $dropped\n",
    ),
    Shape(
        "match on a mapping",
        "match {'kind': 'circle', 'size': 4}:\n    case {'kind': 'square'}:\n        $result = $dropped\n"
        "    case {'kind': 'circle', 'size': int()}:\n        $result = $kept\n    case _:\n        $result = $dropped\n",
    ),
    Shape(
        "match with a guard",
        "match len('seven'):\n    case $a if $a > 6:\n        $result = $dropped\n    case _:\n        $result = $kept\n",
    ),
    Shape(
        "while with else",
        "$a = 3\nwhile $a > 0:\n    $a -= 1\n    if $a == 7:\n        $result = $dropped\n        break\nelse:\n    $result = $kept\n",
    ),
    Shape(
        "for with else",
        "for $a in ('red', 'green'):\n    if $a == 'green':\n        $result = $kept\n        break\nelse:\n    $result = $dropped\n",
    ),
    Shape("short circuit", "$result = (len('abc') > 5 and $dropped) or $kept\n"),
    Shape("chained comparison", "$result = $dropped if 1 < len('four') < 3 else $kept\n"),
    Shape(
        "absent key",
        "try:\n    {'here': 1}['there']\n    $result = $dropped\nexcept KeyError:\n    $result = $kept\n",
    ),
    Shape(
        "no exception",
        "try:\n    $a = int('42')\nexcept ValueError:\n    $result = $dropped\nelse:\n    $result = $kept\n",
    ),
    Shape("finally", "try:\n    $result = $dropped\nfinally:\n    $result = $kept\n"),
    Shape(
        "early return",
        "def $f($a):\n    if $a.endswith('.csv'):\n        return $dropped\n    return $kept\n\n\n$result = $f('report.txt')\n",
    ),
    Shape(
        "suffix",
        "$a = 'report.txt'\nif $a.endswith('.txt'):\n    $result = $kept\nelse:\n    $result = $dropped\n",
    ),
    Shape("remainder", "$a = 13\n$result = $kept if $a * 7 % 10 == 1 else $dropped\n"),
    Shape(
        "all of a sequence", "$a = [2, 4, 6]\n$result = $kept if all(n % 2 == 0 for n in $a) else $dropped\n"
    ),
    Shape(
        "order of tuples",
        "if (1, 2, 'b') < (1, 3, 'a'):\n    $result = $kept\nelse:\n    $result = $dropped\n",
    ),
    Shape(
        "sum of a loop",
        "$a = 0\nfor $b in range(4):\n    $a += $b\nif $a == 6:\n    $result = $kept\nelse:\n    $result = $dropped\n",
    ),
    Shape(
        "enumeration",
        "$a = $Mode.STRICT\n$result = $dropped if $a is $Mode.LOOSE else $kept\n",
        "from enum import Enum\n\n\nclass $Mode(Enum):\n    STRICT = 'strict'\n    LOOSE = 'loose'\n",
    ),
    Shape(
        "flag in a dict",
        "$a = {'live': False, 'test': True}\nif $a['live']:\n    $result = $dropped\nelse:\n    $result = $kept\n",
    ),
    Shape("nothing given", "$a = None\n$result = $dropped if $a is not None else $kept\n"),
    Shape(
        "suppressed",
        "from contextlib import suppress\n$result = $kept\nwith suppress(ZeroDivisionError):\n    1 // 0\n    $result = $dropped\n",
    ),
    Shape(
        "continued",
        "$result = ''\nfor $a, $b in (('skip', $dropped), ('use', $kept)):\n    if $a == 'skip':\n        continue\n    $result = $b\n",
    ),
    Shape(
        "type",
        "$a = 3\nif isinstance($a, str):\n    $result = $dropped\nelif isinstance($a, int):\n    $result = $kept\nelse:\n    $result = $dropped\n",
    ),
    Shape(
        "walrus",
        "if ($a := len('velvet')) > 5 and $a % 2 == 0:\n    $result = $kept\nelse:\n    $result = $dropped\n",
    ),
    Shape("index by a truth", "$result = ($dropped, $kept)['a' in 'walnut']\n"),
    Shape(
        "constant of the module",
        "$result = $kept if $K >= 4 else $dropped\n",
        "$K = 2 + 3\n",
    ),
    Shape(
        "several strings",
        "$a = 'blue'\nif $a in ('red', 'green') or not $a.islower():\n    $result = $dropped\nelse:\n    $result = $kept\n",
    ),
    Shape(
        "nested",
        "$a, $b = 4, 'x'\nif $a > 3:\n    if $b == 'y':\n        $result = $dropped\n    else:\n        $result = $kept\nelse:\n    $result = $dropped\n",
    ),
)
