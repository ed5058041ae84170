"""`ID.stix.json`: a STIX 2.1 bundle, for threat intelligence platforms and TAXII collections.

Carries: the campaign with the extension *Extraction campaign* (figures with their queries, capability mix, model
switches, compute interval, sketches, tokens, mark evidence), the operator as an intrusion set and the provider of the
accounts as a threat actor of their own, the network of accounts as infrastructure, accounts as tokens, indicators as
STIX patterns and Sigma rules with the harm to others and the most to be done, ATLAS techniques, a sighting, an opinion,
notes, courses of action and a report; all marked with TLP 2.0.
Holds: ids follow from the finding and the recipient, so that a later release is a new version of the same objects. A
revoked view is the same objects with `revoked`.
Cannot say: likeness of texts; STIX patterns have no words for it. That is in the extension.
"""

import json

from stillwatch.sharing.finding.view import View
from stillwatch.sharing.formats._projection.interface import Form
from stillwatch.sharing.formats._projection.names import slug
from stillwatch.sharing.formats._projection.stix.bundle import bundle


def files(view: View) -> dict[str, bytes]:
    text = json.dumps(bundle(view), indent=1, allow_nan=False)
    return {f"{slug(view)}.stix.json": text.encode() + b"\n"}


FORM = Form(files)
