"""What is decided about letters, in milliseconds."""

from dataclasses import replace
from datetime import date

import pytest

from services.chassis.refusals import EtagStale
from services.correspondence.domain import calendar, sheet, wording
from services.correspondence.domain import letter as rules
from services.correspondence.domain.body import Name, copies
from services.correspondence.domain.book import LetterCodesExhausted, open_register
from services.correspondence.domain.desk import LetterNotYours, desk
from services.correspondence.domain.letter import MAY_BECOME, Grade, Kind, Letter, State
from tests.correspondence.builders import (
    ALGIERS,
    DELEGATION,
    HEALTH,
    MINISTRY,
    NOON,
    REGISTER_NUMBER,
    a_letter,
    a_matter,
)

DELEGATIONS = [("delegation-alger", "wilaya-alger"), ("delegation-oran", "wilaya-oran")]


def a_sent_letter(**what_matters: object) -> Letter:
    signed = rules.sign(
        a_letter(**what_matters), number="16/0002/2026/L/000045", signed_by="officer:1", signatory_name="أ", at=NOON
    )
    return rules.dispatch(signed, at=NOON)


def a_reply(letter: Letter, *, interim: bool = False) -> Letter:
    drafted = rules.reply(letter, letter_id="r", interim=interim, language="ar", subject="ردّ", body="نعم", at=NOON)
    signed = rules.sign(drafted, number="16/0118/2026/L/000007", signed_by="officer:2", signatory_name="ك", at=NOON)
    return rules.dispatch(signed, at=NOON)


def test_every_state_says_what_may_follow() -> None:
    assert MAY_BECOME.keys() == set(State)


@pytest.mark.parametrize("state", set(State) - {State.DRAFT})
def test_only_a_draft_is_signed(state: State) -> None:
    with pytest.raises(rules.LetterStateForbids):
        rules.sign(a_letter(state=state), number="1", signed_by="o", signatory_name="", at=NOON)


def test_a_draft_is_not_sent() -> None:
    with pytest.raises(rules.LetterStateForbids):
        rules.dispatch(a_letter(), at=NOON)


def test_every_change_gives_a_new_etag() -> None:
    letter = a_letter()
    assert rules.become(letter, State.SIGNED).etag != letter.etag
    with pytest.raises(EtagStale):
        rules.unchanged(letter, "0")


def test_a_reply_goes_back_to_the_sender_with_the_same_copies() -> None:
    reply = a_reply(a_sent_letter(copy_ids=("msan", "mediator")))
    assert (reply.sender_id, reply.recipient_id) == ("dsp-alger", "delegation-alger")
    assert reply.copy_ids == ("msan", "mediator")
    assert reply.kind is Kind.FINAL_REPLY


@pytest.mark.parametrize("kind", [Kind.FINAL_REPLY, Kind.INTERIM_REPLY, Kind.ACKNOWLEDGEMENT])
def test_what_asks_for_no_answer_gets_none(kind: Kind) -> None:
    with pytest.raises(rules.LetterNotAnswerable):
        rules.answerable(a_sent_letter(kind=kind))


def test_a_final_reply_answers_all_sent_letters_of_its_matter_and_discards_reminders_in_draft() -> None:
    referral, sent, draft = a_sent_letter(), a_sent_letter(kind=Kind.REMINDER_1), a_letter(kind=Kind.REMINDER_2)
    settled = rules.settle(a_reply(referral), [referral, sent, draft])
    assert [letter.state for letter in settled] == [State.ANSWERED, State.ANSWERED, State.DISCARDED]
    assert rules.settle(a_reply(referral, interim=True), [referral]) == []


def test_a_superficial_reply_opens_its_letter_again_and_needs_a_note() -> None:
    letter = a_sent_letter()
    reply = replace(a_reply(letter), refers_to=letter.letter_id)
    with pytest.raises(rules.AssessmentNoteMissing):
        rules.assess(reply, grade=Grade.SUPERFICIAL, note=" ", at=NOON)
    judged = rules.assess(reply, grade=Grade.SUPERFICIAL, note="عام جدا", at=NOON)
    assert [each.state for each in rules.returned(judged, [rules.become(letter, State.ANSWERED)])] == [
        State.ACKNOWLEDGED
    ]
    with pytest.raises(rules.ReplyAlreadyAssessed):
        rules.assess(judged, grade=Grade.FAVOURABLE, note="", at=NOON)


def test_an_officer_writes_for_the_own_body_only() -> None:
    delegate = desk([("delegate", "wilaya:wilaya-alger")], DELEGATIONS)
    unit = desk([("unit_officer", "body:dsp-alger")], DELEGATIONS)
    central = desk([("mediator", "national")], DELEGATIONS)
    cell = desk([("wilaya_cell", "wilaya:wilaya-alger")], DELEGATIONS)
    assert delegate.writes == {"delegation-alger"}
    assert unit.writes == {"dsp-alger"}
    assert central.writes == {"mediator", "delegation-alger", "delegation-oran"}
    assert (cell.reads, cell.writes) == ({"delegation-alger"}, frozenset())
    with pytest.raises(LetterNotYours):
        unit.must_write_for("delegation-alger")


def test_a_keeper_sees_letters_about_the_register_once_they_are_sent() -> None:
    keeper = desk([("keeper", "register:16/0412")], DELEGATIONS)
    assert keeper.shows(a_sent_letter())
    assert not keeper.shows(a_letter())
    assert not keeper.shows(a_sent_letter(complaint_number="16/0413/2026/000001"))


def test_a_number_says_label_code_year_and_line() -> None:
    register = open_register("dsp-alger", label="16", last_code=1)
    assert register.number(2026, 45) == "16/0002/2026/L/000045"
    assert open_register("msan", label="", last_code=0).number(2027, 1) == "00/0001/2027/L/000001"
    with pytest.raises(LetterCodesExhausted):
        open_register("x", label="16", last_code=9999)


def test_the_ministry_has_a_copy_of_what_its_directorate_receives() -> None:
    assert copies(HEALTH) == ("msan",)
    assert copies(MINISTRY) == ()


def test_working_days_skip_the_weekend_and_holidays() -> None:
    thursday = date(2026, 11, 26)
    assert calendar.after(thursday, 1, ()) == date(2026, 11, 29)
    assert calendar.after(thursday, 2, {date(2026, 11, 29)}) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "يوم عمل واحد"), (2, "يومي عمل"), (3, "3 أيام عمل"), (10, "10 أيام عمل"), (15, "15 يوم عمل")],
)
def test_arabic_counts_days_with_the_noun_in_its_right_number(count: int, said: str) -> None:
    assert wording.working_days(count, "ar") == said


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_referral_says_number_date_place_topic_reason_and_term(language: str) -> None:
    words = wording.referral(a_matter(), language)
    matter = a_matter()
    for name in (matter.topic, matter.commune, matter.wilaya, matter.because):
        assert name is not None
        assert name.in_language(language) in words.body
    for said in (REGISTER_NUMBER, "02/11/2026", wording.working_days(15, language)):
        assert said in words.body
    assert "{" not in words.body + words.subject
    assert all("\n" not in paragraph for paragraph in words.body.split("\n\n"))


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_referral_of_which_little_is_known_still_reads_well(language: str) -> None:
    words = wording.referral(a_matter(topic=None, commune=None, wilaya=None, because=Name(), working_days=0), language)
    assert "None" not in words.body
    assert "  " not in words.body
    assert " ." not in words.body


def test_a_petition_is_called_so() -> None:
    assert "العريضة المقيّدة" in wording.referral(a_matter(kind="PETITION"), "ar").body
    assert "la requête inscrite" in wording.referral(a_matter(kind="PETITION"), "fr").body


def test_french_elides_before_a_vowel() -> None:
    body = wording.referral(a_matter(commune=Name(fr="Hydra")), "fr").body
    assert "dans la commune de Hydra, wilaya d’Alger" in body


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("kind", rules.LADDER)
def test_each_step_of_the_ladder_recalls_the_letter_and_the_day(kind: Kind, language: str) -> None:
    earlier = wording.Earlier(
        number="16/0002/2026/L/000045",
        signed_on=date(2026, 11, 23),
        complaint_number=REGISTER_NUMBER,
        due_on=date(2026, 12, 14),
    )
    body = wording.reminder(kind, earlier, language).body
    for said in (earlier.number, "23/11/2026", REGISTER_NUMBER, "14/12/2026"):
        assert said in body


def test_a_sheet_names_office_place_references_and_copies() -> None:
    letter = a_sent_letter(due_on=date(2026, 12, 14))
    parties = sheet.Parties(
        sender=DELEGATION, recipient=HEALTH, copies=[MINISTRY], recipient_ministry=MINISTRY, place=ALGIERS
    )
    lines = sheet.sheet(letter, parties, recalled=None)
    assert lines["office"] == ["وسيط الجمهورية", DELEGATION.name.ar]
    assert lines["recipient"] == [HEALTH.name.ar, MINISTRY.name.ar]
    assert (lines["place"], lines["date"], lines["due"]) == ("الجزائر", "23/11/2026", "14/12/2026")
    back = sheet.Parties(sender=HEALTH, recipient=DELEGATION, sender_ministry=MINISTRY)
    reply = sheet.sheet(a_reply(letter), back, recalled=letter)
    assert reply["office"] == [MINISTRY.name.ar, HEALTH.name.ar]
    assert reply["references"] == [
        f"مراسلتكم رقم {letter.number} المؤرخة في 23/11/2026",
        f"الملف رقم {REGISTER_NUMBER}",
    ]
    assert sheet.digest(lines) != sheet.digest(reply)


def test_paragraphs_keep_every_word_and_fit_the_press() -> None:
    body = "أول سطر\r\nثان\r\n\r\n" + "كلمة " * 1000
    parted = sheet.paragraphs(body)
    assert parted[0] == "أول سطر\nثان"
    assert max(map(len, parted)) <= sheet.PARAGRAPH_MOST
    assert " ".join(parted).split() == body.split()
    assert sheet.paragraphs("شُكْرًا") == ["شُكْرًا"]
