"""`replay`: puts a recorded question to the rules again and tells whether they answer the same, bit for bit."""

import json
from pathlib import Path
from typing import Any

from diwan_rules.answers import write
from diwan_rules.author import recorded, terminal
from diwan_rules.author.language import Mistake, say
from diwan_rules.author.trial import Trial


def replay(file: Path, folder: Path) -> int:
    """Return 0 when the rules of a folder answer a recorded question as they did, otherwise 1."""
    if not file.is_file():
        raise Mistake("file_missing", file=file)
    line = recorded.read(file.read_bytes(), file.name)
    if not line.record:
        raise Mistake("record_unreadable", error=line.mistake)
    with Trial(folder) as trial:
        ministry = trial.only()
        before = line.record.outcomes.get(ministry.code)
        if before is None:
            raise Mistake("replay_unrecorded", code=ministry.code, known=", ".join(line.record.outcomes) or "—")
        if before.digest and before.digest != ministry.digest:
            terminal.warn(say("replay_other_rules", recorded=before.digest[:12], found=ministry.digest[:12]))
        (outcome,) = recorded.asked(trial, ministry, [line])
    if outcome.failure:
        terminal.show(say("replay_failed", message=outcome.failure.message), "red")
        return 1
    old, new = _canonical(before.verdict), _canonical(write(outcome.verdict) if outcome.verdict is not None else None)
    if old == new and not before.failure:
        terminal.show(say("replay_equal", code=ministry.code, bytes=len(new)), "green")
        return 0
    terminal.show(say("replay_differs", code=ministry.code), "red")
    terminal.show(f"  - {before.failure or old}\n  + {new}")
    return 1


def _canonical(verdict: Any) -> str:
    """Return a verdict as the one text that stands for it."""
    return json.dumps(verdict, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
