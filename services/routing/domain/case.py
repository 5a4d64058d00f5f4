"""A complaint's case in routing: its facts, its clock, and what authorities said of their competence."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from services.chassis.refusals import Conflict
from services.routing.domain.calendar import Calendar
from services.routing.domain.deadline import Deadline
from services.routing.domain.facts import Facts


class ComplaintEnded(Conflict):
    """The complaint {number} has ended; reopen it before you decide."""

    ar = "انتهت معالجة الشكوى {number}؛ أعد فتحها قبل البتّ فيها."
    fr = "La doléance {number} est terminée ; rouvrez-la avant de décider."


@dataclass(frozen=True, kw_only=True)
class Case:
    """What routing keeps of one complaint; the version counts the events that tell of it."""

    facts: Facts
    topic_code: str = ""
    version: int = 0
    state_version: int = 1
    declines: int = 0
    decision_id: str = ""
    due_on: date | None = None
    working_days: int = 0
    policy: str = ""
    paused_on: date | None = None
    paused_days: int = 0
    stopped_on: date | None = None
    ended: bool = False
    variety: str = ""

    def told(self) -> Self:
        """Return the case with one more event told of it."""
        return replace(self, version=self.version + 1)

    def must_run(self) -> None:
        """Refuse a decision on a complaint that has ended."""
        if self.ended:
            raise ComplaintEnded(number=self.facts.number)

    def with_deadline(self, deadline: Deadline, calendar: Calendar) -> Self:
        """Return the case with a deadline; the citizen's clock never restarts, a later decision only brings the day forward."""
        due_on = calendar.after(self.facts.received_on, deadline.working_days + self.paused_days)
        if self.due_on is not None and due_on >= self.due_on:
            return self
        return replace(self, due_on=due_on, working_days=deadline.working_days, policy=deadline.policy)

    def paused(self, on: date) -> Self:
        """Return the case while a question to the complainant is open."""
        return replace(self, paused_on=on)

    def resumed(self, on: date, calendar: Calendar) -> Self:
        """Return the case once the complainant has answered; the day moves by the working days that passed."""
        if self.paused_on is None:
            return self
        days = calendar.between(self.paused_on, on)
        due_on = calendar.after(self.due_on, days) if self.due_on else None
        return replace(self, paused_on=None, paused_days=self.paused_days + days, due_on=due_on)

    def stopped(self, on: date) -> Self:
        """Return the case once it was answered; the first answer stops the clock."""
        return self if self.stopped_on else replace(self, stopped_on=on)

    def running_again(self) -> Self:
        """Return the case once its answer was sent back: as if the clock had not stopped."""
        return replace(self, stopped_on=None)

    def declined(self, ministry_id: str, suggested_ministry_id: str) -> Self:
        """Return the case after a unit declined; its ministry has declined too unless it named one of its own units."""
        same_sector = ministry_id == suggested_ministry_id
        facts = self.facts if same_sector else self.facts.after_declining(ministry_id)
        return replace(self, facts=facts, declines=self.declines + 1)

    def working_days_until(self, day: date, calendar: Calendar) -> int:
        """Count the working days the complaint has taken, pauses left out."""
        return max(calendar.between(self.facts.received_on, day) - self.paused_days, 0)
