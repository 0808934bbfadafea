"""Keys: two writings of one name are equal, and two names are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkers.normalization import key_hash, key_variants, latin, normalize


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Beyoncé", "beyonce"),
        ("Björk", "bjork"),
        ("MØ", "mo"),
        ("Ke$ha", "kesha"),
        ("P!nk", "pink"),
        ("A$AP Rocky", "asap rocky"),
        ("AC/DC", "ac dc"),
        ("R.E.M.", "rem"),
        ("Guns N’ Roses", "guns n roses"),
        ("Simon & Garfunkel", "simon and garfunkel"),
        ("Panic! at the Disco", "panic at the disco"),
        ("Ｆｕｌｌ Ｗｉｄｔｈ", "full width"),
        ("방탄소년단", "방탄소년단"),
        ("坂本龍一", "坂本龍一"),
        ("U2", "u2"),
        ("X", "x"),
        ("311", "311"),
        ("!!!", "!!!"),
        ("Beats™", "beats"),
        ("zero\u200bwidth", "zerowidth"),
        ("$20 Room", "20 room"),
        ("हिन्दी", "हिन्दी"),
        ("", ""),
    ],
)
def test_a_name_has_its_key(written: str, key: str) -> None:
    assert normalize(written) == key


@pytest.mark.parametrize(
    ("written", "variant"),
    [
        ("The Beatles", "beatles"),
        ("AC/DC", "acdc"),
        ("Hello (Live)", "hello"),
        ("방탄소년단", "bangtansonyeondan"),
        ("Чайковский", "chaikovskii"),
    ],
)
def test_a_name_is_found_by_its_variants_too(written: str, variant: str) -> None:
    assert variant in key_variants(written)


def test_vowel_marks_that_are_letters_tell_names_apart() -> None:
    assert normalize("กิน") != normalize("กัน")
    assert normalize("हिन्दी") != normalize("हन्दा")


def test_the_the_is_no_article() -> None:
    assert "the" not in key_variants("The The")


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(st.text(max_size=40))
def test_case_and_outer_space_do_not_count(text: str) -> None:
    assert normalize(f"  {text.lower()} ") == normalize(text.lower())


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20))
def test_what_can_be_seen_has_a_key(text: str) -> None:
    assert normalize(text)
    assert key_variants(text)[0] == normalize(text)


@given(st.text(max_size=20))
def test_latin_letters_stay(text: str) -> None:
    assert latin(normalize(text)) == normalize(text) or not normalize(text).isascii()


def test_hashes_are_the_same_on_every_machine() -> None:
    assert key_hash("bjork") == 16384849504841823239
