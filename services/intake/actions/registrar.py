"""Enters filings in their registers: one writer, many filings a transaction, answers after the commit."""

import asyncio
from asyncio import Future, Queue
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.chassis import faults, outbox
from services.chassis.call import Call
from services.chassis.database import Connection, Database
from services.chassis.refusals import Refusal
from services.chassis.requests import RequestIdReused
from services.intake.actions.opening import open_registers
from services.intake.domain.complaint import Complaint
from services.intake.domain.filing import Filing
from services.intake.domain.leaf import Leaf, leaf_hash
from services.intake.domain.number import written
from services.intake.domain.places import Body
from services.intake.domain.receipt import Receipt, receipt_of
from services.intake.domain.register import Head, Register, takes_entries
from services.intake.store.entries import Before, Entered, Entries
from services.intake.store.vault import Record, SealedFiling, Vault
from services.intake.wire import events

MOST = 200
LINGER_SECONDS = 0.004
CROWD = 3


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Waiting:
    """A filing that was checked and sealed and waits for its line."""

    call: Call
    request_id: str
    request_digest: bytes
    filing: Filing
    wilaya_id: str
    keeper: Body
    year: int
    received_on: date
    complaint_id: str
    sealed: SealedFiling
    headers: Mapping[str, str]
    receipt: "Future[Receipt]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def settle(self, outcome: Receipt | Exception) -> None:
        """Tell the one who waits, if anybody still does."""
        if self.receipt.done():
            return
        if isinstance(outcome, Exception):
            self.receipt.set_exception(outcome)
        else:
            self.receipt.set_result(outcome)


class Registrar:
    """The one writer of this process."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._queue: Queue[Waiting] = Queue()
        self._writer = asyncio.create_task(self._write(), name="registrar")

    async def enter(self, waiting: Waiting) -> Receipt:
        """Enter a filing; return when its line is on disk."""
        self._queue.put_nowait(waiting)
        return await waiting.receipt

    async def _write(self) -> None:
        crowded = False
        while True:
            batch = [await self._queue.get()]
            if crowded:
                await asyncio.sleep(LINGER_SECONDS)
            while len(batch) < MOST and self._gather(batch):
                await asyncio.sleep(0)
            crowded = len(batch) > CROWD
            await self._settle(batch)

    def _gather(self, batch: list[Waiting]) -> bool:
        """Take what waits; say whether there was any, so that more may be on its way."""
        before = len(batch)
        while len(batch) < MOST and not self._queue.empty():
            batch.append(self._queue.get_nowait())
        return len(batch) > before

    async def _settle(self, batch: Sequence[Waiting]) -> None:
        """Enter a batch; where one filing breaks it, halve until that one stands alone."""
        try:
            outcomes = await self._enter(batch)
        except faults.UNAVAILABLE as error:
            outcomes = [error] * len(batch)
        except Exception as error:  # noqa: BLE001 (whatever it is, it concerns those who wait, and the writer goes on)
            if len(batch) > 1:
                half = len(batch) // 2
                await self._settle(batch[:half])
                await self._settle(batch[half:])
                return
            outcomes = [error]
        for waiting, outcome in zip(batch, outcomes, strict=True):
            waiting.settle(outcome)

    async def _enter(self, batch: Sequence[Waiting]) -> list[Receipt | Exception]:
        async with self._database.transaction() as connection:
            books = await self._books(connection, batch)
            outcomes = [books.enter(each) for each in batch]
            if books.entered:
                await Entries(connection).enter([entered for _, entered in books.entered], books.heads.values())
                await outbox.save_each(connection, [_told(waiting, entered) for waiting, entered in books.entered])
        return outcomes

    async def _books(self, connection: "Connection", batch: Sequence[Waiting]) -> "_Books":
        """Lock the registers of a batch, opening those that nobody opened for the new year yet."""
        entries, keys = Entries(connection), {(each.keeper.body_id, each.year): each for each in batch}
        request_ids = [each.request_id for each in batch]
        registers, before = await entries.hold(keys, request_ids)
        if missing := [each for key, each in keys.items() if key not in registers]:
            for each in missing:
                await open_registers(each.call, connection, [each.keeper], year=each.year)
            registers, before = await entries.hold(keys, request_ids)
        return _Books(self._vault, registers, before)


class _Books:
    """The registers of one batch while their next lines are written."""

    def __init__(
        self, vault: Vault, registers: Mapping[tuple[str, int], Register], before: Mapping[str, Before]
    ) -> None:
        self._vault = vault
        self._registers = registers
        self._before = before
        self._receipts: dict[str, tuple[bytes, Receipt]] = {}
        self.heads: dict[str, Head] = {}
        self.entered: list[tuple[Waiting, Entered]] = []

    def enter(self, waiting: Waiting) -> Receipt | Exception:
        """Write the next line, or give the receipt of the same request again."""
        try:
            if seen := self._before.get(waiting.request_id):
                record = self._vault.record(seen.complaint_id, seen.wrapped)
                same = record.mark(waiting.request_digest) == seen.request_digest
                return _again(waiting, _receipt_before(record, seen), same=same)
            if twin := self._receipts.get(waiting.request_id):
                digest, receipt = twin
                return _again(waiting, receipt, same=digest == waiting.request_digest)
            return self._enter(waiting)
        except Refusal as refusal:
            return refusal

    def _enter(self, waiting: Waiting) -> Receipt:
        register = self._registers[waiting.keeper.body_id, waiting.year]
        takes_entries(register)
        register_id = register.register_id
        head = self.heads.get(register_id) or Head(
            register_id=register_id, last_line=register.last_line, head_hash=register.head_hash
        )
        line, sealed = head.last_line + 1, waiting.sealed
        leaf = Leaf(
            number=written(register_id, line),
            registered_at=waiting.call.now,
            channel=waiting.filing.channel,
            kind=waiting.filing.kind,
            text_commitment=sealed.text_commitment,
            person_commitment=sealed.person_commitment,
            previous=head.head_hash,
        ).canonical()
        hashed = leaf_hash(leaf)
        self.heads[register_id] = Head(register_id=register_id, last_line=line, head_hash=hashed)
        complaint = _complaint(waiting, register_id, line)
        entered = Entered(
            complaint=complaint, sealed=sealed, leaf=leaf, leaf_hash=hashed, request_id=waiting.request_id
        )
        self.entered.append((waiting, entered))
        receipt = receipt_of(complaint, sealed.secret, hashed)
        self._receipts[waiting.request_id] = waiting.request_digest, receipt
        return receipt


def _again(waiting: Waiting, receipt: Receipt, *, same: bool) -> Receipt:
    if not same:
        raise RequestIdReused(request_id=waiting.request_id)
    return receipt


def _complaint(waiting: Waiting, register_id: str, line: int) -> Complaint:
    filing, keeper = waiting.filing, waiting.keeper.body_id
    return Complaint(
        complaint_id=waiting.complaint_id,
        register_id=register_id,
        line=line,
        keeping_body_id=keeper,
        kind=filing.kind,
        channel=filing.channel,
        identity=filing.identity,
        consent=filing.consent,
        addressed_body_id=filing.addressed_body_id,
        commune_id=filing.commune_id,
        wilaya_id=waiting.wilaya_id,
        topic_code=filing.topic_code,
        language=filing.language,
        paper_page=filing.paper.page if filing.paper else None,
        paper_line=filing.paper.line if filing.paper else None,
        received_on=waiting.received_on,
        registered_at=waiting.call.now,
        registered_by=str(waiting.call.actor),
        sample=filing.sample,
        holder_body_id=keeper,
    )


def _receipt_before(record: Record, before: Before) -> Receipt:
    return Receipt(
        complaint_id=before.complaint_id,
        number=written(before.register_id, before.line),
        secret=record.secret(before.proof_sealed),
        registered_at=before.registered_at,
        keeping_body_id=before.keeping_body_id,
        leaf_hash=before.leaf_hash,
        received_on=before.received_on,
    )


def _told(waiting: Waiting, entered: Entered) -> outbox.Told:
    return events.registered(waiting.call, entered.complaint, waiting.keeper), waiting.headers
