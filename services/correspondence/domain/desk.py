"""Who an officer writes for and whose letters he reads, from his appointments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.chassis.refusals import Forbidden, Invalid, NotFound
from services.correspondence.domain.letter import SENT, Letter

MEDIATOR = "mediator"
INBOX, OUTBOX, BOTH = "inbox", "outbox", ""
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


class LetterPartyUnknown(Invalid):
    """There is no body {body_id}; choose one from the directory."""

    ar = "لا توجد هيئة {body_id}؛ اختر هيئة من الدليل."
    fr = "Il n'existe pas d'organisme {body_id} ; choisissez-en un dans l'annuaire."


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

    def shows(self, letter: Letter) -> bool:
        """Say whether a letter may be seen: an own one in any state, another's once it has arrived."""
        if self.everything or letter.sender_id in self.reads:
            return True
        own = not self.reads.isdisjoint({letter.recipient_id, *letter.copy_ids})
        return letter.state in SENT and (own or register_of(letter.complaint_number) in self.registers)

    def must_write_for(self, body_id: str) -> None:
        """Refuse who is not appointed for the body."""
        if body_id not in self.writes:
            raise LetterNotYours(body_id=body_id)


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which letters are asked for; empty means any."""

    body_id: str = ""
    box: str = BOTH
    complaint_id: str = ""
    states: Sequence[str] = ()
    kinds: Sequence[str] = ()


def register_of(complaint_number: str) -> str:
    """Return wilaya label and register code of a complaint's number."""
    return "/".join(complaint_number.split("/")[:2])


def mandate(appointments: Iterable[tuple[str, str]], *, roles: frozenset[str] | None = None) -> Mandate:
    """Collect what the (role, scope) pairs give, of all roles or of these."""
    national = False
    scopes: dict[str, set[str]] = {"wilaya": set(), "body": set(), "register": set()}
    for role, scope in appointments:
        if roles is None or role in roles:
            kind, _, name = scope.partition(":")
            national = national or (role, kind) == ("mediator", "national")
            scopes.setdefault(kind, set()).add(name)
    return Mandate(
        wilayas=frozenset(scopes["wilaya"]),
        bodies=frozenset(scopes["body"]),
        registers=frozenset(scopes["register"]),
        national=national,
    )


def desk(appointments: Iterable[tuple[str, str]], delegations: Iterable[tuple[str, str]]) -> Desk:
    """Lay out an officer's desk; delegations are (body, wilaya) pairs."""
    held, places = list(appointments), list(delegations)
    reading, writing = mandate(held), mandate(held, roles=WRITERS)
    return Desk(
        reads=_of(reading, places),
        writes=_of(writing, places),
        registers=reading.registers,
        everything=reading.national,
    )


def _of(given: Mandate, delegations: list[tuple[str, str]]) -> frozenset[str]:
    own = {body_id for body_id, wilaya_id in delegations if given.national or wilaya_id in given.wilayas}
    return given.bodies | own | ({MEDIATOR} if given.national else set())
