import pytest

from linkers.clustering.same_name import bare, is_initialed, same_name
from linkers.normalization import normalize

SAME = [
    ("Marta Quill", "Martha Quill"),
    ("paper kestral", "Paper Kestrel"),
    ("The Velvet Lanterns", "velvet lanterns"),
    ("Copperline Records", "Copper Line Records"),
    ("Żaneta Wróbel", "Zaneta Wrobel"),
    ("d j saffron", "DJ Saffron"),
    ("Edda Lindqvist", "Professor Edda Lindquist"),
    ("Philip Marlowe", "Phillip Marlow"),
]
OTHER = [
    ("Marta Quill", "Maria Quill"),
    ("Martin Quill", "Martina Quill"),
    ("Anna Brandt", "Anne Brandt"),
    ("Prince", "Prince Royce"),
    ("Harbour Winiarski", "Harbour Winiarski Iyi"),
    ("Episode 12", "Episode 21"),
    ("Blueprint for Armageddon I", "Blueprint for Armageddon II"),
    ("Harbour Light", "Harbour Night"),
    ("Marta Quill", "Marta Brandt"),
    ("Jon", "Jan"),
    ("19A", "19B"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_slips_are_one_name(left: str, right: str) -> None:
    names = bare(normalize(left)), bare(normalize(right))
    assert same_name(*names) == same_name(*reversed(names)) > 0


@pytest.mark.parametrize(("left", "right"), OTHER)
def test_other_names_and_numbers_are_two(left: str, right: str) -> None:
    names = bare(normalize(left)), bare(normalize(right))
    assert same_name(*names) == same_name(*reversed(names)) == 0


def test_initials_stand_for_first_names() -> None:
    assert is_initialed(("m", "quill"), ("marta", "quill"))
    assert is_initialed(("mj", "quill"), ("marta", "jane", "quill"))
    assert not is_initialed(("p", "quill"), ("marta", "quill"))
    assert not is_initialed(("m", "brandt"), ("marta", "quill"))
    assert not is_initialed(("quill",), ("marta", "quill"))
