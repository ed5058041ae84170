"""Ways in which a Flask handler takes a parameter from its request; each sets `$given` to text."""

SOURCES = (
    "$given = request.args.get('$key', '')\n",
    "$given = request.form.get('$key', '')\n",
    "$given = request.values.get('$key', '')\n",
    "$given = request.headers.get('$key', '')\n",
    "$given = request.cookies.get('$key', '')\n",
    "$given = request.args['$key'] if '$key' in request.args else ''\n",
    "$given = ''\nif ($a := request.form.getlist('$key')):\n    $given = $a[0]\n",
    "$given = request.args.to_dict().get('$key') or ''\n",
    "$given = (request.get_json(silent=True) or {}).get('$key', '')\n",
    "from functools import partial\n$a = partial(request.args.get, '$key')\n$given = $a() or ''\n",
    "from operator import itemgetter\n$given = itemgetter('$key')(request.form) if '$key' in request.form else ''\n",
    "$given = next((value for name, value in request.args.items() if name == '$key'), '')\n",
    "def $a($b=request.args):\n    return $b.get('$key', '')\n\n\n$given = $a()\n",
    "$a = [request.cookies.get('$key')]\n$given = $a[0] if $a[0] is not None else ''\n",
    "$given = request.form.get(key='$key', default='')\n",
    "try:\n    $given = request.args['$key']\nexcept KeyError:\n    $given = ''\n",
)
