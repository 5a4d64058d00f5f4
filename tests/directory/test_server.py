"""The directory answers on a real port, to those who may ask."""

import asyncio

import grpc
import pytest
from diwan.common.v1 import access_pb2
from diwan.directory.v1 import body_pb2, directory_service_pb2_grpc, officer_pb2, territory_pb2
from diwan.directory.v1 import directory_service_pb2 as pb

from services.chassis import keys
from services.chassis.access import CLIENT
from services.chassis.client import refused
from services.chassis.incoming import acting
from services.chassis.tokens import Verifier
from services.directory.__main__ import build
from services.directory.actions import facts
from services.directory.store.memory import Store
from tests.directory.builders import CALL, a_reference

MINISTRY_ROW = {"ministry_id": "msan", "wilaya_label": "16"}


@pytest.fixture
async def directory(running, database_for, settings_of):
    database = await database_for("directory")
    async with database.transaction() as connection:
        await facts.load_reference(CALL, Store(connection), reference=a_reference())
    return await running("directory", build(settings_of("directory"), database))


@pytest.fixture
async def loaded(directory):
    await stub(directory).LoadReference(pb.LoadReferenceRequest(), timeout=60)
    return directory


def stub(directory, process="operator"):
    return directory_service_pb2_grpc.DirectoryServiceStub(directory.channel(process))


def appointment(role="DELEGATE", scope="wilaya:wilaya-alger"):
    return officer_pb2.Appointment(role=access_pb2.Role.Value(f"ROLE_{role}"), scope=scope)


async def refusal(question):
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await question
    return refused(error.value)


async def account(directory, *appointments):
    request = pb.SetAccountRequest(appointments=appointments or [appointment()])
    return await stub(directory).SetAccount(request)


async def signed_in(directory, *appointments):
    made = await account(directory, *appointments)
    request = pb.SignInRequest(username=made.officer.username, password=made.password)
    return await stub(directory, "portal").SignIn(request)


async def test_the_reference_is_loaded_again_and_changes_nothing(loaded):
    again = await stub(loaded).LoadReference(pb.LoadReferenceRequest(), timeout=60)
    assert (again.territories, again.bodies, again.topics, again.bodies_total) == (0, 0, 0, 4394)


async def test_the_map_and_the_bodies_are_listed_page_by_page(loaded):
    portal = stub(loaded, "portal")
    request = pb.ListTerritoriesRequest(kind=territory_pb2.TERRITORY_KIND_WILAYA, page_size=50)
    first = await portal.ListTerritories(request)
    request.page_token = first.next_page_token
    second = await portal.ListTerritories(request)
    labels = [each.label for page in (first, second) for each in page.territories]
    assert labels == [f"{number:02}" for number in range(1, 70)]
    assert (first.total_size, second.next_page_token) == (69, "")
    found = await portal.ListBodies(pb.ListBodiesRequest(query="مديريه الصحه الجزائر"))
    assert [each.body_id for each in found.bodies] == ["dsp-alger"]
    assert found.bodies[0].name.fr == "Direction de la santé et de la population de la wilaya d’Alger"


async def test_the_map_of_another_day_can_be_asked_for(loaded):
    request = pb.ListTerritoriesRequest(kind=territory_pb2.TERRITORY_KIND_WILAYA, on="2026-04-04")
    assert (await stub(loaded, "portal").ListTerritories(request)).total_size == 58


async def test_topics_name_their_ministries(loaded):
    topics = (await stub(loaded, "portal").ListTopics(pb.ListTopicsRequest())).topics
    assert len(topics) == 39
    assert list(next(each for each in topics if each.topic_code == "roads").default_ministry_ids) == ["miclt", "mtpib"]


@pytest.mark.parametrize(
    ("request_", "reason", "field"),
    [
        (pb.ListBodiesRequest(page_size=2001), "PAGE_INVALID", "page_size"),
        (pb.ListBodiesRequest(page_token="ours?"), "PAGE_INVALID", "page_token"),
        (pb.ListBodiesRequest(on="2026-02-30"), "FIELD_INVALID", "on"),
        (pb.ListBodiesRequest(wilaya_id="a\0"), "FIELD_INVALID", "wilaya_id"),
        (pb.ListBodiesRequest(query="x" * 1_000_000), "FIELD_INVALID", "query"),
        (pb.ListBodiesRequest(kinds=[99]), "ENUM_UNKNOWN", "kinds"),
        (pb.ListBodiesRequest(body_ids=[""]), "FIELD_INVALID", "body_ids"),
    ],
)
async def test_a_wrong_question_names_its_field(directory, request_, reason, field):
    said = await refusal(stub(directory, "portal").ListBodies(request_))
    assert (said.kind, said.reason, said.field) == ("INVALID_ARGUMENT", reason, field)


async def test_an_officer_signs_in_and_the_token_says_what_for(directory, keys_folder):
    answer = await signed_in(directory)
    actor = Verifier(keys.public_keys(keys_folder), audience="intake").actor(answer.token.token)
    assert (str(actor), [(each.role, each.scope) for each in actor.appointments]) == (
        f"officer:{answer.officer.officer_id}",
        [("delegate", "wilaya:wilaya-alger")],
    )
    with acting(actor_token=answer.token.token):
        renewed = await stub(directory, "portal").RenewToken(pb.RenewTokenRequest())
    assert renewed.token.expire_time.seconds >= answer.token.expire_time.seconds


async def test_a_new_password_ends_the_sessions_before_it(directory):
    session = await signed_in(directory)
    officer = session.officer
    await asyncio.sleep(1.1)  # tokens know the second only
    again = pb.SetAccountRequest(username=officer.username, appointments=officer.appointments)
    await stub(directory).SetAccount(again)
    with acting(actor_token=session.token.token):
        said = await refusal(stub(directory, "portal").RenewToken(pb.RenewTokenRequest()))
    assert said.reason == "TOKEN_EXPIRED"


async def test_unknown_name_and_wrong_password_are_refused_in_the_same_words(directory):
    known = (await account(directory)).officer.username
    portal = stub(directory, "portal")
    answers = [
        await refusal(portal.SignIn(pb.SignInRequest(username=username, password="wrong")))
        for username in (known, "nobody")
    ]
    assert answers[0] == answers[1]
    assert (answers[0].kind, answers[0].reason) == ("UNAUTHENTICATED", "SIGN_IN_REFUSED")
    assert answers[0].message == "الاسم أو كلمة السر غير صحيحة."


async def test_too_many_tries_are_refused(directory):
    portal = stub(directory, "portal")
    for _ in range(5):
        await refusal(portal.SignIn(pb.SignInRequest(username="nobody", password="wrong")))
    with acting(language="fr"):
        said = await refusal(portal.SignIn(pb.SignInRequest(username="nobody", password="wrong")))
    assert (said.kind, said.reason) == ("RESOURCE_EXHAUSTED", "SIGN_IN_THROTTLED")
    assert said.message.startswith("Trop de tentatives")


async def test_a_client_service_gets_a_token_that_opens_lists(directory, keys_folder):
    request = pb.IssueClientTokenRequest(client="app.mobile", appointments=[appointment("FILING_CLIENT", "national")])
    token = (await stub(directory).IssueClientToken(request)).token.token
    actor = Verifier(keys.public_keys(keys_folder), audience="directory").actor(token)
    assert (str(actor.kind), actor.id) == (CLIENT, "app.mobile")
    async with grpc.aio.insecure_channel(directory.address) as channel:
        outside = directory_service_pb2_grpc.DirectoryServiceStub(channel)
        answer = await outside.ListTopics(pb.ListTopicsRequest(), metadata=(("authorization", f"Bearer {token}"),))
    assert [each.topic_code for each in answer.topics] == ["health", "praise"]


@pytest.mark.parametrize(
    ("asked", "reason", "field"),
    [
        ([], "APPOINTMENT_MISSING", "appointments"),
        ([appointment("FILING_CLIENT", "")], "SCOPE_ABSENT", "appointments.scope"),
        ([appointment("FILING_CLIENT", "body:msan")], "SCOPE_UNFIT", "appointments.scope"),
        ([appointment("FILING_CLIENT", "wilaya:wilaya-atlantide")], "SCOPE_UNKNOWN", "appointments.scope"),
        ([appointment("DELEGATE")], "ROLE_UNFIT", "appointments.role"),
        ([officer_pb2.Appointment(role=99, scope="national")], "ENUM_UNKNOWN", "appointments.role"),
    ],
)
async def test_a_client_without_fitting_role_and_scope_is_refused(directory, asked, reason, field):
    said = await refusal(stub(directory).IssueClientToken(pb.IssueClientTokenRequest(client="app", appointments=asked)))
    assert (said.kind, said.reason, said.field) == ("INVALID_ARGUMENT", reason, field)
    assert said.message


async def test_a_delegate_lists_the_officers_of_the_own_wilaya_only(directory):
    for scope in ("wilaya:wilaya-oran", "wilaya:wilaya-alger"):
        await account(directory, appointment(scope=scope))
    await account(directory, appointment("UNIT_OFFICER", "body:dsp-alger"))
    token = (await signed_in(directory)).token.token
    with acting(actor_token=token):
        found = await stub(directory, "portal").ListOfficers(pb.ListOfficersRequest())
    assert {each.username for each in found.officers} == {"delegate.alger", "unit-officer.dsp-alger"}
    every = await stub(directory, "correspondence").ListOfficers(pb.ListOfficersRequest())
    assert len(every.officers) == 3


@pytest.mark.parametrize("process", ["portal", "intake", "bus"])
async def test_only_the_operator_makes_accounts(directory, process):
    said = await refusal(stub(directory, process).SetAccount(pb.SetAccountRequest(appointments=[appointment()])))
    assert (said.kind, said.reason) == ("PERMISSION_DENIED", "CALLER_FORBIDDEN")


async def test_an_operator_s_list_is_entered_and_wrong_rows_are_explained(directory):
    rows = [
        pb.AdministrationRow(key="1", name_ar="عيادة", service_code="EPSP", **MINISTRY_ROW),
        pb.AdministrationRow(key="2", name_ar="عيادة", service_code="EPSP", ministry_id="msan", wilaya_label="99"),
    ]
    with acting(language="fr"):
        answer = await stub(directory).ImportAdministrations(
            pb.ImportAdministrationsRequest(source="clinics", rows=rows)
        )
    assert answer.changed == 1
    assert [(each.key, each.field) for each in answer.refused] == [("2", "wilaya_label")]
    assert answer.refused[0].message.startswith("Il n'y a pas de wilaya 99")
    request = pb.ListBodiesRequest(kinds=[body_pb2.BODY_KIND_ESTABLISHMENT])
    (body,) = (await stub(directory, "intake").ListBodies(request)).bodies
    assert (body.body_id, body.keeps_register, body.wilaya_label) == ("unit-clinics-1", True, "16")
