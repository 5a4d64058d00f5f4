"""What is remembered about letters, in a real database."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from services.chassis.database import Database
from services.chassis.sealing import KeyRing
from services.correspondence.domain.letter import Kind, State
from services.correspondence.store.memory import Store
from tests.correspondence.builders import BODIES, COMPLAINT, DECISION, DELEGATION, HEALTH, MINISTRY, REFERRAL, a_letter


@pytest.fixture
async def database(database_for: Callable[[str], Awaitable[Database]]) -> Database:
    return await database_for("correspondence")


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing.at(tmp_path / "keys" / "correspondence.kek")


async def test_a_letter_comes_back_as_it_went_in(database: Database, keys: KeyRing) -> None:
    letter = a_letter(note="ملاحظة", refers_to="x", sample=True)
    async with database.transaction() as connection:
        letters = Store(connection, keys).letters
        await letters.add(letter)
        assert await letters.get(letter.letter_id) == letter
        changed = replace(letter, state=State.DISCARDED, version=2, subject="موضوع جديد")
        await letters.rewrite(changed)
        assert await letters.hold(letter.letter_id) == changed
        assert await letters.of_referral(REFERRAL, Kind.REFERRAL) == [changed]


async def test_a_letter_whose_key_is_destroyed_keeps_its_line_without_words(database: Database, keys: KeyRing) -> None:
    letter = a_letter()
    async with database.transaction() as connection:
        store = Store(connection, keys)
        await store.letters.add(letter)
        await connection.execute("DELETE FROM letter_key")
        assert await store.letters.get(letter.letter_id) == replace(letter, subject="", body="")


async def test_lines_have_no_gap_although_transactions_fail(database: Database, keys: KeyRing) -> None:
    async def take(number: int) -> int:
        async with database.transaction() as connection:
            books = Store(connection, keys).books
            line = await books.next_line(await books.register(DELEGATION), 2026)
            if number % 3 == 0:
                raise ValueError(number)
            return line

    taken = await asyncio.gather(*(take(number) for number in range(30)), return_exceptions=True)
    assert sorted(line for line in taken if isinstance(line, int)) == list(range(1, 21))


async def test_each_sender_has_a_register_of_its_own_that_keeps_its_label(database: Database, keys: KeyRing) -> None:
    async with database.transaction() as connection:
        books = Store(connection, keys).books
        registers = [await books.register(body) for body in (DELEGATION, HEALTH, MINISTRY)]
        assert [(each.label, each.code) for each in registers] == [("16", 1), ("16", 2), ("00", 1)]
        assert await books.register(replace(DELEGATION, label="59")) == registers[0]
        assert [await books.next_line(registers[0], year) for year in (2026, 2026, 2027)] == [1, 2, 1]


async def test_a_register_is_opened_once_by_many(database: Database, keys: KeyRing) -> None:
    async def open_() -> int:
        async with database.transaction() as connection:
            return (await Store(connection, keys).books.register(HEALTH)).code

    assert set(await asyncio.gather(*(open_() for _ in range(6)))) == {1}


async def test_an_older_revision_does_not_replace_a_newer_one(database: Database, keys: KeyRing) -> None:
    async with database.transaction() as connection:
        reference = Store(connection, keys).reference
        await reference.keep_bodies([(body, 2) for body in BODIES])
        await reference.keep_bodies([(replace(HEALTH, kind="AGENCY"), 1)])
        assert (await reference.bodies(["dsp-alger", "nobody"])) == {"dsp-alger": HEALTH}
        assert ("delegation-oran", "wilaya-oran") in await reference.delegations()


async def test_only_the_latest_decision_and_state_of_a_complaint_count(database: Database, keys: KeyRing) -> None:
    async with database.transaction() as connection:
        matters = Store(connection, keys).matters
        assert await matters.decided(COMPLAINT, version=3, decision_id=DECISION)
        assert not await matters.decided(COMPLAINT, version=2, decision_id=DECISION)
        assert not await matters.ended(COMPLAINT)
        assert await matters.moved(COMPLAINT, version=6, ended=True)
        assert not await matters.moved(COMPLAINT, version=5, ended=False)
        assert await matters.ended(COMPLAINT)
