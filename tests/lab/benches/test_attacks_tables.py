"""Tables of the bench of attacks."""

from io import StringIO

from rich.console import Console

from stillwatch.lab.benches.attacks_tables import power


def test_the_reason_of_what_is_left_out_is_shown_as_it_is() -> None:
    console = Console(width=200, record=True, file=StringIO())
    console.print(
        power(
            {},
            [f"mark {number} of a long name" for number in range(9)],
            {"paraphrase": "pip install 'stillwatch[smollm]'"},
        )
    )
    assert "pip install 'stillwatch[smollm]'" in " ".join(console.export_text().split())
