"""Laws of every log format there is: the catalogue is walked, so a new format is held to them unasked."""

import pickle

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.records import SCHEMAS, Rejection
from stillwatch.sources import Block, catalogue, decode, find, split, write

NAMES = sorted(catalogue())
SUFFIX = {"canonical_parquet": ".parquet", "otlp_protobuf": ".pb"}
LAX = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def file_of(folder, name, data):
    path = folder / f"log-{name}{SUFFIX.get(name, '.jsonl')}"
    path.write_bytes(data)
    return path


def read(*paths):
    """All records and rejections of some files."""
    batches, rejections = {}, []
    for block in split(paths):
        if isinstance(block, Rejection):
            rejections.append(block)
            continue
        decoded = decode(block)
        batches.setdefault(decoded.kind, []).append(decoded.batch)
        rejections += decoded.rejections
    return {kind: pa.Table.from_batches(some) for kind, some in batches.items()}, rejections


@pytest.mark.parametrize("name", NAMES)
def test_a_format_knows_and_reads_its_own_example(name, tmp_path):
    path = file_of(tmp_path, name, catalogue()[name].example)
    assert find([path]).files == [(path, name)]
    tables, rejections = read(path)
    assert not rejections
    for kind, table in tables.items():
        assert table.schema.equals(SCHEMAS[kind])
        assert len(table)


@pytest.mark.parametrize("name", NAMES)
def test_no_other_format_is_as_sure_of_the_example(name, tmp_path):
    example = catalogue()[name].example
    path = str(file_of(tmp_path, name, example))
    own = catalogue()[name].matches(path, example)
    assert all(source.matches(path, example) < own for other, source in catalogue().items() if other != name)


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".jsonl.gz", ".jsonl.zst"])
@pytest.mark.parametrize("name", NAMES)
def test_records_go_through_canonical_files_unchanged(name, suffix, tmp_path):
    tables, _ = read(file_of(tmp_path, name, catalogue()[name].example))
    for kind, table in tables.items():
        path = tmp_path / f"{kind}{suffix}"
        write(table, path)
        again, rejections = read(path)
        assert not rejections
        assert again[kind].equals(table)


@pytest.mark.parametrize("name", NAMES)
def test_a_format_has_user_documentation(name):
    source = catalogue()[name]
    module = __import__(f"stillwatch.sources.{source.name}", fromlist=["__doc__"])
    assert (
        "annot" in module.__doc__ or "ame as" in module.__doc__
    )  # what it cannot see, or where that is said


@st.composite
def damaged(draw, data):
    """The bytes with a piece replaced, removed, repeated or cut off."""
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(len(data), start + 200)))
    middle = draw(
        st.one_of(
            st.binary(max_size=40), st.sampled_from([b"", b"null", b"-1", b"[]", b"{}", b'"x"', b"NaN"])
        )
    )
    tail = data[end:] if draw(st.booleans()) else b""
    return data[:start] + middle + tail


@pytest.mark.parametrize("name", NAMES)
@LAX
@given(choice=st.data())
def test_no_damage_raises(name, choice, tmp_path):
    data = choice.draw(damaged(catalogue()[name].example))
    path = file_of(tmp_path, name, data)
    for block in catalogue()[name].blocks(path):
        if isinstance(block, Block):
            decoded = decode(pickle.loads(pickle.dumps(block)))
            assert decoded.batch.schema.equals(SCHEMAS[block.kind])
            decoded.batch.validate(full=True)
            assert all(rejection.reason and rejection.file == str(path) for rejection in decoded.rejections)


@LAX
@given(lines=st.lists(st.binary(max_size=60).map(lambda line: line.replace(b"\n", b"")), max_size=8))
def test_every_line_is_a_record_or_a_rejection(lines, tmp_path):
    lines = [catalogue()["canonical_jsonl"].example.split(b"\n")[0], *lines]
    path = tmp_path / "exchanges.jsonl"
    path.write_bytes(b"\n".join(lines))
    tables, rejections = read(path)
    stood = [line.strip() for line in lines]
    assert len(tables["exchanges"]) + len(rejections) == sum(map(bool, stood))
    assert all(rejection.line is not None for rejection in rejections)
