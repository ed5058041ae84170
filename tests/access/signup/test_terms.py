"""The terms of sign-up checks, from a file."""

import pytest

from stillwatch.access.signup import Terms, load_terms
from stillwatch.records import InvalidConfiguration


def test_lists_come_from_the_file_or_from_files_beside_it(tmp_path):
    (tmp_path / "schools.txt").write_text("ac.uk\n# none\nuni.test  # ours\n\n")
    (tmp_path / "terms.yaml").write_text(
        "prior: 0.02\nreferral_limit: 40\nacademic_mail: [file:schools.txt, edu]\ndisposable_mail: [drop.test]\n"
    )
    terms = load_terms(tmp_path / "terms.yaml")
    assert terms == Terms(
        prior=0.02,
        referral_limit=40,
        academic_mail=("ac.uk", "uni.test", "edu"),
        disposable_mail=("drop.test",),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("priors: 0.1", "priors"),
        ("prior: 1.5", "prior"),
        ("referral_limit: 0", "referral_limit"),
        ("academic_mail: [file:none.txt]", "none.txt"),
        ("academic_mail: {", "terms.yaml"),
        ("- 1", "terms.yaml"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, said):
    (tmp_path / "terms.yaml").write_text(text)
    with pytest.raises(InvalidConfiguration, match=said):
        load_terms(tmp_path / "terms.yaml")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InvalidConfiguration, match=r"none\.yaml"):
        load_terms(tmp_path / "none.yaml")
