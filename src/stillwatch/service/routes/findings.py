"""The files of the latest conclusion of the watch."""

from http import HTTPStatus
from pathlib import Path

from starlette.responses import FileResponse, Response

from stillwatch.service.operation import Asked, Media, Nothing, Operation
from stillwatch.service.problem import Refused

CAMPAIGNS = Media("application/json", "`campaigns.json` of the output contract")
REPORT = Media("text/html", "`report.html`: one page that needs no other file")
ALONE = "sandbox allow-scripts allow-downloads; frame-ancestors 'none'"  # beside what the page allows itself


def campaigns(asked: Asked[Nothing, None]) -> Response:
    return _file(asked.home.out / "campaigns.json", CAMPAIGNS, {})


def report(asked: Asked[Nothing, None]) -> Response:
    return _file(asked.home.out / "report.html", REPORT, {"content-security-policy": ALONE})


def _file(path: Path, media: Media, headers: dict[str, str]) -> Response:
    if not path.is_file():
        raise Refused(HTTPStatus.NOT_FOUND, "the watch has not come to a conclusion yet")
    return FileResponse(path, media_type=media.content_type, headers=headers)


OPERATIONS = [
    Operation(
        name="get_findings",
        method="GET",
        path="/findings/campaigns.json",
        scope="read",
        summary="The latest findings, for programs",
        run=campaigns,
        answer=CAMPAIGNS,
    ),
    Operation(
        name="get_report",
        method="GET",
        path="/findings/report.html",
        scope="read",
        summary="The latest findings, for people",
        run=report,
        answer=REPORT,
    ),
]
