"""Writes the hooks down for a reader: one row and one page each, from the hookspecs themselves."""

import inspect
import re
from dataclasses import dataclass

from diwan_rules.answers import ANSWERS, OFFERS
from diwan_rules.hooks import Hooks


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a hook's specification says."""

    name: str
    offers: tuple[str, ...]
    answers: str
    question: str
    pattern: str
    combination: str
    failure: str


def page(name: str) -> Page:
    """Read the page of a hook out of its specification."""
    spec = getattr(Hooks, name)
    question, *parts = re.split(r"\s*\n\s*(?=Pattern:|Combination:|Failure:)", inspect.getdoc(spec) or "")
    said = {part.partition(":")[0].lower(): " ".join(part.partition(":")[2].split()) for part in parts}
    answers = str(ANSWERS[name]).replace(" | ", " or ")
    return Page(name=name, offers=OFFERS[name], answers=answers, question=" ".join(question.split()), **said)


def table() -> str:
    """Write the hooks as a table in Markdown."""
    rows = ["| Hook | It asks | It offers | You answer |", "|---|---|---|---|"]
    for each in map(page, OFFERS):
        offers = ", ".join(f"`{name}`" for name in each.offers)
        rows.append(f"| [`{each.name}`](#{each.name}) | {each.question} | {offers} | {each.answers} |")
    return "\n".join(rows)


def pages() -> str:
    """Write a page for every hook in Markdown."""
    return "\n\n".join(
        f"### {each.name}\n`{each.name}({', '.join(each.offers)})` → {each.answers}\n\n{each.question}\n\n"
        f"- **Asked**: {each.pattern}\n- **Combined**: {each.combination}\n- **When it fails**: {each.failure}"
        for each in map(page, OFFERS)
    )
