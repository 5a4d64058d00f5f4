"""Generates the typed Python of the contracts while the distribution is being built."""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
SCRIPTS = Path(sys.executable).parent


class GenerateThenBuild(build_py):
    """Write messages, stubs and their types beside the copied .proto files."""

    def run(self) -> None:
        """Build as usual, then generate."""
        super().run()
        target = Path(self.build_lib)
        target.mkdir(parents=True, exist_ok=True)
        protos = sorted(str(path.relative_to(HERE)) for path in HERE.glob("diwan/*/v1/*.proto"))
        subprocess.run(command(target, protos), cwd=HERE, check=True)
        for generated in target.glob("diwan/*/v1/*_pb2_grpc.py"):
            if "Servicer" not in generated.read_text(encoding="utf-8"):
                generated.unlink()
                generated.with_suffix(".pyi").unlink(missing_ok=True)
        for package in target.glob("diwan/*/v1"):
            (package / "py.typed").touch()


def command(target: Path, protos: list[str]) -> list[str]:
    """Name the protoc call; the plugins by path, so that no environment need be activated."""
    return [
        sys.executable,
        "-m",
        "grpc_tools.protoc",
        "-I.",
        f"-I{files('google.rpc').joinpath('../..')}",
        f"--plugin=protoc-gen-mypy={SCRIPTS / 'protoc-gen-mypy'}",
        f"--plugin=protoc-gen-mypy_grpc={SCRIPTS / 'protoc-gen-mypy_grpc'}",
        f"--python_out={target}",
        f"--grpc_python_out={target}",
        f"--mypy_out={target}",
        f"--mypy_grpc_out={target}",
        *protos,
    ]


setup(cmdclass={"build_py": GenerateThenBuild})
