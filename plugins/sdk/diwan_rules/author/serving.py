"""`serve`: keeps the rules of a folder in the real host and asks them again whenever a file of theirs changes."""

import time
from pathlib import Path

from diwan_rules.author import cases, terminal, testing
from diwan_rules.author.asking import ask
from diwan_rules.author.checking import check
from diwan_rules.author.language import Mistake, say
from diwan_rules.sources import digest

_LOOK_EVERY = 0.3


def serve(folder: Path, text: str, times: int = 0) -> int:
    """Ask now and after every change, until the author stops it or it has asked so many times; 0 is for ever."""
    known, asked = "", 0
    terminal.warn(say("serve_begun", folder=folder))
    try:
        while True:
            if (current := digest(folder)) != known:
                known, asked = current, asked + 1
                terminal.show(say("serve_reloaded", times=asked, digest=current[:12]), "bold")
                _asked(folder, text)
                if asked == times:
                    return 0
            time.sleep(_LOOK_EVERY)
    except KeyboardInterrupt:
        return 0


def _asked(folder: Path, text: str) -> None:
    """Load the rules afresh, and ask them about the text or else about their cases."""
    try:
        if text:
            ask(folder, text)
        elif check(folder) == 0 and cases.found_in(folder):
            testing.run(folder, [])
    except Mistake as mistake:
        terminal.warn(str(mistake))
