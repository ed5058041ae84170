"""`stillwatch access regions`."""

import pytest

from stillwatch.cli import main


def lint(capsys, *arguments):
    with pytest.raises(SystemExit) as leave:
        main(["access", "regions", "lint", *map(str, arguments)])
    told = capsys.readouterr()
    return leave.value.code, told.out, told.err


def test_a_good_file_says_whom_it_leaves_out_now_and_later(tmp_path, capsys):
    file = tmp_path / "regions.yaml"
    file.write_text(
        "version: 1\notherwise: unsupported\nregions:\n  - country: NZ\n  - {country: NO, from: 2030-01-01}\n"
        "  - {country: CH, until: 2031-01-01}\n"
    )
    code, out, err = lint(capsys, file, "--at", "2026-06-01")
    assert (code, out) == (0, "")
    assert "2 places supported, 247 not" in err
    assert "2030-01-01: service begins in NO (Norway)" in err
    assert "2031-01-01: service ends in CH (Switzerland)" in err
    assert "addresses: registry allocations of iptocc" in err


def test_notes_make_exit_code_1_and_errors_4(tmp_path, capsys):
    file = tmp_path / "regions.yaml"
    file.write_text("otherwise: supported\nregions:\n  - {country: NZ}\n")
    code, out, _ = lint(capsys, file)
    assert (code, out.strip()) == (1, f"{file}:3: the row for NZ says what holds otherwise")
    file.write_text("otherwise: supported\nregions:\n  - {country: UK}\n")
    code, _, err = lint(capsys, file)
    assert code == 4
    assert f"{file}:3:15: no such country: 'UK': did you mean GB?" in err
    assert lint(capsys, tmp_path / "gone.yaml")[0] == 4
    assert lint(capsys, file, "--at", "soon")[0] == 2


def test_the_file_of_the_documentation_is_good(capsys):
    assert lint(capsys, "docs/examples/regions.yaml", "--at", "2026-06-01")[:2] == (0, "")
