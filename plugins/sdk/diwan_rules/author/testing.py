"""`test`: asks the rules of a folder about its cases in the real host, and says why each difference came about."""

from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from diwan_rules.author import cases, terminal
from diwan_rules.author.judging import Judged, judged, reasons
from diwan_rules.author.language import Mistake, say
from diwan_rules.author.trial import Trial


def run(folder: Path, files: list[Path], junit: Path | None = None) -> int:
    """Return 0 when every case is as expected, 1 when some are not, 2 when some could not be compared."""
    files = files or cases.found_in(folder)
    if not files:
        raise Mistake("cases_missing", folder=folder)
    scenarios = [scenario for file in files for scenario in cases.read(file)]
    with Trial(folder) as trial:
        ministry = trial.only()
        results = [judged(trial, ministry, each) for each in terminal.followed(scenarios, say("test_title"))]
    for result in results:
        _show(result)
    wrong, mistaken = [each for each in results if each.missed], [each for each in results if each.mistake]
    terminal.show(
        say(
            "test_summary", passed=len(results) - len(wrong) - len(mistaken), failed=len(wrong), mistaken=len(mistaken)
        ),
        "bold red" if wrong or mistaken else "bold green",
    )
    if junit:
        _write(junit, ministry.code, results)
    return 2 if mistaken else int(bool(wrong))


def _show(result: Judged) -> None:
    """Show what is wrong with one case, if anything is."""
    scenario = result.scenario
    if result.mistake:
        terminal.show(say("test_mistaken", name=scenario.name, place=scenario.place, mistake=result.mistake), "red")
    elif result.missed:
        terminal.show(say("test_failed", name=scenario.name, place=scenario.place), "red")
        for missed in result.missed:
            for line in reasons(missed):
                terminal.show(f"  {line}")


def _write(path: Path, ministry: str, results: Iterable[Judged]) -> None:
    """Write the results as JUnit writes them, for whatever builds the ministry's rules."""
    results = list(results)
    counts = {"failures": sum(bool(each.missed) for each in results), "errors": sum(bool(e.mistake) for e in results)}
    seconds = sum(each.elapsed_us for each in results) / 1e6
    suite = ElementTree.Element("testsuite", name=ministry, tests=str(len(results)), time=f"{seconds:.6f}")
    suite.attrib.update((name, str(count)) for name, count in counts.items())
    for each in results:
        place, time = each.scenario.place, f"{each.elapsed_us / 1e6:.6f}"
        case = ElementTree.SubElement(suite, "testcase", name=each.scenario.name, classname=place, time=time)
        if each.mistake:
            ElementTree.SubElement(case, "error", message=each.mistake)
        for missed in each.missed:
            failure = ElementTree.SubElement(case, "failure", message=f"{missed.hook}: {missed.wanted}")
            failure.text = "\n".join(reasons(missed))
    ElementTree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
    terminal.show(say("wrote", file=path))
