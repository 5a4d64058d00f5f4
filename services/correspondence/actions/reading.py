"""Finds letters for those who may see them, and prints them."""

from services.chassis.call import ActorKind, Call
from services.chassis.database import Database
from services.chassis.sealing import KeyRing
from services.correspondence.domain.desk import Desk, LetterUnknown, desk
from services.correspondence.domain.letter import Letter, LetterNotSigned
from services.correspondence.press import Print, Shelf, printed
from services.correspondence.store.memory import Store


async def desk_of(call: Call, store: Store) -> Desk:
    """Lay out the desk of the one who calls; the house's own services see everything."""
    if call.actor.kind is ActorKind.PROCESS:
        return Desk(everything=True)
    appointments = [(each.role, each.scope) for each in call.actor.appointments]
    return desk(appointments, await store.reference.delegations())


async def letter_of(call: Call, store: Store, letter_id: str) -> Letter:
    """Give a letter, or refuse as if it did not exist."""
    letter = await store.letters.get(letter_id)
    if letter is None or not (await desk_of(call, store)).shows(letter):
        raise LetterUnknown(letter_id=letter_id)
    return letter


async def print_of(call: Call, database: Database, keys: KeyRing, *, shelf: Shelf, letter_id: str) -> Print:
    """Give a letter's print from the shelf, or print it again from its sheet."""
    async with database.reading() as connection:
        store = Store(connection, keys)
        letter = await letter_of(call, store, letter_id)
        if not letter.signed_at:
            raise LetterNotSigned
        sheet, key = await store.letters.sheet(letter_id), await store.letters.key(letter_id)
    if (found := await shelf.get(letter.pdf_sha256, key)) is not None:
        return found
    made = await printed(sheet, signed_at=letter.signed_at)
    await shelf.put(made, key)
    return made
