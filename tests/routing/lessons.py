"""Own sample texts to learn from: the samples of the demo, said again in other words around them."""

import csv
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "demo" / "samples.csv"
VARIETIES = {"ar": "msa", "dz": "darija", "fr": "french", "arabizi": "arabizi"}
AROUND = (
    "{}", "السلام عليكم، {}", "{} أرجو التدخل العاجل.", "أتقدم إليكم بهذه الشكوى: {}", "{} وقد راسلتهم مرتين دون رد.",
)  # fmt: skip


def samples() -> list[dict[str, str]]:
    """Return the demo's own samples."""
    with SAMPLES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def complaints(*ministries: str) -> list[tuple[str, str]]:
    """Return texts and their ministries, mixed and always in the same order; all ministries when none is named."""
    known = [
        (row["text"], row["ministry"]) for row in samples() if row["ministry"] in (ministries or (row["ministry"],))
    ]
    return [(around.format(text), ministry) for around in AROUND for text, ministry in known if ministry]


def varieties() -> list[tuple[str, str]]:
    """Return texts and the varieties of language they are written in."""
    return [(row["text"], VARIETIES[row["language"]]) for row in samples()]
