"""Two values in one container, told apart by key, index, attribute or order."""

from stillwatch.codescan.measure.shapes import Shape

SHAPES = (
    Shape(
        "attributes",
        "$a = $Box()\n$a.left = $kept\n$a.right = $dropped\n$result = $a.left\n",
        "class $Box:\n    pass\n",
    ),
    Shape(
        "namespace",
        "from types import SimpleNamespace\n$a = SimpleNamespace(inner=$dropped, outer=$kept)\n$result = $a.outer\n",
    ),
    Shape(
        "deque",
        "from collections import deque\n$a = deque([$dropped, $kept])\n$a.popleft()\n$result = $a[0]\n",
    ),
    Shape(
        "rotated deque",
        "from collections import deque\n$a = deque(($kept, $dropped))\n$a.rotate(1)\n$result = $a[1]\n",
    ),
    Shape("starred", "$a, *$b = ($kept, $dropped, $dropped)\n$result = $a\n"),
    Shape("star in the middle", "$a, *$b, $c = [$dropped, 'between', $dropped, $kept]\n$result = $c\n"),
    Shape(
        "nested",
        "$a = {'rows': [{'text': $dropped}, {'text': $kept}]}\n$result = $a['rows'][1]['text']\n",
    ),
    Shape(
        "json",
        "import json\n$a = json.dumps({'first': $kept, 'second': $dropped})\n$result = json.loads($a)['first']\n",
    ),
    Shape("overwritten", "$a = {'entry': $dropped}\n$a['entry'] = $kept\n$result = $a['entry']\n"),
    Shape(
        "merged", "$a = {'entry': $dropped} | {'entry': $kept, 'other': $dropped}\n$result = $a['entry']\n"
    ),
    Shape(
        "unpacked into a dict",
        "$a = {'entry': $kept}\n$b = {**$a, 'other': $dropped}\n$result = $b['entry']\n",
    ),
    Shape(
        "popped", "$a = {'one': $dropped, 'two': $kept}\n$a.pop('one')\n$result = next(iter($a.values()))\n"
    ),
    Shape(
        "chain of maps",
        "from collections import ChainMap\n"
        "$a = ChainMap({'entry': $kept}, {'entry': $dropped})\n$result = $a['entry']\n",
    ),
    Shape(
        "named tuple",
        "$a = $Pair(near=$dropped, far=$kept)\n$result = $a.far\n",
        "from typing import NamedTuple\n\n\nclass $Pair(NamedTuple):\n    near: str\n    far: str\n",
    ),
    Shape(
        "replaced in a data class",
        "$a = $Record($dropped, $dropped)\n$b = replace($a, title=$kept)\n$result = $b.title\n",
        "from dataclasses import dataclass, replace\n\n\n@dataclass(frozen=True)\nclass $Record:\n    title: str\n    note: str\n",
    ),
    Shape("inserted", "$a = [$dropped]\n$a.insert(0, $kept)\n$result = $a[0]\n"),
    Shape("reversed", "$a = [$kept, 'middle', $dropped]\n$a.reverse()\n$result = $a[-1]\n"),
    Shape("sliced", "$a = ($dropped, $kept, $kept, $dropped)\n$result = $a[1:3][0]\n"),
    Shape(
        "zipped",
        "$a = {key: value for key, value in zip(('one', 'two'), ($kept, $dropped))}\n$result = $a['one']\n",
    ),
    Shape(
        "filtered pairs",
        "$a = [('x', $dropped), ('y', $kept)]\n$result = [value for key, value in $a if key == 'y'][0]\n",
    ),
    Shape("swapped", "$a, $b = $dropped, $kept\n$a, $b = $b, $a\n$result = $a\n"),
    Shape(
        "lists by default",
        "from collections import defaultdict\n$a = defaultdict(list)\n$a['dull'].append($dropped)\n"
        "$a['bright'].append($kept)\n$result = $a['bright'][0]\n",
    ),
    Shape(
        "set only if absent",
        "$a = {'entry': $kept}\n$a.setdefault('entry', $dropped)\n$result = $a['entry']\n",
    ),
    Shape(
        "queue",
        "from queue import SimpleQueue\n$a = SimpleQueue()\n$a.put($dropped)\n$a.put($kept)\n$a.get()\n$result = $a.get()\n",
    ),
    Shape(
        "context variable",
        "$K.set($dropped)\n$K.set($kept)\n$result = $K.get()\n",
        "from contextvars import ContextVar\n\n$K = ContextVar('$K', default='')\n",
    ),
    Shape(
        "deleted",
        "$a = [$dropped, $kept, $dropped]\ndel $a[0]\n$result = $a[0]\n",
    ),
    Shape(
        "alias of a list",
        "$a = [$dropped, 'second']\n$b = $a\n$b[0] = $kept\n$result = $a[0]\n",
    ),
    Shape(
        "copy of a dict",
        "$a = {'entry': $kept}\n$b = dict($a)\n$b['entry'] = $dropped\n$result = $a['entry']\n",
    ),
)
