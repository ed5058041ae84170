"""Tables of the bench of attacks."""

from rich.console import Console

from stillwatch.lab.benches.attacks_tables import power


def test_the_reason_of_what_is_left_out_is_shown_as_it_is() -> None:
    console = Console(width=200, record=True, quiet=True)
    console.print(power({}, ["green"], {"paraphrase": "pip install 'stillwatch[smollm]'"}))
    assert "pip install 'stillwatch[smollm]'" in console.export_text()
