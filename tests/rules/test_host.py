"""Whatever rules do, every case gets its outcome, the right one is blamed, and the others are served."""

import os
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from diwan_rules import Basis, Claim, Decline, Stage, Unit, UnitProposal, WorkingDays
from diwan_rules.host.ministry import Ministry, State
from diwan_rules.host.nursery import memory_kib
from diwan_rules.host.questions import FailureKind, Outcome
from diwan_rules.host.supervisor import Host, MinistryNotHosted

from tests.rules.builders import FAST, a_case, a_misbehaving_plugin, a_parted_ministry, a_plugin, a_question

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def host(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Host]:
    """Two ministries: one does what the text of a case says, the other is always well."""
    folder = a_misbehaving_plugin(tmp_path_factory.mktemp("plugins"))
    a_plugin(folder, "@hookimpl\ndef claim(case): return Claim(score=100, because=WHY)", ministry="MEN")
    async with Host(folder, limits=FAST) as host:
        yield host


@pytest.fixture
def ministry(host: Host) -> Ministry:
    return host.ministries["MSAN"]


def kinds(outcomes: list[Outcome]) -> list[FailureKind | None]:
    return [outcome.failure.kind if outcome.failure else None for outcome in outcomes]


@pytest.mark.parametrize(
    ("text", "kind", "says", "line"),
    [
        ("loop", FailureKind.TIMED_OUT, "while True", True),
        ("regex", FailureKind.TIMED_OUT, "re.match", True),
        ("swallow", FailureKind.KILLED, "1.2 s", False),
        ("hold the gil", FailureKind.KILLED, "1.2 s", False),
        ("exit", FailureKind.RAISED, "SystemExit", True),
        ("exit at once", FailureKind.CRASHED, "exit code 3", False),
        ("segfault", FailureKind.CRASHED, "exit code -11", False),
        ("hog", FailureKind.OUT_OF_MEMORY, "MemoryError", True),
        ("raise", FailureKind.RAISED, "ValueError", True),
        ("misspelt group", FailureKind.RAISED, "KeyError", True),
        ("wrong type", FailureKind.WRONG_TYPE, "must answer Claim | Decline | None, not int", True),
        ("wrong verdict", FailureKind.WRONG_TYPE, "not WorkingDays", True),
        ("wrong score", FailureKind.WRONG_TYPE, "score: Input should be less than or equal to 1000", True),
        ("unchecked score", FailureKind.WRONG_TYPE, "score: Input should be less than or equal to 1000", False),
        ("network", FailureKind.RAISED, "PermissionError", True),
        ("fork", FailureKind.RAISED, "PermissionError", True),
        ("program", FailureKind.RAISED, "PermissionError", True),
        ("write", FailureKind.RAISED, "PermissionError", True),
        ("delete", FailureKind.RAISED, "PermissionError", True),
        ("kill", FailureKind.RAISED, "PermissionError", True),
    ],
)
async def test_one_bad_case_hurts_no_other(host: Host, text: str, kind: FailureKind, says: str, line: bool) -> None:
    before, bad, after = await host.ask("MSAN", a_question(a_case("before"), a_case(text), a_case("after")))

    assert isinstance(before.verdict, Claim)
    assert isinstance(after.verdict, Claim)
    assert bad.complaint_id == f"c-{text}"
    assert bad.failure is not None
    assert bad.failure.kind is kind
    assert says in bad.failure.message
    assert (bad.failure.file == "rules.py" and bad.failure.line > 0) is line


async def test_no_failure_repeats_a_word_of_the_case(host: Host) -> None:
    (outcome,) = await host.ask("MSAN", a_question(a_case("raise سر خاص", complaint_id="secret")))
    assert outcome.failure is not None
    assert "سر" not in outcome.failure.message


async def test_other_ministries_are_served_meanwhile(host: Host) -> None:
    question = a_question(*(a_case("loop", f"l{n}") for n in range(3)))
    bad, good = await host.gather(["MSAN", "MEN"], question)
    assert kinds(bad) == [FailureKind.TIMED_OUT] * 3
    assert kinds(good) == [None] * 3


async def test_a_case_that_ended_two_workers_is_not_shown_again(host: Host, ministry: Ministry) -> None:
    poison, innocent = a_case("exit at once", "poison"), a_case("fine")
    for kind in (FailureKind.CRASHED, FailureKind.CRASHED, FailureKind.QUARANTINED, FailureKind.QUARANTINED):
        assert kinds(await host.ask("MSAN", a_question(innocent, poison))) == [None, kind]
    assert ministry.quarantined >= 1


async def test_a_thread_left_behind_is_counted_and_its_worker_replaced(host: Host, ministry: Ministry) -> None:
    before = replace(ministry.figures)
    outcomes = await host.ask("MSAN", a_question(a_case("thread"), a_case("joined thread"), a_case("fine")))

    if os.geteuid() == 0:  # for others the limit on processes lets no thread start at all
        assert kinds(outcomes) == [None, None, None]
        assert ministry.figures.leaked_threads == before.leaked_threads + 1
        assert ministry.figures.started == before.started + 1
    else:
        assert kinds(outcomes) == [FailureKind.RAISED, FailureKind.RAISED, None]
        assert ministry.figures == before


async def test_log_lines_come_with_the_outcome_few_and_short(host: Host) -> None:
    (outcome,) = await host.ask("MSAN", a_question(a_case("chatty")))
    assert len(outcome.log) == 20
    assert outcome.log[0] == "seen step=0"


async def test_declared_terms_arrive_as_hits(host: Host) -> None:
    outcomes = await host.ask("MSAN", a_question(a_case("hits: المستشفى"), a_case("hits: nothing")))
    claim, nothing = (outcome.verdict for outcome in outcomes)
    assert isinstance(claim, Claim)
    assert claim.rule == "مستشفى"
    assert claim.basis is Basis.TOPICAL
    assert nothing is None


async def test_rules_that_keep_failing_rest(tmp_path: Path) -> None:
    async with Host(a_misbehaving_plugin(tmp_path), limits=FAST) as host:
        question = a_question(*(a_case("exit at once", f"p{n}") for n in range(5)), a_case("fine"))
        assert kinds(await host.ask("MSAN", question)) == [FailureKind.CRASHED] * 5 + [FailureKind.RESTING]
        assert host.ministries["MSAN"].state is State.RESTING


async def test_what_is_not_reached_in_time_is_not_asked(tmp_path: Path) -> None:
    limits = replace(FAST, call_seconds=0.4)
    async with Host(a_misbehaving_plugin(tmp_path), limits=limits) as host:
        outcomes = await host.ask("MSAN", a_question(*(a_case("loop", f"l{n}") for n in range(8))))
        assert kinds(outcomes)[0] is FailureKind.TIMED_OUT
        assert kinds(outcomes)[-1] is FailureKind.NOT_ASKED
        assert kinds(await host.ask("MSAN", a_question(a_case("fine")))) == [None]


async def test_a_plugin_that_does_not_load_answers_failures_and_hurts_nobody(tmp_path: Path) -> None:
    a_plugin(tmp_path, "@hookimpl\ndef clam(case): ...")
    a_plugin(tmp_path, "@hookimpl\ndef claim(case): return Claim(score=100, because=WHY)", ministry="MEN")
    a_plugin(tmp_path, "import os; os._exit(7)", ministry="MJ")
    async with Host(tmp_path, limits=FAST) as host:
        question = a_question(a_case())
        assert [kinds(o) for o in await host.gather(["MSAN", "MEN", "MJ"], question)] == [
            [FailureKind.NOT_LOADED],
            [None],
            [FailureKind.NOT_LOADED],
        ]
        assert [m.state for m in host.ministries.values()] == [State.READY, State.NOT_LOADED, State.NOT_LOADED]
        assert "exit code 7" in host.ministries["MJ"].load_errors[0].message_en


async def test_a_host_that_closes_at_once_says_nothing_on_the_authors_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with Host(a_plugin(tmp_path, "@hookimpl\ndef clam(case): ..."), limits=FAST):
        time.sleep(0.3)  # nobody listens while the zygote tells of the worker's end
    assert capfd.readouterr().err == ""


async def test_a_ministrys_plugins_are_asked_one_by_one_and_the_best_claim_counts(tmp_path: Path) -> None:
    answers = {
        "MJ": "Decline(because=WHY)",
        "MJ.courts": "Claim(score=300, because=WHY)",
        "MJ.prisons": "Claim(score=700, because=WHY)",
    }
    bodies = {name: f"@hookimpl\ndef claim(case): return {answer}" for name, answer in answers.items()}
    async with Host(*a_parted_ministry(tmp_path, bodies), limits=FAST) as host:
        (outcome,) = await host.ask("MJ", a_question(a_case()))
        assert outcome.plugin == "MJ.prisons"
        assert isinstance(outcome.verdict, Claim)


async def test_the_owner_is_asked_for_unit_and_days(tmp_path: Path) -> None:
    body = """
    @hookimpl
    def assign_unit(case, ctx):
        unit = ctx.directory.nearest(case)
        return UnitProposal(unit=unit.body_id, because=WHY) if unit else None

    @hookimpl
    def deadline(stage, ctx):
        return WorkingDays(days=5 if stage == "final_answer" else 2, because=WHY)

    @hookimpl
    def claim():
        return Decline(suggest="MEN", because=WHY)
    """
    unit = Unit(body_id="dsp-oran", kind="directorate", name_ar="مديرية", name_fr="Direction")
    async with Host(a_plugin(tmp_path, body), limits=FAST) as host:
        question = a_question(a_case(), hook="assign_unit", units={"MSAN": (unit,)})
        (proposal,) = await host.ask("MSAN", question)
        (days,) = await host.ask("MSAN", a_question(a_case(), hook="deadline", stage=Stage.FINAL_ANSWER))
        (decline,) = await host.ask("MSAN", a_question(a_case()))

    assert isinstance(proposal.verdict, UnitProposal)
    assert proposal.verdict.unit == "dsp-oran"
    assert isinstance(days.verdict, WorkingDays)
    assert days.verdict.days == 5
    assert isinstance(decline.verdict, Decline)


async def test_a_lost_zygote_is_replaced(host: Host, ministry: Ministry) -> None:
    await host.ask("MSAN", a_question(a_case("fine")))
    zygote = host._nursery._zygote
    assert zygote is not None
    zygote.kill()
    zygote.wait()
    (first,) = await host.ask("MSAN", a_question(a_case("fine", "first")))
    (second,) = await host.ask("MSAN", a_question(a_case("fine", "second")))
    assert first.failure is None or first.failure.kind is FailureKind.CRASHED
    assert second.failure is None


async def test_workers_share_what_the_zygote_imported(host: Host, ministry: Ministry) -> None:
    await host.ask("MSAN", a_question(a_case("fine")))
    assert ministry.worker is not None
    assert 0 < memory_kib(ministry.worker.pid) < 40_000
    assert ministry.described["guard"] == "seccomp"


async def test_a_ministry_that_is_not_here_is_refused(host: Host) -> None:
    with pytest.raises(MinistryNotHosted):
        await host.ask("MXYZ", a_question(a_case()))
