"""Queries of XML, made of a sender's text."""

from stillwatch.codescan.measure.compose.weaknesses import Weakness
from stillwatch.codescan.measure.running.observe import Seen

_TREE = 'from lxml import etree\ntree = etree.XML(\'<users><user name="ada"/><user name="bob"/></users>\')\n'
_TELL = "answer = f'found {len(found)}'\n"


def shown(seen: Seen) -> bool:
    """Whether everybody was found though one was asked for."""
    return seen.body == "found 2"


WEAKNESS = Weakness(
    "xpathi",
    643,
    (
        _TREE + "found = tree.xpath(f\"//user[@name='{$value}']\")\n" + _TELL,
        _TREE + 'query = etree.XPath("//user[@name=\'" + $value + "\']")\nfound = query(tree)\n' + _TELL,
        _TREE + "found = tree.xpath(\"//user[@name='%s']\" % $value)\n" + _TELL,
    ),
    (
        _TREE + "found = tree.xpath('//user[@name=$$name]', name=$value)\n" + _TELL,
        _TREE + "found = etree.XPath('//user[@name=$$name]')(tree, name=$value)\n" + _TELL,
        _TREE + "found = [user for user in tree.iter('user') if user.get('name') == $value]\n" + _TELL,
    ),
    shown,
)
