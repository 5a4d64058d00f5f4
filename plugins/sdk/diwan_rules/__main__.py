"""Shows what rules say: `python -m diwan_rules FOLDER "text of a complaint"`, in the very worker of production."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from diwan_rules.facts import Case
from diwan_rules.host.ministry import Ministry
from diwan_rules.host.questions import Outcome, Question, asked
from diwan_rules.host.supervisor import Host
from diwan_rules.terms import Hits, Terms
from diwan_rules.verdicts import Claim, Decline

USAGE = 'python -m diwan_rules FOLDER "text of a complaint"'


async def show(folder: Path, text: str) -> int:
    """Ask every ministry in a folder whether a complaint is theirs, and print what they say."""
    async with Host(folder) as host:
        if not host.ministries:
            _print(f"No rules in {folder}: put a rules.py into a folder named by a ministry's code, such as msan.")
            return 1
        case = Case(complaint_id="shown", text=text)
        hits = {code: _hits(ministry, case) for code, ministry in host.ministries.items()}
        now = datetime.now(UTC)  # noqa: TID251 - an author's trial begins here
        question = Question(hook="claim", now=now, cases=(asked(case, hits),))
        answers = await host.gather(list(host.ministries), question)
        for ministry, (outcome,) in zip(host.ministries.values(), answers, strict=True):
            _print(_told(ministry, outcome))
        return int(any(ministry.load_errors for ministry in host.ministries.values()))


def _print(line: str) -> None:
    """Show a line to the author."""
    print(line)  # noqa: T201


def _hits(ministry: Ministry, case: Case) -> dict[str, Hits]:
    """Search the ministry's terms, as the core does."""
    return Terms(ministry.described.get("terms", {})).scan(case.words)


def _told(ministry: Ministry, outcome: Outcome) -> str:
    """Return what a ministry says, in lines."""
    if ministry.load_errors:
        lines = [
            f"{error.file}:{error.line}\n  {error.message_ar}\n  {error.message_fr}\n  {error.message_en}"
            for error in ministry.load_errors
        ]
        return "\n".join([f"{ministry.code}: not loaded", *lines])
    match outcome.failure or outcome.verdict:
        case Claim(score=score, basis=basis, because=because):
            said = f"claims it with {score} ({basis})\n  {because.ar}\n  {because.fr}"
        case Decline(suggest=suggest, because=because):
            said = f"declines, suggests {suggest or 'nobody'}\n  {because.ar}\n  {because.fr}"
        case None:
            said = "has nothing to say"
        case failure:
            said = f"failed: {failure}"
    return f"{ministry.code} {said}\n  in {outcome.elapsed_us} µs"


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(USAGE)
    sys.exit(asyncio.run(show(Path(sys.argv[1]), sys.argv[2])))
