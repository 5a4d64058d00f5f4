"""The one automaton finds exactly what the kit's own search finds."""

from diwan_rules.terms import Terms
from diwan_rules.text import normalise
from hypothesis import given
from hypothesis import strategies as st

from services.routing.scanner import Scanner

WORDS = ("مستشفى", "سكن", "رخصة", "بناء", "الماء", "hôpital", "eau", "logement", "permis", "de", "sbitar", "ميلاد")
PREFIXES = ("", "ال", "و", "وال", "بال", "لل", "l'", "el ", "x")
ENDINGS = ("", "ات", "s", "، ", "ية")
terms = st.builds(
    lambda words, star: " ".join(words) + star,
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    st.sampled_from(("", "*")),
)
groups = st.dictionaries(st.sampled_from("abc"), st.lists(terms, min_size=1, max_size=5), max_size=3)
texts = st.lists(
    st.builds(
        lambda *parts: "".join(parts), st.sampled_from(PREFIXES), st.sampled_from(WORDS), st.sampled_from(ENDINGS)
    ),
    max_size=30,
).map(" ".join) | st.text(max_size=80)


@given(st.dictionaries(st.sampled_from(("msan", "mj", "mh")), groups, max_size=3), texts)
def test_one_pass_for_all_equals_the_kits_search_for_each(declared, text):
    found = {(hit.ministry_id, hit.group): (hit.terms, hit.positions) for hit in Scanner(declared).scan(text)}
    expected = {
        (ministry, group): (hits.terms, hits.positions)
        for ministry, declared_groups in declared.items()
        for group, hits in Terms(declared_groups).scan(normalise(text)).items()
    }
    assert found == expected


def test_a_scanner_without_terms_finds_nothing():
    assert Scanner({}).scan("نص") == ()
