"""Whatever one ministry's rules do, under load: the others answer every case, its own innocent cases are answered, and no poison passes unnoticed."""

from pathlib import Path

import pytest

from tests.faults.poisoned_rules import POISONS, poisoned

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.mark.parametrize("poison", POISONS)
async def test_a_poison_hurts_nobody_else(poison: str, tmp_path: Path) -> None:
    hurt = await poisoned(poison, tmp_path)
    assert hurt.bearable, hurt
