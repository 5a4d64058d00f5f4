"""Puts complaints to the ministries' rules: fetches the words, finds the terms, asks; outside any transaction."""

from datetime import UTC, datetime, timedelta

from services.chassis.call import Call
from services.chassis.database import Database
from services.chassis.refusals import TooEarly
from services.routing.actions.deciding import Choice, decide_again
from services.routing.actions.hearing import Heard, competence, hear
from services.routing.actions.reading import Waiting
from services.routing.deployment import Deployment
from services.routing.domain.bodies import CompetentBodyUnknown
from services.routing.domain.facts import Facts
from services.routing.domain.question import Question
from services.routing.domain.reference import Reference
from services.routing.insight import Reader
from services.routing.neighbours import Intake, RuleHosts
from services.routing.store.memory import Store
from services.routing.store.reference import ReferenceShelf
from services.routing.turns import Turns
from services.routing.workshop import Workshop

PATIENCE = timedelta(seconds=60)
FRESH = timedelta(seconds=1)


class Chamber:
    """Where one process hears the rules."""

    def __init__(self, database: Database, intake: Intake, hosts: RuleHosts) -> None:
        self._database = database
        self.intake = intake
        self.hosts = hosts
        self.deployment = Deployment(database, hosts)
        self.shelf = ReferenceShelf()
        self.turns = Turns()
        self.workshop = Workshop(database, intake)
        self._reader = Reader(database)
        self._looked_at = datetime.min.replace(tzinfo=UTC)

    async def reference(self, now: datetime) -> Reference:
        """Return the reference tables; what changed less than a second ago may be missing."""
        if now - self._looked_at > FRESH:
            async with self._database.reading() as connection:
                await self.shelf.current(connection)
            self._looked_at = now
        return self.shelf.copy

    async def settle(self, call: Call) -> int:
        """Have an act take effect now: read the tables anew and have the hosts run what is ordered."""
        self._looked_at = datetime.min.replace(tzinfo=UTC)
        return await self.deployment.reconcile(call.now, (await self.reference(call.now)).slots)

    async def question(self, call: Call, facts: Facts) -> Question:
        """Prepare to ask about a complaint; wait until the directory has told of the body that keeps it."""
        reference = await self.reference(call.now)
        if reference.bodies.get(facts.keeping_body_id, facts.received_on) is None:
            raise TooEarly
        narrative = await self.intake.narrative(facts.complaint_id)
        await self.deployment.reconcile(call.now, reference.slots)
        hits = self.hosts.scan(narrative.text)
        insight = await self._reader.insight(narrative.text, call.now)
        return Question(facts=facts, narrative=narrative, hits=hits, reference=reference, now=call.now, insight=insight)

    async def hear(self, call: Call, facts: Facts) -> Heard:
        """Hear every ministry's rules about a complaint."""
        with self.turns.deciding():
            return await hear(self.hosts, await self.question(call, facts))

    async def chosen(self, call: Call, waiting: Waiting, ministry_id: str, unit_body_id: str) -> Choice:
        """Check the ministry and unit that a person chose, and find what is left open."""
        today = call.today
        bodies = (await self.reference(call.now)).bodies
        if ministry_id not in bodies.ministries(today):
            raise CompetentBodyUnknown(body_id=ministry_id, field="ministry_id")
        if unit_body_id:
            bodies.unit_of(unit_body_id, ministry_id, today)
        question = await self.question(call, waiting.facts)
        found = await competence(self.hosts, question, ministry_id, unit_body_id)
        return Choice(question=question, competence=found)

    async def reconsider(self, call: Call, *, limit: int) -> int:
        """Hear the rules again for complaints that failed ones hold; return how many are decided now."""
        async with self._database.transaction() as connection:
            held = await Store(connection).triage.held(heard_before=call.now - PATIENCE, now=call.now, limit=limit)
        return sum([await self._reconsider(call, complaint_id) for complaint_id in held])

    async def _reconsider(self, call: Call, complaint_id: str) -> bool:
        async with self._database.reading() as connection:
            case = await Store(connection).cases.get(complaint_id)
        if case is None or case.ended:
            return False
        heard = await self.hear(call, case.facts)
        async with self._database.transaction() as connection:
            return await decide_again(call, Store(connection), heard)
