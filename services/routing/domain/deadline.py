"""Deadlines are policy data: which number of working days applies where, how, to whom, about what and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.routing.domain.facts import Facts


class PolicyMissing(LookupError):
    """No deadline policy covers a complaint: the reference data lack the national default."""


@dataclass(frozen=True, kw_only=True)
class DeadlinePolicy:
    """Working days for the complaints that fit; an empty criterion fits all."""

    code: str
    working_days: int
    wilaya_id: str = ""
    channel: str = ""
    ministry_id: str = ""
    topic_code: str = ""
    valid_from: date = date.min
    valid_to: date = date.max

    def covers(self, facts: Facts, ministry_id: str) -> bool:
        """Tell whether the policy fits a complaint on the day it was received."""
        wanted = ((self.wilaya_id, facts.wilaya_id), (self.channel, facts.channel), (self.ministry_id, ministry_id))
        fits = all(criterion in ("", actual) for criterion, actual in wanted)
        return (
            fits and within(self.topic_code, facts.topic_code) and self.valid_from <= facts.received_on < self.valid_to
        )

    @property
    def precision(self) -> tuple[int, bool, bool, bool, date, str]:
        """Return how narrowly it fits: topic before sector, wilaya and channel, then the younger."""
        depth = len(self.topic_code.split(".")) if self.topic_code else 0
        return depth, bool(self.ministry_id), bool(self.wilaya_id), bool(self.channel), self.valid_from, self.code


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """The working days that a complaint may take, and what gave them."""

    working_days: int
    policy: str


def within(topic_code: str, chosen: str) -> bool:
    """Tell whether the chosen topic is this one or lies below it."""
    return not topic_code or chosen == topic_code or chosen.startswith(topic_code + ".")


def deadline_for(policies: Iterable[DeadlinePolicy], facts: Facts, ministry_id: str, own_days: int) -> Deadline:
    """Choose the narrowest policy; a ministry's own days can only shorten it."""
    fitting = [policy for policy in policies if policy.covers(facts, ministry_id)]
    if not fitting:
        raise PolicyMissing(facts.received_on.isoformat())
    chosen = max(fitting, key=lambda policy: policy.precision)
    if 0 < own_days < chosen.working_days:
        return Deadline(working_days=own_days, policy=f"{chosen.code}:{ministry_id}")
    return Deadline(working_days=chosen.working_days, policy=chosen.code)
