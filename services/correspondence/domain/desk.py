"""Who an officer writes for and whose letters he reads, from his appointments."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.chassis.refusals import Forbidden, NotFound

MEDIATOR = "mediator"
WRITERS = frozenset({"delegate", "unit_officer", "mediator"})


class LetterUnknown(NotFound):
    """There is no letter {letter_id} that you may see."""

    ar = "لا توجد مراسلة {letter_id} يحق لك الاطلاع عليها."
    fr = "Il n'existe pas de lettre {letter_id} que vous puissiez voir."
    field = "letter_id"


class LetterNotYours(Forbidden):
    """You are not appointed for {body_id}; only its own officer does this."""

    ar = "لستَ معيّنا لدى {body_id}؛ لا يقوم بذلك إلا موظفها المكلّف."
    fr = "Vous n'êtes pas nommé auprès de {body_id} ; seul son agent habilité peut le faire."


@dataclass(frozen=True, kw_only=True)
class Mandate:
    """What appointments say: wilayas whose delegation, bodies and registers he works for; nationally, the Mediator's own."""

    wilayas: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    registers: frozenset[str] = frozenset()
    national: bool = False


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Whose letters are on an officer's desk; `writes` are the bodies for which he may also sign."""

    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    registers: frozenset[str] = frozenset()
    everything: bool = False

    def must_write_for(self, body_id: str) -> None:
        """Refuse who is not appointed for the body."""
        if body_id not in self.writes:
            raise LetterNotYours(body_id=body_id)


def mandate(appointments: Iterable[tuple[str, str]], *, roles: frozenset[str] | None = None) -> Mandate:
    """Collect what the (role, scope) pairs give, of all roles or of these."""
    wilayas, bodies, registers, national = set(), set(), set(), False
    for role, scope in appointments:
        if roles is not None and role not in roles:
            continue
        kind, _, name = scope.partition(":")
        national = national or (role == "mediator" and kind == "national")
        {"wilaya": wilayas, "body": bodies, "register": registers}.get(kind, set()).add(name)
    return Mandate(
        wilayas=frozenset(wilayas), bodies=frozenset(bodies), registers=frozenset(registers), national=national
    )


def desk(appointments: Iterable[tuple[str, str]], delegations: Iterable[tuple[str, str]]) -> Desk:
    """Lay out an officer's desk; delegations are (body, wilaya) pairs."""
    held, places = list(appointments), list(delegations)
    reading, writing = mandate(held), mandate(held, roles=WRITERS)
    return Desk(
        reads=_of(reading, places), writes=_of(writing, places), registers=reading.registers, everything=reading.national
    )


def _of(given: Mandate, delegations: list[tuple[str, str]]) -> frozenset[str]:
    own = {body_id for body_id, wilaya_id in delegations if given.national or wilaya_id in given.wilayas}
    return given.bodies | own | ({MEDIATOR} if given.national else set())
