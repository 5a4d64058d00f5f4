"""The kit's plugin for pytest: `ask` puts a text to the rules in the real host; cases.yaml and cases.csv are collected."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from diwan_rules.answers import Said
    from diwan_rules.author.cases import Scenario
    from diwan_rules.author.judging import Judged
    from diwan_rules.author.trial import Trial

_NAMES = ("cases.yaml", "cases.csv")
_TRIALS = pytest.StashKey[dict[Path, "Trial"]]()


class CaseMissed(Exception):
    """The rules did not answer a case as it expects, or the case cannot be asked."""

    def __init__(self, judged: "Judged") -> None:
        self.judged = judged
        super().__init__(judged.mistake or f"{len(judged.missed)} answers missed")


class CasesFile(pytest.File):
    """A file of cases beside rules."""

    def collect(self) -> "Iterator[CaseItem]":
        """Yield its cases."""
        from diwan_rules.author import cases

        for scenario in cases.read(self.path):
            yield CaseItem.from_parent(self, name=scenario.name, scenario=scenario)


class CaseItem(pytest.Item):
    """One case of a file."""

    def __init__(self, *, scenario: "Scenario", **about: Any) -> None:
        super().__init__(**about)
        self.scenario = scenario

    def runtest(self) -> None:
        """Ask the rules, and compare."""
        from diwan_rules.author.judging import judged

        trial = _trial(self.config, self.path)
        result = judged(trial, trial.only(), self.scenario)
        if result.mistake or result.missed:
            raise CaseMissed(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Say why the rules answered as they did."""
        from diwan_rules.author.judging import reasons

        if not isinstance(excinfo.value, CaseMissed):
            return super().repr_failure(excinfo, style)
        judged = excinfo.value.judged
        lines = (line for missed in judged.missed for line in reasons(missed))
        return "\n".join(filter(None, (judged.mistake, *lines)))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the case stands."""
        return self.path, None, self.name


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CasesFile | None:
    """Collect the files of cases that lie beside rules."""
    if file_path.name not in _NAMES or not _is_rules(file_path.parent):
        return None
    return CasesFile.from_parent(parent, path=file_path)


@pytest.fixture
def ask(request: pytest.FixtureRequest) -> "Callable[..., Said]":
    """Put a text and facts to the rules beside this test: `ask(text)`, `ask(text, hook="deadline", stage="first_answer")`."""
    from diwan_rules.author.reading import BESIDES, read_besides, read_case

    trial = _trial(request.config, request.path)
    ministry = trial.only()

    def put(text: str, *, hook: str = "claim", units: Any = (), **facts: Any) -> "Said":
        besides = read_besides({name: facts.pop(name) for name in BESIDES if name in facts})
        case = read_case({"complaint_id": "test", **facts, "text": text})
        (outcome,) = trial.ask(ministry, hook, [case], units={ministry.code: tuple(units)}, **besides)
        if failure := outcome.failure:
            pytest.fail(f"{ministry.code} {hook}: {failure.kind}: {failure.message} ({failure.file}:{failure.line})")
        return outcome.verdict

    return put


def _trial(config: pytest.Config, path: Path) -> "Trial":
    """Return the host of the rules that a test lies beside; it is started once."""
    from diwan_rules.author.trial import Trial

    if _TRIALS not in config.stash:
        config.stash[_TRIALS] = {}
    trials = config.stash[_TRIALS]
    folder = next((each for each in path.parents if _is_rules(each)), path.parent)
    if folder not in trials:
        stack = ExitStack()
        trials[folder] = stack.enter_context(Trial(folder))
        config.add_cleanup(stack.close)
    return trials[folder]


def _is_rules(folder: Path) -> bool:
    """Tell whether a folder is itself a plugin."""
    from diwan_rules.sources import find

    return any(source.folder == folder.resolve() for source in find(folder))
