"""The portal's words in Arabic and French: catalogues read once, and labels for the values of the contracts."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from diwan.common.v1.access_pb2 import Role
from diwan.correspondence.v1.letter_pb2 import LetterKind, LetterState
from diwan.directory.v1.body_pb2 import BodyKind
from diwan.intake.v1.complaint_pb2 import Channel, ClosureReason, ComplaintKind, ComplaintState, Identity, ReplyGrade
from diwan.intake.v1.register_pb2 import RegisterKind, RegisterState
from diwan.routing.v1.advice_pb2 import CasePriority, FindingSeverity
from diwan.routing.v1.backtest_pb2 import BacktestPrecedence, BacktestState
from diwan.routing.v1.classifier_pb2 import ModelKind, TrainingStage, Variety
from diwan.routing.v1.decision_pb2 import AnswerKind, Disposition, Outcome, Tier
from diwan.routing.v1.referral_pb2 import ReferralState
from diwan.routing.v1.release_pb2 import ReleaseHealth, ReleaseState, RulesActKind
from diwan.routing.v1.replay_pb2 import ReplayedAnswer
from diwan.routing.v1.triage_pb2 import TriageKind
from diwan.rules.v1.ministry_pb2 import Slot

LANGUAGES = ("ar", "fr")
FOLDER = Path(__file__).parent / "languages"
LABELLED = {
    "answer": AnswerKind,
    "body": BodyKind,
    "channel": Channel,
    "closure": ClosureReason,
    "disposition": Disposition,
    "backtest": BacktestState,
    "grade": ReplyGrade,
    "identity": Identity,
    "kind": ComplaintKind,
    "letter": LetterKind,
    "letter_state": LetterState,
    "model": ModelKind,
    "outcome": Outcome,
    "priority": CasePriority,
    "referral": ReferralState,
    "replayed": ReplayedAnswer,
    "release": ReleaseState,
    "release_health": ReleaseHealth,
    "rules_act": RulesActKind,
    "register": RegisterKind,
    "register_state": RegisterState,
    "role": Role,
    "severity": FindingSeverity,
    "slot": Slot,
    "state": ComplaintState,
    "tier": Tier,
    "training": TrainingStage,
    "triage": TriageKind,
    "weighed": BacktestPrecedence,
    "variety": Variety,
}


@cache
def catalogue(language: str) -> Translations:
    """Read the catalogue of a language."""
    with (FOLDER / f"{language}.po").open("rb") as written:
        read = read_po(written, locale=language)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return Translations(compiled)


def say(language: str, message: str, **facts: object) -> str:
    """Say an English sentence of the sources in the language of the page."""
    return catalogue(language).ugettext(message) % facts if facts else catalogue(language).ugettext(message)


def label(language: str, value: int, of: str) -> str:
    """Name a value of one of the contracts' enumerations."""
    name = LABELLED[of].DESCRIPTOR.values_by_number
    return say(language, name[value].name) if value and value in name else "–"


def role(language: str, name: str) -> str:
    """Name a role that an officer holds."""
    return say(language, f"ROLE_{name.upper()}")
