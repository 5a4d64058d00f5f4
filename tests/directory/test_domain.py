"""What the directory decides, without a database."""

from datetime import timedelta

import pytest

from services.directory.domain.administration import (
    AdministrationKeyInvalid,
    AdministrationKnown,
    AdministrationUnnamed,
    CommuneCodeUnknown,
    CommuneElsewhere,
    MinistryUnknown,
    ServiceCodeInvalid,
    WilayaUnknown,
    body_id_of,
    entered,
)
from services.directory.domain.appointment import (
    OF_CLIENTS,
    SCOPES,
    TITLES,
    AppointmentMissing,
    Role,
    RoleUnfit,
    ScopeAbsent,
    ScopeUnfit,
    refuse_unfit,
)
from services.directory.domain.body import BodyKind, ServiceKind, de, of_territories, of_the_country
from services.directory.domain.change import changed, portions
from services.directory.domain.officer import (
    ClientNameInvalid,
    DisplayNameInvalid,
    OfficerClosed,
    SignInThrottled,
    TokenDaysInvalid,
    Tries,
    UsernameInvalid,
    folded,
    named,
    refuse_client,
    refuse_throttled,
    session,
    titled,
)
from services.directory.domain.territory import TerritoryKind, latest, whole
from tests.directory.builders import (
    NOW,
    REFORM,
    a_commune,
    a_period,
    a_row,
    a_wilaya,
    an_appointment,
    an_officer,
    places,
)

MOVED = (
    a_commune(wilaya_id="wilaya-laghouat", period=a_period("1984-02-04", "2026-04-05")),
    a_commune(wilaya_id="wilaya-aflou", period=a_period("2026-04-05")),
)


def test_a_period_holds_from_its_first_day_until_the_day_before_its_end():
    period = a_period("2019-12-18", "2026-04-05")
    assert period.holds(REFORM - timedelta(days=1))
    assert not period.holds(REFORM)
    assert not a_period("2019-12-18").holds(a_period("2019-12-17").first)
    assert a_period().holds(REFORM)


def test_the_latest_period_of_a_territory_is_the_present_one():
    assert latest(reversed(MOVED)) == [MOVED[1]]


def test_when_one_period_changes_all_are_told_the_present_one_last():
    ended, in_force = whole([MOVED[0]], [a_wilaya(), *MOVED])
    assert (ended, in_force) == ([MOVED[0]], [MOVED[1]])


def test_only_what_is_not_known_has_changed():
    known = {a_wilaya().key: a_wilaya()}
    renamed = a_wilaya(name_fr="El Djazair")
    assert changed(known, [a_wilaya()]) == []
    assert changed(known, [renamed, a_commune()]) == [renamed, a_commune()]


def test_portions_hold_at_most_five_hundred():
    assert [len(part) for part in portions(range(1001))] == [500, 500, 1]
    assert list(portions([])) == []


@pytest.mark.parametrize(
    ("name", "with_de"),
    [("Alger", "d’Alger"), ("Blida", "de Blida"), ("El Oued", "d’El Oued"), ("Les Eucalyptus", "des Eucalyptus"),
     ("Hassi Messaoud", "de Hassi Messaoud"), ("Ksar Chellala", "de Ksar Chellala")],
)  # fmt: skip
def test_french_names_take_their_preposition(name, with_de):
    assert de(name) == with_de


def a_service(**only):
    given = {
        "service_code": "DSP", "kind": BodyKind.DIRECTORATE, "level": TerritoryKind.WILAYA, "ministry_id": "msan",
        "name_ar": "مديرية الصحة والسكان لولاية {name}", "name_fr": "Direction de la santé {de_name}",
        "keeps_register": True,
    } | only  # fmt: skip
    return ServiceKind(**given)


def test_a_directorate_exists_once_in_each_wilaya():
    (body,) = of_territories([a_service()], [a_wilaya(), a_commune()])
    assert (body.body_id, body.wilaya_label, body.parent_id) == ("dsp-alger", "16", "msan")
    assert (body.name_ar, body.name_fr) == ("مديرية الصحة والسكان لولاية الجزائر", "Direction de la santé d’Alger")


def test_a_commune_s_administration_has_the_commune_s_id():
    service = a_service(service_code="APC", kind=BodyKind.COMMUNE, level=TerritoryKind.COMMUNE, name_ar="بلدية {name}")
    (body,) = of_territories([service], [a_wilaya(), a_commune()])
    assert (body.body_id, body.parent_id, body.wilaya_id) == ("commune-1601", "daira-16-12", "wilaya-alger")


def test_a_national_agency_has_its_code_as_id():
    (body,) = of_the_country([a_service(), a_service(service_code="CNAS", kind=BodyKind.AGENCY, level=None)])
    assert (body.body_id, body.wilaya_label, body.territory_id) == ("cnas", "00", "")


def test_a_new_wilaya_s_bodies_are_as_old_as_the_wilaya():
    new = a_wilaya(period=a_period("2026-04-05"))
    (body,) = of_territories([a_service()], [new])
    (old,) = of_territories([a_service()], [a_wilaya(period=a_period("1984-02-04"))])
    assert (body.period, old.period) == (new.period, a_period())


def test_every_role_has_scopes_and_every_officer_s_role_a_title():
    assert set(SCOPES) == set(Role)
    assert set(TITLES) == set(Role) - OF_CLIENTS


def test_an_account_needs_an_appointment():
    with pytest.raises(AppointmentMissing):
        refuse_unfit([], for_client=False)


def test_a_role_without_scope_is_refused_with_field_and_remedy():
    with pytest.raises(ScopeAbsent) as refused:
        refuse_unfit([an_appointment(scope="")], for_client=False)
    assert refused.value.where == "appointments.scope"
    for language in ("ar", "fr", "en"):
        assert "wilaya:wilaya-alger" in refused.value.message(language)


@pytest.mark.parametrize(
    "scope", ["national", "wilaya:", "wilaya:16", "body:dsp-alger", "wilaya:wilaya-alger\n", "x" * 900]
)
def test_a_delegate_is_appointed_to_a_wilaya_only(scope):
    with pytest.raises(ScopeUnfit):
        refuse_unfit([an_appointment(scope=scope)], for_client=False)


@pytest.mark.parametrize(
    ("role", "scope"),
    [(Role.KEEPER, "register:16/0412"), (Role.SUPERVISOR, "body:commune-1601"), (Role.UNIT_OFFICER, "body:dsp-alger"),
     (Role.MEDIATOR, "national"), (Role.WILAYA_CELL, "wilaya:wilaya-el-mghair")],
)  # fmt: skip
def test_each_role_is_held_for_its_kind_of_scope(role, scope):
    refuse_unfit([an_appointment(role, scope)], for_client=False)


def test_officers_and_clients_have_different_roles():
    with pytest.raises(RoleUnfit):
        refuse_unfit([an_appointment()], for_client=True)
    with pytest.raises(RoleUnfit):
        refuse_unfit([an_appointment(Role.FILING_CLIENT, "national")], for_client=False)


def test_a_name_for_signing_in_is_folded_and_a_wrong_one_is_nobody_s():
    assert folded("  Delegate.Alger ") == "delegate.alger"
    assert folded("a\0b") == folded("مندوب") == folded("x" * 200) == ""


@pytest.mark.parametrize(
    ("appointment", "username"),
    [(an_appointment(), "delegate.alger"), (an_appointment(Role.UNIT_OFFICER, "body:dsp-alger"), "unit-officer.dsp-alger"),
     (an_appointment(Role.KEEPER, "register:16/0412"), "keeper.16-0412"), (an_appointment(Role.MEDIATOR, "national"), "mediator")],
)  # fmt: skip
def test_a_new_account_is_named_after_role_and_scope(appointment, username):
    assert named("", appointment=appointment) == username == folded(username)


def test_a_wished_name_is_taken_or_refused():
    assert named("Salima.B", appointment=an_appointment()) == "salima.b"
    with pytest.raises(UsernameInvalid):
        named("سليمة", appointment=an_appointment())


def test_the_name_on_acts_says_role_and_place():
    assert titled("", appointment=an_appointment(), place="الجزائر") == "المندوب المحلي، الجزائر"
    assert titled(" سليمة ب. ", appointment=an_appointment(), place="الجزائر") == "سليمة ب."
    with pytest.raises(DisplayNameInvalid):
        titled("a\0b", appointment=an_appointment(), place="")


def test_a_sixth_try_within_the_window_is_refused_and_says_for_how_long():
    ends_at = NOW + timedelta(minutes=4, seconds=10)
    refuse_throttled(Tries(count=5, window_ends_at=ends_at), now=NOW)
    with pytest.raises(SignInThrottled) as refused:
        refuse_throttled(Tries(count=6, window_ends_at=ends_at), now=NOW)
    assert refused.value.facts["minutes"] == "5"


def test_a_session_lasts_eight_hours_and_carries_the_appointments():
    opened = session(an_officer(), now=NOW)
    assert opened.ends_at - opened.begins_at == timedelta(hours=8)
    assert opened.subject == "officer:0199aaaa-0000-7000-8000-000000000001"
    assert opened.appointments == (an_appointment(),)


@pytest.mark.parametrize("closed", [{"active": False}, {"appointments": ()}])
def test_a_closed_account_opens_no_session(closed):
    with pytest.raises(OfficerClosed):
        session(an_officer(**closed), now=NOW)


def test_a_client_has_a_plain_name_and_at_most_a_year():
    refuse_client("app.mobile", days=366)
    for name in ("", "App", "a b", "a" * 64, ".a"):
        with pytest.raises(ClientNameInvalid):
            refuse_client(name, days=1)
    for days in (-1, 367):
        with pytest.raises(TokenDaysInvalid):
            refuse_client("app", days=days)


def test_a_row_becomes_an_establishment_of_its_wilaya():
    body = entered(a_row(service_code="eph"), source="hospitals", places=places())
    assert (body.body_id, body.kind, body.service_code) == ("unit-hospitals-1", BodyKind.ESTABLISHMENT, "EPH")
    assert (body.territory_id, body.wilaya_label, body.parent_id) == ("wilaya-alger", "16", "msan")
    assert body.name_fr == body.name_ar == "مستشفى"


def test_a_row_with_a_commune_lies_in_the_commune_and_its_wilaya_of_today():
    moved = a_commune(wilaya_id="wilaya-oran")
    there = places(moved, ever={"commune-1601": frozenset({"wilaya-alger", "wilaya-oran"})})
    body = entered(a_row(commune_code="1601"), source="hospitals", places=there)
    assert (body.territory_id, body.wilaya_id, body.wilaya_label) == ("commune-1601", "wilaya-oran", "31")


@pytest.mark.parametrize(
    ("wrong", "refusal", "field"),
    [
        ({"key": ""}, AdministrationKeyInvalid, "key"),
        ({"key": "a\0"}, AdministrationKeyInvalid, "key"),
        ({"name_ar": "", "name_fr": ""}, AdministrationUnnamed, "name_ar"),
        ({"name_ar": "م\0"}, AdministrationUnnamed, "name_ar"),
        ({"name_fr": "x" * 301}, AdministrationUnnamed, "name_ar"),
        ({"service_code": "x" * 61}, ServiceCodeInvalid, "service_code"),
        ({"wilaya_label": "70"}, WilayaUnknown, "wilaya_label"),
        ({"wilaya_label": ""}, WilayaUnknown, "wilaya_label"),
        ({"commune_code": "9999"}, CommuneCodeUnknown, "commune_code"),
        ({"commune_code": "1601", "wilaya_label": "31"}, CommuneElsewhere, "commune_code"),
        ({"ministry_id": "mem"}, MinistryUnknown, "ministry_id"),
        ({"service_code": "dsp"}, AdministrationKnown, "service_code"),
    ],
)
def test_a_row_that_cannot_be_entered_names_its_field(wrong, refusal, field):
    with pytest.raises(refusal) as refused:
        entered(a_row(**wrong), source="hospitals", places=places())
    assert refused.value.where == field
    assert "{" not in refused.value.message("ar") + refused.value.message("fr") + refused.value.message("en")


def test_direction_marks_are_dropped_from_names():
    body = entered(a_row(name_ar="المدرسة العليا للري\u202c "), source="schools", places=places())
    assert body.name_ar == "المدرسة العليا للري"


def test_the_same_row_of_the_same_list_has_the_same_id_and_no_two_rows_share_one():
    ids = [body_id_of(*row) for row in [("a", "b-c"), ("a-b", "c"), ("a_b", "c"), ("مستشفيات", "1"), ("مستشفيات", "2")]]
    assert len(set(ids)) == len(ids)
    assert ids == [
        body_id_of(*row) for row in [("a", "b-c"), ("a-b", "c"), ("a_b", "c"), ("مستشفيات", "1"), ("مستشفيات", "2")]
    ]
    assert ids[0] == "unit-a-b-c"
