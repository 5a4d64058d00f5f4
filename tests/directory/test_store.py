"""What the directory remembers and tells, with a real PostgreSQL."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from diwan.common.v1 import event_pb2
from diwan.directory.v1 import events_pb2
from diwan_rules.text import normalise

from services.chassis.call import Actor, ActorKind, Call
from services.directory.actions import facts, officers
from services.directory.domain.administration import ListTooLong
from services.directory.domain.appointment import Role, RoleUnfit, ScopeAbsent, ScopeUnknown
from services.directory.domain.body import BodyKind
from services.directory.domain.officer import OfficerClosed, SignInRefused, SignInThrottled
from services.directory.domain.period import Period
from services.directory.passwords import HASHER, Passwords, make_password
from services.directory.store.body import BodyFilter
from services.directory.store.memory import Store
from services.directory.store.officer import OfficerFilter
from services.directory.store.territory import TerritoryFilter
from tests.directory.builders import CALL, NOW, REFORM, a_reference, a_row, an_appointment, an_officer, whole_reference


@pytest.fixture
async def database(database_for):
    return await database_for("directory")


@pytest.fixture
async def known(database):
    await load(database, a_reference())
    return database


async def load(database, reference):
    async with database.transaction() as connection:
        return await facts.load_reference(CALL, Store(connection), reference=reference)


async def import_rows(database, rows, source="hospitals"):
    async with database.transaction() as connection:
        return await facts.import_administrations(CALL, Store(connection), source=source, rows=rows)


async def events(database):
    async with database.reading() as connection:
        rows = await connection.fetch("SELECT event, aggregate_version FROM outbox ORDER BY position")
    told = [event_pb2.Event.FromString(row["event"]) for row in rows]
    assert [each.aggregate_version for each in told] == list(range(1, len(told) + 1))
    return told


def payload(event):
    message = getattr(events_pb2, event.type.rpartition(".")[2])()
    assert event.payload.Unpack(message)
    return message


async def set_account(database, appointment=None, password="right", **only):
    appointments = (an_appointment() if appointment is None else appointment,)
    wanted = an_officer(officer_id="", **{"username": "", "display_name": "", "appointments": appointments} | only)
    async with database.transaction() as connection:
        return await officers.set_account(CALL, Store(connection), wanted=wanted, password_hash=HASHER.hash(password))


async def sign_in(database, password, *, username="delegate.alger", now=NOW):
    call = Call(now=now, actor=Actor(kind=ActorKind.CITIZEN), process="portal")
    return await officers.sign_in(call, database, username=username, password=password, passwords=Passwords())


async def test_the_whole_reference_is_loaded_once_and_told_in_portions(database):
    loaded = await load(database, whole_reference())
    assert (loaded.territories, loaded.bodies, loaded.topics, loaded.bodies_total) == (2391, 4401, 39, 4394)
    told = [payload(each) for each in await events(database)]
    bodies = [each.bodies for each in told if isinstance(each, events_pb2.BodiesChanged)]
    assert [len(each) for each in bodies] == [500] * 8 + [401]
    again = await load(database, whole_reference())
    assert (again.territories, again.bodies, again.topics, again.bodies_total) == (0, 0, 0, 4394)
    assert len(await events(database)) == len(told)


async def test_of_a_territory_that_moved_the_present_period_has_the_highest_revision(known):
    first, second = [payload(each) for each in await events(known) if each.type.endswith("TerritoriesChanged")]
    (ended,) = first.territories
    present = next(each for each in second.territories if each.territory_id == ended.territory_id)
    assert (ended.valid_to, ended.wilaya_id) == ("2026-04-05", "wilaya-oran")
    assert (present.valid_to, present.wilaya_id) == ("", "wilaya-alger")
    assert present.revision > ended.revision


async def test_a_renamed_body_is_told_alone(known):
    before = len(await events(known))
    ministry, health = a_reference().bodies
    loaded = await load(known, a_reference(bodies=(ministry, replace(health, name_fr="DSP d’Alger"))))
    (event,) = (await events(known))[before:]
    assert (loaded.bodies, loaded.territories, loaded.topics) == (1, 0, 0)
    assert [each.body_id for each in payload(event).bodies] == ["dsp-alger"]


async def territories(database, **only):
    wanted = TerritoryFilter(**{"on": NOW.date()} | only)
    async with database.reading() as connection:
        found = await Store(connection).territories.listed(wanted, after=(), size=10)
    return [each.territory_id for each, _ in found.items]


@pytest.mark.parametrize("words", [["الجزاير"], ["الجزائر", "الوسطي"], ["alger", "centre"], ["ctr"], ["1601"]])
async def test_a_territory_is_found_by_any_of_its_names(known, words):
    folded = [normalise(word) for word in words]
    assert await territories(known, words=folded, kind="commune") == ["commune-1601"]


async def test_the_map_is_that_of_the_day(known):
    day_before = REFORM - timedelta(days=1)
    assert await territories(known, parent_id="wilaya-alger") == ["commune-1601"]
    assert await territories(known, parent_id="wilaya-alger", on=day_before) == []
    assert await territories(known, parent_id="wilaya-oran", on=day_before) == ["commune-1601"]
    assert await territories(known, on=date(1962, 7, 5)) == []


async def test_lists_continue_where_a_page_ended(known):
    async with known.reading() as connection:
        store = Store(connection)
        first = await store.territories.listed(TerritoryFilter(on=NOW.date()), after=(), size=2)
        last = first.items[-1][0]
        rest = await store.territories.listed(
            TerritoryFilter(on=NOW.date()), after=(last.label, last.territory_id), size=2
        )
        bodies = await store.bodies.listed(BodyFilter(on=NOW.date()), after=("dsp-alger",), size=2)
    assert ([each.label for each, _ in first.items], first.more, first.total) == (["16", "1601"], True, 3)
    assert ([each.label for each, _ in rest.items], rest.more) == (["31"], False)
    assert [each.body_id for each, _ in bodies.items] == ["msan"]


async def bodies(database, **only):
    async with database.reading() as connection:
        found = await Store(connection).bodies.listed(BodyFilter(**{"on": NOW.date()} | only), after=(), size=10)
    return [each.body_id for each, _ in found.items]


async def test_bodies_are_found_by_what_is_known_of_them(known):
    assert await bodies(known, kinds=[BodyKind.MINISTRY]) == ["msan"]
    assert await bodies(known, ministry_id="msan", wilaya_id="wilaya-alger") == ["dsp-alger"]
    assert await bodies(known, territory_id="wilaya-oran") == []
    assert await bodies(known, words=["dsp", "alger"]) == ["dsp-alger"]
    assert await bodies(known, body_ids=["msan", "nobody"]) == ["msan"]


async def test_a_ministry_of_the_past_is_listed_on_its_days_only(database):
    past = next(each for each in whole_reference().bodies if each.body_id == "mem")
    await load(database, a_reference(bodies=(past,)))
    assert await bodies(database) == []
    assert await bodies(database, on=date(2025, 9, 13)) == ["mem"]


async def test_rows_of_a_list_are_entered_once(known):
    rows = [a_row(), a_row(key="2", name_ar="", name_fr="Hôpital", commune_code="1601", wilaya_label="31")]
    assert (await import_rows(known, rows)).changed == 2
    assert (await import_rows(known, rows)).changed == 0
    assert (await import_rows(known, [a_row(name_ar="مستشفى باب الواد")])).changed == 1
    assert await bodies(known, kinds=[BodyKind.ESTABLISHMENT]) == ["unit-hospitals-1", "unit-hospitals-2"]


async def test_a_row_in_the_wilaya_of_before_the_reform_lies_in_that_of_today(known):
    await import_rows(known, [a_row(commune_code="1601", wilaya_label="31")])
    assert await bodies(known, wilaya_id="wilaya-alger", kinds=[BodyKind.ESTABLISHMENT]) == ["unit-hospitals-1"]


async def test_a_wrong_row_does_not_keep_the_others_out(known):
    imported = await import_rows(known, [a_row(wilaya_label="70"), a_row(key="2"), a_row(key="3", service_code="DSP")])
    assert imported.changed == 1
    assert [(each.key, each.refusal.where) for each in imported.refused] == [
        ("1", "wilaya_label"),
        ("3", "service_code"),
    ]


async def test_a_request_of_501_rows_is_refused_and_leaves_nothing(known):
    with pytest.raises(ListTooLong):
        await import_rows(known, [a_row(key=str(number)) for number in range(501)])
    assert await bodies(known, kinds=[BodyKind.ESTABLISHMENT]) == []


async def test_an_account_is_made_and_reset_under_one_id(known):
    made = await set_account(known)
    assert (made.username, made.display_name) == ("delegate.alger", "المندوب المحلي، الجزائر")
    reset = await set_account(known, password="new")
    assert reset.officer_id == made.officer_id
    with pytest.raises(SignInRefused):
        await sign_in(known, "right")
    officer, session = await sign_in(known, "new")
    assert (officer, session.subject) == (reset, f"officer:{made.officer_id}")


async def test_new_appointments_end_the_earlier_ones(known):
    await set_account(known, username="salima")
    changed = await set_account(known, an_appointment(Role.UNIT_OFFICER, "body:dsp-alger"), username="salima")
    assert changed.appointments == (an_appointment(Role.UNIT_OFFICER, "body:dsp-alger"),)
    async with known.reading() as connection:
        rows = await connection.fetch("SELECT role, ends_at FROM appointment ORDER BY role")
    assert [(row["role"], row["ends_at"]) for row in rows] == [("delegate", NOW), ("unit_officer", None)]


@pytest.mark.parametrize(
    ("appointment", "refusal"),
    [
        (an_appointment(scope="wilaya:wilaya-atlantide"), ScopeUnknown),
        (an_appointment(Role.UNIT_OFFICER, "body:nobody"), ScopeUnknown),
        (an_appointment(scope=""), ScopeAbsent),
        (an_appointment(Role.FILING_CLIENT, "national"), RoleUnfit),
    ],
)
async def test_an_account_for_nothing_is_refused_and_leaves_nothing(known, appointment, refusal):
    with pytest.raises(refusal):
        await set_account(known, appointment)
    async with known.reading() as connection:
        assert await connection.fetchval("SELECT count(*) FROM officer") == 0


async def test_unknown_name_and_wrong_password_get_the_same_answer(known):
    await set_account(known)
    said = []
    for username in ("delegate.alger", "nobody", "مندوب", "a\0b", ""):
        with pytest.raises(SignInRefused) as refused:
            await sign_in(known, "wrong", username=username)
        said.append((refused.value.facts, str(refused.value)))
    assert all(each == said[0] for each in said)


@pytest.mark.parametrize("username", ["delegate.alger", "nobody"])
async def test_the_sixth_try_is_refused_even_with_the_right_password_until_the_window_ends(known, username):
    await set_account(known)
    for _ in range(5):
        with pytest.raises(SignInRefused):
            await sign_in(known, "wrong", username=username)
    with pytest.raises(SignInThrottled):
        await sign_in(known, "right", username=username.upper())
    with pytest.raises(SignInRefused):
        await sign_in(known, "wrong", username=username, now=NOW + timedelta(minutes=15))


async def test_the_right_password_forgets_the_wrong_ones(known):
    await set_account(known)
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(SignInRefused):
                await sign_in(known, "wrong")
        await sign_in(known, "right")


async def test_a_session_is_renewed_with_the_appointments_of_today(known):
    made = await set_account(known, username="salima")
    await set_account(known, an_appointment(Role.UNIT_OFFICER, "body:dsp-alger"), username="salima")
    call = Call(now=NOW, actor=Actor(kind=ActorKind.OFFICER, id=made.officer_id), process="portal")
    async with known.transaction() as connection:
        renewed = await officers.renew(call, Store(connection), since=NOW)
        await connection.execute("UPDATE officer SET active = false")
        with pytest.raises(OfficerClosed):
            await officers.renew(call, Store(connection), since=NOW)
    assert renewed.appointments == (an_appointment(Role.UNIT_OFFICER, "body:dsp-alger"),)


async def test_officers_are_listed_by_role_scope_id_and_the_asker_s_wilaya(known):
    delegate = await set_account(known)
    unit = await set_account(known, an_appointment(Role.UNIT_OFFICER, "body:dsp-alger"))
    oran = await set_account(known, an_appointment(Role.DELEGATE, "wilaya:wilaya-oran"))

    async def names(**only):
        async with known.reading() as connection:
            return {each.username for each in await Store(connection).officers.listed(OfficerFilter(**only))}

    assert await names() == {delegate.username, unit.username, oran.username}
    assert await names(role="delegate") == {delegate.username, oran.username}
    assert await names(role="delegate", scope="wilaya:wilaya-oran") == {oran.username}
    assert await names(officer_ids=[unit.officer_id]) == {unit.username}
    assert await names(within=["wilaya:wilaya-alger"]) == {delegate.username, unit.username}


async def test_a_client_s_token_is_noted_without_the_token(known):
    async with known.transaction() as connection:
        session = await officers.issue_client_token(
            CALL, Store(connection), client="app", appointments=[an_appointment(Role.FILING_CLIENT, "national")], days=0
        )
        row = await connection.fetchrow("SELECT client, appointments, ends_at FROM client_token")
    assert (row["client"], row["appointments"]) == ("app", [["filing_client", "national"]])
    assert row["ends_at"] == session.ends_at == NOW + timedelta(days=90)


async def test_a_period_without_first_day_is_kept(known):
    async with known.reading() as connection:
        assert (await Store(connection).bodies.of(["msan"]))["msan"].period == Period()


def test_passwords_are_long_and_readable():
    made = {make_password() for _ in range(100)}
    assert len(made) == 100
    assert all(len(each) == 19 and not set(each) & set("l1o0i") for each in made)
