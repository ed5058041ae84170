"""The client that others use, as it comes: everything is read back by it, written by it and taken out by it."""

import pytest
from exchanged import SECOND, address, ids, indicator
from served import served

from stillwatch.sharing import taxii

taxii2 = pytest.importorskip("taxii2client.v21", reason="taxii2-client is not installed")


def test_an_unmodified_client_reads_everything_back(house):
    first = indicator("green")
    later = first | {"modified": SECOND}
    made = [indicator("amber", number=number) for number in range(40)]
    extension = indicator() | {
        "type": "extension-definition",
        "id": indicator()["id"].replace("indicator", "extension-definition"),
        "version": "1.0.0",
        "schema": "https://example.org/s.json",
        "name": "x",
    }
    everything = [*made, first, later, address(), extension]
    with served(taxii.taxii_app(taxii.Exchange(tenants={"acme": house.tenant}))) as url:
        server = taxii2.Server(f"{url}/taxii2/", user="lab", password=house.tokens["lab"])
        assert server.title == "Stillwatch"
        (root,) = server.api_roots
        assert root.max_content_length > 0
        collection = next(one for one in root.collections if one.alias == "both")
        status = collection.add_objects({"objects": everything})
        assert (status.status, status.success_count, status.failure_count) == ("complete", 44, 0)
        assert root.get_status(status.id).total_count == 44
        pages = taxii2.as_pages(collection.get_objects, per_request=7, version="all")
        assert [one for page in pages for one in page["objects"]] == everything
        assert ids(collection.get_objects()["objects"]) == ids(everything)
        assert collection.get_objects(type=["indicator"], id=[first["id"]])["objects"] == [later]
        assert collection.get_object(first["id"], version="first")["objects"] == [first]
        assert collection.object_versions(first["id"])["versions"] == [first["modified"], SECOND]
        entries = [
            one for page in taxii2.as_pages(collection.get_manifest, per_request=9) for one in page["objects"]
        ]
        assert ids(entries) == ids(everything)
        assert collection.get_objects(added_after=entries[-1]["date_added"]) == {}
        collection.delete_object(first["id"])
        assert first["id"] not in ids(collection.get_objects()["objects"])
