"""What intake decides about a filing, without a database, a clock or a network."""

import hashlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.chassis.refusals import Refusal
from services.intake.domain import leaf, register, words
from services.intake.domain.day import day
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
from services.intake.domain.number import Series
from services.intake.domain.places import Atlas, BodyUnknown, CommuneUnknown, RegisterNotReady, TopicUnknown
from tests.intake.builders import BODIES, TODAY, a_body, a_filing, an_atlas

NOW = datetime(2026, 11, 23, 18, 5, 11, 123456, tzinfo=UTC)


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
