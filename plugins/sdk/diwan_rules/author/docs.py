"""`docs`: the pages of the hooks, and of a folder its settings, terms and what it declares."""

import json
from collections.abc import Iterator
from pathlib import Path

from rich.markdown import Markdown

from diwan_rules import pages
from diwan_rules.author import terminal
from diwan_rules.author.language import Mistake, say
from diwan_rules.author.trial import Trial
from diwan_rules.host.ministry import Ministry
from diwan_rules.records import Record


def docs(folder: Path | None, *, records: bool = False) -> int:
    """Show the pages of the hooks, or what the rules of a folder say of themselves, or the format of records."""
    if records:
        terminal.show(json.dumps(Record.model_json_schema(), ensure_ascii=False, indent=2))
    elif folder is None:
        terminal.OUT.print(Markdown(pages.pages()))
    else:
        with Trial(folder) as trial:
            if trial.mistakes:
                raise Mistake("rules_not_loaded", mistakes="\n".join(trial.mistakes))
            for ministry in trial.ministries:
                terminal.show("\n".join(_page(ministry)))
    return 0


def _page(ministry: Ministry) -> Iterator[str]:
    """Yield the lines of a ministry's page."""
    described = ministry.described
    name = described["name"]
    yield f"{ministry.code} {described['version']}: {name.ar} / {name.fr} ({described['owner']})"
    yield say("docs_hooks", hooks=", ".join(described["hooks"]))
    for group, terms in described["terms"].items():
        yield say("docs_terms", group=group, terms="، ".join(terms))
    for kind in ("categories", "letter_templates", "indicators", "documents"):
        for each in described[kind]:
            yield f"{kind}: {ministry.code}.{each.code}: {each.name.ar} / {each.name.fr}"
    if schema := described.get("config_schema"):
        yield say("docs_settings")
        yield json.dumps(json.loads(schema), ensure_ascii=False, indent=2)
