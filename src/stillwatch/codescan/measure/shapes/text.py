"""Text that is taken apart, put together or carried in another form."""

from stillwatch.codescan.measure.shapes import Shape

SHAPES = (
    Shape(
        "hexadecimal",
        "$a = $kept.encode().hex()\n$b = $dropped.encode().hex()\n$result = bytes.fromhex($a).decode()\n",
    ),
    Shape(
        "base 85",
        "import base64\n$a = base64.b85encode($kept.encode())\n$b = $dropped\n$result = base64.b85decode($a).decode()\n",
    ),
    Shape(
        "quoted for a URL",
        "from urllib.parse import quote, unquote\n$a = [quote($dropped), quote($kept)]\n$result = unquote($a[1])\n",
    ),
    Shape("cut at a length", "$a = $dropped + $kept\n$result = $a[len($dropped):]\n"),
    Shape(
        "cut at the end", "$a = $kept + '::' + 'closing'\n$b = $dropped\n$result = $a[:-len('::closing')]\n"
    ),
    Shape("turned twice", "$a = $kept[::-1]\n$b = $dropped[::-1]\n$result = $a[::-1]\n"),
    Shape(
        "placeholder",
        "$a = '{slot}'\n$b = $a.replace('{slot}', $kept)\n$c = $a.replace('{slot}', $dropped)\n$result = $b\n",
    ),
    Shape("formatted", "$a = '{1}'.format($dropped, $kept)\n$result = $a\n"),
    Shape("per cent", "$a = '%(use)s' % {'use': $kept, 'leave': $dropped}\n$result = $a\n"),
    Shape(
        "template",
        "from string import Template\n$a = Template('$${use}')\n$result = $a.substitute(use=$kept, leave=$dropped)\n",
    ),
    Shape(
        "in memory",
        "import io\n$a = io.StringIO()\n$a.write($kept)\n$b = io.StringIO($dropped)\n$result = $a.getvalue()\n",
    ),
    Shape(
        "prefix removed",
        "$a = 'prefix-' + $kept\n$b = 'prefix-' + $dropped\n$result = $a.removeprefix('prefix-')\n",
    ),
    Shape("joined characters", "$a = [$dropped, ''.join(list($kept))]\n$result = ''.join($a[1:])\n"),
    Shape("split at a mark", "$a = '\\x1f'.join(($dropped, $kept))\n$result = $a.split('\\x1f')[1]\n"),
    Shape(
        "partitioned", "$a = $kept + '\\x1e' + $dropped\n$b, $c, $d = $a.partition('\\x1e')\n$result = $b\n"
    ),
    Shape(
        "rotated twice",
        "import codecs\n$a = codecs.encode($kept, 'rot13')\n$b = codecs.encode($dropped, 'rot13')\n$result = codecs.decode($a, 'rot13')\n",
    ),
    Shape(
        "compressed",
        "import zlib\n$a = zlib.compress($kept.encode())\n$b = zlib.compress($dropped.encode())\n$result = zlib.decompress($a).decode()\n",
    ),
    Shape("f-string", "$a = f'{$kept}'\n$b = f'{$dropped}'\n$result = $a\n"),
)
