"""Where the system offers no filter, Python itself refuses, and says so."""

import subprocess
import sys

FALLBACK = """
import os, socket
from pathlib import Path
from diwan_rules.host import guard

guard._FILTER = b""
print(guard.close_off())
for deed in (socket.socket, os.fork, lambda: Path("x").write_text("x"), lambda: Path("x").unlink(), lambda: os.kill(1, 0)):
    try:
        deed()
        print("done")
    except PermissionError as error:
        print(error)
"""


def test_the_fallback_refuses_in_python_and_is_stated() -> None:
    done = subprocess.run([sys.executable, "-c", FALLBACK], capture_output=True, text=True, check=True)
    said, *refused = done.stdout.splitlines()
    assert said.startswith("audit hook: no filter for")
    assert refused == [
        f"rules may not do this: {event}" for event in ("socket.__new__", "os.fork", "open", "os.remove", "os.kill")
    ]
