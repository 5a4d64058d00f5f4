"""The triage queue: complaints that wait for a person's decision."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from services.chassis.refusals import Conflict, Forbidden, NotFound
from services.routing.domain.resolver import Outcome


class TriageKind(StrEnum):
    """Why a person must decide."""

    AMBIGUOUS = "ambiguous"
    UNCLAIMED = "unclaimed"
    PROVISIONAL = "provisional"
    DECLINED = "declined"
    ARBITRATION = "arbitration"


class TriageUnknown(NotFound):
    """There is no such item in the triage queue, or it is not yours to see."""

    ar = "لا يوجد هذا العنصر في قائمة الفرز، أو لا يحق لك الاطلاع عليه."
    fr = "Cet élément de la file de tri n'existe pas ou ne vous est pas accessible."
    field = "triage_id"


class TriageDecided(Conflict):
    """This item was decided or withdrawn already; read the complaint's decisions."""

    ar = "فُصل في هذا العنصر أو سُحب من قبل؛ اقرأ قرارات الشكوى."
    fr = "Cet élément a déjà été tranché ou retiré ; lisez les décisions de la doléance."
    field = "triage_id"


class ArbiterRequired(Forbidden):
    """Two authorities declined; only the Mediator's central services may decide."""

    ar = "رفضت هيئتان الاختصاص؛ لا يفصل إلا المصالح المركزية لوسيط الجمهورية."
    fr = "Deux organismes ont décliné leur compétence ; seuls les services centraux du Médiateur tranchent."


@dataclass(frozen=True, kw_only=True)
class TriageItem:
    """One complaint in the queue."""

    triage_id: str
    complaint_id: str
    number: str
    kind: TriageKind
    wilaya_id: str
    decision_id: str
    created_at: datetime
    suggested_body_id: str = ""
    candidates: tuple[str, ...] = ()
    open: bool = True
    version: int = 1

    def ended(self) -> Self:
        """Return the item once nobody needs to decide any more."""
        if not self.open:
            raise TriageDecided
        return replace(self, open=False, version=self.version + 1)

    def decided_by_hand(self, *, arbiter: bool) -> Self:
        """Return the item once a person has decided; an arbitration needs the arbiter."""
        if self.kind is TriageKind.ARBITRATION and not arbiter:
            raise ArbiterRequired
        return self.ended()


def triage_kind(outcome: Outcome) -> TriageKind:
    """Say why a person must decide after the rules were heard."""
    return TriageKind(outcome.value)


def kind_after_decline(declines: int) -> TriageKind:
    """Say who decides after so many authorities have declined: the delegate once, then the arbiter."""
    return TriageKind.DECLINED if declines < 2 else TriageKind.ARBITRATION
