"""What ministries' rules say is combined the same whatever the order, within what the core sets."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain import combining
from services.routing.domain.combining import LADDER, combined
from services.routing.domain.decision import Reason
from services.routing.domain.review import (
    Advice,
    Bounds,
    Finding,
    FittingCategory,
    Item,
    NeededDocument,
    OwnDays,
    OwnPriority,
    OwnStep,
    OwnYears,
    Priority,
    ReadFact,
    Record,
    Severity,
    Step,
)

BOUNDS = Bounds(priority=Priority.NORMAL, ladder=LADDER, document_days=21, years_kept=10, minimum_score=300)
WHY = Reason(ar="لأنه كذلك", fr="Parce que")

ministries = st.sampled_from(["mj", "msan", "mem"])
codes = st.sampled_from(["a", "b", "c"])
whys = st.builds(Reason, ar=codes, fr=codes)
items: st.SearchStrategy[Item] = st.one_of(
    st.builds(
        Finding, ministry_id=ministries, code=codes, field=codes, severity=st.sampled_from(Severity), because=whys
    ),
    st.builds(ReadFact, ministry_id=ministries, name=st.sampled_from(["MJ.x", "MEM.x"]), value=codes),
    st.builds(
        NeededDocument,
        ministry_id=ministries,
        code=st.sampled_from(["MJ.a", "MEM.a"]),
        name=st.just(WHY),
        mandatory=st.booleans(),
        because=whys,
    ),
    st.builds(
        FittingCategory,
        ministry_id=ministries,
        code=st.sampled_from(["MJ.a", "MJ.b", "MEM.a"]),
        name=st.just(WHY),
        score=st.integers(0, 1000),
        topic_code=st.just("water"),
        because=whys,
    ),
    st.builds(OwnPriority, priority=st.sampled_from(Priority), because=whys),
    st.builds(OwnStep, step=st.sampled_from(Step), after_due=st.integers(-60, 60), because=whys),
    st.builds(OwnDays, days=st.integers(1, 366), because=whys),
    st.builds(OwnYears, years=st.integers(1, 100), because=whys),
)
records = st.builds(
    Record,
    ministry_id=ministries,
    hook=st.sampled_from(["validate", "priority", "retention"]),
    error=st.sampled_from(["", "raised"]),
)
advices = st.lists(st.builds(Advice, record=records, items=st.lists(items, max_size=4).map(tuple)), max_size=6)


def said(*items: Item, hook: str = "validate", error: str = "") -> Advice:
    return Advice(record=Record(ministry_id="mj", hook=hook, error=error), items=items)


def a_finding(**only: object) -> Finding:
    plain = {"ministry_id": "mj", "code": "judgment", "field": "text", "severity": Severity.NOTE, "because": WHY}
    return Finding(**(plain | only))  # type: ignore[arg-type]


def a_document(**only: object) -> NeededDocument:
    plain = {"ministry_id": "mj", "code": "MJ.judgment", "name": WHY, "mandatory": False, "because": WHY}
    return NeededDocument(**(plain | only))  # type: ignore[arg-type]


def a_category(code: str, score: int, topic_code: str = "justice") -> FittingCategory:
    return FittingCategory(
        ministry_id="mj", code=code, name=WHY, score=score, topic_code=topic_code, because=WHY
    )  # fmt: skip


@given(advices, st.randoms(use_true_random=False))
def test_the_order_of_answers_changes_nothing(advice: list[Advice], random: Random) -> None:
    shuffled = [Advice(record=each.record, items=tuple(random.sample(each.items, len(each.items)))) for each in advice]
    random.shuffle(shuffled)
    asked = ("mj", "mem")
    assert combined(shuffled, BOUNDS, asked_for_documents=asked) == combined(advice, BOUNDS, asked_for_documents=asked)


@given(advices, st.sampled_from(Priority), st.integers(1, 366), st.integers(1, 100))
def test_rules_only_make_stricter_what_the_core_sets(
    advice: list[Advice], priority: Priority, days: int, years: int
) -> None:
    bounds = Bounds(priority=priority, ladder=LADDER, document_days=days, years_kept=years, minimum_score=300)
    made = combined(advice, bounds, asked_for_documents=())
    assert made.priority >= priority
    assert made.document_days <= days
    assert made.years_kept >= years
    assert all(1 <= own <= core for own, core in zip(made.ladder.steps, LADDER.steps, strict=True))


@given(advices)
def test_each_finding_stands_once_and_the_worst_first(advice: list[Advice]) -> None:
    made = combined(advice, BOUNDS, asked_for_documents=()).findings
    assert len({(each.ministry_id, each.code, each.field) for each in made}) == len(made)
    assert [each.severity for each in made] == sorted((each.severity for each in made), reverse=True)


@given(advices)
def test_no_ministry_names_a_fact_of_another(advice: list[Advice]) -> None:
    for fact in combined(advice, BOUNDS, asked_for_documents=()).facts:
        assert fact.name.startswith(f"{fact.ministry_id.upper()}.")


def test_of_two_findings_with_one_name_the_worse_stands() -> None:
    mild, grave = a_finding(), a_finding(severity=Severity.WARNING)
    assert combining.findings([mild, grave]) == (grave,)
    assert combining.findings([mild, a_finding(ministry_id="msan")]) == (mild, a_finding(ministry_id="msan"))


def test_only_an_incomplete_complaint_suggests_a_question() -> None:
    for severity in Severity:
        made = combined([said(a_finding(severity=severity))], BOUNDS, asked_for_documents=())
        assert made.suggests_question == (severity is Severity.INCOMPLETE)


def test_a_ministry_that_reads_too_many_facts_is_not_heard_and_the_others_are() -> None:
    half = "x" * (combining.FACTS_LONGEST // 2)
    greedy = [ReadFact(ministry_id="mj", name=f"MJ.{name}", value=half) for name in "ab"]
    modest = ReadFact(ministry_id="mem", name="MEM.meter", value="1")
    assert combining.facts([*greedy, modest]) == (modest,)


def test_a_document_is_mandatory_where_one_rule_says_so() -> None:
    assert combining.documents([a_document(), a_document(mandatory=True)], {"mj"}) == (a_document(mandatory=True),)


def test_only_who_may_ask_for_documents_gets_them() -> None:
    foreign = a_document(ministry_id="msan", code="MSAN.card")
    assert combining.documents([a_document(), foreign], {"msan"}) == (foreign,)


def test_a_topic_has_the_score_of_its_surest_category_and_of_equals_the_first() -> None:
    fitting = combining.categories([a_category("MJ.b", 700), a_category("MJ.a", 700), a_category("MJ.c", 299)], 300)
    assert [each.code for each in fitting] == ["MJ.a", "MJ.b"]
    (topic,) = combining.topics(fitting)
    assert (topic.topic_code, topic.score, topic.category) == ("justice", 700, "MJ.a")


@pytest.mark.parametrize(
    ("step", "after_due", "steps", "notice"),
    [
        (Step.REMINDER_2, 3, (1, 3, 11), 0),
        (Step.REMINDER_2, 30, (1, 6, 11), 0),
        (Step.FORMAL_NOTICE, -20, (1, 6, 1), 0),
        (Step.EARLY_NOTICE, -2, (1, 6, 11), 2),
        (Step.EARLY_NOTICE, 4, (1, 6, 11), 0),
    ],
)
def test_a_step_of_the_ladder_is_advanced_or_added_never_put_off(
    step: Step, after_due: int, steps: tuple[int, ...], notice: int
) -> None:
    ladder, because = combining.the_earlier(LADDER, [OwnStep(step=step, after_due=after_due, because=WHY)])
    assert (ladder.steps, ladder.early_notice) == (steps, notice)
    assert (because is None) == (ladder == LADDER)


def test_what_the_owner_says_comes_with_its_reason_only_where_it_applies() -> None:
    urgent, short = OwnPriority(priority=Priority.URGENT, because=WHY), OwnYears(years=2, because=WHY)
    made = combined([said(urgent), said(short)], BOUNDS, asked_for_documents=())
    assert (made.priority, made.years_kept, made.taken) == (Priority.URGENT, 10, (("priority", WHY),))


def test_a_failed_owner_leaves_what_the_core_sets_and_a_note_to_the_officer() -> None:
    made = combined([said(hook="priority", error="raised: ValueError")], BOUNDS, asked_for_documents=())
    assert made.priority is Priority.NORMAL
    (finding,) = made.findings
    assert (finding.code, finding.field, finding.severity) == ("rules_failed", "priority", Severity.WARNING)
    assert "MJ" in finding.because.ar
    assert "MJ" in finding.because.fr


def test_a_failure_of_rules_that_all_are_asked_is_recorded_without_a_note() -> None:
    assert combined([said(hook="validate", error="raised")], BOUNDS, asked_for_documents=()).findings == ()
