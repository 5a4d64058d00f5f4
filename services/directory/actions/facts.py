"""Takes in reference facts and operators' lists, and tells the others of what changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.call import Call
from services.chassis.refusals import Invalid
from services.directory import wire
from services.directory.domain.administration import Administration, ListTooLong, Places, Refused, entered
from services.directory.domain.body import Body, BodyKind
from services.directory.domain.change import LARGEST, changed, portions
from services.directory.domain.territory import Territory, TerritoryKind, latest, whole
from services.directory.reference.tables import Reference
from services.directory.store.memory import Store


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What loading changed."""

    territories: int
    bodies: int
    topics: int
    bodies_total: int


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What importing changed, and the rows that were not taken."""

    changed: int
    refused: list[Refused]


async def load_reference(call: Call, store: Store, *, reference: Reference) -> Loaded:
    """Enter the shipped facts; facts that are known change nothing."""
    await store.revisions.hold()
    territories = changed(await store.territories.known(), reference.territories)
    for rows in whole(territories, reference.territories):
        await _enter_territories(call, store, rows=rows)
    bodies = changed(await store.bodies.known(), reference.bodies)
    await _enter_bodies(call, store, bodies=bodies)
    topics = changed(await store.topics.known(), reference.topics)
    for portion in portions(topics):
        revision = await store.revisions.next()
        await store.topics.save(portion, revision=revision)
        await store.tell(wire.topics_changed(call, portion, revision))
    total = await store.bodies.count(call.today)
    return Loaded(territories=len(territories), bodies=len(bodies), topics=len(topics), bodies_total=total)


async def import_administrations(call: Call, store: Store, *, source: str, rows: Sequence[Administration]) -> Imported:
    """Enter the rows of an operator's list that can be entered; say of the others why not."""
    if len(rows) > LARGEST:
        raise ListTooLong(most=LARGEST)
    await store.revisions.hold()
    places = await _places(call, store)
    bodies: dict[str, Body] = {}
    refused: list[Refused] = []
    for row in rows:
        try:
            body = entered(row, source=source, places=places)
            bodies[body.body_id] = body
        except Invalid as refusal:
            refused.append(Refused(key=row.key, refusal=refusal))
    new = changed(await store.bodies.of(list(bodies)), bodies.values())
    await _enter_bodies(call, store, bodies=new)
    return Imported(changed=len(new), refused=refused)


async def _enter_territories(call: Call, store: Store, *, rows: Sequence[Territory]) -> None:
    for portion in portions(rows):
        revision = await store.revisions.next()
        await store.territories.save(portion, revision=revision)
        await store.tell(wire.territories_changed(call, portion, revision))


async def _enter_bodies(call: Call, store: Store, *, bodies: Sequence[Body]) -> None:
    for portion in portions(bodies):
        revision = await store.revisions.next()
        await store.bodies.save(portion, revision=revision)
        await store.tell(wire.bodies_changed(call, portion, revision))


async def _places(call: Call, store: Store) -> Places:
    periods = (await store.territories.known()).values()
    today = latest(periods)
    ever: dict[str, set[str]] = {}
    for each in periods:
        ever.setdefault(each.territory_id, set()).add(each.wilaya_id)
    return Places(
        wilayas={each.label: each for each in today if each.kind is TerritoryKind.WILAYA},
        communes={each.label: each for each in today if each.kind is TerritoryKind.COMMUNE},
        wilaya_ids_ever={territory_id: frozenset(ids) for territory_id, ids in ever.items()},
        ministry_ids=await store.bodies.ids(BodyKind.MINISTRY, on=call.today),
        directorate_ids=await store.bodies.ids(BodyKind.DIRECTORATE, on=call.today),
    )
