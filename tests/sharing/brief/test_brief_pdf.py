"""The PDF: two pages and an annex, tagged, marked on every page, and nothing fetched."""

import io

import pytest

try:
    pytest.importorskip("weasyprint", reason="the extra `brief` is not installed")
except OSError as missing:
    pytest.skip(f"Pango is not installed: {missing}", allow_module_level=True)
pypdf = pytest.importorskip("pypdf")

from brief_composed import campaign, compose, material_of, stated  # noqa: E402

from stillwatch.sharing import brief  # noqa: E402
from stillwatch.sharing.brief.statement import Statement  # noqa: E402


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    found = [campaign(number, 12, "x") for number in range(1, 11)]
    out = compose(tmp_path_factory.mktemp("run"), campaigns=found)
    statement = Statement(beneficiary=[stated()], provider=[stated()])
    page = brief.page(material_of(out, statement=statement), brief.AUDIENCES["authority"])
    return pypdf.PdfReader(io.BytesIO(brief.pdf(page)))


def test_two_pages_come_before_the_annex(written):
    texts = [page.extract_text() for page in written.pages]
    annex = next(number for number, text in enumerate(texts) if "Annex" in text)
    assert annex <= 2
    assert all("TLP:RED" in text for text in texts)


def test_the_pdf_is_tagged_and_says_its_language(written):
    root = written.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_nothing_is_fetched(tmp_path):
    (tmp_path / "secret.css").write_text("body { color: red }")
    link = f'<link rel="stylesheet" href="{(tmp_path / "secret.css").as_uri()}">'
    assert brief.pdf(f"<html lang=en><head><title>t</title>{link}</head><body><h1>a</h1></body></html>")
