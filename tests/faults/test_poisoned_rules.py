"""Whatever one ministry's rules do, under load: the others answer every case, its own innocent cases are answered, and no poison passes unnoticed."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.poisoned_rules import POISONS, poisoned

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
HUNGRY = ("loop", "regex", "hold the gil", "hog", "swallow")  # for cores or time, so that they are tried one by one


@pytest.mark.parametrize("poison", HUNGRY)
async def test_a_poison_that_takes_cores_hurts_nobody_else(poison: str, tmp_path: Path) -> None:
    hurt = await poisoned(poison, tmp_path)
    assert hurt.bearable, hurt


async def test_a_poison_that_fails_at_once_hurts_nobody_else(tmp_path: Path) -> None:
    quick = [poison for poison in POISONS if poison not in HUNGRY]
    hurts = await asyncio.gather(*(poisoned(poison, tmp_path / str(n)) for n, poison in enumerate(quick)))
    assert not [hurt for hurt in hurts if not hurt.bearable]
