"""Administers ministries' rules: each act changes where releases stand or how claims are weighed, and is recorded for good."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from services.chassis.call import Call, midnight
from services.chassis.refusals import EtagStale
from services.routing.domain.bodies import Bodies, CompetentBodyUnknown
from services.routing.domain.precedence import Edited, Preview, must_be_sound
from services.routing.domain.release import FOLDER, Act, ActKind, Configuration, Release, ReleaseUnknown, Slots
from services.routing.domain.resolver import Precedence
from services.routing.packages import Opened, must_fit
from services.routing.store.memory import Store

MOST_LOOKED_AT = 20_000
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class About:
    """Whose rules an act is about, which version of them was read, and why."""

    ministry_id: str
    etag: str
    because: str


async def install(call: Call, store: Store, bodies: Bodies, *, opened: Opened, because: str) -> Release:
    """Keep a wheel; one that is here already is returned as it is."""
    if (known := await store.releases.get(opened.release_id)) is not None:
        return known
    if opened.ministry_id not in bodies.ministries(call.today):
        raise CompetentBodyUnknown(body_id=opened.ministry_id, field="wheel")
    release = Release(
        release_id=opened.release_id,
        ministry_id=opened.ministry_id,
        package=opened.package.manifest.name,
        version=opened.package.manifest.version,
        signed_by=opened.package.key,
        size_bytes=len(opened.wheel),
        installed_by=str(call.actor),
        installed_at=call.now,
    )
    slots = await store.releases.lock(release.ministry_id)
    must_fit(opened, await store.releases.wheels_beside(release))
    await store.releases.add(release, wheel=opened.wheel, signature=opened.signature)
    await _record(call, store, ActKind.INSTALLED, because=because, **_told(slots, release.release_id))
    return release


async def move(call: Call, store: Store, bodies: Bodies, kind: ActKind, *, about: About, release_id: str) -> Slots:
    """Put a release into the shadow, make it active or stop it."""
    before = await _standing(call, store, bodies, about)
    if release_id != FOLDER:
        known = await store.releases.get(release_id)
        if known is None or known.ministry_id != about.ministry_id:
            raise ReleaseUnknown(ministry_id=about.ministry_id, release_id=release_id)
    lead = {ActKind.SHADOWED: before.shadowed, ActKind.ACTIVATED: before.activated, ActKind.DISABLED: before.disabled}
    after = lead[kind](release_id)
    replaced = {ActKind.SHADOWED: before.candidate, ActKind.ACTIVATED: before.stable}.get(kind, "")
    await store.releases.save(after)
    await _record(call, store, kind, because=about.because, **_told(after, release_id, replaced))
    return after


async def roll_back(call: Call, store: Store, bodies: Bodies, *, about: About) -> Slots:
    """Make the former release of a ministry active again."""
    before = await _standing(call, store, bodies, about)
    after = before.rolled_back()
    await store.releases.save(after)
    told = _told(after, after.stable, before.stable)
    await _record(call, store, ActKind.ROLLED_BACK, because=about.because, **told)
    return after


async def configure(call: Call, store: Store, bodies: Bodies, *, about: About, values_json: str) -> Configuration:
    """Have a ministry's rules work with other values from the next decision on; they have accepted them."""
    await _locked(call, store, bodies, about)
    known = (await store.releases.configurations()).get(about.ministry_id)
    revision = known.revision if known else 0
    if about.etag != str(revision):
        raise EtagStale
    new = Configuration(ministry_id=about.ministry_id, revision=revision + 1, values_json=values_json)
    await store.releases.configure(new)
    told = {"ministry_id": new.ministry_id, "revision": new.revision}
    await _record(call, store, ActKind.CONFIGURED, because=about.because, **told)
    return new


async def set_precedence(
    call: Call, store: Store, bodies: Bodies, *, wanted: Precedence, etag: str, because: str
) -> Edited:
    """Weigh claims by another precedence from the next decision on."""
    must_be_sound(wanted, bodies.ministries(call.today))
    current = await store.precedence.current(lock=True)
    if etag != str(current.precedence.revision):
        raise EtagStale
    new = replace(wanted, revision=current.precedence.revision + 1)
    edited = Edited(precedence=new, by=str(call.actor), at=call.now)
    await store.precedence.add(edited)
    await _record(call, store, ActKind.PRECEDENCE_SET, because=because, revision=new.revision)
    return edited


async def preview(
    call: Call, store: Store, bodies: Bodies, *, wanted: Precedence, period: tuple[date, date]
) -> tuple[int, Preview]:
    """Take the decisions of a period again under another precedence; return how many there are and what would change."""
    must_be_sound(wanted, bodies.ministries(call.today))
    since, until = midnight(period[0]), midnight(period[1] + ONE_DAY)
    tried = Preview(precedence=wanted)
    async for decisions in store.precedence.past(since, until, bodies, most=MOST_LOOKED_AT):
        tried.look_at(decisions)
    return await store.precedence.count(since, until), tried


async def _standing(call: Call, store: Store, bodies: Bodies, about: About) -> Slots:
    slots = await _locked(call, store, bodies, about)
    slots.must_be(about.etag)
    return slots


async def _locked(call: Call, store: Store, bodies: Bodies, about: About) -> Slots:
    if about.ministry_id not in bodies.ministries(call.today):
        raise CompetentBodyUnknown(body_id=about.ministry_id, field="ministry_id")
    return await store.releases.lock(about.ministry_id)


def _told(slots: Slots, release_id: str, replaced: str = "") -> dict[str, Any]:
    """Return what an act tells of a release."""
    told = {"ministry_id": slots.ministry_id, "revision": slots.version}
    return {**told, "release_id": release_id, "replaced": replaced}


async def _record(call: Call, store: Store, kind: ActKind, *, because: str, **told: Any) -> None:
    """Keep an act for good."""
    actor = str(call.actor)
    act = Act(act_id=call.new_id(), kind=kind, actor=actor, because=because, acted_at=call.now, **told)
    await store.releases.record(act)
