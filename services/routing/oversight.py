"""Shows what there is of every ministry's rules: releases, how hosts run them, and how the one in the shadow compares."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from diwan.routing.v1 import release_pb2

from services.routing.domain.release import (
    FOLDER,
    NOTHING,
    Configuration,
    Release,
    ReleaseState,
    ShadowFigures,
    Slot,
    Slots,
)
from services.routing.neighbours import RuleHost, release_of
from services.routing.rulesets import said
from services.routing.store.memory import Store
from services.routing.wire import releases as wire

IN_SLOT = {ReleaseState.ACTIVE: Slot.STABLE, ReleaseState.SHADOW: Slot.CANDIDATE}
ORDER = (release_pb2.RELEASE_STATE_ACTIVE, release_pb2.RELEASE_STATE_SHADOW, release_pb2.RELEASE_STATE_DISABLED)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What routing keeps of ministries' rules."""

    releases: Sequence[Release]
    slots: Mapping[str, Slots]
    figures: Mapping[str, ShadowFigures]
    configurations: Mapping[str, Configuration]


async def keeping(store: Store, ministry_id: str) -> Kept:
    """Read what is kept; of one ministry, or of all."""
    slots = await store.releases.slots()
    shadowed = {m: each for m, each in slots.items() if each.candidate != NOTHING and ministry_id in ("", m)}
    figures = {m: await store.releases.figures(m, each.candidate) for m, each in shadowed.items()}
    return Kept(
        releases=await store.releases.all(),
        slots=slots,
        figures=figures,
        configurations=await store.releases.configurations(),
    )


def ministry_rules(
    kept: Kept, hosts: Sequence[RuleHost], language: str, only: str = ""
) -> list[release_pb2.MinistryRules]:
    """Write the rules of every ministry, or of one."""
    described = {m for host in hosts for m in (*host.folders, *(host.ministries or {}), *host.candidates)}
    known = {*kept.slots, *described, *(release.ministry_id for release in kept.releases)}
    return [_of(ministry_id, kept, hosts, language) for ministry_id in sorted(known) if only in ("", ministry_id)]


def _of(ministry_id: str, kept: Kept, hosts: Sequence[RuleHost], language: str) -> release_pb2.MinistryRules:
    slots = kept.slots.get(ministry_id) or Slots(ministry_id=ministry_id)
    releases = list(_releases(slots, kept, hosts))
    for release in releases:
        if slot := IN_SLOT.get(slots.state_of(release.release_id)):
            release.running.CopyFrom(_running(release, slot, hosts, language))
            release.version = release.version or _version(release, slot, hosts)
    counted = kept.figures.get(ministry_id)
    configured = kept.configurations.get(ministry_id) or Configuration(ministry_id=ministry_id)
    return release_pb2.MinistryRules(
        ministry_id=ministry_id,
        releases=sorted(releases, key=lambda release: ORDER.index(release.state)),
        shadow=wire.figures(counted) if counted else None,
        etag=str(slots.version),
        previous_release_id=slots.previous,
        config_schema=_schema(slots, hosts),
        config_values_json=configured.values_json,
        config_revision=configured.revision,
    )


def _releases(slots: Slots, kept: Kept, hosts: Sequence[RuleHost]) -> Iterable[release_pb2.Release]:
    if any(slots.ministry_id in host.folders for host in hosts):
        yield wire.of_folder(slots)
    for release in kept.releases:
        if release.ministry_id == slots.ministry_id:
            yield wire.installed(release, slots)


def _running(
    release: release_pb2.Release, slot: Slot, hosts: Sequence[RuleHost], language: str
) -> release_pb2.RunningRelease:
    for host in hosts:
        each = host.in_slot(slot).get(release.ministry_id)
        if each and release_of(each) == release.release_id:
            return wire.running(host.address, each, [said(error, language) for error in each.load_errors])
    return wire.AWAITED


def _version(release: release_pb2.Release, slot: Slot, hosts: Sequence[RuleHost]) -> str:
    """Return the version that a folder's rules state."""
    found = (host.in_slot(slot).get(release.ministry_id) for host in hosts)
    return next((each.version for each in found if each and release_of(each) == FOLDER), "")


def _schema(slots: Slots, hosts: Sequence[RuleHost]) -> str:
    """Return the schema of what can be configured: in the active rules, or else in those of the shadow."""
    standing = {slots.ministry_id: slots}
    found = (host.running(standing, slot).get(slots.ministry_id) for slot in Slot for host in hosts)
    return next((each.config_schema for each in found if each), "")
