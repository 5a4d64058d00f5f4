"""A ministry's own cases are handed out for a purpose, under an act."""

import asyncio
import json
import subprocess
import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from diwan.routing.v1 import history_service_pb2 as pb
from diwan.routing.v1 import (
    history_service_pb2_grpc,
    release_pb2,
)
from diwan.routing.v1 import rules_admin_service_pb2 as admin_pb
from diwan_rules.records import Record

from tests.routing.looking_back import BOTH, MEDIATOR, decided, numbered, refusal_of

pytestmark = pytest.mark.anyio


async def exported(house: Any, **only: Any) -> pb.ExportCasesResponse:
    plain = {"ministry_id": "msan", "from_day": "2020-01-01", "to_day": "2029-12-31", "because": "تجربة قواعد الوزارة"}
    stub: Any = history_service_pb2_grpc.HistoryServiceStub(house.channel("operator"))
    return await stub.ExportCases(pb.ExportCasesRequest(**(plain | only)))  # type: ignore[no-any-return]


async def test_a_ministry_s_own_cases_are_handed_out_under_an_act_and_its_rules_answer_them_the_same(
    house: Any, tmp_path: Path
) -> None:
    for n, text in enumerate(("مستشفى", "محكمة", BOTH, "مستشفى آخر"), start=1):
        await decided(house, text, n)
    del house.texts.of[numbered(4)]
    first = await exported(house, page_size=2)
    rest = await exported(house, page_size=2, page_token=first.next_page_token)
    assert (len(first.records), first.left_out, len(rest.records), rest.next_page_token) == (1, 1, 1, "")
    lines = [Record.model_validate_json(line) for line in (*first.records, *rest.records)]
    assert [(line.facts["text"], line.assigned, list(line.outcomes)) for line in lines] == [
        (BOTH, "", ["MSAN"]), ("مستشفى", "MSAN", ["MSAN"]),
    ]  # fmt: skip
    assert lines[0].outcomes["MSAN"].verdict[0] == "Claim"  # type: ignore[index]
    file = tmp_path / "cases.jsonl"
    file.write_text("".join((*first.records, *rest.records)), encoding="utf-8")
    command = [sys.executable, "-m", "diwan_rules", "backtest", str(tmp_path / "rules" / "msan"), "--cases", str(file)]
    tried = await asyncio.to_thread(subprocess.run, [*command, "--max-changed", "0"], capture_output=True, text=True)
    assert tried.returncode == 0, tried.stdout + tried.stderr
    with house.officer(*MEDIATOR):
        (act,) = (await house.admin.ListRulesActs(admin_pb.ListRulesActsRequest())).acts
    assert (act.kind, act.ministry_id, act.because) == (
        release_pb2.RULES_ACT_KIND_CASES_EXPORTED, "msan", "تجربة قواعد الوزارة",
    )  # fmt: skip


async def test_nothing_is_handed_out_without_a_purpose_or_an_act(house: Any) -> None:
    for n in (1, 2):
        await decided(house, "مستشفى", n)
    assert (await refusal_of(exported(house, because=" "))).field == "because"
    assert (await refusal_of(exported(house, ministry_id="nobody"))).reason == "COMPETENT_BODY_UNKNOWN"
    token = (await exported(house, page_size=1)).next_page_token
    said, _, *place = json.loads(urlsafe_b64decode(token))
    forged = urlsafe_b64encode(json.dumps([said, str(uuid4()), *place]).encode()).decode()
    assert (await refusal_of(exported(house, page_size=1, page_token=forged))).reason == "PAGE_INVALID"
    with house.officer(*MEDIATOR):
        stub: Any = house.history
        assert (await refusal_of(stub.ExportCases(pb.ExportCasesRequest()))).reason == "CALLER_FORBIDDEN"
