"""Shows which ministries' rules run, and why one does not, in the language asked for."""

from collections.abc import Iterable, Mapping, Sequence

from diwan.routing.v1 import routing_service_pb2 as pb
from diwan.rules.v1 import ministry_pb2

from services.chassis.refusals import TryAgain

Described = Sequence[tuple[str, Mapping[str, ministry_pb2.Ministry] | None]]
ANSWERING = frozenset({ministry_pb2.WORKER_STATE_READY, ministry_pb2.WORKER_STATE_STARTING})


def rule_sets(described: Described, language: str) -> list[pb.RuleSet]:
    """Write the rule sets of all hosts by ministry; a host that does not answer is one line of its own."""
    listed = [each for address, ministries in described for each in _of_host(address, ministries, language)]
    return sorted(listed, key=lambda each: (each.ministry_id, each.host))


def _of_host(
    address: str, ministries: Mapping[str, ministry_pb2.Ministry] | None, language: str
) -> Iterable[pb.RuleSet]:
    if ministries is None:
        yield pb.RuleSet(host=address, healthy=False, errors=[TryAgain().message(language)])
        return
    for ministry_id, each in ministries.items():
        yield pb.RuleSet(
            ministry_id=ministry_id,
            plugin=each.name.fr if language == "fr" else each.name.ar,
            version=each.version,
            digest=each.digest,
            healthy=each.state in ANSWERING,
            errors=[said(error, language) for error in each.load_errors],
            host=address,
        )


def said(error: ministry_pb2.LoadError, language: str) -> str:
    """Say what is wrong with a plugin, and where."""
    message = {"ar": error.message_ar, "fr": error.message_fr}.get(language) or error.message_en
    place = f" ({error.file}:{error.line})" if error.file else ""
    return f"{error.plugin}: {message}{place}"
