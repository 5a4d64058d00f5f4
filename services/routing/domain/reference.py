"""Everything routing looks up while it decides, as it stood at one revision."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.routing.domain.bodies import Bodies, Body, DefaultUnit
from services.routing.domain.calendar import Calendar
from services.routing.domain.deadline import Deadline, DeadlinePolicy, deadline_for
from services.routing.domain.facts import Facts
from services.routing.domain.release import Configuration, Slots
from services.routing.domain.resolver import Circumstances, Precedence


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Bodies, topics, the calendar, deadline policies, the Mediator's precedence, and where releases of rules stand."""

    revision: int = 0
    bodies: Bodies = field(default_factory=Bodies)
    topics: frozenset[str] = frozenset()
    wilaya_labels: Mapping[str, str] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    policies: tuple[DeadlinePolicy, ...] = ()
    default_units: tuple[DefaultUnit, ...] = ()
    precedence: Precedence = field(default_factory=Precedence)
    slots: Mapping[str, Slots] = field(default_factory=dict)
    configurations: Mapping[str, Configuration] = field(default_factory=dict)

    def circumstances(self, facts: Facts) -> Circumstances:
        """Return what the core knows of a complaint when it weighs answers."""
        return Circumstances(
            active=self.bodies.ministries(facts.received_on),
            addressed=self.bodies.sector_of(facts.addressed_body_id),
            declined_by=frozenset(facts.declined_by),
        )

    def deadline(self, facts: Facts, ministry_id: str = "", own_days: int = 0) -> Deadline:
        """Return the working days that a complaint may take."""
        return deadline_for(self.policies, facts, ministry_id, own_days)

    def unit(self, ministry_id: str, facts: Facts, proposed: str = "") -> str:
        """Return the unit that answers: the proposed one if it is the ministry's own, else the core's default."""
        if proposed and (body := self.bodies.get(proposed, facts.received_on)) and body.ministry_id == ministry_id:
            return proposed
        default = self.bodies.default_unit(ministry_id, facts, self.default_units)
        return default.body_id if default else ministry_id

    def units(self, ministry_id: str, facts: Facts) -> tuple[Body, ...]:
        """Return a ministry's own units that cover the complaint's wilaya."""
        return self.bodies.units(ministry_id, facts.wilaya_id, facts.received_on)
