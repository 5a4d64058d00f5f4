"""Runs every bench, one after the other, on a machine that should be quiet: `make bench`."""

import subprocess
import sys

BENCHES = (
    "tests.bench.intake_durable",
    "tests.bench.rules_pipeline",
    "tests.bench.rules_host",
    "tests.bench.figures_dashboards",
)


def main() -> int:
    """Run them all; say which failed."""
    failed = [name for name in BENCHES if subprocess.run([sys.executable, "-m", name], check=False).returncode]
    if failed:
        print(f"failed: {', '.join(failed)}; run each alone with python -m to see why")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
