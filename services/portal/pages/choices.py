"""What can be chosen in lists: wilayas, communes, administrations and topics, in the visitor's language."""

from collections.abc import Iterable

from diwan.directory.v1.body_pb2 import Body, BodyKind
from diwan.directory.v1.territory_pb2 import Territory
from starlette.requests import Request

from services.portal import words
from services.portal.neighbours import house_of
from services.portal.places import named
from services.portal.visits import visit_of

Choices = list[tuple[str, str]]
Groups = list[tuple[str, Choices]]
ADDRESSABLE = (
    BodyKind.BODY_KIND_WILAYA,
    BodyKind.BODY_KIND_COMMUNE,
    BodyKind.BODY_KIND_DIRECTORATE,
    BodyKind.BODY_KIND_ESTABLISHMENT,
    BodyKind.BODY_KIND_AGENCY,
)


async def wilaya_choices(request: Request) -> Choices:
    """List the wilayas with their numbers, in the order everybody knows."""
    language = visit_of(request).language
    found = await house_of(request).places.wilayas()
    return [(each.territory_id, f"{each.label} {named(each.name, language)}") for each in _by_label(found)]


async def commune_choices(request: Request, wilaya_id: str) -> Choices:
    """List the communes of a wilaya by name."""
    language = visit_of(request).language
    found = await house_of(request).places.communes(wilaya_id) if wilaya_id else []
    return sorted(((each.territory_id, named(each.name, language)) for each in found), key=lambda choice: choice[1])


async def body_choices(request: Request, wilaya_id: str) -> Groups:
    """List the administrations of a wilaya that keep a register, by kind."""
    found = await house_of(request).places.bodies_of(wilaya_id)
    return grouped((each for each in found if each.keeps_register), visit_of(request).language)


async def ministry_choices(request: Request) -> Choices:
    """List the ministries by name."""
    language = visit_of(request).language
    found = await house_of(request).places.ministries()
    return sorted(((each.body_id, named(each.name, language)) for each in found), key=lambda choice: choice[1])


async def topic_choices(request: Request) -> Choices:
    """List the topics in the order of the list."""
    language = visit_of(request).language
    return [(each.topic_code, named(each.name, language)) for each in await house_of(request).places.topics()]


def labelled(request: Request, of: str, numbers: Iterable[int]) -> Choices:
    """List values of an enumeration by their names, without the one that says nothing."""
    language = visit_of(request).language
    return [(str(number), words.label(language, number, of)) for number in numbers if number]


def grouped(bodies: Iterable[Body], language: str) -> Groups:
    """Group bodies by what they are."""
    listed: dict[int, Choices] = {kind: [] for kind in ADDRESSABLE}
    for body in bodies:
        if body.kind in listed:
            listed[body.kind].append((body.body_id, named(body.name, language)))
    return [
        (words.label(language, kind, "body"), sorted(choices, key=lambda choice: choice[1]))
        for kind, choices in listed.items()
        if choices
    ]


def _by_label(territories: Iterable[Territory]) -> list[Territory]:
    return sorted(territories, key=lambda each: each.label)
