"""The life of a ministry's rules in a running house: installed, in the shadow, active, rolled back; and who may what."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from diwan.routing.v1 import decision_pb2, release_pb2
from diwan.routing.v1 import rules_admin_service_pb2 as pb
from diwan.rules.v1 import rule_host_service_pb2 as rules_pb
from diwan.rules.v1 import rule_host_service_pb2_grpc

from tests.routing.office import BOTH, acted, decided, install, numbered, refusal_of, rules_of
from tests.routing.packed import EAGER, UNLOADABLE, Author, a_wheel

pytestmark = pytest.mark.anyio
ACTIVE, SHADOW, DISABLED = (
    release_pb2.RELEASE_STATE_ACTIVE,
    release_pb2.RELEASE_STATE_SHADOW,
    release_pb2.RELEASE_STATE_DISABLED,
)


@pytest.fixture
def author(house: Any) -> Author:
    return Author().trusted_for("MJ", house.keys)


async def test_a_signed_wheel_is_installed_and_nothing_runs_differently(house: Any, author: Author) -> None:
    wheel = a_wheel()
    release = await install(house, wheel, author.sign(wheel))
    assert (release.ministry_id, release.version, release.state) == ("mj", "2.0.0", DISABLED)
    assert release.signed_by
    again = await install(house, wheel, author.sign(wheel))
    assert again == release
    folder, installed = (await rules_of(house)).releases
    assert (folder.release_id, folder.state, folder.version) == ("folder", ACTIVE, "1.2.0")
    assert folder.running.health == release_pb2.RELEASE_HEALTH_READY
    assert (installed.release_id, installed.HasField("running")) == (release.release_id, False)


async def test_what_must_not_come_in_is_refused_with_what_to_do(house: Any, author: Author) -> None:
    wheel = a_wheel()
    flipped = bytearray(wheel)
    flipped[len(flipped) // 2] ^= 1
    stranger, colleague = Author(), Author().trusted_for("MSAN", house.keys)
    newer, health = a_wheel(kit=">=2.0", version="3.0.0"), a_wheel("", "MSAN")
    await install(house, wheel, author.sign(wheel))
    edited = a_wheel(EAGER)
    named = a_wheel("", "MSAN", name="rules-mj", version="9.0.0")
    large = b"x" * 3_800_000
    said = [
        await refusal_of(install(house, w, s, "fr"))
        for w, s in (
            (wheel, b""),
            (bytes(flipped), author.sign(wheel)),
            (wheel, b"scribble"),
            (wheel, stranger.sign(wheel)),
            (wheel, colleague.sign(wheel)),
            (health, author.sign(health)),
            (newer, author.sign(newer)),
            (edited, author.sign(edited)),
            (named, colleague.sign(named)),
            (large, b""),
        )
    ]
    assert [each.reason for each in said] == [
        "RELEASE_UNSIGNED",
        "RELEASE_ALTERED",
        "RELEASE_ALTERED",
        "RELEASE_KEY_UNKNOWN",
        "RELEASE_KEY_UNKNOWN",
        "RELEASE_KEY_UNKNOWN",
        "RELEASE_KIT_UNFIT",
        "RELEASE_VERSION_REUSED",
        "RELEASE_NAME_TAKEN",
        "RELEASE_TOO_LARGE",
    ]
    assert said[0].message.startswith("Non installé : Le paquet n'est pas signé. Signez-le : diwan-rules sign")
    assert "Augmentez le numéro de version" in said[7].message
    assert "3670016" in said[9].message
    arabic = await refusal_of(install(house, wheel, b""))
    assert arabic.message.startswith("لم تُثبَّت: الحزمة غير موقّعة.")


async def test_a_release_is_tried_in_the_shadow_becomes_active_and_is_rolled_back(house: Any, author: Author) -> None:
    wheel = a_wheel(EAGER)
    release_id = (await install(house, wheel, author.sign(wheel))).release_id
    await acted(house, "ShadowRelease", release_id)
    assert [each.state for each in (await rules_of(house)).releases] == [ACTIVE, SHADOW]
    in_shadow = await decided(house, BOTH, numbered(1))
    assert in_shadow.outcome == decision_pb2.OUTCOME_AMBIGUOUS
    assert {v.ministry_id: v.score for v in in_shadow.verdicts} == {"mj": 790, "msan": 800}
    (shadow,) = in_shadow.shadow_verdicts
    assert (shadow.release_id, shadow.verdict.score, shadow.verdict.plugin_version) == (release_id, 950, "2.0.0")
    assert (shadow.outcome, shadow.lead_ministry_id) == (decision_pb2.OUTCOME_ASSIGNED, "mj")

    await acted(house, "ActivateRelease", release_id)
    active = await decided(house, BOTH, numbered(2))
    assert (active.outcome, active.ministry_id) == (decision_pb2.OUTCOME_ASSIGNED, "mj")
    assert {v.ministry_id: v.plugin_version for v in active.verdicts} == {"mj": "2.0.0", "msan": "1.2.0"}

    back = await acted(house, "RollBackRelease")
    assert back.release_id == "folder"
    after = await decided(house, BOTH, numbered(3))
    assert after.outcome == decision_pb2.OUTCOME_AMBIGUOUS
    assert {v.ministry_id: v.plugin_version for v in after.verdicts}["mj"] == "1.2.0"


async def test_a_disabled_ministry_claims_nothing_until_it_is_brought_back(house: Any) -> None:
    await acted(house, "DisableRelease", "folder")
    assert [v.ministry_id for v in (await decided(house, BOTH, numbered(1))).verdicts] == ["msan"]
    assert (await acted(house, "RollBackRelease")).release_id == "folder"
    assert len((await decided(house, BOTH, numbered(2))).verdicts) == 2


async def test_a_host_that_was_started_anew_is_given_what_is_ordered(house: Any, author: Author) -> None:
    wheel = a_wheel(EAGER)
    release_id = (await install(house, wheel, author.sign(wheel))).release_id
    await acted(house, "ShadowRelease", release_id)
    await acted(house, "ActivateRelease", release_id)
    host: Any = rule_host_service_pb2_grpc.RuleHostServiceStub(house.rulehost.channel("routing"))
    await host.LoadRelease(rules_pb.LoadReleaseRequest(ministry="MJ", release_id="folder"))
    made = await decided(house, BOTH)
    assert (made.outcome, made.ministry_id) == (decision_pb2.OUTCOME_ASSIGNED, "mj")


async def test_a_release_that_does_not_load_says_why_and_does_not_pass_for_silence(house: Any, author: Author) -> None:
    wheel = a_wheel(UNLOADABLE)
    release_id = (await install(house, wheel, author.sign(wheel))).release_id
    await acted(house, "ShadowRelease", release_id)
    _, candidate = (await rules_of(house)).releases
    assert candidate.state == SHADOW
    assert candidate.running.health == release_pb2.RELEASE_HEALTH_NOT_LOADED
    assert "Vouliez-vous dire « claim » ?" in candidate.running.errors[0]
    await acted(house, "ActivateRelease", release_id)
    assert (await decided(house, "مستشفى")).outcome == decision_pb2.OUTCOME_PROVISIONAL


async def test_acts_that_the_life_of_a_release_does_not_allow(house: Any, author: Author) -> None:
    wheel = a_wheel()
    release_id = (await install(house, wheel, author.sign(wheel))).release_id
    said = [
        await refusal_of(acted(house, "ActivateRelease", release_id)),
        await refusal_of(acted(house, "ShadowRelease", "folder")),
        await refusal_of(acted(house, "ShadowRelease", "0" * 64)),
        await refusal_of(acted(house, "RollBackRelease")),
        await refusal_of(acted(house, "ShadowRelease", release_id, etag="7")),
        await refusal_of(acted(house, "ShadowRelease", release_id, ministry_id="mxyz")),
        await refusal_of(acted(house, "ShadowRelease", release_id, because=" ")),
    ]
    assert [each.reason for each in said] == [
        "RELEASE_CANNOT_BECOME",
        "RELEASE_CANNOT_BECOME",
        "RELEASE_UNKNOWN",
        "NOTHING_TO_ROLL_BACK",
        "ETAG_STALE",
        "COMPETENT_BODY_UNKNOWN",
        "FIELD_INVALID",
    ]


async def test_only_the_mediators_office_acts_on_rules(house: Any) -> None:
    request = pb.DisableReleaseRequest(
        request_id=str(uuid4()), ministry_id="mj", release_id="folder", etag="0", because="x"
    )
    for officer in (("operator", "national"), ("delegate", "wilaya:wilaya-alger")):
        with house.officer(*officer):
            assert (await refusal_of(house.admin.DisableRelease(request))).reason == "ROLE_MISSING"


async def test_every_act_is_kept_with_who_did_it_and_why(house: Any, author: Author) -> None:
    wheel = a_wheel()
    release_id = (await install(house, wheel, author.sign(wheel))).release_id
    await acted(house, "ShadowRelease", release_id)
    await acted(house, "ActivateRelease", release_id)
    with house.officer("operator", "national"):
        first = await house.admin.ListRulesActs(pb.ListRulesActsRequest(ministry_id="mj", page_size=2))
        rest = await house.admin.ListRulesActs(
            pb.ListRulesActsRequest(ministry_id="mj", page_size=2, page_token=first.next_page_token)
        )
    acts = [*first.acts, *rest.acts]
    assert [each.kind for each in acts] == [
        release_pb2.RULES_ACT_KIND_ACTIVATED,
        release_pb2.RULES_ACT_KIND_SHADOWED,
        release_pb2.RULES_ACT_KIND_INSTALLED,
    ]
    assert (acts[0].replaced_release_id, acts[0].revision, acts[0].because) == ("folder", 2, "قرار الوسيط")
    assert {each.actor for each in acts} == {"officer:mediator-national"}
    for change in ("UPDATE rules_act SET because = ''", "DELETE FROM rules_act", "TRUNCATE rules_act"):
        with pytest.raises(asyncpg.RaiseError, match="only grows"):
            async with house.database.transaction() as connection:
                await connection.execute(change)
