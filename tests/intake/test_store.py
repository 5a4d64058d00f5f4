"""What intake remembers, on a real PostgreSQL."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest

from services.chassis.call import begin
from services.chassis.requests import RequestIdReused
from services.chassis.sealing import KeyRing
from services.intake.actions.office import open_office
from services.intake.actions.registration import register_complaint
from services.intake.domain import leaf
from services.intake.domain.filing import Asked
from services.intake.domain.number import RegisterNumber
from services.intake.domain.register import RegisterSealed
from services.intake.store.complaints import Complaints, Match
from services.intake.store.files import Files
from services.intake.store.places import Places
from services.intake.store.registers import Registers
from services.intake.store.tokens import stem
from services.intake.store.vault import RecordErased, Vault, WrongKey
from tests.intake.builders import CLIENT, TEXT, a_body, a_filing


def asked(filing=None, *, request_id="", digest=b"1") -> Asked:
    return Asked(request_id=request_id or str(uuid4()), digest=digest, filing=filing or a_filing())


@pytest.fixture
def call():
    return begin(CLIENT, process="client")


async def test_many_at_once_leave_no_gap_and_one_chain(call, office):
    bodies = ("commune-1601", "commune-3101", "")
    filings = [a_filing(addressed_body_id=bodies[number % 3]) for number in range(300)]
    receipts = await asyncio.gather(*(register_complaint(call, office, asked(each)) for each in filings))
    assert len({each.number for each in receipts}) == 300
    async with office.database.reading() as connection:
        for body_id in ("commune-1601", "commune-3101", "delegation-alger"):
            register = await Registers(connection).of_body(body_id, call.now.year)
            assert register.last_line == 100
            rows = await connection.fetch(
                "SELECT leaf, leaf_hash, line FROM entry JOIN complaint USING (complaint_id) WHERE register_id = $1 ORDER BY line",
                register.register_id,
            )
            assert [row["line"] for row in rows] == list(range(1, 101))
            previous = leaf.opening_hash(register.register_id, body_id, register.opened_at)
            for row in rows:
                assert row["leaf"].decode().splitlines()[-1] == previous.hex()
                assert row["leaf_hash"] == leaf.leaf_hash(row["leaf"])
                previous = row["leaf_hash"]
            assert register.head_hash == previous


async def test_a_request_that_comes_again_gets_its_receipt_even_within_one_batch(call, office):
    once = asked()
    first, second = await asyncio.gather(*(register_complaint(call, office, once) for _ in range(2)))
    assert first == second == await register_complaint(call, office, once)
    with pytest.raises(RequestIdReused):
        await register_complaint(call, office, replace(once, digest=b"2"))
    async with office.database.reading() as connection:
        assert await connection.fetchval("SELECT count(*) FROM complaint") == 1
        assert await connection.fetchval("SELECT count(*) FROM outbox WHERE type LIKE '%ComplaintRegistered'") == 1


async def test_one_that_breaks_a_batch_does_not_break_the_others(call, office):
    broken = asked(a_filing(sample=True))
    async with office.database.transaction() as connection:
        await connection.execute("ALTER TABLE complaint ADD CONSTRAINT no_sample CHECK (NOT sample)")
    outcomes = await asyncio.gather(
        *(register_complaint(call, office, each) for each in [asked() for _ in range(20)] + [broken]),
        return_exceptions=True,
    )
    assert isinstance(outcomes[-1], asyncpg.CheckViolationError)
    async with office.database.reading() as connection:
        register = await Registers(connection).of_body("commune-1601", call.now.year)
        lines = await connection.fetch("SELECT line FROM complaint ORDER BY line")
    assert register.last_line == 20
    assert [row["line"] for row in lines] == list(range(1, 21))


async def test_a_sealed_register_takes_nothing_and_leaves_no_trace(call, office):
    receipt = await register_complaint(call, office, asked())
    async with office.database.transaction() as connection:
        register = await Registers(connection).get(receipt.number.rpartition("/")[0])
        await Registers(connection).seal(replace(register, state="sealed", version=2))
    with pytest.raises(RegisterSealed):
        await register_complaint(call, office, asked())
    async with office.database.reading() as connection:
        assert await connection.fetchval("SELECT count(*) FROM entry") == 1
        assert await connection.fetchval("SELECT count(*) FROM record_key") == 1


async def test_codes_of_registers_are_permanent(call, office):
    first = await register_complaint(call, office, asked())
    later = replace(call, now=call.now.replace(year=call.now.year + 1, month=6))
    second = await register_complaint(later, office, asked())
    assert RegisterNumber.parse(first.number).register_id.rpartition("/")[0] == second.number.rsplit("/", 2)[0]
    assert second.number.endswith(f"{later.now.year}/000001")


async def test_nothing_personal_lies_open_in_the_database(call, office):
    await register_complaint(call, office, asked())
    async with office.database.reading() as connection:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for row in tables:
            for line in await connection.fetch(f"SELECT t::text FROM {row['tablename']} AS t"):
                for words in (TEXT, "سكني", "ليلى", "0550"):
                    assert words not in line[0]
                    assert words.encode().hex() not in line[0]


async def test_the_text_is_kept_verbatim_and_goes_with_its_key(call, office):
    receipt = await register_complaint(call, office, asked())
    async with office.database.transaction() as connection:
        complaint = await Complaints(connection).numbered(RegisterNumber.parse(receipt.number))
        files = Files(connection, office.vault)
        assert (await files.text(complaint)).text == TEXT
        await connection.execute("DELETE FROM record_key")
        with pytest.raises(RecordErased):
            await files.text(complaint)
        assert not await Complaints(connection).page(Match(tokens=office.vault.tokens("سكني")), before=None, size=9)
        assert await connection.fetchval("SELECT leaf_hash FROM entry") == receipt.leaf_hash


async def test_nothing_that_is_stored_confirms_a_guess_of_the_words(call, office):
    guess = asked()
    receipt = await register_complaint(call, office, guess)
    async with office.database.transaction() as connection:
        kept = await connection.fetchval("SELECT request_digest FROM complaint")
        assert kept != guess.digest
        assert (await Files(connection, office.vault).record(receipt.complaint_id)).mark(guess.digest) == kept
        await connection.execute("DELETE FROM record_key")
    with pytest.raises(RecordErased):
        await register_complaint(call, office, guess)


async def test_an_entry_is_never_changed(call, office):
    await register_complaint(call, office, asked())
    for statement in ("UPDATE entry SET leaf = ''", "DELETE FROM entry", "TRUNCATE entry"):
        with pytest.raises(asyncpg.RaiseError):
            async with office.database.transaction() as connection:
                await connection.execute(statement)


@pytest.mark.parametrize(
    ("query", "found"),
    [("السكن", True), ("وسكني اجتماعي", True), ("SAKAN", False), ("الاجتماعى", True), ("سكن الماء", False)],
)
async def test_words_are_found_in_any_spelling(call, office, query, found):
    await register_complaint(call, office, asked())
    async with office.database.reading() as connection:
        page = await Complaints(connection).page(Match(tokens=office.vault.tokens(query)), before=None, size=9)
    assert bool(page) is found


def test_stems_keep_enough_of_a_word():
    assert stem("والشكوي") == stem("شكوي") == "شكو"
    assert stem("ماء") == "ماء"


async def test_another_key_is_noticed_before_anything_is_sealed_with_it(database, office, tmp_path):
    with pytest.raises(WrongKey):
        await open_office(database, Vault(KeyRing.at(tmp_path / "other.kek")))


async def test_the_copy_of_the_directory_keeps_the_highest_revision(database):
    async with database.transaction() as connection:
        places = Places(connection)
        await places.keep_bodies([a_body("commune-1601", revision=3, keeps_register=False)])
        await places.keep_bodies([a_body("commune-1601", revision=2, keeps_register=True)])
        assert not (await places.atlas()).bodies["commune-1601"].keeps_register


async def test_commits_wait_for_the_disk(database):
    async with database.reading() as connection:
        assert await connection.fetchval("SHOW synchronous_commit") == "on"
