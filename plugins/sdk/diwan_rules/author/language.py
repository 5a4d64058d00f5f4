"""Says things to the author in Arabic, French or English, as the terminal's language asks; each says what to do next."""

import os

from diwan_rules.author.sayings import SAYINGS
from diwan_rules.load_errors import LoadError

_LANGUAGES = {"ar": 0, "fr": 1}
_ENGLISH = 2


class Mistake(Exception):
    """The author asked for something that cannot be done; the message says what to do instead."""

    def __init__(self, code: str, /, **facts: object) -> None:
        self.code = code
        super().__init__(say(code, **facts))


def say(code: str, /, **facts: object) -> str:
    """Return a saying in the author's language."""
    return SAYINGS[code][_chosen()].format(**facts)


def told(error: LoadError) -> str:
    """Return a mistake of a plugin with its place, in the author's language."""
    message = (error.message_ar, error.message_fr, error.message_en)[_chosen()]
    place = f"{error.file}:{error.line}: " if error.line else f"{error.file}: " if error.file else ""
    return f"{error.plugin}: {place}{message}"


def _chosen() -> int:
    """Return which of the three languages the terminal speaks; English unless it says otherwise."""
    environment = os.environ  # noqa: TID251 - an author's terminal is no service
    spoken = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return _LANGUAGES.get(spoken[:2].lower(), _ENGLISH)
