"""The operator's commands speak to a running directory and say what they did."""

import asyncio

import pytest
from typer.testing import CliRunner

from services.directory.__main__ import build
from services.directory.actions import facts
from services.directory.commands import commands
from services.directory.store.memory import Store
from tests.directory.builders import CALL, a_reference


@pytest.fixture
async def command(running, database_for, settings_of, keys_folder, monkeypatch):
    database = await database_for("directory")
    async with database.transaction() as connection:
        await facts.load_reference(CALL, Store(connection), reference=a_reference())
    directory = await running("directory", build(settings_of("directory"), database))
    monkeypatch.setenv("DIWAN_DIRECTORY_ADDRESS", directory.address)
    monkeypatch.setenv("DIWAN_KEYS", str(keys_folder))

    async def invoke(*arguments):
        return await asyncio.to_thread(CliRunner().invoke, commands, arguments)

    return invoke


async def test_an_account_is_shown_with_its_password(command):
    result = await command("account", "--role", "delegate", "--scope", "wilaya:wilaya-oran")
    assert result.exit_code == 0
    assert "delegate.oran" in result.stdout
    assert "المندوب المحلي، وهران" in result.stdout


@pytest.mark.parametrize(
    ("role", "scope", "said"),
    [("delegate", "", "(SCOPE_ABSENT)"), ("delegate", "wilaya:x", "(SCOPE_UNFIT)"), ("chief", "", "choose one of keeper")],
)  # fmt: skip
async def test_a_role_without_its_scope_says_the_remedy(command, role, scope, said):
    result = await command("account", "--role", role, "--scope", scope)
    assert result.exit_code == 1
    assert said in result.stderr


async def test_a_client_s_token_stands_alone_on_the_last_line(command):
    result = await command("token", "--client", "app", "--role", "filing_client", "--scope", "national")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].count(".") == 2


async def test_a_list_is_entered_and_entered_again(command, tmp_path):
    file = tmp_path / "clinics.csv"
    file.write_text("id,nom,wilaya\n1,Clinique 1,16\n2,Clinique 2,99\n", encoding="utf-8")
    first = await command("import-administrations", str(file), "--ministry", "msan")
    again = await command("import-administrations", str(file), "--ministry", "msan")
    assert "2 rows: 1 new or changed, 1 not taken." in first.stdout
    assert "2: wilaya_label: There is no wilaya 99" in first.stdout
    assert "2 rows: 0 new or changed, 1 not taken." in again.stdout
    assert (first.exit_code, again.exit_code) == (0, 0)


async def test_a_list_of_which_nothing_is_taken_is_a_failure(command, tmp_path):
    file = tmp_path / "clinics.csv"
    file.write_text("id,nom,wilaya\n2,Clinique 2,99\n", encoding="utf-8")
    assert (await command("import-administrations", str(file), "--ministry", "msan")).exit_code == 1
    lacking = await command("import-administrations", str(file))
    assert lacking.exit_code == 1
    assert "--ministry" in lacking.stderr


def test_a_house_that_is_not_running_is_said_to_be_so(keys_folder, monkeypatch):
    monkeypatch.setenv("DIWAN_DIRECTORY_ADDRESS", "127.0.0.1:1")
    monkeypatch.setenv("DIWAN_KEYS", str(keys_folder))
    result = CliRunner().invoke(commands, ["load"])
    assert result.exit_code == 1
    assert "make run" in result.stderr
