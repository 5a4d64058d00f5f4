"""The worker of one ministry: loads its plugins under limits, then answers questions, one frame per case."""

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from diwan_rules import configuration
from diwan_rules.answers import DECLARING
from diwan_rules.checking import where
from diwan_rules.configuration import ConfigurationInvalid
from diwan_rules.declarations import Definition
from diwan_rules.facts import Context
from diwan_rules.host import guard, limits
from diwan_rules.host.answering import ALARM, answer
from diwan_rules.host.frames import Frame, pack, receive
from diwan_rules.host.questions import (
    CONFIGURATION,
    MOST_DECLARED,
    Failure,
    FailureKind,
    Outcome,
    no_hits,
    read_besides,
    read_case,
    read_moment,
    size,
    write_outcome,
)
from diwan_rules.load_errors import LoadError, NotLoaded, Place, mistake
from diwan_rules.loader import Plugin, code_taken, load
from diwan_rules.sources import Source

_THREADS = "/proc/self/task"


def run(channel: socket.socket, sources: list[Source], bounds: limits.Limits) -> None:
    """Serve one ministry until the parent closes the channel."""
    ALARM.install()
    limits.apply(bounds)
    guarded = guard.close_off()
    limits.bound_cpu(bounds)
    plugins, errors = load_all(sources)
    channel.sendall(pack({**describe(plugins, errors), "guard": guarded}))
    threads = os.open(_THREADS, os.O_RDONLY)
    read_config = lru_cache(maxsize=4)(partial(configuration.read, _config_model(plugins)))
    while not errors and (question := receive(channel)) is not None:
        limits.bound_cpu(bounds)
        for outcome in _outcomes(plugins, question, bounds, read_config):
            channel.sendall(pack({**write_outcome(outcome), "threads": _left_in(threads)}))


def read_sources(rows: list[dict[str, Any]]) -> list[Source]:
    """Read sources as the parent sent them."""
    return [
        Source(
            name=row["name"],
            folder=Path(row["folder"]),
            path=Path(row["path"]),
            target=row["target"],
            broken=LoadError(**row["broken"]) if row["broken"] else None,
        )
        for row in rows
    ]


def write_source(source: Source) -> Frame:
    """Write a source down for sending."""
    return {**asdict(source), "folder": str(source.folder), "path": str(source.path)}


def load_all(sources: list[Source]) -> tuple[list[Plugin], list[LoadError]]:
    """Load every plugin of the ministry and gather what is wrong."""
    plugins, errors = [], []
    for source in sources:
        try:
            plugins.append(load(source))
        except NotLoaded as not_loaded:
            errors += not_loaded.errors
    errors += _clashes(plugins)
    if not errors and (declared := size(describe(plugins, []))) > MOST_DECLARED:
        found, most = str(declared // 1024), str(MOST_DECLARED // 1024)
        errors.append(mistake("declared_too_much", plugins[0].name, Place(), found=found, most=most))
    return plugins, errors


def _clashes(plugins: list[Plugin]) -> Iterator[LoadError]:
    """Yield what two plugins of the ministry both declare."""
    for hook in DECLARING:
        seen: set[str] = set()
        for plugin in plugins:
            codes = {each.code for each in plugin.declared.get(hook, ())}
            for code in sorted(codes & seen):
                yield code_taken(plugin.name, hook, code, where(plugin.hooks[hook].function))
            seen |= codes
    configured = [plugin.name for plugin in plugins if plugin.info.config_model]
    if len(configured) > 1:
        yield configuration.clash(*configured[:2])


def _config_model(plugins: list[Plugin]) -> type[BaseModel] | None:
    """Return the model of the ministry's configuration, whichever of its plugins declares it."""
    return next((plugin.info.config_model for plugin in plugins if plugin.info.config_model), None)


def describe(plugins: list[Plugin], errors: list[LoadError]) -> Frame:
    """Say what was loaded: of the first plugin who speaks, of all of them the terms and hooks."""
    described: Frame = {"errors": [error.as_facts() for error in errors]}
    if plugins and not errors:
        first, model = plugins[0].info, _config_model(plugins)
        described |= {
            "name": first.name.model_dump(),
            "version": "+".join(plugin.info.version for plugin in plugins),
            "owner": first.owner,
            "hooks": sorted({hook for plugin in plugins for hook in plugin.hooks}),
            "terms": {group: terms for plugin in plugins for group, terms in plugin.info.terms.items()},
            "config_schema": json.dumps(model.model_json_schema(), ensure_ascii=False) if model else "",
            **{hook: [each.model_dump(mode="json") for each in _defined(plugins, hook)] for hook in DECLARING},
        }
    return described


def _defined(plugins: list[Plugin], hook: str) -> list[Definition]:
    """Return what the ministry's plugins declare together."""
    return [each for plugin in plugins for each in plugin.declared.get(hook, ())]


def _outcomes(
    plugins: list[Plugin], question: Frame, bounds: limits.Limits, read_config: Callable[[str], BaseModel | None]
) -> Iterator[Outcome]:
    """Yield one outcome per case; values that are no configuration fail every case, and never become the defaults."""
    try:
        config = read_config(question["config"])
    except ConfigurationInvalid as invalid:
        for facts, _ in question["cases"]:
            yield _misconfigured(question["hook"], facts["complaint_id"], invalid)
        return
    if question["hook"] == CONFIGURATION:
        yield Outcome(complaint_id=question["cases"][0][0]["complaint_id"])
        return
    now, calendar, directory = read_moment(question)
    context = Context(now=now, calendar=calendar, directory=directory, config=config)
    groups = no_hits({group: None for plugin in plugins for group in plugin.info.terms})
    besides = read_besides(question)
    for facts, found in question["cases"]:
        values = {"case": read_case(facts, found, groups), "ctx": context, **besides}
        yield answer(plugins, question["hook"], values, bounds.soft_seconds)


def _misconfigured(hook: str, complaint_id: str, invalid: ConfigurationInvalid) -> Outcome:
    """Return what is wrong with values: as the answer to the one who asks for it, as a failure to all others."""
    if hook == CONFIGURATION:
        return Outcome(complaint_id=complaint_id, verdict=invalid.problems)
    failure = Failure(kind=FailureKind.MISCONFIGURED, message=f"the configuration is not valid: {invalid}"[:1000])
    return Outcome(complaint_id=complaint_id, failure=failure)


def _left_in(threads: int) -> int:
    """Count the threads besides this one in the system's folder of them; one that is just ending gets a moment."""
    for _ in range(5):
        left = os.fstat(threads).st_nlink - 3  # a folder per thread beside `.`, `..` and our own
        if left <= 0:
            return 0
        time.sleep(0.001)
    return left
