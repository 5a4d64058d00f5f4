"""The parts that need nothing: calls, refusals, settings, checks, pages, scopes."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID

import pytest
from diwan.common.v1 import access_pb2, subscriber_service_pb2
from diwan.directory.v1 import directory_service_pb2
from google.protobuf import descriptor_pool
from grpc_health.v1 import health_pb2

from services.chassis import access, checks, pages, refusals, requests, settings, tokens  # noqa: F401 (their refusals count)
from services.chassis.access import CallerForbidden, RoleMissing, Rule, Scope, ScopeMissing, TokenMissing, call_scope
from services.chassis.call import Actor, ActorKind, Appointment, Call
from services.chassis.refusals import EnumUnknown, FieldInvalid, Refusal

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def an_officer(role: str = "delegate", scope: str = "wilaya:wilaya-alger") -> Actor:
    return Actor(kind=ActorKind.OFFICER, id="o1", appointments=(Appointment(role=role, scope=scope),))


def a_call(actor: Actor) -> Call:
    return Call(now=NOW, actor=actor, process="portal")


def test_ids_are_ordered_by_the_time_of_the_call() -> None:
    earlier = a_call(an_officer()).new_id()
    later = Call(now=NOW.replace(hour=10), actor=an_officer(), process="portal").new_id()
    assert earlier < later
    assert (UUID(earlier).version, UUID(earlier).variant) == (7, "specified in RFC 4122")


def concrete(kind: type[Refusal]) -> list[type[Refusal]]:
    return [each for below in kind.__subclasses__() for each in (below, *concrete(below))]


KINDS = {"NotFound", "Invalid", "Conflict", "Stale", "Forbidden", "Unauthenticated", "Exhausted", "Unavailable"}


@pytest.mark.parametrize(
    "refusal", [each for each in concrete(Refusal) if each.__name__ not in KINDS and "chassis" in each.__module__]
)
def test_every_refusal_of_the_chassis_speaks_three_languages(refusal: type[Refusal]) -> None:
    assert len({refusal.ar, refusal.fr, refusal.__doc__}) == 3
    assert refusal.ar != Refusal.ar
    assert refusal.fr != Refusal.fr


def test_a_field_at_fault_is_named_with_its_remedy() -> None:
    refusal = FieldInvalid(field="text", problem="long", limit=10)
    assert refusal.message("en") == "The field text is missing or cannot be accepted: shorten it to 10 characters."
    assert refusal.message("ar") == "الحقل text ناقص أو غير مقبول: اختصره إلى 10 حرف على الأكثر."
    assert (refusal.reason, refusal.where) == ("FIELD_INVALID", "text")


def test_a_fact_is_never_long_enough_to_break_the_answer() -> None:
    assert len(EnumUnknown(field="channel", value="9" * 10_000).facts["value"]) == refusals.LONGEST_FACT


@pytest.mark.parametrize("text", ["", "   ", "a\0b", "\ud800", "a" * 11, "bell\x07"])
def test_what_is_no_text_is_refused(text: str) -> None:
    with pytest.raises(FieldInvalid):
        checks.require_text("text", text, limit=10)


@pytest.mark.parametrize("text", ["شكوى", "a\nb\tc", "😀", "\u202eabc\u202c", "é"])
def test_text_is_kept_verbatim(text: str) -> None:
    assert checks.require_text("text", text, limit=10) == text


def test_ids_and_enums_are_checked() -> None:
    assert checks.require_uuid("id", "018F0000-0000-7000-8000-000000000000") == "018f0000-0000-7000-8000-000000000000"
    for typed in (
        "1; DROP TABLE",
        "urn:uuid:018f0000-0000-7000-8000-000000000000",
        "{018f0000000070008000000000000000}",
    ):
        with pytest.raises(FieldInvalid):
            checks.require_uuid("id", typed)
    assert checks.require_enum("role", access_pb2.Role, 3) == 3
    with pytest.raises(EnumUnknown):
        checks.require_enum("role", access_pb2.Role, 99)
    with pytest.raises(FieldInvalid):
        checks.require_enum("role", access_pb2.Role, 0)


def test_a_page_token_of_endless_brackets_is_none_of_ours() -> None:
    token = urlsafe_b64encode(b"[" * 1_000_000).decode()
    with pytest.raises(refusals.PageInvalid):
        pages.read(directory_service_pb2.ListBodiesRequest(page_token=token), keys=1)


def test_settings_are_read_once_and_named_when_unclear() -> None:
    read = settings.Settings.read("intake", {"DIWAN_INTAKE_LISTEN": "0.0.0.0:1", "DIWAN_TRACE_SAMPLE": "0.5"})
    assert (read.listen, read.trace_sample, read.addresses["routing"]) == ("0.0.0.0:1", 0.5, "127.0.0.1:7405")
    with pytest.raises(settings.SettingUnclear, match="DIWAN_TRACE_SAMPLE"):
        settings.Settings.read("intake", {"DIWAN_TRACE_SAMPLE": "half"})
    with pytest.raises(settings.SettingUnclear, match="DIWAN_INTAKE_DATABASE"):
        assert read.database


def test_a_method_without_an_access_option_is_closed_to_all() -> None:
    rule = Rule.of(health_pb2.DESCRIPTOR.services_by_name["Health"].methods_by_name["Check"])
    with pytest.raises(CallerForbidden):
        rule.admit("operator", an_officer())


def test_every_method_of_the_contract_says_who_may_call() -> None:
    pool = descriptor_pool.Default()
    for name in ("diwan.common.v1.SubscriberService", "diwan.directory.v1.DirectoryService"):
        for method in pool.FindServiceByName(name).methods:
            assert Rule.of(method).callers, method.full_name


def test_roles_are_asked_of_officers_and_waived_for_named_processes_only() -> None:
    rule = Rule(
        callers=frozenset({"portal", "routing"}), roles=frozenset({"delegate"}), without_officer=frozenset({"routing"})
    )
    rule.admit("portal", an_officer("delegate"))
    rule.admit("routing", None)
    with pytest.raises(TokenMissing):
        rule.admit("portal", None)
    with pytest.raises(RoleMissing):
        rule.admit("portal", an_officer("keeper"))
    with pytest.raises(CallerForbidden):
        rule.admit("bus", None)


def test_deliver_is_for_the_bus_and_may_be_repeated() -> None:
    service = subscriber_service_pb2.DESCRIPTOR.services_by_name["SubscriberService"]
    assert Rule.of(service.methods_by_name["Deliver"]) == Rule(callers=frozenset({"bus"}), idempotent=True)


def test_a_scope_reaches_what_it_names_and_no_further() -> None:
    scope = call_scope(a_call(an_officer("delegate", "wilaya:wilaya-alger")), {"delegate"})
    assert scope.permits(territory_ids=["wilaya-alger"])
    assert not scope.permits(territory_ids=["wilaya-oran"], body_ids=["wilaya-alger"])
    with pytest.raises(ScopeMissing):
        scope.require(body_ids=["msan"])
    assert not call_scope(a_call(an_officer("keeper")), {"delegate"}).permits(territory_ids=["wilaya-alger"])


def test_a_register_scope_holds_for_every_year_and_entry() -> None:
    scope = call_scope(a_call(an_officer("keeper", "register:16/0412")), {"keeper"})
    assert scope.permits(register="16/0412/2026/000123")
    assert scope.permits(register="16/0412/2027")
    assert not scope.permits(register="16/04")
    assert not scope.permits(register="")


def test_a_process_reaches_everything_and_a_citizen_nothing() -> None:
    assert call_scope(a_call(Actor(kind=ActorKind.PROCESS, id="routing")), {"delegate"}).permits()
    assert not call_scope(a_call(Actor(kind=ActorKind.CITIZEN)), {"delegate"}).permits(territory_ids=["wilaya-alger"])


def test_a_scope_becomes_sql_with_parameters_only() -> None:
    scope = Scope(wilaya=frozenset({"wilaya-alger"}), body=frozenset({"msan"}))
    assert scope.predicate({"wilaya": "wilaya_id", "body": "party_ids && {}"}, 3) == (
        "(wilaya_id = ANY($3::text[]) OR party_ids && $4::text[])",
        [["wilaya-alger"], ["msan"]],
    )
    assert Scope(body=frozenset({"msan"})).predicate({"wilaya": "wilaya_id"}) == ("FALSE", [])
    assert Scope(national=True).predicate({}) == ("TRUE", [])
