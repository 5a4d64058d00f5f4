"""Laws of the contracts: every method says who may call it, every reason has its refusal and the other way round."""

import importlib
import pkgutil
import string
from collections.abc import Iterator
from pathlib import Path

import diwan
import pytest
from diwan.common.v1 import access_pb2, error_reason_pb2
from google.protobuf.descriptor import FileDescriptor, MethodDescriptor

import services
from services.chassis.refusals import Refusal

PREFIX = "ERROR_REASON_"
# These start something when they are imported, or belong to eventlet's world.
NOT_IMPORTED = ("__main__", "services.bus")


def contracts() -> Iterator[FileDescriptor]:
    # A namespace without __init__ files: pkgutil would not walk it.
    for root in map(Path, diwan.__path__):
        for path in sorted(root.rglob("*_pb2.py")):
            name = ".".join(("diwan", *path.relative_to(root).with_suffix("").parts))
            yield importlib.import_module(name).DESCRIPTOR


def methods() -> list[MethodDescriptor]:
    return [
        method
        for file in contracts()
        for service in file.services_by_name.values()
        for method in service.methods_by_name.values()
    ]


def refusals() -> dict[str, type[Refusal]]:
    for module in pkgutil.walk_packages(services.__path__, "services."):
        if not any(part in module.name for part in NOT_IMPORTED):
            importlib.import_module(module.name)

    def below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    return {
        each.reason: each for each in below(Refusal) if each.__module__.startswith("services.") and "ar" in vars(each)
    }


def fields_of(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("method", methods(), ids=lambda method: method.full_name)
def test_every_method_says_who_may_call_it(method: MethodDescriptor) -> None:
    access = method.GetOptions().Extensions[access_pb2.access]
    assert access.callers, "no caller is named"
    assert access_pb2.PROCESS_UNSPECIFIED not in access.callers
    assert access_pb2.ROLE_UNSPECIFIED not in access.roles
    assert set(access.without_officer) <= set(access.callers), "only a caller can do without an officer"
    assert access.roles or not access.without_officer, "no officer is asked for at all"


def test_every_refusal_has_its_reason_in_the_contract() -> None:
    reasons = {
        name.removeprefix(PREFIX)
        for name in map(error_reason_pb2.ErrorReason.Name, error_reason_pb2.ErrorReason.values())
    } - {"UNSPECIFIED"}
    assert set(refusals()) - reasons == set(), "refusals without a reason in error_reason.proto"
    assert reasons - set(refusals()) == set(), "reasons that nothing gives"


def test_every_refusal_speaks_three_languages_about_the_same_facts() -> None:
    faults = []
    for reason, refusal in refusals().items():
        spoken = [refusal.__doc__ or "", refusal.ar, refusal.fr]
        if not all(spoken) or len({frozenset(fields_of(text)) for text in spoken}) > 1:
            faults.append(reason)
    assert not faults
