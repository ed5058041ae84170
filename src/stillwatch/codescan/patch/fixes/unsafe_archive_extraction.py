"""Archives: `filter="data"` has what leads out of the folder refused. It is there from Python 3.12 on, and in late versions of 3.8 to 3.11."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site, with_keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "unsafe-archive-extraction"
TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")


def edits(site: Site) -> Iterator[Edit]:
    """Have the library look at the names."""
    if site.finding.sink == "shutil.unpack_archive" and not _is_tar(site):
        raise NoFix("whether it is a kind of archive that takes a filter is not seen")
    edit = Edit("what leads out of the folder is refused")
    edit.replaced[site.call] = with_keyword(site.call, "filter", '"data"')
    yield edit


def _is_tar(site: Site) -> bool:
    """Whether the call says that it unpacks a tar archive; others take no filter."""
    kind, name = site.argument(2, "format"), site.argument(0, "filename")
    if kind is not None:
        return isinstance(kind.value, cst.SimpleString) and "tar" in str(kind.value.evaluated_value)
    return (
        name is not None
        and isinstance(name.value, cst.SimpleString)
        and str(name.value.evaluated_value).endswith(TAR)
    )


EXAMPLES = [
    (
        """
import tarfile
from flask import Flask, request

app = Flask(__name__)

@app.route("/upload", methods=["POST"])
def upload():
    with tarfile.open(fileobj=request.files["data"]) as archive:
        archive.extractall("/srv/uploads")
    return {"done": True}
""",
        """
import tarfile
from flask import Flask, request

app = Flask(__name__)

@app.route("/upload", methods=["POST"])
def upload():
    with tarfile.open(fileobj=request.files["data"]) as archive:
        archive.extractall("/srv/uploads", filter="data")
    return {"done": True}
""",
    ),
]
