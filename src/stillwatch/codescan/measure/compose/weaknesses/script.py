"""Pages that show a sender's text as markup."""

from stillwatch.codescan.measure.compose.weaknesses import Weakness
from stillwatch.codescan.measure.running.observe import Seen
from stillwatch.codescan.measure.running.payloads import CANARY


def shown(seen: Seen) -> bool:
    return seen.content_type.startswith("text/html") and f"<script>{CANARY}" in seen.body


WEAKNESS = Weakness(
    "xss",
    79,
    (
        "answer = f'<p>{$value}</p>'\n",
        "answer = '<p>' + $value + '</p>'\n",
        "from markupsafe import Markup\nanswer = str(Markup('<b>{}</b>'.format($value)))\n",
        "from flask import render_template_string\nanswer = render_template_string('<p>{{ text | safe }}</p>', text=$value)\n",
        "from flask import make_response\nanswer = make_response('<p>%s</p>' % $value)\n",
    ),
    (
        "import html\nanswer = '<p>' + html.escape($value) + '</p>'\n",
        "from markupsafe import escape\nanswer = f'<p>{escape($value)}</p>'\n",
        "from flask import render_template_string\nanswer = render_template_string('<p>{{ text }}</p>', text=$value)\n",
        "from flask import Response\nanswer = Response($value, mimetype='text/plain')\n",
        "from flask import jsonify\nanswer = jsonify(text=$value)\n",
    ),
    shown,
)
