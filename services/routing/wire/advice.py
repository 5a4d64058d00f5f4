"""What ministries' rules advise, read from the rule hosts' answers and written into routing's contract."""

from collections.abc import Iterable
from dataclasses import replace
from json import dumps

from diwan.common.v1.localized_text_pb2 import LocalizedText
from diwan.correspondence.v1 import letter_pb2
from diwan.routing.v1 import advice_pb2
from diwan.routing.v1 import advice_service_pb2 as service_pb2
from diwan.rules.v1 import declaration_pb2, ministry_pb2, outcome_pb2, subject_pb2, verdict_pb2
from diwan.rules.v1 import rule_host_service_pb2 as pb
from google.protobuf.json_format import MessageToJson

from services.routing.domain.combining import failure as failed
from services.routing.domain.decision import Reason
from services.routing.domain.letters import LetterAdvice, Template, Wanted
from services.routing.domain.review import (
    Advice,
    Finding,
    FittingCategory,
    Item,
    NeededDocument,
    OwnDays,
    OwnPriority,
    OwnStep,
    OwnYears,
    Priority,
    ReadFact,
    Record,
    Review,
    Severity,
    Step,
)
from services.routing.wire.messages import moment
from services.routing.wire.rules import failure

PREFIX = "HOOK_"


def hook_name(hook: "pb.Hook.ValueType") -> str:
    """Name a hook as the kit does."""
    return pb.Hook.Name(hook).removeprefix(PREFIX).lower()


def record(hook: str, answer: pb.Answer, outcome: outcome_pb2.Outcome) -> Record:
    """Note what a ministry answered to a hook."""
    failed = outcome.HasField("failure")
    return Record(
        ministry_id=answer.ministry.lower(),
        hook=hook,
        plugin=outcome.plugin,
        plugin_version=answer.version,
        plugin_digest=answer.digest,
        config_revision=answer.config_revision,
        answer="" if failed or outcome.HasField("abstention") else _verbatim(outcome),
        error=failure(outcome) if failed else "",
        elapsed_micros=outcome.elapsed_us,
    )


def advice(kept: Record, outcome: outcome_pb2.Outcome, described: ministry_pb2.Ministry) -> Advice:
    """Read out of an answer what is combined."""
    return Advice(record=kept, items=tuple(_items(outcome, kept.ministry_id, described)))


def _verbatim(outcome: outcome_pb2.Outcome) -> str:
    result = outcome.WhichOneof("result")
    return MessageToJson(getattr(outcome, result), indent=None, ensure_ascii=False) if result else ""


def _items(outcome: outcome_pb2.Outcome, ministry_id: str, described: ministry_pb2.Ministry) -> Iterable[Item]:
    match outcome.WhichOneof("result"):
        case "findings":
            return [_finding(ministry_id, each) for each in outcome.findings.findings]
        case "facts":
            return [
                ReadFact(ministry_id=ministry_id, name=each.name, value=_value(each)) for each in outcome.facts.facts
            ]
        case "required_documents":
            names = {each.code: each.name for each in described.documents}
            needed = outcome.required_documents.documents
            return [_document(ministry_id, each, names.get(each.document)) for each in needed]
        case "category_scores":
            declared = {each.code: each for each in described.categories}
            fitting = [each for each in outcome.category_scores.categories if each.category in declared]
            return [_category(ministry_id, each, declared[each.category]) for each in fitting]
        case _:
            return _own(outcome)


def _own(outcome: outcome_pb2.Outcome) -> list[Item]:
    """Read what only the competent ministry is asked."""
    match outcome.WhichOneof("result"):
        case "priority":
            said = outcome.priority
            return [OwnPriority(priority=Priority(said.priority), because=reason(said.because))]
        case "reminders":
            return [
                OwnStep(step=Step(each.kind - 1), after_due=each.after_due, because=reason(each.because))
                for each in outcome.reminders.steps
            ]
        case "working_days":
            return [OwnDays(days=outcome.working_days.days, because=reason(outcome.working_days.because))]
        case "retention":
            return [OwnYears(years=outcome.retention.years, because=reason(outcome.retention.because))]
        case _:
            return []


def _finding(ministry_id: str, said: verdict_pb2.Finding) -> Finding:
    return Finding(
        ministry_id=ministry_id,
        code=said.code,
        field=said.field,
        severity=Severity(said.severity),
        because=reason(said.because),
    )


def _value(fact: verdict_pb2.Fact) -> str:
    kind = fact.WhichOneof("value")
    value = list(fact.list.texts) if kind == "list" else getattr(fact, kind) if kind else ""
    return dumps(value, ensure_ascii=False)


def _document(ministry_id: str, said: verdict_pb2.RequiredDocument, name: LocalizedText | None) -> NeededDocument:
    return NeededDocument(
        ministry_id=ministry_id,
        code=said.document,
        name=reason(name or LocalizedText(ar=said.document, fr=said.document)),
        mandatory=said.mandatory,
        because=reason(said.because),
    )


def _category(
    ministry_id: str, said: verdict_pb2.CategoryScore, declared: declaration_pb2.CategoryDefinition
) -> FittingCategory:
    return FittingCategory(
        ministry_id=ministry_id,
        code=said.category,
        name=reason(declared.name),
        score=said.score,
        topic_code=declared.topic,
        because=reason(said.because),
    )


def reason(text: LocalizedText) -> Reason:
    """Read a text in both languages."""
    return Reason(ar=text.ar, fr=text.fr)


def text(words: Reason) -> LocalizedText:
    """Write a text in both languages."""
    return LocalizedText(ar=words.ar, fr=words.fr)


def finding(known: Finding) -> advice_pb2.Finding:
    """Write a finding."""
    return advice_pb2.Finding(
        ministry_id=known.ministry_id,
        code=known.code,
        field=known.field,
        severity=advice_pb2.FindingSeverity.Value(f"FINDING_SEVERITY_{known.severity.name}"),
        because=text(known.because),
    )


def review(known: Review) -> advice_pb2.Review:
    """Write a review."""
    said = known.combined
    return advice_pb2.Review(
        complaint_id=known.complaint_id,
        decision_id=known.decision_id,
        ministry_id=known.ministry_id,
        review_time=moment(known.reviewed_at),
        findings=map(finding, said.findings),
        suggests_question=said.suggests_question,
        facts=[advice_pb2.ReadFact(name=each.name, value_json=each.value) for each in said.facts],
        documents=[
            advice_pb2.NeededDocument(
                ministry_id=each.ministry_id,
                code=each.code,
                name=text(each.name),
                mandatory=each.mandatory,
                because=text(each.because),
            )
            for each in said.documents
        ],
        categories=[_written_category(each) for each in said.categories],
        topics=[advice_pb2.FittingTopic(**vars(each)) for each in said.topics],
        priority=advice_pb2.CasePriority.Value(f"CASE_PRIORITY_{said.priority.name}"),
        ladder=said.ladder.steps,
        early_notice=said.ladder.early_notice,
        document_days=said.document_days,
        retention_years=said.years_kept,
        taken=[advice_pb2.TakenAnswer(hook=hook, because=text(because)) for hook, because in said.taken],
        records=[_record(each) for each in known.records],
        trace_id=known.trace_id,
    )


def _written_category(each: FittingCategory) -> advice_pb2.FittingCategory:
    return advice_pb2.FittingCategory(
        ministry_id=each.ministry_id,
        code=each.code,
        name=text(each.name),
        score=each.score,
        topic_code=each.topic_code,
        because=text(each.because),
    )


def _record(each: Record) -> advice_pb2.AdviceRecord:
    written = {name: value for name, value in vars(each).items() if name != "answer"}
    return advice_pb2.AdviceRecord(**written, answer_json=each.answer)


def templates(described: ministry_pb2.Ministry) -> list[Template]:
    """Read the letters that a ministry declares."""
    return [
        Template(
            code=each.code,
            kind=subject_pb2.LetterKind.Name(each.kind),
            body=reason(each.body),
            required=tuple(each.required_variables),
        )
        for each in described.letter_templates
    ]


def wanted(
    ministry_id: str, kind: "subject_pb2.LetterKind.ValueType", heard: Iterable[tuple[Record, outcome_pb2.Outcome]]
) -> Wanted:
    """Read what a ministry's rules want of a letter."""
    said = Wanted(ministry_id=ministry_id, kind=subject_pb2.LetterKind.Name(kind))
    for kept, outcome in heard:
        if kept.error:
            said = replace(said, failures=(*said.failures, failed(ministry_id, kept.hook)))
        elif outcome.HasField("letter_context"):
            context = outcome.letter_context
            said = replace(said, template=context.template, variables=dict(context.variables))
        elif outcome.HasField("signatory"):
            said = replace(said, signatory=outcome.signatory.role)
    return said


def letter_advice(known: LetterAdvice) -> service_pb2.ConsultLetterResponse:
    """Write what holds of a ministry's wishes for a letter."""
    return service_pb2.ConsultLetterResponse(
        template=known.template,
        text=text(known.text),
        signatory_role=known.signatory,
        signatory_title=text(known.title),
        findings=map(finding, known.findings),
    )


def reply_review(heard: Iterable[tuple[Record, outcome_pb2.Outcome]]) -> service_pb2.ReviewReplyResponse:
    """Write how the competent ministry's rules judge a reply."""
    response = service_pb2.ReviewReplyResponse()
    for kept, outcome in heard:
        if kept.error:
            response.findings.append(finding(failed(kept.ministry_id, kept.hook)))
        elif outcome.HasField("reply_review"):
            said = outcome.reply_review
            grade = verdict_pb2.ReplyGrade.Name(said.grade)
            response.grade = letter_pb2.ReplyGrade.Value(grade)
            response.because.CopyFrom(said.because)
            response.missing.extend(said.missing)
    return response


def reply(request: service_pb2.ReviewReplyRequest) -> subject_pb2.Reply:
    """Write a reply for the rules."""
    return subject_pb2.Reply(
        text=request.text, language=request.language, body_id=request.body_id, received_on=request.received_on
    )


def kind(asked: "letter_pb2.LetterKind.ValueType") -> "subject_pb2.LetterKind.ValueType":
    """Name a kind of letter as the rules do."""
    return subject_pb2.LetterKind.Value(letter_pb2.LetterKind.Name(asked))
