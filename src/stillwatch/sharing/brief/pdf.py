"""The brief as a tagged PDF (PDF/UA-1), made from the same page. Needs the extra `brief`."""

from stillwatch.records import InvalidConfiguration

VARIANT = "pdf/ua-1"


def pdf(page: str) -> bytes:
    """The page as PDF; nothing is fetched for it. Raises InvalidConfiguration where WeasyPrint cannot run."""
    try:
        from weasyprint import HTML  # noqa: PLC0415 - takes a second, and is needed for this form only
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise InvalidConfiguration(
            f"a brief as PDF needs the package {missing.name}: pip install 'stillwatch[brief]'; HTML needs none"
        ) from missing
    except OSError as missing:  # Pango is a library of the system
        raise InvalidConfiguration(
            f"a brief as PDF needs Pango, which this system lacks ({missing}); HTML needs nothing"
        ) from missing
    fetcher = URLFetcher(allowed_protocols=())
    written: bytes = HTML(string=page, url_fetcher=fetcher).write_pdf(pdf_variant=VARIANT)
    return written
