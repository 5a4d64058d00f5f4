"""The page of the classifier: how good the model in use is, what it confuses, and which models there were."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from diwan.routing.v1 import classifier_pb2
from diwan.routing.v1 import routing_service_pb2 as routing
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.portal import words
from services.portal.acts import desk
from services.portal.neighbours import house_of
from services.portal.page import render
from services.portal.visits import visit_of

SHOWN = 3


@dataclass
class Line:
    """One class of a model: examples, how many were tested and right, and what was named instead most often."""

    class_id: str
    examples: int = 0
    tested: int = 0
    right: int = 0
    instead: list[tuple[str, int]] = field(default_factory=list)


async def show(request: Request) -> Response:
    """Show the models in use with their accuracy and confusions, and the former ones."""
    house, language = house_of(request), visit_of(request).language
    found = await house.routing.GetClassifier(routing.GetClassifierRequest())
    in_use = [(model, _lines(model)) for model in found.models if model.in_use]
    mentioned = {each for model, lines in in_use for line in lines for each in (line.class_id, *dict(line.instead))}
    names = dict(await house.places.body_names(language, sorted(mentioned)))
    varieties = {
        name.removeprefix("VARIETY_").lower(): words.label(language, number, "variety")
        for name, number in classifier_pb2.Variety.items()
    }
    return render(request, "classifier.html", found=found, in_use=in_use, names=varieties | names)


def _lines(model: classifier_pb2.Model) -> Sequence[Line]:
    """Fold confusions into one line a class, the most tested first."""
    lines: dict[str, Line] = defaultdict(lambda: Line(""))
    for each in model.classes:
        lines[each.class_id].examples = each.examples
    for pair in model.confusions:
        line = lines[pair.confirmed]
        line.tested += pair.count
        if pair.named == pair.confirmed:
            line.right += pair.count
        else:
            line.instead.append((pair.named, pair.count))
    for class_id, line in lines.items():
        line.class_id = class_id
        line.instead = sorted(line.instead, key=lambda each: (-each[1], each[0]))[:SHOWN]
    return sorted(lines.values(), key=lambda line: (-line.tested, line.class_id))


routes: list[Route] = [desk("/classifier", show)]
