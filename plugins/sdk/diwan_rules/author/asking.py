"""`ask`: shows what the rules of a folder say of one text."""

from pathlib import Path

from diwan_rules.author import terminal
from diwan_rules.author.language import say
from diwan_rules.author.trial import Trial
from diwan_rules.facts import Case
from diwan_rules.host.ministry import Ministry
from diwan_rules.host.questions import Outcome
from diwan_rules.verdicts import Claim, Decline


def ask(folder: Path, text: str) -> int:
    """Ask every ministry in a folder whether a complaint is theirs; return 1 when rules do not load or fail."""
    case = Case(complaint_id="asked", text=text)
    failed = False
    with Trial(folder) as trial:
        for ministry in trial.ministries:
            (outcome,) = trial.ask(ministry, "claim", [case])
            failed = failed or outcome.failure is not None
            terminal.show("\n".join(_told(ministry, outcome)))
    return int(failed)


def _told(ministry: Ministry, outcome: Outcome) -> list[str]:
    """Return what a ministry says, in lines; a mistake in all three languages, for it may be shown to anybody."""
    if ministry.load_errors:
        return [
            say("check_not_loaded", ministry=ministry.code),
            *(
                f"{error.file}:{error.line}\n  {error.message_ar}\n  {error.message_fr}\n  {error.message_en}"
                for error in ministry.load_errors
            ),
        ]
    return [*_said(ministry, outcome), say("ask_time", microseconds=outcome.elapsed_us)]


def _said(ministry: Ministry, outcome: Outcome) -> list[str]:
    """Return an answer to `claim` in lines."""
    match outcome.failure or outcome.verdict:
        case Claim(score=score, basis=basis, because=because):
            first = say("ask_claims", ministry=ministry.code, score=score, basis=basis)
        case Decline(suggest=suggest, because=because):
            first = say("ask_declines", ministry=ministry.code, suggest=suggest or "—")
        case None:
            return [say("ask_nothing", ministry=ministry.code)]
        case failure:
            return [say("ask_failed", ministry=ministry.code, failure=failure)]
    return [first, f"  {because.ar}", f"  {because.fr}"]
