"""Following a complaint with number and secret: one answer for all that is wrong, few tries for each number."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from services.chassis.refusals import Conflict, Exhausted, NotFound

TRIES = 10
WINDOW = timedelta(minutes=10)
REMEMBERED = 50_000


class TrackingRefused(NotFound):
    """Number and secret do not fit together; check both against the receipt."""

    ar: ClassVar[str] = "الرقم والرمز السري لا يتوافقان؛ راجعهما على الوصل."
    fr: ClassVar[str] = "Le numéro et le code secret ne correspondent pas ; vérifiez-les sur le récépissé."
    field: ClassVar[str] = "secret"


class TrackingLimited(Exhausted):
    """There were too many wrong tries for this number; wait ten minutes, then check number and secret against the receipt."""

    ar: ClassVar[str] = "محاولات خاطئة كثيرة لهذا الرقم؛ انتظر عشر دقائق ثم راجع الرقم والرمز على الوصل."
    fr: ClassVar[str] = (
        "Trop d'essais erronés pour ce numéro ; attendez dix minutes, puis vérifiez numéro et code sur le récépissé."
    )
    field: ClassVar[str] = "secret"


class QuestionMissing(Conflict):
    """No question waits for your answer; look at where your complaint stands."""

    ar: ClassVar[str] = "لا سؤال ينتظر جوابك؛ اطلع على وضعية شكواك."
    fr: ClassVar[str] = "Aucune question n'attend votre réponse ; consultez l'état de votre doléance."


@dataclass(slots=True)
class Tries:
    """Wrong tries for each number, known or not, in windows of ten minutes."""

    _wrong: dict[str, tuple[datetime, int]] = field(default_factory=dict)

    def admit(self, number: str, now: datetime) -> None:
        """Refuse another try where there were too many wrong ones."""
        since, wrong = self._wrong.get(number, (now, 0))
        if wrong >= TRIES and now - since < WINDOW:
            raise TrackingLimited

    def wrong(self, number: str, now: datetime) -> None:
        """Count a wrong try."""
        since, wrong = self._wrong.get(number, (now, 0))
        if now - since >= WINDOW:
            since, wrong = now, 0
        if len(self._wrong) >= REMEMBERED:
            recent = {each: seen for each, seen in self._wrong.items() if now - seen[0] < WINDOW}
            self._wrong = recent if len(recent) < REMEMBERED // 2 else {}
        self._wrong[number] = since, wrong + 1
