"""A table says what a clerk would say who goes through it row by row with the complaint in hand."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

import pytest
from diwan_rules import Basis, Bilingual, Case, Channel, Claim, Hits, PluginInfo, Terms, normalise
from diwan_rules.tables.answers import Deciding
from diwan_rules.tables.columns import HitPolicy
from diwan_rules.tables.overlaps import never, overlaps
from diwan_rules.testing import a_case
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.table_builders import deciding

WORDS = ["غلاء", "مستشفى", "سوق الجملة", "prix", "périmé*", "hôpit*"]
TEXTS = ["الغلاء", "بالمستشفى", "سوق الجملة", "les prix", "périmée", "hôpitaux", "hôpit", "rien"]
PLACES = {"16": ("wilaya-alger", "16"), "wilaya-oran": ("wilaya-oran", "31"), "6": ("wilaya-bejaia", "06")}
TOPICS = ["water", "housing", "housing.social"]


def has_a_condition(row: dict[str, str]) -> bool:
    """Tell whether a row does not claim everything."""
    return any(cell for column, cell in row.items() if column not in {"score", "why_ar", "why_fr"})


some_words = st.lists(st.sampled_from(WORDS), max_size=2, unique=True).map("|".join)
a_row = st.fixed_dictionaries(
    {
        "any_of": some_words,
        "all_of": some_words,
        "none_of": some_words,
        "wilaya": st.lists(st.sampled_from(list(PLACES)), max_size=2, unique=True).map("،".join),
        "channel": st.sampled_from(["", "البوابة", "registre, mobile"]),
        "topic": st.sampled_from(["", *TOPICS]),
        "addressed": st.sampled_from(["", "", "نعم", "non"]),
        "score": st.sampled_from(["0", "٣٠٠", "300", "700"]),
        "why_ar": st.just("لأن"),
        "why_fr": st.just("Car"),
    }
).filter(has_a_condition)
some_rows = st.lists(a_row, min_size=1, max_size=6)
a_complaint = st.builds(
    Case,
    complaint_id=st.just("c"),
    text=st.lists(st.sampled_from(TEXTS), max_size=4).map(" ".join),
    channel=st.sampled_from([Channel.PORTAL, Channel.REGISTER, Channel.MOBILE]),
    topic_code=st.sampled_from(["", *TOPICS]),
    wilaya_id=st.just(""),
    addressed_ministry=st.sampled_from(["", "MCI", "MJ"]),
)
a_place = st.sampled_from(list(PLACES.values()))


def shown(table: Deciding, complaint: Case, place: tuple[str, str]) -> Case:
    """Return the complaint with the hits of this table's terms, from a wilaya."""
    facts = replace(complaint, wilaya_id=place[0], wilaya_label=place[1])
    name = Bilingual(ar="و", fr="M")
    info = PluginInfo(ministry="MCI", name=name, version="1.0", owner="d", terms=table.table.terms)
    return a_case(info, complaint.text, facts)


def naively(rows: list[dict[str, str]], case: Case) -> Iterator[int]:
    """Yield the lines of the rows that match, from the cells as they are written."""

    def stands(term: str) -> bool:
        return bool(Terms({"t": [term]}).scan(case.words))

    for line, row in enumerate(rows, start=2):
        any_of, all_of, none_of = (list(filter(None, row[name].split("|"))) for name in ("any_of", "all_of", "none_of"))
        words = (not any_of or any(map(stands, any_of))) and all(map(stands, all_of)) and not any(map(stands, none_of))
        wilayas = [PLACES[each][0] for each in filter(None, row["wilaya"].split("،"))]
        channels = {"": list(Channel), "البوابة": [Channel.PORTAL]}.get(
            row["channel"], [Channel.REGISTER, Channel.MOBILE]
        )
        topic = not row["topic"] or f"{case.topic_code}.".startswith(f"{row['topic']}.")
        addressed = {"": True, "نعم": case.addressed_ministry == "MCI", "non": case.addressed_ministry != "MCI"}
        place = not wilayas or case.wilaya_id in wilayas
        if words and place and case.channel in channels and topic and addressed[row["addressed"]]:
            yield line


def lines(claim: Claim | None) -> list[int]:
    return [int(rule.partition(":")[2].partition("@")[0]) for rule in claim.rule.split("+")] if claim else []


@given(some_rows, a_complaint, a_place, st.sampled_from(HitPolicy))
def test_a_verdict_is_that_of_a_naive_reading(
    rows: list[dict[str, str]], complaint: Case, place: tuple[str, str], policy: HitPolicy
) -> None:
    table = deciding(rows, policy)
    case = shown(table, complaint, place)
    claim = table.claim(case)

    matching = list(naively(rows, case))
    scores = {line: int(rows[line - 2]["score"]) for line in matching}
    heaviest = sorted(matching, key=lambda line: (-scores[line], line))
    counting = {HitPolicy.COLLECT: heaviest, HitPolicy.MAX_SCORE: heaviest[:1]}.get(policy, matching[:1])
    total = min(sum(scores[line] for line in counting), 1000)

    assert lines(claim) == (counting if total else [])
    if claim:
        assert claim.score == total
        assert claim.basis is (Basis.ADDRESSED if case.addressed_ministry == "MCI" else Basis.TOPICAL)


few_words = st.lists(st.sampled_from(["غلاء", "périmé", "périmé*"]), max_size=2, unique=True).map("|".join)
a_plain_row = st.fixed_dictionaries(
    {
        "any_of": few_words,
        "all_of": few_words,
        "none_of": few_words,
        "wilaya": st.sampled_from(["", "16", "wilaya-alger", "wilaya-oran", "16|wilaya-oran"]),
        "topic": st.sampled_from(["", "housing", "housing.social", "water"]),
        "channel": st.sampled_from(["", "portal", "portal|mobile"]),
        "addressed": st.sampled_from(["", "oui", "non"]),
        "score": st.sampled_from(["0", "300"]),
        "why_ar": st.just("لأن"),
        "why_fr": st.just("Car"),
    }
).filter(has_a_condition)
ALL_TEXTS = [
    normalise(" ".join(words)) for n in range(4) for words in combinations(("الغلاء", "périmé", "périmées"), n)
]


def every_case(table: Deciding) -> Iterator[Case]:
    """Yield a complaint of each kind that the cells above can tell apart."""
    terms = Terms(table.table.terms)
    for text in ALL_TEXTS:
        hits = {**dict.fromkeys(table.table.terms, Hits()), **terms.scan(text)}
        for topic, channel, ministry, (wilaya_id, label) in product(
            ("housing.social", "housing", "water"),
            (Channel.PORTAL, Channel.MOBILE),
            ("MCI", ""),
            (("wilaya-alger", "16"), ("wilaya-oran", "31")),
        ):
            yield Case(
                complaint_id="c",
                text=text,
                topic_code=topic,
                channel=channel,
                addressed_ministry=ministry,
                wilaya_id=wilaya_id,
                wilaya_label=label,
                hits=hits,
            )


@given(a_plain_row, a_plain_row, st.sampled_from([HitPolicy.FIRST, HitPolicy.MAX_SCORE]))
@settings(max_examples=200)
def test_a_row_said_to_decide_nothing_decides_no_case_there_is(
    upper: dict[str, str], lower: dict[str, str], policy: HitPolicy
) -> None:
    table = deciding([upper, lower], policy)
    said = {row.line for row, _, _ in never(table.table, policy, 1)}
    if said:
        assert all(said.isdisjoint(lines(table.claim(case))) for case in every_case(table))


@given(a_plain_row, a_plain_row)
@settings(max_examples=200)
def test_rows_not_said_to_overlap_match_no_case_together(upper: dict[str, str], lower: dict[str, str]) -> None:
    table = deciding([upper, lower], HitPolicy.UNIQUE)
    if not overlaps(table.table, HitPolicy.UNIQUE):
        assert all(len(list(table.matching(case))) < 2 for case in every_case(table))


SAID = {"score": "300", "why_ar": "لأن", "why_fr": "Car"}
Cells = dict[str, str]


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ({"any_of": "غلاء"}, {"any_of": "prix"}, True),
        ({"any_of": "غلاء", "none_of": "prix"}, {"any_of": "prix"}, False),
        ({"any_of": "prix"}, {"any_of": "غلاء", "none_of": "prix"}, False),
        ({"any_of": "périmée|périmé"}, {"none_of": "périmé*"}, False),
        ({"any_of": "périmé*"}, {"none_of": "périmé"}, True),
        ({"wilaya": "16"}, {"wilaya": "31"}, False),
        ({"wilaya": "16"}, {"wilaya": "wilaya-oran"}, True),
        ({"commune": "1601"}, {"commune": "commune-1601"}, True),
        ({"commune": "1601"}, {"commune": "1602"}, False),
        ({"channel": "portal"}, {"channel": "mobile"}, False),
        ({"topic": "water"}, {"topic": "housing"}, False),
        ({"topic": "housing.social"}, {"topic": "housing"}, True),
        ({"addressed": "oui"}, {"addressed": "non"}, False),
    ],
)
def test_rows_are_kept_apart_by_their_cells(one: Cells, other: Cells, together: bool) -> None:
    table = deciding([{**one, **SAID}, {**other, **SAID}], HitPolicy.UNIQUE)
    assert bool(overlaps(table.table, HitPolicy.UNIQUE)) is together


@pytest.mark.parametrize(
    ("upper", "lower", "hidden"),
    [
        ({"topic": "housing"}, {"topic": "housing.social", "addressed": "oui"}, True),
        ({"topic": "housing", "addressed": "oui"}, {"topic": "housing.social"}, False),
        ({"topic": "housing.social"}, {"topic": "housing"}, False),
        ({"wilaya": "16|31"}, {"wilaya": "16"}, True),
        ({"wilaya": "16"}, {"wilaya": "16|31"}, False),
        ({"any_of": "prix", "none_of": "غلاء"}, {"any_of": "prix"}, False),
        ({"any_of": "prix", "none_of": "غلاء"}, {"any_of": "prix", "none_of": "غلاء*"}, True),
        ({"any_of": "prix|غلاء"}, {"all_of": "prix|سوق"}, True),
        ({"all_of": "prix|سوق"}, {"any_of": "prix|سوق"}, False),
    ],
)
def test_a_row_is_hidden_by_a_wider_one(upper: Cells, lower: Cells, hidden: bool) -> None:
    table = deciding([{**upper, **SAID}, {**lower, **SAID}], HitPolicy.FIRST)
    assert [(row.line, code, by) for row, code, by in never(table.table, HitPolicy.FIRST, 1)] == (
        [(3, "row_hidden", "2")] if hidden else []
    )


def test_a_reason_names_the_terms_where_it_says_so_or_at_its_end() -> None:
    words = {"any_of": "غلاء|prix*", "score": "300"}
    table = deciding(
        [{**words, "why_ar": "لفظ {terms} في النص", "why_fr": "Le texte cite un prix"}], HitPolicy.MAX_SCORE
    )
    claim = table.claim(shown(table, Case(complaint_id="c", text="غلاء et prixunique"), ("", "")))

    assert claim
    assert claim.because.ar == "لفظ غلاء، prix في النص"
    assert claim.because.fr == "Le texte cite un prix (غلاء, prix)"
    assert claim.rule == "claim.csv:2@01234567"


def test_points_are_taken_off_where_rows_add_up() -> None:
    why = {"why_ar": "لأن", "why_fr": "Car"}
    rows = [{"any_of": "prix", "score": "500", **why}, {"any_of": "pétrole", "score": "-300", **why}]
    table = deciding(rows, HitPolicy.COLLECT, minimum=300)

    def score(text: str) -> int | None:
        claim = table.claim(shown(table, Case(complaint_id="c", text=text), ("", "")))
        return claim and claim.score

    assert (score("les prix"), score("prix du pétrole")) == (500, None)
