"""Signs officers in, keeps their accounts, and issues tokens."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.chassis.call import Call
from services.chassis.database import Database
from services.chassis.tokens import TokenExpired
from services.directory.domain.appointment import Appointment, ScopeUnknown, refuse_unfit
from services.directory.domain.officer import (
    CLIENT_DAYS,
    Officer,
    OfficerClosed,
    Session,
    SignInRefused,
    folded,
    named,
    refuse_client,
    refuse_throttled,
    session,
    titled,
)
from services.directory.passwords import Passwords
from services.directory.store.memory import Store


async def sign_in(
    call: Call, database: Database, *, username: str, password: str, passwords: Passwords
) -> tuple[Officer, Session]:
    """Count the try, look at the password outside of any transaction, open the session."""
    async with database.transaction() as connection:
        tries = await Store(connection).gate.count(username, now=call.now)
    refuse_throttled(tries, now=call.now)
    async with database.reading() as connection:
        known = await Store(connection).officers.named(folded(username))
    if not await passwords.fit(password, condensed=known[1] if known else None) or known is None:
        raise SignInRefused
    opened = session(known[0], now=call.now)
    async with database.transaction() as connection:
        await Store(connection).gate.forget(username)
    return known[0], opened


async def renew(call: Call, store: Store, *, since: datetime) -> Session:
    """Open the acting officer's session anew, with the appointments of today; one from before a new password has ended."""
    if (officer := await store.officers.get(call.actor.id)) is None:
        raise OfficerClosed
    if await store.officers.has_new_password(officer.officer_id, since=since):
        raise TokenExpired
    return session(officer, now=call.now)


async def set_account(call: Call, store: Store, *, wanted: Officer, password_hash: str) -> Officer:
    """Create the officer's account, or reset its password and appointments."""
    refuse_unfit(wanted.appointments, for_client=False)
    first = wanted.appointments[0]
    places = [await _place(store, each) for each in wanted.appointments]
    officer = replace(
        wanted,
        officer_id=call.new_id(),
        username=named(wanted.username, appointment=first),
        display_name=titled(wanted.display_name, appointment=first, place=places[0]),
    )
    return await store.officers.enter(officer, password_hash=password_hash, now=call.now)


async def issue_client_token(
    call: Call, store: Store, *, client: str, appointments: Sequence[Appointment], days: int
) -> Session:
    """Open a client service's session of some days, and note it."""
    days = days or CLIENT_DAYS
    refuse_client(client, days=days)
    refuse_unfit(appointments, for_client=True)
    for each in appointments:
        await _place(store, each)
    opened = Session(
        subject=f"client:{client}",
        appointments=tuple(appointments),
        begins_at=call.now,
        ends_at=call.now + timedelta(days=days),
    )
    await store.client_tokens.note(call.new_id(), client=client, session=opened)
    return opened


async def _place(store: Store, appointment: Appointment) -> str:
    """Return the Arabic name of what a scope means; refuse one that does not exist."""
    kind = appointment.scope.partition(":")[0]
    if kind == "wilaya":
        if (territory := await store.territories.scope(appointment.place)) is None:
            raise ScopeUnknown(scope=appointment.scope)
        return territory.name_ar
    if kind == "body":
        if not (found := await store.bodies.of([appointment.place])):
            raise ScopeUnknown(scope=appointment.scope)
        return found[appointment.place].name_ar
    return appointment.place
