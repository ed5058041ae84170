"""What is asked for: filters, limits and pages."""

from datetime import datetime, timedelta

from stillwatch.lab.conformance.clause import Clause, hold, same
from stillwatch.lab.conformance.target import STAMPS, Json, Target

BAD_REQUEST = 400
LIMIT = 4
EVERY = {"match[version]": "all"}


def _ids(objects: list[Json]) -> list[str]:
    return sorted(one["id"] for one in objects)


def _stamps(target: Target, versions: str) -> list[str]:
    asked = {"match[id]": target.versions[0]["id"], "match[version]": versions}
    return sorted(one["modified"] for one in target.objects(asked))


def added_after(target: Target) -> None:
    records = target.page("manifest/", target.ours)[0]["objects"]
    middle = sorted(one["date_added"] for one in records)[len(records) // 2]
    wanted = sorted(one["id"] for one in records if one["date_added"] > middle)
    same(_ids(target.objects(target.ours | {"added_after": middle})), wanted, "what was added after")


def added_after_all(target: Target) -> None:
    last = target.page("manifest/", target.ours)[1]["x-taxii-date-added-last"]
    same(target.objects(target.ours | {"added_after": last}), [], "what was added after the last")
    before = datetime.fromisoformat(last) - timedelta(microseconds=1)
    found = target.objects(target.ours | {"added_after": f"{before:%Y-%m-%dT%H:%M:%S.%f}Z"})
    hold(found, "what was added a microsecond later is left out")


def added_after_manifest(target: Target) -> None:
    first = target.page("manifest/", target.ours)[1]["x-taxii-date-added-first"]
    told = target.page("manifest/", target.ours | {"added_after": first})[0].get("objects", [])
    hold(all(one["date_added"] > first for one in told), "an entry was added no later")


def oldest_first(target: Target) -> None:
    every = target.page("manifest/", target.ours)[0]["objects"]
    body, headers = target.page("objects/", target.ours | {"limit": "1"})
    same(len(body["objects"]), 1, "the number of objects")
    told = headers.get("x-taxii-date-added-first")
    same(told, min(one["date_added"] for one in every), "the time of adding of the first object")


def bad_added_after(target: Target) -> None:
    for text in ("yesterday", "2026-13-01T00:00:00Z"):
        same(
            target.get(f"{target.place}objects/", {"added_after": text}).status_code,
            BAD_REQUEST,
            f"the status for {text}",
        )


def match_id(target: Target) -> None:
    one = target.singles[0]
    same(target.objects({"match[id]": one["id"]}), [one], "what matches the id")


def match_type(target: Target) -> None:
    found = target.objects(target.ours | {"match[type]": "campaign"})
    same(found, [target.versions[-1]], "what matches the type")


def match_several(target: Target) -> None:
    wanted = target.singles[:3]
    found = target.objects({"match[id]": ",".join(one["id"] for one in wanted)})
    same(_ids(found), _ids(wanted), "what matches either")


def match_both(target: Target) -> None:
    asked = {"match[id]": f"{target.singles[0]['id']},{target.versions[0]['id']}", "match[type]": "campaign"}
    same(_ids(target.objects(asked)), [target.versions[0]["id"]], "what matches both")


def version_default(target: Target) -> None:
    found = target.objects({"match[id]": target.versions[0]["id"]})
    same([one["modified"] for one in found], [STAMPS[-1]], "the version without a filter")


def version_last(target: Target) -> None:
    same(_stamps(target, "last"), [STAMPS[-1]], "the last version")


def version_first(target: Target) -> None:
    same(_stamps(target, "first"), [STAMPS[0]], "the first version")


def version_all(target: Target) -> None:
    same(_stamps(target, "all"), list(STAMPS), "all versions")


def version_value(target: Target) -> None:
    same(_stamps(target, STAMPS[1]), [STAMPS[1]], "the version that is named")


def version_several(target: Target) -> None:
    same(_stamps(target, "first,last"), [STAMPS[0], STAMPS[-1]], "the first and the last version")
    same(_stamps(target, f"{STAMPS[1]},last"), list(STAMPS[1:]), "a version and the last")


def version_manifest(target: Target) -> None:
    asked = {"match[id]": target.versions[0]["id"]}
    told = target.page("manifest/", asked)[0]["objects"]
    same([one["version"] for one in told], [STAMPS[-1]], "the version in the manifest")


def spec_version(target: Target) -> None:
    found = target.objects(target.ours | {"match[spec_version]": "2.1"})
    same(_ids(found), _ids(target.latest), "objects of STIX 2.1")
    same(
        target.objects({"match[id]": target.singles[0]["id"], "match[spec_version]": "2.0"}),
        [],
        "objects of STIX 2.0",
    )


def manifest_match(target: Target) -> None:
    told = target.page("manifest/", target.ours | {"match[type]": "indicator"})[0]["objects"]
    same(_ids(told), _ids(target.singles), "what matches the type in the manifest")


def limit(target: Target) -> None:
    for path in ("objects/", "manifest/"):
        body, _ = target.page(path, target.ours | {"limit": str(LIMIT)})
        hold(0 < len(body["objects"]) <= LIMIT, f"{path} has {len(body['objects'])} of {LIMIT}")


def bad_limit(target: Target) -> None:
    for text in ("0", "-1", "many"):
        same(
            target.get(f"{target.place}objects/", {"limit": text}).status_code,
            BAD_REQUEST,
            f"the status for a limit of {text}",
        )


def more(target: Target) -> None:
    for path in ("objects/", "manifest/"):
        body, _ = target.page(path, target.ours | {"limit": str(LIMIT)})
        hold(body.get("more") is True, f"{path}: `more` is {body.get('more')!r} where there is more")


def no_more(target: Target) -> None:
    body, _ = target.page("objects/", {"match[id]": target.singles[0]["id"]})
    hold(not body.get("more", False), "`more` where there is no more")
    hold(not body.get("next"), "`next` where there is no more")


def every_page(target: Target) -> None:
    pages = target.walked("objects/", target.ours | EVERY, LIMIT)
    found = sorted((one["id"], one.get("modified", "")) for page in pages for one in page)
    wanted = sorted((one["id"], one.get("modified", "")) for one in target.all_versions)
    same(found, wanted, "what all pages hold together")


def every_manifest_page(target: Target) -> None:
    pages = target.walked("manifest/", target.ours, LIMIT)
    same(_ids([one for page in pages for one in page]), _ids(target.latest), "what all pages hold together")


def pages_in_order(target: Target) -> None:
    pages = target.walked("manifest/", target.ours | EVERY, LIMIT)
    told = [one["date_added"] for page in pages for one in page]
    same(told, sorted(told), "the order over pages")


def bad_next(target: Target) -> None:
    status = target.get(f"{target.place}objects/", {"next": "no-such-page!"}).status_code
    same(status, BAD_REQUEST, "the status of a page that there is not")


CLAUSES = [
    Clause(
        id="added-after",
        section="3.4",
        says="added_after gives what was added after, and nothing else",
        run=added_after,
    ),
    Clause(
        id="added-after-strict",
        section="3.4",
        says="added_after leaves out its own time, and nothing later",
        run=added_after_all,
    ),
    Clause(
        id="added-after-manifest",
        section="5.3",
        says="added_after works on a manifest",
        run=added_after_manifest,
    ),
    Clause(
        id="oldest-first", section="3.4", says="Without added_after, the oldest come first", run=oldest_first
    ),
    Clause(
        id="added-after-bad",
        section="5.4",
        says="added_after that is no timestamp is answered with 400",
        run=bad_added_after,
    ),
    Clause(id="match-id", section="3.4.1", says="Objects are matched by id", run=match_id),
    Clause(id="match-type", section="3.4.1", says="Objects are matched by type", run=match_type),
    Clause(id="match-or", section="3.4", says="Values of a field are alternatives", run=match_several),
    Clause(id="match-and", section="3.4", says="Fields restrict each other", run=match_both),
    Clause(id="match-manifest", section="5.3", says="Manifests are matched by type", run=manifest_match),
    Clause(
        id="version-default",
        section="3.4.1",
        says="Without a version, the latest one is given",
        run=version_default,
    ),
    Clause(id="version-default-manifest", section="5.3", says="In manifests too", run=version_manifest),
    Clause(id="version-last", section="3.4.1", says="`last` gives the latest version", run=version_last),
    Clause(id="version-first", section="3.4.1", says="`first` gives the earliest version", run=version_first),
    Clause(id="version-all", section="3.4.1", says="`all` gives all versions", run=version_all),
    Clause(
        id="version-value",
        section="3.4.1",
        says="A timestamp gives the version of that time",
        run=version_value,
    ),
    Clause(
        id="version-several", section="3.4.1", says="Several versions can be asked for", run=version_several
    ),
    Clause(
        id="spec-version",
        section="3.4.1",
        says="Objects are matched by version of the specification",
        run=spec_version,
    ),
    Clause(id="limit", section="3.4", says="No more than the limit are given", run=limit),
    Clause(
        id="limit-bad",
        section="3.4",
        says="A limit that is not above zero is answered with 400",
        run=bad_limit,
    ),
    Clause(id="more", section="3.5", says="`more` is true where there is more", run=more),
    Clause(
        id="no-more", section="3.7", says="`more` and `next` are absent where there is no more", run=no_more
    ),
    Clause(id="pages", section="3.5", says="Pages together give each version once", run=every_page),
    Clause(
        id="pages-manifest",
        section="3.5",
        says="Pages of a manifest give each entry once",
        run=every_manifest_page,
    ),
    Clause(id="pages-order", section="3.3", says="The order of adding holds over pages", run=pages_in_order),
    Clause(id="next-bad", section="5.4", says="A page that there is not is answered with 400", run=bad_next),
]
