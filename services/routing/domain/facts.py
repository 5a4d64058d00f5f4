"""The facts of one complaint that competence is decided on, and their digest; who complains is not among them."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Self

from services.chassis.refusals import Conflict


class FactsErased(Conflict):
    """The complaint's words were erased since; its decision can be read and explained, but not taken again."""

    ar = "مُحي نص الشكوى منذ ذلك الحين؛ يمكن قراءة قرارها وشرحه لكن لا يمكن اتخاذه من جديد."
    fr = "Les mots de la doléance ont été effacés depuis ; sa décision se lit et s'explique, mais ne peut être reprise."


class FactsChanged(Conflict):
    """What intake knows of the complaint is not what its decision rested on ({what}); ask the operator to look into it."""

    ar = "ما يعرفه السجل عن الشكوى ليس ما بُني عليه قرارها ({what})؛ اطلب من مشغّل المنصة التحقق منه."
    fr = "Ce que le registre sait de la doléance n'est pas ce sur quoi repose sa décision ({what}) ; demandez à l'exploitant de vérifier."


class Disposition(StrEnum):
    """What follows from a decision."""

    KEPT = "kept"
    REFER = "refer"
    TRIAGE = "triage"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A complaint as its registration tells of it: codes and dates; declined_by names ministries."""

    complaint_id: str
    number: str
    keeping_body_id: str
    wilaya_id: str
    received_on: date
    petitions: bool
    kind: str = "entry"
    channel: str = "portal"
    addressed_body_id: str = ""
    commune_id: str = ""
    topic_code: str = ""
    declined_by: tuple[str, ...] = ()
    sample: bool = False

    def after_declining(self, ministry_id: str) -> Self:
        """Return the facts once a ministry has declined."""
        return replace(self, declined_by=tuple(sorted({*self.declined_by, ministry_id})))


def facts_digest(facts: Facts) -> str:
    """Condense the codes and dates that the rules are shown, so that a replay can prove that it shows the same.

    The words are not among them: their entry, which never changes, is named by complaint_id, and a digest of them here
    would confirm a guess after their erasure.
    """
    shown = vars(facts) | {"received_on": facts.received_on.isoformat()}
    canonical = json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Narrative:
    """The complainant's words; they stay in intake and pass through routing in memory only."""

    text: str
    language: str = "ar"
    commitment: str = ""


@dataclass(frozen=True, kw_only=True)
class TermHit:
    """The hits of one ministry's term group in a text."""

    ministry_id: str
    group: str
    terms: tuple[str, ...]
    positions: tuple[int, ...]
