"""Declared terms are found as whole words, behind clitics, with open ends, over several words, and nowhere else."""

import pytest
from diwan_rules import Hits, Terms, normalise
from diwan_rules.terms import TermInvalid
from hypothesis import given
from hypothesis import strategies as st


def found(term: str, text: str) -> bool:
    return bool(Terms({"g": [term]}).scan(normalise(text)))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("مستشفى", "في مستشفى المدينة"),
        ("مستشفى", "بالمستشفى"),
        ("مستشفى", "والمستشفى مغلق"),
        ("مستشفى", "ذهبت للمستشفي"),
        ("مستشفى", "فالمستشفى"),
        ("بلدية", "عالبلديه"),
        ("مستشفى*", "المستشفيات"),
        ("رخصة بناء", "لرخصة البناء"),
        ("رخصة بناء", "رخصة بناء"),
        ("hôpit*", "les HÔPITAUX"),
        ("hôpital", "lhopital de Béni"),
        ("hôpital", "à l'hôpital"),
        ("eau", "coupure deau"),
        ("mairie", "rou7t lmairie"),
        ("permis de construire", "mon permis  de construire."),
        ("S12", "extrait s12"),
        ("3dala", "el3dala"),
    ],
)
def test_it_is_found(term: str, text: str) -> None:
    assert found(term, text)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("ماء", "أسماء الأحياء"),
        ("ماء", "ما جاء"),
        ("مستشفى", "مستشفيات"),
        ("eau", "le bureau"),
        ("loyer", "l'employer"),
        ("location", "allocation"),
        ("رخصة بناء", "رخصة سياقة ثم بناء"),
        ("permis", "permission"),
    ],
)
def test_it_is_not_found(term: str, text: str) -> None:
    assert not found(term, text)


def test_hits_tell_terms_as_written_and_places() -> None:
    hits = Terms({"hospital": ["مستشفى", "hôpit*"], "school": ["مدرسة"]}).scan(normalise("المستشفى hôpitaux مستشفى"))

    assert hits == {"hospital": Hits(("مستشفى", "hôpit*"), (2, 9, 18))}
    assert hits["hospital"].count == 3


@pytest.mark.parametrize("term", ["", "x", "*", "!", "مست*شفى", "*شفى"])
def test_a_term_that_cannot_be_searched_is_refused(term: str) -> None:
    with pytest.raises(TermInvalid, match="two letters"):
        Terms({"g": [term]})


@given(st.lists(st.text(alphabet="ابلو دab*", min_size=1), max_size=4), st.text(alphabet="ابلو دab", max_size=60))
def test_every_hit_is_in_the_text(terms: list[str], text: str) -> None:
    try:
        declared = Terms({"g": terms})
    except TermInvalid:
        return
    words = normalise(text)
    for hits in declared.scan(words).values():
        assert all(words[place:].startswith(tuple(declared.literals)) for place in hits.positions)
