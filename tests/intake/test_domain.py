"""What intake decides, without a database, a clock or a network."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.chassis.refusals import Refusal
from services.intake.domain import complaint as life
from services.intake.domain import disclosure, leaf, referral, register, secret, words
from services.intake.domain.complaint import MAY_BECOME, ClosureReason, ReplyGrade, State
from services.intake.domain.day import day
from services.intake.domain.file import Act, File
from services.intake.domain.filing import (
    NOBODY,
    Channel,
    ChannelForbidden,
    Complainant,
    ComplainantMissing,
    ComplainantUnwanted,
    ComplaintKind,
    Filer,
    Identity,
    LanguageUnknown,
    PaperPlace,
    PaperPlaceMissing,
    PaperPlaceUnwanted,
    WrittenDateInvalid,
    check,
    keeper_of,
)
from services.intake.domain.number import NumberMalformed, RegisterNumber, Series
from services.intake.domain.places import Atlas, BodyUnknown, CommuneUnknown, RegisterNotReady, TopicUnknown
from services.intake.domain.referral import Referral, ReferralState
from services.intake.domain.tracking import TRIES, WINDOW, TrackingLimited, Tries
from tests.intake.builders import BODIES, TODAY, a_body, a_complaint, a_filing, an_atlas

NOW = datetime(2026, 11, 23, 18, 5, 11, 123456, tzinfo=UTC)
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
EASTERN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
numbers = some.builds(
    lambda label, code, year, line: RegisterNumber(register_id=f"{label:02}/{code:04}/{year}", line=line),
    some.integers(0, 99), some.integers(1, 9999), some.integers(2000, 2199), some.integers(1, 999_999),
)  # fmt: skip


@given(numbers, some.sampled_from(["/", "-", " ", ".", " / ", "\u200f/\u200f"]))
def test_a_number_is_read_with_any_separator(number, separator):
    assert RegisterNumber.parse(str(number).replace("/", separator)) == number


@given(numbers, some.sampled_from([ARABIC_INDIC, EASTERN]))
def test_a_number_is_read_in_the_digits_of_other_scripts(number, digits):
    assert RegisterNumber.parse("\u2068" + str(number).translate(digits) + "\u2069") == number


@given(numbers)
def test_a_number_is_read_without_separators(number):
    assert RegisterNumber.parse(str(number).replace("/", "")) == number


@pytest.mark.parametrize(
    "typed", ["", "16/0412", "16/0412/2026/", "x16/0412/2026/1", "16/0412/2026/1" * 9, "\ud800", "16/04a2/2026/12"]
)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(NumberMalformed):
        RegisterNumber.parse(typed)


@given(some.binary(min_size=16, max_size=16))
def test_a_drawn_secret_is_read_back_from_how_it_is_shown(randomness):
    drawn = secret.drawn(randomness)
    assert len(drawn) == 18
    assert secret.read(secret.shown(drawn)) == drawn
    assert secret.read(secret.shown(drawn).translate(ARABIC_INDIC)) == drawn


@given(some.binary(min_size=16, max_size=16), some.integers(0, 17), some.integers(1, 9))
def test_one_wrong_digit_never_passes_the_check(randomness, place, shift):
    drawn = secret.drawn(randomness)
    wrong = drawn[:place] + str((int(drawn[place]) + shift) % 10) + drawn[place + 1 :]
    assert secret.read(wrong) is None


@given(some.binary(min_size=16, max_size=16), some.integers(0, 16))
def test_two_swapped_digits_never_pass_the_check(randomness, place):
    drawn = secret.drawn(randomness)
    swapped = drawn[:place] + drawn[place + 1] + drawn[place] + drawn[place + 2 :]
    assert swapped == drawn or secret.read(swapped) is None


@given(some.text(min_size=1).filter(lambda text: "\0" not in text))
def test_text_is_kept_verbatim_or_refused(text):
    try:
        assert words.admit("text", text).decode() == text
    except words.TextEmpty:
        assert not any(char.isalnum() for char in text)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", words.TextEmpty),
        (" \n\u200f ", words.TextEmpty),
        ("a" * 20_001, words.TextTooLong),
        ("ab\0c", words.TextHasNul),
        ("ab\ud83dc", words.TextNotUnicode),
    ],
)
def test_each_bad_text_has_its_own_refusal_in_three_languages(text, refusal):
    with pytest.raises(refusal) as said:
        words.admit("filing.text", text)
    assert said.value.where == "filing.text"
    messages = {said.value.message(language) for language in ("ar", "fr", "en")}
    assert len(messages) == 3
    assert all("{" not in each for each in messages)


def test_emoji_and_direction_marks_are_kept():
    assert words.admit("text", "😀 \u202bنص\u202c").decode() == "😀 \u202bنص\u202c"


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"channel": Channel.PAPER_REGISTER}, ChannelForbidden),
        ({"language": "de"}, LanguageUnknown),
        ({"complainant": NOBODY}, ComplainantMissing),
        ({"complainant": Complainant(phone="0550")}, ComplainantMissing),
        ({"complainant": Complainant(name="x\0")}, words.TextHasNul),
        ({"complainant": Complainant(name="x" * 201)}, words.TextTooLong),
        ({"identity": Identity.ANONYMOUS}, ComplainantUnwanted),
        ({"paper": PaperPlace(page=1, line=1, written_on="2026-11-01")}, PaperPlaceUnwanted),
    ],
)
def test_what_cannot_be_entered_is_refused(facts, refusal):
    with pytest.raises(refusal):
        check(a_filing(**facts), Filer.CITIZEN, today=TODAY)


def test_an_anonymous_complaint_names_nobody():
    filing = a_filing(identity=Identity.ANONYMOUS, complainant=NOBODY, consent=False)
    assert check(filing, Filer.CITIZEN, today=TODAY) == TODAY


def a_paper_entry(page=3, line=7, written_on="2026-10-30"):
    return a_filing(channel=Channel.PAPER_REGISTER, paper=PaperPlace(page=page, line=line, written_on=written_on))


def test_the_deadline_of_a_paper_entry_runs_from_the_written_date():
    assert check(a_paper_entry(), Filer.KEEPER, today=TODAY) == date(2026, 10, 30)


@pytest.mark.parametrize("written_on", ["", "2026-02-30", "2026-11-24", "1999-01-01", "30/10/2026"])
def test_a_written_date_is_a_past_or_present_day(written_on):
    with pytest.raises(WrittenDateInvalid):
        check(a_paper_entry(written_on=written_on), Filer.KEEPER, today=TODAY)


@pytest.mark.parametrize(("page", "line"), [(0, 1), (1, 0), (-1, 5)])
def test_a_paper_entry_has_page_and_line(page, line):
    with pytest.raises(PaperPlaceMissing):
        check(a_paper_entry(page=page, line=line), Filer.KEEPER, today=TODAY)


def test_the_day_is_that_of_algiers():
    assert day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("facts", "keeper"),
    [
        ({}, "commune-1601"),
        ({"addressed_body_id": ""}, "delegation-alger"),
        ({"addressed_body_id": "msan"}, "delegation-alger"),
        ({"kind": ComplaintKind.PETITION}, "delegation-alger"),
        ({"commune_id": "commune-3101"}, "commune-1601"),
        ({"commune_id": "commune-3101", "addressed_body_id": ""}, "delegation-oran"),
    ],
)
def test_a_filing_goes_to_the_named_register_or_the_delegations(facts, keeper):
    assert keeper_of(a_filing(**facts), an_atlas(), today=TODAY).body_id == keeper


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"commune_id": "commune-9999"}, CommuneUnknown),
        ({"commune_id": "wilaya-alger"}, CommuneUnknown),
        ({"addressed_body_id": "nobody"}, BodyUnknown),
        ({"topic_code": "housing.castle"}, TopicUnknown),
    ],
)
def test_what_the_directory_does_not_know_is_refused(facts, refusal):
    with pytest.raises(refusal):
        keeper_of(a_filing(**facts), an_atlas(), today=TODAY)


def test_a_filing_goes_to_who_took_over():
    heir = a_body("commune-1699")
    old = a_body("commune-old", valid_to=date(2026, 1, 1), successor_ids=("commune-1699",))
    atlas = an_atlas()
    atlas = Atlas(
        bodies={**atlas.bodies, heir.body_id: heir, old.body_id: old},
        territories=atlas.territories,
        topics=atlas.topics,
    )
    assert keeper_of(a_filing(addressed_body_id="commune-old"), atlas, today=TODAY) == heir


def test_before_the_reference_data_are_loaded_nothing_is_ready():
    atlas = an_atlas()
    atlas = Atlas(bodies={}, territories=atlas.territories, topics=frozenset())
    with pytest.raises(RegisterNotReady):
        keeper_of(a_filing(addressed_body_id="", topic_code=""), atlas, today=TODAY)


def test_a_leaf_is_eight_lines_that_anybody_can_hash():
    one = leaf.Leaf(
        number="16/0412/2026/000123", registered_at=NOW, channel="portal", kind="entry",
        text_commitment=b"\x01" * 32, person_commitment=b"\x02" * 32, previous=b"\x03" * 32,
    )  # fmt: skip
    assert one.canonical() == (
        b"diwan/leaf/1\n16/0412/2026/000123\n2026-11-23T18:05:11.123456Z\nportal\nentry\n"
        + b"01" * 32 + b"\n" + b"02" * 32 + b"\n" + b"03" * 32 + b"\n"
    )  # fmt: skip
    assert leaf.leaf_hash(b"x") == hashlib.sha256(b"\0x").digest()
    assert leaf.commitment(b"salt", b"field") == hashlib.sha256(b"saltfield").digest()


def test_a_register_takes_no_entries_once_it_is_sealed():
    book = register.opened(BODIES[3], Series(label="16", code=412), year=2026, at=NOW)
    assert book.register_id == "16/0412/2026"
    closed = register.sealed(book, etag=1)
    with pytest.raises(register.RegisterSealed):
        register.takes_entries(closed)
    with pytest.raises(register.RegisterSealed):
        register.sealed(closed, etag=2)


def test_a_delegations_register_is_that_of_petitions():
    book = register.opened(BODIES[1], Series(label="16", code=1), year=2026, at=NOW)
    assert book.kind is register.RegisterKind.PETITIONS


@given(some.lists(some.sampled_from(State), max_size=12))
def test_a_complaint_only_goes_where_the_table_leads(wanted):
    complaint = a_complaint()
    for state in wanted:
        allowed = state in MAY_BECOME[complaint.state]
        try:
            after = life.become(complaint, state)
        except life.TransitionForbidden:
            assert not allowed
        else:
            assert allowed
            assert after.version == complaint.version + 1
            complaint = after


def test_who_answers_a_fresh_entry_has_examined_it():
    steps = life.replied(a_complaint(), "commune-1601", ReplyGrade.FAVOURABLE)
    assert [(each.state, each.version) for each in steps] == [(State.UNDER_EXAMINATION, 2), (State.REPLIED, 3)]


def test_only_the_keeper_answers_in_the_register_and_never_superficially():
    with pytest.raises(life.NotKeeper):
        life.replied(a_complaint(), "delegation-alger", ReplyGrade.FAVOURABLE)
    with pytest.raises(life.GradeForbidden):
        life.replied(a_complaint(), "commune-1601", ReplyGrade.SUPERFICIAL)
    with pytest.raises(life.TransitionForbidden):
        life.replied(a_complaint(State.REFERRED), "commune-1601", ReplyGrade.FAVOURABLE)


def close(complaint, reason=ClosureReason.FAVOURABLE, duplicate_of="", referral_open=False):
    return life.closed(complaint, reason, duplicate_of=duplicate_of, referral_open=referral_open)


def test_a_complaint_is_closed_once_with_a_reason():
    closed = close(a_complaint(State.REPLIED))[-1]
    assert (closed.state, closed.closure_reason) == (State.CLOSED, ClosureReason.FAVOURABLE)
    with pytest.raises(life.TransitionForbidden):
        close(closed)
    reopened = life.reopened(closed)[-1]
    assert (reopened.state, reopened.closure_reason) == (State.REOPENED, None)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"reason": ClosureReason.WITHDRAWN}, life.ClosureReasonForbidden),
        ({"reason": ClosureReason.DUPLICATE}, life.DuplicateUnnamed),
        ({"reason": ClosureReason.DUPLICATE, "duplicate_of": "16/0412/2026/000123"}, life.DuplicateUnnamed),
        ({"duplicate_of": "16/0412/2026/000001"}, life.DuplicateUnnamed),
        ({"referral_open": True}, life.ReferralOpen),
    ],
)
def test_a_complaint_is_not_closed_wrongly(facts, refusal):
    with pytest.raises(refusal):
        close(a_complaint(State.REPLIED), **facts)


def test_a_complainant_withdraws_until_the_end():
    assert life.withdrawn(a_complaint())[-1].closure_reason is ClosureReason.WITHDRAWN
    assert not life.may_withdraw(a_complaint(State.CLOSED))


def test_inadmissible_is_said_for_a_reason_of_the_mandate():
    assert life.inadmissible(a_complaint(), ClosureReason.OUTSIDE_JUDICIAL)[-1].state is State.INADMISSIBLE
    with pytest.raises(life.ClosureReasonForbidden):
        life.inadmissible(a_complaint(), ClosureReason.FAVOURABLE)


def a_referral(state, *, referral_id="r1", answered=False):
    return Referral(
        referral_id=referral_id, complaint_id="c", unit_body_id="dsp-alger", ministry_id="msan", state=state, version=1, answered=answered
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "referrals", "end"),
    [
        (State.REGISTERED, [a_referral(ReferralState.SENT)], State.REFERRED),
        (State.REFERRED, [a_referral(ReferralState.ACKNOWLEDGED)], State.REFERRED),
        (State.REGISTERED, [a_referral(ReferralState.ACCEPTED)], State.IN_PROCESSING),
        (State.IN_PROCESSING, [a_referral(ReferralState.SENT)], State.IN_PROCESSING),
        (State.REFERRED, [a_referral(ReferralState.DECLINED)], State.REFERRED),
        (State.REGISTERED, [a_referral(ReferralState.ACCEPTED, answered=True)], State.REPLIED),
        (
            State.REFERRED,
            [a_referral(ReferralState.ANSWERED, answered=True), a_referral(ReferralState.SENT, referral_id="r2")],
            State.IN_PROCESSING,
        ),
        (State.AWAITING_COMPLAINANT, [a_referral(ReferralState.ACCEPTED)], State.AWAITING_COMPLAINANT),
        (State.CLOSED, [a_referral(ReferralState.ACCEPTED)], State.CLOSED),
    ],
)
def test_a_complaint_follows_its_referrals(start, referrals, end):
    complaint = a_complaint(start)
    steps = referral.follow(complaint, referrals)
    assert (steps[-1] if steps else complaint).state is end
    assert [each.version for each in steps] == list(range(2, len(steps) + 2))


@given(some.permutations([ReferralState.SENT, ReferralState.ACKNOWLEDGED, ReferralState.ACCEPTED]))
def test_in_whatever_order_a_referral_is_told_the_complaint_ends_in_processing(order):
    complaint, latest = a_complaint(), -1
    stages = [ReferralState.SENT, ReferralState.ACKNOWLEDGED, ReferralState.ACCEPTED]
    for state in order:
        latest = max(latest, stages.index(state))
        steps = referral.follow(complaint, [a_referral(stages[latest])])
        complaint = steps[-1] if steps else complaint
    assert complaint.state is State.IN_PROCESSING


def test_a_referral_that_has_not_ended_keeps_the_complaint_open():
    assert referral.any_open([a_referral(ReferralState.ASSESSED)])
    assert not referral.any_open([a_referral(ReferralState.CLOSED), a_referral(ReferralState.DECLINED)])


def disclose(complaint, *, purpose="لتحديد موعد", mediator=False, acting_for=(), parties=()):
    disclosure.check(complaint, purpose=purpose, mediator=mediator, acting_for=acting_for, parties=parties)


def test_the_keeper_sees_a_named_complainant_and_no_confidential_one():
    disclose(a_complaint(), acting_for=["commune-1601"])
    with pytest.raises(disclosure.IdentityWithheld):
        disclose(a_complaint(identity=Identity.CONFIDENTIAL, consent=False), acting_for=["commune-1601"])


def test_an_addressee_sees_the_complainant_only_with_consent():
    disclose(a_complaint(), acting_for=["dsp-alger"], parties=["dsp-alger", "msan"])
    with pytest.raises(disclosure.IdentityWithheld):
        disclose(a_complaint(consent=False), acting_for=["dsp-alger"], parties=["dsp-alger"])


def test_the_delegate_sees_a_confidential_complainant_for_a_purpose():
    confidential = a_complaint(identity=Identity.CONFIDENTIAL, consent=False)
    disclose(confidential, mediator=True)
    with pytest.raises(disclosure.PurposeMissing):
        disclose(confidential, mediator=True, purpose=" x  ")


def test_nobody_knows_an_anonymous_complainant():
    with pytest.raises(disclosure.ComplainantAnonymous):
        disclose(a_complaint(identity=Identity.ANONYMOUS), mediator=True)


def test_wrong_tries_are_limited_for_a_while():
    tries = Tries()
    for _ in range(TRIES):
        tries.admit("16/0412/2026/000123", NOW)
        tries.wrong("16/0412/2026/000123", NOW)
    with pytest.raises(TrackingLimited):
        tries.admit("16/0412/2026/000123", NOW + WINDOW - timedelta(seconds=1))
    tries.admit("16/0412/2026/000123", NOW + WINDOW)
    tries.admit("16/0412/2026/000124", NOW)


def test_the_explanation_of_the_end_is_shown_while_it_is_ended():
    acts = (Act(state=State.CLOSED, acted_at=NOW, actor="officer:1", note="لأن"),)
    assert File(complaint=a_complaint(State.CLOSED), acts=acts).closure_note == "لأن"
    assert not File(complaint=a_complaint(State.REOPENED), acts=acts).closure_note


def test_every_refusal_speaks_three_languages():
    def all_of(kind):
        for each in kind.__subclasses__():
            yield each
            yield from all_of(each)

    own = [each for each in all_of(Refusal) if each.__module__.startswith("services.intake")]
    assert len(own) > 25
    for each in own:
        assert each.__doc__
        assert each.ar != Refusal.ar
        assert each.fr != Refusal.fr
