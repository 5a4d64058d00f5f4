"""The worker of one ministry: loads its plugins under limits, then answers questions, one frame per case."""

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from diwan_rules.answers import DECLARING
from diwan_rules.declarations import Definition
from diwan_rules.facts import Context
from diwan_rules.host import guard, limits
from diwan_rules.host.answering import ALARM, answer
from diwan_rules.host.frames import Frame, pack, receive
from diwan_rules.host.questions import no_hits, read_besides, read_case, read_moment, write_outcome
from diwan_rules.load_errors import LoadError, NotLoaded
from diwan_rules.loader import Plugin, code_taken, load, where
from diwan_rules.sources import Source

_THREADS = Path("/proc/self/task")


def run(channel: socket.socket, sources: list[Source], bounds: limits.Limits) -> None:
    """Serve one ministry until the parent closes the channel."""
    ALARM.install()
    limits.apply(bounds)
    guarded = guard.close_off()
    limits.bound_cpu(bounds)
    plugins, errors = _load(sources)
    channel.sendall(pack({**_described(plugins, errors), "guard": guarded}))
    while not errors and (question := receive(channel)) is not None:
        for reply in _replies(plugins, question, bounds):
            channel.sendall(reply)


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


def _load(sources: list[Source]) -> tuple[list[Plugin], list[LoadError]]:
    """Load every plugin of the ministry and gather what is wrong."""
    plugins, errors = [], []
    for source in sources:
        try:
            plugins.append(load(source))
        except NotLoaded as not_loaded:
            errors += not_loaded.errors
    return plugins, errors + list(_clashes(plugins))


def _clashes(plugins: list[Plugin]) -> Iterator[LoadError]:
    """Yield what two plugins of the ministry both declare."""
    for hook in DECLARING:
        seen: set[str] = set()
        for plugin in plugins:
            codes = {each.code for each in plugin.declared.get(hook, ())}
            for code in sorted(codes & seen):
                yield code_taken(plugin.name, hook, code, where(plugin.hooks[hook].function))
            seen |= codes


def _described(plugins: list[Plugin], errors: list[LoadError]) -> Frame:
    """Say what was loaded: of the first plugin who speaks, of all of them the terms and hooks."""
    described: Frame = {"errors": [error.as_facts() for error in errors]}
    if plugins and not errors:
        first = plugins[0].info
        described |= {
            "name": first.name.model_dump(),
            "version": "+".join(plugin.info.version for plugin in plugins),
            "owner": first.owner,
            "hooks": sorted({hook for plugin in plugins for hook in plugin.hooks}),
            "terms": {group: terms for plugin in plugins for group, terms in plugin.info.terms.items()},
            "config_schema": json.dumps(first.config_model.model_json_schema()) if first.config_model else "",
            **{hook: [each.model_dump(mode="json") for each in _defined(plugins, hook)] for hook in DECLARING},
        }
    return described


def _defined(plugins: list[Plugin], hook: str) -> list[Definition]:
    """Return what the ministry's plugins declare together."""
    return [each for plugin in plugins for each in plugin.declared.get(hook, ())]


def _replies(plugins: list[Plugin], question: Frame, bounds: limits.Limits) -> Iterator[bytes]:
    """Yield one frame per case."""
    now, calendar, directory = read_moment(question)
    context = Context(now=now, calendar=calendar, directory=directory)
    groups = no_hits({group: None for plugin in plugins for group in plugin.info.terms})
    besides = read_besides(question)
    for facts, found in question["cases"]:
        limits.bound_cpu(bounds)
        values = {"case": read_case(facts, found, groups), "ctx": context, **besides}
        outcome = answer(plugins, question["hook"], values, bounds.soft_seconds)
        frame = write_outcome(outcome)
        frame["threads"] = _threads_left()
        yield pack(frame)


def _threads_left() -> int:
    """Count the threads besides this one; one that is just ending gets a moment."""
    for _ in range(5):
        left = _THREADS.stat().st_nlink - 3  # a folder per thread beside `.`, `..` and our own
        if left <= 0:
            return 0
        time.sleep(0.001)
    return left
