"""Where the house stands on this machine: its data folder, its processes and what each of them is told."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from services.chassis.settings import Settings
from services.postgres import Postgres, reachable_by_all

CHECKOUT = Path(__file__).parent.parent
KEEPERS_OF_DATA = ("directory", "intake", "routing", "correspondence", "reporting")
PROCESSES = (*KEEPERS_OF_DATA, "rulehost", "bus", "portal")
CARRIER = "diwan_bus"
ROOTS_HOME = Path("/var/lib/diwan")


@dataclass(frozen=True)
class Premises:
    """The data folder and the environment that was given; everything else follows from them."""

    home: Path
    given: Mapping[str, str] = field(repr=False)

    @classmethod
    def find(cls, environ: Mapping[str, str]) -> "Premises":
        """Find the data folder: DIWAN_HOME, or .diwan in the checkout."""
        return cls(home=_home(environ).resolve(), given=environ)

    def settings(self, process: str) -> Settings:
        """Read the settings that a process gets."""
        return Settings.read(process, self.environment(process))

    def environment(self, process: str) -> dict[str, str]:
        """Return the environment of a process: what was given, and the databases that it may enter."""
        environment = {**self.given, "DIWAN_HOME": str(self.home)}
        for service in KEEPERS_OF_DATA:
            variable = f"DIWAN_{service.upper()}_DATABASE"
            if process in (service, "bus"):
                environment.setdefault(variable, self.server.dsn(CARRIER if process == "bus" else service, service))
            else:
                environment.pop(variable, None)
        return environment

    @property
    def needs_server(self) -> bool:
        """Say whether any service has no database of its operator's."""
        return not all(self.given.get(f"DIWAN_{service.upper()}_DATABASE") for service in KEEPERS_OF_DATA)

    @property
    def server(self) -> Postgres:
        """The private PostgreSQL of this data folder."""
        return Postgres(self.home / "postgres", roles=(*KEEPERS_OF_DATA, CARRIER))

    def log(self, process: str) -> Path:
        """Name the file that a process writes its words to."""
        return self.home / "logs" / f"{process}.log"


def _home(environ: Mapping[str, str]) -> Path:
    """Choose the folder; root's PostgreSQL runs as nobody, who must be able to reach it."""
    if given := environ.get("DIWAN_HOME"):
        return Path(given)
    home = CHECKOUT / ".diwan"
    if os.geteuid() == 0 and not home.exists() and not reachable_by_all(CHECKOUT):
        elsewhere = ROOTS_HOME / sha256(str(CHECKOUT).encode()).hexdigest()[:12]
        elsewhere.mkdir(parents=True, exist_ok=True)
        home.symlink_to(elsewhere)
    return home
