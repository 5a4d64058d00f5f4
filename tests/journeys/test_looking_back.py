"""Looking back through real processes: why this body, the same decision taken again, and rules tried on the day's decisions."""

import asyncio
import re
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode

from diwan_rules.records import Record

from services.chassis.call import clock, day_of
from tests.house_run import RunningHouse
from tests.journeys.people import HOSPITAL, a_sample, filed_and_decided, people
from tests.journeys.test_advice import Desk

HIDDEN = re.compile(r'name="(form|request_id)" value="([^"]+)"')


class Office(Desk):
    """The Mediator's office at the pages."""

    def send(self, path: str, **fields: str) -> str:
        """Fill in the form of a page and send it; return the page that follows."""
        carried = dict(HIDDEN.findall(self.page(path).partition("<main")[2]))
        try:
            answer = self._browser.open(f"{self._address}{path}", urlencode(carried | fields).encode())
        except HTTPError as refusal:  # the form again, with what is wrong
            return refusal.read().decode()
        content: bytes = answer.read()
        return content.decode()


async def test_a_decision_is_explained_taken_again_and_tried(house: RunningHouse) -> None:
    async with people(house) as cast:
        (filed,), _ = await filed_and_decided(cast, a_sample())
    office = Office(house, house.accounts["mediator national"])

    page = await asyncio.to_thread(office.page, f"/complaints/{filed.complaint_id}")
    assert "Pourquoi cet organisme ?" in page
    assert "s&#39;est déclaré compétent au titre du sujet" in page
    link = re.search(r'href="/fr(/decisions/[^"]+/replay)"', page)
    assert link
    assert "Identique, au bit près" in await asyncio.to_thread(office.page, link[1])

    today = day_of(clock()).isoformat()
    asked = {"ministry_id": "msan", "slot": "1", "precedence": "1", "from_day": today, "to_day": today}
    listed = await asyncio.to_thread(office.send, "/backtests", **asked)
    assert "L’essai a commencé" in listed
    begun = re.search(r'href="/fr(/backtests/[^"]+)"', listed)
    assert begun
    tried = await office.page_with(begun[1], "Terminé")
    assert re.search(r"Iraient ailleurs</dt><dd>\s*<[^>]+>0<", tried) or "Iraient ailleurs</dt><dd>0" in tried
    refused = await asyncio.to_thread(office.send, "/backtests", **(asked | {"ministry_id": "mf", "slot": "2"}))
    assert "Aucune règle de mf" in refused


async def test_a_ministry_s_cases_are_written_for_its_authors(house: RunningHouse, tmp_path: Path) -> None:
    async with people(house) as cast:
        (filed,), _ = await filed_and_decided(cast, a_sample())
    file, today = tmp_path / "cases.jsonl", day_of(clock()).isoformat()
    asked = ("--ministry", "MSAN", "--from", today, "--to", today, "--purpose", "تجربة القواعد الجديدة")
    said = await asyncio.to_thread(house.run, "routing.commands", "export-cases", str(file), *asked)
    assert "cases written to" in said
    assert file.stat().st_mode & 0o077 == 0
    records = [Record.model_validate_json(line) for line in file.read_text(encoding="utf-8").splitlines()]
    (own,) = [each for each in records if each.facts["complaint_id"] == filed.complaint_id]
    assert own.facts["text"] == HOSPITAL
    assert own.outcomes["MSAN"].version
