"""Packs and signs rules as an author does, for tests of their life."""

from pathlib import Path

from diwan_rules import signatures, wheels
from diwan_rules.wheels import Manifest

from tests.routing.builders import PLUGINS, RULES_HEAD

EAGER = """
@hookimpl
def claim(case, ctx):
    if case.has("court"):
        return Claim(score=950, because=WHY, rule="eager")
"""
LOST = """
@hookimpl
def claim(case, ctx):
    raise ValueError("lost")
"""
STUCK = """
@hookimpl
def claim(case, ctx):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
CONFIGURABLE = """
from pydantic import BaseModel, ConfigDict

class Config(BaseModel):
    model_config = ConfigDict(extra="forbid")
    score: int = 700

@hookimpl
def plugin_info():
    name = Bilingual(ar="وزارة", fr="Ministère")
    return PluginInfo(
        ministry="MJ", name=name, version="2.0.0", owner="dsi", terms=TERMS, config_model=Config
    )

@hookimpl
def claim(case, ctx):
    return Claim(score=ctx.config.score, because=WHY) if case.has("court") else None
"""
UNLOADABLE = """
@hookimpl
def clam(case, ctx):
    return None
"""


def a_wheel(body: str = PLUGINS["MJ"], ministry: str = "MJ", version: str = "2.0.0", **only: str) -> bytes:
    """Pack rules of a ministry."""
    code = (RULES_HEAD.replace("MINISTRY", ministry) + body).replace('version="1.2.0"', f'version="{version}"')
    module = only.get("module", f"rules_{ministry.lower()}")
    contents = {f"{module}.py": code.encode()}
    manifest = Manifest(
        name=only.get("name", f"rules-{ministry.lower()}"),
        version=version,
        ministry=ministry,
        plugins={ministry: module},
        kit=only.get("kit", ">=1.0,<2"),
        files=wheels.digests(contents),
    )
    return wheels.written(manifest, contents)


class Author:
    """Somebody who signs with a key of his own."""

    def __init__(self) -> None:
        self._private, self.public = signatures.new_key()

    def trusted_for(self, ministry: str, folder: Path) -> "Author":
        """Have the operator trust the key for a ministry."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{ministry}.pub").write_bytes(self.public)
        return self

    def sign(self, wheel: bytes) -> bytes:
        """Sign a wheel."""
        manifest, _ = wheels.read(wheel)
        return signatures.sign(wheel, manifest.text(), self._private)
