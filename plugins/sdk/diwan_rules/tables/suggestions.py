"""Says "did you mean" in three languages."""

import difflib
from collections.abc import Iterable


def nearest(written: str, known: Iterable[str]) -> dict[str, str]:
    """Return the question after the nearest known word, or nothing when none is near."""
    near = difflib.get_close_matches(written, list(map(str, known)), n=1)
    if not near:
        return {"hint_ar": "", "hint_fr": "", "hint_en": ""}
    return {
        "hint_ar": f" هل تقصد «{near[0]}»؟",
        "hint_fr": f" Vouliez-vous dire « {near[0]} » ?",
        "hint_en": f" Did you mean {near[0]!r}?",
    }
