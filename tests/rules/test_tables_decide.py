"""A table says what a clerk would say who goes through it row by row with the complaint in hand."""

from collections.abc import Iterator
from dataclasses import replace

from diwan_rules import Basis, Bilingual, Case, Channel, Claim, PluginInfo, Terms
from diwan_rules.tables.answers import Deciding
from diwan_rules.tables.columns import HitPolicy
from diwan_rules.tables.overlaps import never, overlaps
from diwan_rules.testing import a_case
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.table_builders import deciding

WORDS = ["غلاء", "مستشفى", "سوق الجملة", "prix", "périmé*", "hôpit*"]
TEXTS = ["الغلاء", "بالمستشفى", "سوق الجملة", "les prix", "périmée", "hôpitaux", "hôpit", "rien"]
PLACES = {"16": ("wilaya-alger", "16"), "wilaya-oran": ("wilaya-oran", "31"), "6": ("wilaya-bejaia", "06")}
TOPICS = ["water", "housing", "housing.social"]

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
).filter(lambda row: any(row[name] for name in ("any_of", "all_of", "none_of", "wilaya", "channel", "topic", "addressed")))  # fmt: skip
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


@given(some_rows, a_complaint, a_place, st.sampled_from([HitPolicy.FIRST, HitPolicy.MAX_SCORE]))
def test_a_row_said_to_decide_nothing_never_does(
    rows: list[dict[str, str]], complaint: Case, place: tuple[str, str], policy: HitPolicy
) -> None:
    table = deciding(rows, policy)
    said = {row.line for row, _, _ in never(table.table, policy, 1)}
    assert said.isdisjoint(lines(table.claim(shown(table, complaint, place))))


@given(some_rows, a_complaint, a_place)
def test_rows_that_are_not_said_to_overlap_never_match_together(
    rows: list[dict[str, str]], complaint: Case, place: tuple[str, str]
) -> None:
    table = deciding(rows, HitPolicy.UNIQUE)
    matching = [row.line for row in table.matching(shown(table, complaint, place))]
    said = {overlap.line: overlap.others for overlap in overlaps(table.table, HitPolicy.UNIQUE)}
    assert all(later in said.get(line, ()) for n, line in enumerate(matching) for later in matching[n + 1 :])


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
