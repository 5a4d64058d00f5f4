"""Who writes rules can have the host end at the first mistake."""

import os
import subprocess
import sys
from pathlib import Path

from tests.rules.builders import a_plugin


def test_the_strict_host_ends_when_rules_do_not_load(tmp_path: Path, keys_folder: Path) -> None:
    environment = os.environ | {
        "DIWAN_HOME": str(tmp_path / "home"),
        "DIWAN_KEYS": str(keys_folder),
        "DIWAN_RULEHOST_LISTEN": "127.0.0.1:0",
        "DIWAN_PLUGINS": str(a_plugin(tmp_path / "mine", "@hookimpl\ndef clam(case): ...")),
        "DIWAN_RULES_STRICT": "1",
    }
    command = [sys.executable, "-m", "services.rulehost"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    assert "Did you mean 'claim'?" in ended.stdout + ended.stderr
    assert "DIWAN_RULES_STRICT=1" in ended.stderr
