"""The child process that learns: an order and examples come in on its input, a report and the model's file go out."""

import json
import os
import sys
from dataclasses import asdict, replace
from typing import Any, BinaryIO

from services.routing.classifier import grams, training
from services.routing.classifier.model import Model

LESSONS = {
    "competence": (grams.COMPETENCE, training.Policy()),
    "variety": (grams.VARIETY, training.Policy(least_of_class=10)),
}
PATIENT = 10
END = b"\n"


def main() -> None:
    """Learn what is asked for, with the lowest claim to the machine."""
    os.nice(PATIENT)
    report, file = learn(sys.stdin.buffer)
    sys.stdout.buffer.write(json.dumps(report, ensure_ascii=False).encode() + b"\n" + file)


def learn(given: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """Read the order, the file of the model in use and the examples up to an empty line; return the report and the new file."""
    order = json.loads(given.readline())
    rival = given.read(order["rival_bytes"])
    examples = [training.Example(**json.loads(line)) for line in iter(given.readline, END)]
    recipe, usual = LESSONS[order["kind"]]
    learned = training.learn(examples, recipe, replace(usual, **order["policy"]))
    if learned is None:
        return {"examples": {}}, b""
    report = asdict(learned.measure) | {"examples": learned.examples, "gate": learned.model.gate}
    if rival:
        newest = examples[len(examples) - learned.measure.tested :]
        report["rival_right"] = training.assess(Model.from_bytes(rival), newest).right
    return report, learned.model.to_bytes()


if __name__ == "__main__":
    main()
