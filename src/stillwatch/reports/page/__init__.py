"""The parts of `report.html`; its style, script and frame are the data files of this folder."""
