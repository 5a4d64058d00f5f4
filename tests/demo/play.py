"""The demo from the first filing to the last closure; what was done comes back as facts."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from diwan.correspondence.v1 import correspondence_service_pb2
from diwan.reporting.v1 import reporting_service_pb2
from diwan.routing.v1 import decision_pb2, routing_service_pb2

from services.chassis.call import clock
from tests.demo import checks
from tests.demo.cast import Cast, patiently
from tests.demo.deciding import Bench, Rulings, until_decided
from tests.demo.filing import Filed, file_all
from tests.demo.front_office import FrontOffice
from tests.demo.letters import ROUND, Mail, Matter, Script
from tests.demo.texts import Sample

ALL = 10**9
ASKED, WITHDRAWN, TRACKED = 3, 3, 5
Advance = Callable[[int], None]
Bar = Callable[[str, int], Advance]


def no_bar(what: str, of: int) -> Advance:
    """Show nothing."""
    return lambda more: None


@dataclass
class Played:
    """What the demo did and what it found."""

    filed: list[Filed]
    rulings: Rulings = field(default_factory=Rulings)
    sectors: frozenset[str] = frozenset()
    done: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    referred: int = 0
    carried: int = 0
    triage_left: int = -1
    totals: checks.Totals | None = None
    books: checks.Books | None = None
    dead: Sequence[Any] = ()
    letter: bytes = b""
    report: bytes = b""
    example: Filed | None = None

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure how long a phase takes."""
        began = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - began


async def play(cast: Cast, samples: Sequence[Sample], *, letters: int = ALL, bar: Bar = no_bar) -> Played:
    """File the samples and let everybody work; follow so many letters to their end."""
    played = Played(filed=[])
    with played.phase("filing"):
        played.filed = await file_all(cast, samples, bar("filed", len(samples)))
    office = FrontOffice(cast, bar("closed by keepers and citizens", 0))
    with played.phase("questions and withdrawals"):
        await _citizens_first(office, played.filed)
    with played.phase("decisions by the rules"):
        played.rulings = await until_decided(cast, played.filed, bar("decided by the rules", len(samples)))
    bench = Bench(cast, {each.complaint_id: each for each in played.filed}, bar("decided by hand", 0))
    with played.phase("triage"):
        await asyncio.gather(*(bench.empty(each) for each in {one.wilaya_id for one in played.filed}))
    with played.phase("letters"):
        mail = Mail(cast, bench, bar("letters", 0), bar("replies", 0), bar("closed by delegates", 0))
        await _follow_letters(office, mail, played, letters)
    with played.phase("registers"):
        await _counter_work(office, played, letters)
    with played.phase("counting"):
        await _count(cast, mail, played)
    played.done.update(mail.done + office.done)
    played.done["decided by hand"] = bench.by_hand
    return played


async def _citizens_first(office: FrontOffice, filed: Sequence[Filed]) -> None:
    """Some are asked and answer, some withdraw, before anything was referred."""
    own = [each for each in filed if each.keeping_body_id.startswith("delegation-")]
    if len(own) > 2 * (ASKED + WITHDRAWN):
        await asyncio.gather(
            *(office.ask(each) for each in own[-ASKED:]), *(office.withdraw(each) for each in own[:WITHDRAWN])
        )


async def _follow_letters(office: FrontOffice, mail: Mail, played: Played, most: int) -> None:
    """Give each referred complaint its script, and carry out the first so many."""
    decisions = {**played.rulings.first, **mail.bench.decisions}
    referred = [
        each
        for each in played.filed
        if decisions[each.complaint_id].referral_id and each.complaint_id not in office.gone
    ]
    matters = [
        Matter(filed=each, referral_id=decisions[each.complaint_id].referral_id, script=_script(each, place))
        for place, each in enumerate(referred[:most])
    ]
    played.referred, played.carried = len(referred), len(matters)
    played.example = next((each.filed for each in matters if each.script is ROUND[0]), None)
    await asyncio.gather(*(mail.carry(each) for each in matters))


def _script(filed: Filed, place: int) -> Script:
    """Let some who wrote on paper weeks ago wait still, so that units are reminded."""
    waits = filed.sample.channel == "paper_register" and place % 3 == 0
    return Script.SILENT if waits else ROUND[place % len(ROUND)]


async def _counter_work(office: FrontOffice, played: Played, most: int) -> None:
    """Keepers answer what stands in their own registers; citizens look."""
    kept = [
        each
        for each in played.filed
        if played.rulings.first[each.complaint_id].disposition == decision_pb2.DISPOSITION_KEPT
    ]
    await office.answer_registers(kept[:most])
    for each in [played.example, *played.filed[:TRACKED]]:
        if each:
            await office.track(each)


async def _count(cast: Cast, mail: Mail, played: Played) -> None:
    """Look at everything from several sides."""
    mediator = await cast.mediator()
    listed = await patiently(lambda: cast.operator.routing.ListRuleSets(routing_service_pb2.ListRuleSetsRequest()))
    played.sectors = frozenset(each.ministry_id for each in listed.rule_sets)
    waiting = routing_service_pb2.ListTriageRequest(page_size=1)
    played.triage_left = (await patiently(lambda: mediator.does(mediator.doors.routing.ListTriage, waiting))).total_size
    played.totals = await checks.totals(cast)
    played.books = await checks.books(cast)
    played.dead = await checks.dead_letters(cast)
    if mail.letter_id:
        wanted = correspondence_service_pb2.DownloadLetterRequest(letter_id=mail.letter_id)
        played.letter = await mediator.takes(mediator.doors.correspondence.DownloadLetter, wanted)
    played.report = await mediator.takes(mediator.doors.reporting.ExportReport, _report(played.filed[0].wilaya_id))


def _report(wilaya_id: str) -> reporting_service_pb2.ExportReportRequest:
    today = clock().date()
    return reporting_service_pb2.ExportReportRequest(
        format=reporting_service_pb2.REPORT_FORMAT_PDF,
        wilaya_id=wilaya_id,
        year=today.year,
        quarter=(today.month + 2) // 3,
        with_samples=True,
    )
