"""Registers complaints: checks and seals each, then waits for its line in the books."""

import asyncio
from collections.abc import Sequence

from services.chassis import attributes, tracing
from services.chassis.access import Scope, ScopeMissing, call_scope
from services.chassis.call import ActorKind, Call
from services.chassis.refusals import Refusal
from services.intake.actions.office import Office
from services.intake.actions.registrar import Waiting
from services.intake.domain.batch import check_size
from services.intake.domain.day import day
from services.intake.domain.filing import Asked, Channel, Filer, Filing, check, keeper_of
from services.intake.domain.places import Body, BodyUnknown, CommuneUnknown, RegisterNotReady, TopicUnknown
from services.intake.domain.receipt import Receipt
from services.intake.store.registers import Registers

MAYBE_NEW = (BodyUnknown, CommuneUnknown, TopicUnknown, RegisterNotReady)
FILERS = {ActorKind.CITIZEN: Filer.CITIZEN, ActorKind.CLIENT: Filer.CLIENT, ActorKind.PROCESS: Filer.PROCESS}


async def register_complaint(call: Call, office: Office, asked: Asked) -> Receipt:
    """Enter one complaint and return its receipt."""
    try:
        waiting = await _prepare(call, office, asked)
    except MAYBE_NEW:
        if not await office.refresh_now_and_then(call.now):
            raise
        waiting = await _prepare(call, office, asked)
    receipt = await office.registrar.enter(waiting)
    tracing.annotate(**{attributes.COMPLAINT_NUMBER: receipt.number, attributes.COMPLAINT_ID: receipt.complaint_id})
    return receipt


async def register_complaints(call: Call, office: Office, batch: Sequence[Asked | Refusal]) -> list[Receipt | Refusal]:
    """Enter several complaints; each has its own outcome and its own trace."""
    check_size(len(batch))
    return await asyncio.gather(*(_outcome(call, office, each) for each in batch))


async def _outcome(call: Call, office: Office, asked: Asked | Refusal) -> Receipt | Refusal:
    if isinstance(asked, Refusal):
        return asked
    try:
        with tracing.apart("intake.register_complaint"):
            return await register_complaint(call, office, asked)
    except Refusal as refusal:
        return refusal


async def _prepare(call: Call, office: Office, asked: Asked) -> Waiting:
    filing, today = asked.filing, day(call.now)
    filer, scope = _filer(call, filing)
    received_on = check(filing, filer, today=today)
    keeper = keeper_of(filing, office.atlas, today=today)
    wilaya_id = office.atlas.wilaya_of(filing.commune_id)
    if not scope.permits(territory_ids=[wilaya_id]):
        await _require_keeper(office, filer, scope, keeper)
    complaint_id = call.new_id()
    return Waiting(
        call=call,
        request_id=asked.request_id,
        request_digest=asked.digest,
        filing=filing,
        wilaya_id=wilaya_id,
        keeper=keeper,
        year=today.year,
        received_on=received_on,
        complaint_id=complaint_id,
        sealed=office.vault.seal(complaint_id, filing.text, filing.complainant, request_digest=asked.digest),
        headers=tracing.inject(),
    )


def _filer(call: Call, filing: Filing) -> tuple[Filer, Scope]:
    """Say in which capacity the actor files, and how far that reaches."""
    kind = call.actor.kind
    if kind is ActorKind.CLIENT:
        return Filer.CLIENT, call_scope(call, {"filing_client"})
    if kind is not ActorKind.OFFICER:
        return FILERS[kind], Scope(national=True)
    roles = {each.role for each in call.actor.appointments}
    if "keeper" in roles and (filing.channel is Channel.PAPER_REGISTER or "delegate" not in roles):
        return Filer.KEEPER, call_scope(call, {"keeper"})
    return Filer.DELEGATE, call_scope(call, {"delegate"})


async def _require_keeper(office: Office, filer: Filer, scope: Scope, keeper: Body) -> None:
    """Refuse whoever files beyond the own register."""
    if filer is not Filer.KEEPER:
        raise ScopeMissing
    if keeper.body_id in scope.body:
        return
    async with office.database.reading() as connection:
        scope.require(register=str(await Registers(connection).series(keeper.body_id)))
