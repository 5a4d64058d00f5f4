"""The classifier's models and what it proposes, as messages of the contract."""

from collections.abc import Sequence

from diwan.common.v1.localized_text_pb2 import LocalizedText
from diwan.routing.v1 import classifier_pb2 as pb
from diwan.routing.v1 import routing_service_pb2
from google.protobuf.timestamp_pb2 import Timestamp

from services.chassis.checks import require_enum, require_text
from services.routing.domain.learned import MOST_EXAMPLES, ExamplesMissing, Model, Proposal, Training, Variety

LONGEST = 20_000


def proposal(said: Proposal | None) -> pb.Proposal | None:
    """Write what the classifier said of one complaint."""
    if said is None:
        return None
    return pb.Proposal(
        model_version=said.model_version,
        model_digest=said.model_digest,
        gate=said.gate,
        suggestions=[pb.Suggestion(ministry_id=s.ministry_id, confidence=s.confidence) for s in said.suggestions],
        claimed=said.claims,
    )


def variety(known: str) -> "pb.Variety.ValueType":
    """Write a variety of language."""
    return pb.Variety.Value(f"VARIETY_{known.upper()}") if known else pb.VARIETY_UNSPECIFIED


def model(kept: Model) -> pb.Model:
    """Write a model with its measure."""
    report = kept.report
    written = pb.Model(
        version=kept.version,
        kind=pb.ModelKind.Value(f"MODEL_KIND_{kept.kind.upper()}"),
        digest=kept.digest,
        data_digest=kept.data_digest,
        examples=kept.learned_from,
        tested=report.tested,
        right=report.right,
        right_in_three=report.right_in_three,
        proposed=report.proposed,
        proposed_right=report.proposed_right,
        gate=report.gate,
        in_use=kept.standing.in_use,
        because=LocalizedText(ar=kept.standing.ar, fr=kept.standing.fr),
        classes=[pb.ModelClass(class_id=each, examples=count) for each, count in report.examples.items()],
        confusions=[pb.Confusion(confirmed=label, named=named, count=count) for label, named, count in report.pairs],
        size_bytes=kept.size_bytes,
        with_samples=kept.with_samples,
    )
    written.create_time.FromDatetime(kept.made_at)
    return written


def training(held: Training) -> pb.Training:
    """Write where a training stands."""
    began = Timestamp()
    began.FromDatetime(held.began_at)
    return pb.Training(
        kind=pb.ModelKind.Value(f"MODEL_KIND_{held.kind.upper()}"),
        stage=pb.TrainingStage.Value(f"TRAINING_STAGE_{held.stage.upper()}"),
        done=held.done,
        total=held.total,
        begin_time=began,
        error=held.error,
        model_version=held.model_version,
    )


def examples(given: Sequence[routing_service_pb2.VarietyExample]) -> list[tuple[str, str]]:
    """Read texts whose varieties are known."""
    read: list[tuple[str, str]] = [
        (require_text("examples.text", each.text, limit=LONGEST), _known(each)) for each in given
    ]
    if len({known for _, known in read}) < 2 or len(read) > MOST_EXAMPLES:
        raise ExamplesMissing(most=MOST_EXAMPLES)
    return read


def _known(example: routing_service_pb2.VarietyExample) -> Variety:
    require_enum("examples.variety", pb.Variety, example.variety)
    return Variety(pb.Variety.Name(example.variety).removeprefix("VARIETY_").lower())
