"""The bench of sign-up checks at a small size."""

from stillwatch.lab.benches.access_signup import SETTINGS, measure_signup


def test_operators_and_innocents_are_counted_with_their_denominators(tmp_path):
    figures, floors, tables = measure_signup(lambda _line: None, root=tmp_path, seed=3, quick=True)
    assert floors == []
    assert len(tables) == 2
    for simulator in ("simulate", "simulate-elsewhere"):
        assert set(figures[simulator]) == set(SETTINGS)
        for parts in figures[simulator].values():
            for groups in parts.values():
                whole = groups["all"]
                rest = [group for name, group in groups.items() if name != "all"]
                assert whole["signups"] == sum(group["signups"] for group in rest) > 0
                counts = [whole[f"level_{level}_or_more"]["signups"] for level in (1, 2, 3)]
                assert counts == sorted(counts, reverse=True)
    assert figures["signups_a_second"] > 0
