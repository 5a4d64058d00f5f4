"""Tokens: only the directory says who acts, only a process's own key says which process calls."""

import base64
import hmac
import json
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.chassis import keys
from services.chassis.access import TokenMissing, identify
from services.chassis.call import Actor, ActorKind, Appointment, clock
from services.chassis.tokens import LEEWAY, TokenExpired, TokenInvalid, Verifier, sign_actor, sign_process

OFFICER = Actor(
    kind=ActorKind.OFFICER, id="o1", appointments=(Appointment(role="delegate", scope="wilaya:wilaya-alger"),)
)
HOUR = timedelta(hours=1)


@pytest.fixture
def verifier(keys_folder: Path) -> Verifier:
    return Verifier(keys.public_keys(keys_folder), audience="intake")


@pytest.fixture
def directory(keys_folder: Path) -> Ed25519PrivateKey:
    return keys.private_key(keys_folder, "directory")


def test_the_directory_says_who_acts(verifier: Verifier, directory: Ed25519PrivateKey) -> None:
    token = sign_actor(directory, OFFICER, now=clock(), lifetime=HOUR)
    assert verifier.actor(token) == OFFICER
    assert verifier.actor(token) is verifier.actor(token)


def test_nobody_else_says_who_acts(verifier: Verifier, keys_folder: Path) -> None:
    for key in (keys.private_key(keys_folder, "portal"), Ed25519PrivateKey.generate()):
        with pytest.raises(TokenInvalid):
            verifier.actor(sign_actor(key, OFFICER, now=clock(), lifetime=HOUR))


def test_an_unsigned_token_and_noise_are_refused(verifier: Verifier) -> None:
    claims = {"iss": "directory", "aud": "diwan", "sub": "officer:o1", "appointments": [], "exp": clock() + HOUR}
    for token in (jwt.encode(claims, None, algorithm="none"), "noise", "a.b.c", ""):
        with pytest.raises(TokenInvalid):
            verifier.actor(token)
        with pytest.raises(TokenInvalid):
            verifier.process(token)


def test_a_token_names_an_officer_or_a_client_service_and_nobody_else(
    verifier: Verifier, directory: Ed25519PrivateKey
) -> None:
    for kind, name in ((ActorKind.PROCESS, "portal"), (ActorKind.CITIZEN, "x"), (ActorKind.OFFICER, "")):
        with pytest.raises(TokenInvalid):
            verifier.actor(sign_actor(directory, Actor(kind=kind, id=name), now=clock(), lifetime=HOUR))


def test_the_directory_s_two_kinds_of_tokens_do_not_stand_in_for_each_other(
    verifier: Verifier, directory: Ed25519PrivateKey
) -> None:
    with pytest.raises(TokenInvalid):
        verifier.actor(sign_process(directory, "directory", audience="intake", now=clock()))
    with pytest.raises(TokenInvalid):
        verifier.process(sign_actor(directory, OFFICER, now=clock(), lifetime=HOUR))


def test_a_public_key_is_no_secret_to_sign_with(verifier: Verifier, keys_folder: Path) -> None:
    public = (keys_folder / "public" / "directory.pem").read_bytes()
    head, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in (
            {"alg": "HS256", "typ": "JWT", "kid": "../../directory"},
            {"iss": "directory", "aud": "diwan", "sub": "officer:o1", "appointments": [], "exp": 4_000_000_000},
        )
    )
    seal = base64.urlsafe_b64encode(hmac.digest(public, head + b"." + body, "sha256")).rstrip(b"=")
    with pytest.raises(TokenInvalid):
        verifier.actor(b".".join((head, body, seal)).decode())


def test_a_token_ends(verifier: Verifier, directory: Ed25519PrivateKey) -> None:
    with pytest.raises(TokenExpired):
        verifier.actor(sign_actor(directory, OFFICER, now=clock() - 2 * HOUR, lifetime=HOUR))


def test_a_token_that_was_good_ends_too(verifier: Verifier, directory: Ed25519PrivateKey) -> None:
    token = sign_actor(directory, OFFICER, now=clock(), lifetime=HOUR)
    verifier.actor(token)
    ended, actor = verifier._actors[token]
    verifier._actors[token] = (ended - HOUR.total_seconds() - LEEWAY - 1, actor)
    with pytest.raises(TokenExpired):
        verifier.actor(token)


def test_a_process_token_counts_at_the_called_service_only(verifier: Verifier, keys_folder: Path) -> None:
    key = keys.private_key(keys_folder, "bus")
    assert verifier.process(sign_process(key, "bus", audience="intake", now=clock())) == "bus"
    with pytest.raises(TokenInvalid):
        verifier.process(sign_process(key, "bus", audience="routing", now=clock()))
    with pytest.raises(TokenInvalid):
        verifier.process(sign_process(key, "portal", audience="intake", now=clock()))


def test_a_client_service_shows_its_own_token_only(verifier: Verifier, directory: Ed25519PrivateKey) -> None:
    client = Actor(kind=ActorKind.CLIENT, id="1100")
    token = sign_actor(directory, client, now=clock(), lifetime=HOUR)
    assert identify(verifier, {"authorization": f"Bearer {token}"}) == ("client", client)


def test_an_officer_comes_through_a_door_of_the_house(verifier: Verifier, directory: Ed25519PrivateKey) -> None:
    token = sign_actor(directory, OFFICER, now=clock(), lifetime=HOUR)
    for metadata in ({}, {"authorization": f"Bearer {token}"}):
        with pytest.raises(TokenMissing):
            identify(verifier, metadata)


def test_keys_are_made_once_and_only_for_their_owner(tmp_path: Path) -> None:
    keys.make(tmp_path / "keys", ["intake"])
    first = (tmp_path / "keys" / "intake.pem").read_bytes()
    keys.make(tmp_path / "keys", ["intake", "routing"])
    assert (tmp_path / "keys" / "intake.pem").read_bytes() == first
    assert (tmp_path / "keys" / "intake.pem").stat().st_mode & 0o077 == 0
    assert set(keys.public_keys(tmp_path / "keys")) == {"intake", "routing"}
