"""Who may see who complains: a named act, for a stated purpose, logged each time."""

from collections.abc import Collection
from typing import ClassVar

from services.chassis.refusals import Conflict, Forbidden, Invalid
from services.intake.domain.complaint import Complaint
from services.intake.domain.filing import Identity
from services.intake.domain.words import admit

SHORTEST, LONGEST = 5, 500


class PurposeMissing(Invalid):
    """State the purpose in 5 to 500 characters; it is kept in the log of disclosures."""

    ar: ClassVar[str] = "اذكر الغرض في 5 إلى 500 حرف؛ يُحفظ في سجل الكشف عن الهوية."
    fr: ClassVar[str] = "Indiquez la finalité en 5 à 500 caractères ; elle est conservée au journal des divulgations."
    field: ClassVar[str] = "purpose"


class ComplainantAnonymous(Conflict):
    """The complaint {number} is anonymous; nobody knows who filed it."""

    ar: ClassVar[str] = "الشكوى {number} مجهولة المصدر؛ لا أحد يعرف صاحبها."
    fr: ClassVar[str] = "La doléance {number} est anonyme ; personne ne sait qui l'a déposée."


class IdentityWithheld(Forbidden):
    """The complainant of {number} did not agree that you be told; answer through the body that keeps the register."""

    ar: ClassVar[str] = "لم يوافق صاحب الشكوى {number} على إطلاعك على هويته؛ أجب عبر الجهة الماسكة للسجل."
    fr: ClassVar[str] = (
        "L'auteur de {number} n'a pas consenti à vous être nommé ; répondez par l'administration qui tient le registre."
    )


def check(
    complaint: Complaint, *, purpose: str, mediator: bool, acting_for: Collection[str], parties: Collection[str]
) -> None:
    """Refuse to show who complains to somebody who may not know it."""
    if not SHORTEST <= len(purpose.strip()) <= LONGEST:
        raise PurposeMissing
    admit("purpose", purpose, limit=2 * LONGEST)
    if complaint.identity is Identity.ANONYMOUS:
        raise ComplainantAnonymous(number=complaint.number)
    if mediator:
        return
    if complaint.identity is Identity.NAMED and complaint.keeping_body_id in acting_for:
        return
    if complaint.consent and set(parties) & set(acting_for):
        return
    raise IdentityWithheld(number=complaint.number)
