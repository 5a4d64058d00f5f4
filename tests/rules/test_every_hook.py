"""Every hook is asked in the real worker and its answer comes back whole, or the rules are blamed."""

import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from diwan_rules import Event, EventKind, LetterKind, Purpose, Reply, Stage
from diwan_rules.answers import ANSWERS, DECLARING
from diwan_rules.hooks import Pattern
from diwan_rules.host.questions import Described, FailureKind, Outcome
from diwan_rules.host.supervisor import Host

from tests.rules import every_hook
from tests.rules.builders import FAST, a_case, a_parted_ministry, a_plugin, a_question

pytestmark = pytest.mark.anyio
BESIDES: dict[str, Any] = {
    "stage": Stage.DOCUMENT_REQUEST,
    "letter_kind": LetterKind.INTERIM_REPLY,
    "reply": Reply(text="لقد أُصلح التسرب في الحي يوم أمس", received_on=date(2026, 10, 31)),
    "purpose": Purpose.OPEN_DATA,
    "event": Event(kind=EventKind.CLOSED, happened_on=date(2026, 10, 31)),
}
CASE = a_case("ماء منذ 3 أيام")
SAID: dict[str, Any] = {
    "validate": every_hook.validate(CASE),
    "enrich": every_hook.enrich(CASE),
    "required_documents": every_hook.required_documents(),
    "classify": every_hook.classify(),
    "claim": every_hook.claim(),
    "assign_unit": every_hook.assign_unit(),
    "deadline": every_hook.deadline(BESIDES["stage"]),
    "priority": every_hook.priority(),
    "reminders": every_hook.reminders(),
    "letter_context": every_hook.letter_context(CASE, BESIDES["letter_kind"]),
    "signatory": every_hook.signatory(BESIDES["letter_kind"]),
    "review_reply": every_hook.review_reply(BESIDES["reply"]),
    "retention": every_hook.retention(),
    "redact": every_hook.redact(BESIDES["purpose"]),
    "case_event": None,
}


@pytest.fixture(scope="module")
async def host(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Host]:
    """A ministry that answers every hook."""
    folder = tmp_path_factory.mktemp("plugins")
    (folder / "mh").mkdir()
    shutil.copy(Path(__file__).parent / "every_hook.py", folder / "mh" / "rules.py")
    async with Host(folder, limits=FAST) as host:
        yield host


async def asked(host: Host, hook: str, ministry: str = "MH") -> Outcome:
    (outcome,) = await host.ask(ministry, a_question(CASE, hook=hook, **BESIDES))
    return outcome


def test_every_hook_that_is_asked_is_tried_here() -> None:
    assert set(SAID) == {hook for hook, answers in ANSWERS.items() if answers.pattern is not Pattern.DECLARE}


@pytest.mark.parametrize("hook", SAID)
async def test_an_answer_comes_back_whole(host: Host, hook: str) -> None:
    outcome = await asked(host, hook)
    wanted = SAID[hook]
    assert outcome.failure is None
    assert outcome.verdict == (tuple(wanted) if isinstance(wanted, list) else wanted)


async def test_declarations_are_told_when_the_plugin_is_loaded(host: Host) -> None:
    described = host.ministries["MH"].described
    assert {hook: described[hook] for hook in DECLARING} == {
        "categories": tuple(every_hook.categories()),
        "letter_templates": tuple(every_hook.letter_templates()),
        "indicators": tuple(every_hook.indicators()),
        "documents": tuple(every_hook.documents()),
    }


async def test_an_observer_answers_with_its_log(host: Host) -> None:
    assert (await asked(host, "case_event")).log == ("told kind=closed day=2026-10-31",)


@pytest.mark.parametrize(
    ("hook", "answer", "says"),
    [
        ("validate", "[5]", "must answer list[Finding] | None, not list with int"),
        ("validate", "WHY", "must answer list[Finding] | None, not Because"),
        ("enrich", "[Fact(name='n', value=1)] * 101", "not list of 101, at most 100"),
        ("enrich", "[Fact(name='n', value='ش' * 9000)]", "at most 16384 bytes"),
        ("enrich", "[Fact.model_construct(name='Bad Name', value=1)]", "name: String should match pattern"),
        ("classify", "[CategoryScore(category='dream', score=1, because=WHY)]", "a category that categories does not"),
        ("required_documents", "[RequiredDocument(document='x', mandatory=True, because=WHY)]", "a document that"),
        ("letter_context", "LetterContext(template='x')", "a template that letter_templates does not declare"),
        ("letter_context", "LetterContext(template='visit')", "not a letter without place"),
        ("signatory", "'chief'", "must answer Signatory | None, not str"),
        ("redact", "Redaction(field='text', because=WHY)", "must answer list[Redaction] | None, not Redaction"),
        ("case_event", "5", "must answer None, not int"),
    ],
)
async def test_an_answer_of_another_kind_is_a_failure(tmp_path: Path, hook: str, answer: str, says: str) -> None:
    body = f"""
    @hookimpl
    def letter_templates():
        body = BilingualBody(ar="{{{{ place }}}}", fr="{{{{ place }}}}")
        name = Bilingual(ar="زيارة", fr="Visite")
        return [LetterTemplate(code="visit", name=name, kind="interim_reply", body=body, required_variables=["place"])]

    @hookimpl
    def {hook}(): return {answer}
    """
    async with Host(a_plugin(tmp_path, body), limits=FAST) as host:
        outcome = await asked(host, hook, "MSAN")
    assert outcome.failure is not None
    assert outcome.failure.kind is FailureKind.WRONG_TYPE
    assert says in outcome.failure.message


PARTS = {
    "MJ": "5 if case.text == 'bad' else [Fact(name='here', value=True)]",
    "MJ.courts": "[Fact(name='here', value=True), Fact(name='court', value='Oran')]",
    "MJ.prisons": "None",
}


async def test_lists_of_a_ministrys_plugins_are_one_list_in_the_order_of_their_names(tmp_path: Path) -> None:
    bodies = {name: f"@hookimpl\ndef enrich(case): return {answer}" for name, answer in PARTS.items()}
    async with Host(*a_parted_ministry(tmp_path, bodies), limits=FAST) as host:
        outcome = await asked(host, "enrich", "MJ")
        (bad,) = await host.ask("MJ", a_question(a_case("bad"), hook="enrich"))
    assert outcome.plugin == "MJ+MJ.courts"
    assert isinstance(outcome.verdict, tuple)
    assert [fact.model_dump()["name"] for fact in outcome.verdict] == ["here", "court"]
    assert bad.failure is not None
    assert bad.plugin == "MJ"


@pytest.mark.parametrize("hook", ["priority", "reminders"])
async def test_of_the_owners_plugins_the_first_that_answers_counts(tmp_path: Path, hook: str) -> None:
    says = {
        "priority": ["PriorityProposal(priority='high', because=WHY)", "1 / 0"],
        "reminders": ["[ReminderStep(kind='reminder_1', after_due=1, because=WHY)]", "1 / 0"],
    }[hook]
    bodies = {
        name: f"@hookimpl\ndef {hook}(): return {answer}"
        for name, answer in zip(("MJ", "MJ.courts", "MJ.prisons"), ["None", *says], strict=True)
    }
    async with Host(*a_parted_ministry(tmp_path, bodies), limits=FAST) as host:
        outcome = await asked(host, hook, "MJ")
    assert outcome.failure is None
    assert outcome.plugin == "MJ.courts"


async def test_what_one_ministry_declares_leaves_room_for_the_others(tmp_path: Path) -> None:
    plenty = "TERMS['many'] = ['مستشفى ' + 'ا' * n for n in range(2, 400)]"
    async with Host(a_plugin(tmp_path, plenty), limits=FAST) as host:
        (error,) = host.ministries["MSAN"].load_errors
    assert error.code == "declared_too_much"
    assert "at most 96" in error.message_en
    with pytest.raises(ValueError, match="too much is declared"):
        Described.model_validate({"owner": "x" * 100_000})


async def test_a_code_that_two_plugins_declare_is_a_mistake(tmp_path: Path) -> None:
    body = """
    @hookimpl
    def documents():
        name = Bilingual(ar="حكم", fr="Jugement")
        return [DocumentDefinition(code="ruling", name=name, shows=name)]
    """
    async with Host(*a_parted_ministry(tmp_path, {"MJ": body, "MJ.courts": body}), limits=FAST) as host:
        (error,) = host.ministries["MJ"].load_errors
    assert (error.code, error.plugin, error.line > 0) == ("code_taken", "MJ.courts", True)
    assert "'ruling'" in error.message_en
