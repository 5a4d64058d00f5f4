"""A ready-made claim for rules that only weigh terms and topics: most ministries need no more."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from diwan_rules.declarations import PluginInfo
from diwan_rules.facts import Case
from diwan_rules.terms import NO_HITS
from diwan_rules.verdicts import Basis, Because, Claim

_FURTHER_TERM = 40
_MENTIONED = 6
_LONGEST_RULE = 1000


@dataclass(frozen=True, kw_only=True)
class Topical:
    """Claims a complaint by weighing its hits: each group once, each further term a little, negative weights against.

    `because` may show the terms that were found: `Because(ar="يذكر النص {terms}", fr="Le texte parle de {terms}")`.
    """

    info: PluginInfo
    weights: Mapping[str, int]
    because: Because
    topics: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    minimum: int = 200

    def __post_init__(self) -> None:
        unknown = sorted({*self.weights, *self.categories} - set(self.info.terms))
        if unknown:
            raise ValueError(f"not among the term groups of plugin_info: {', '.join(unknown)}")

    def __call__(self, case: Case) -> Claim | None:
        """Return a claim when the complaint weighs enough, otherwise None."""
        found = [group for group in self.weights if case.hits.get(group, NO_HITS)]
        score = self._topic(case.topic_code) + sum(self.weights[group] for group in found)
        mine = [group for group in found if self.weights[group] > 0]
        terms = tuple(dict.fromkeys(term for group in mine for term in case.hits[group].terms))
        score += _FURTHER_TERM * max(len(terms) - 1, 0)
        if score < self.minimum:
            return None
        heaviest = max(mine, key=lambda group: self.weights[group], default="")
        return Claim(
            score=min(score, 1000),
            basis=Basis.ADDRESSED if case.addressed_ministry == self.info.ministry else Basis.TOPICAL,
            because=self._because(terms or (case.topic_code,)),
            category=self.categories.get(heaviest, case.topic_code),
            rule="+".join(mine)[:_LONGEST_RULE] or case.topic_code,
        )

    def _topic(self, code: str) -> int:
        """Return the score of the chosen topic, or of the nearest topic above it (`housing.social` → `housing`)."""
        while code and code not in self.topics:
            code = code.rpartition(".")[0]
        return self.topics.get(code, 0)

    def _because(self, terms: tuple[str, ...]) -> Because:
        """Return the reason with the terms that were found."""
        shown = [term.rstrip("*") for term in terms[:_MENTIONED]]
        return Because(
            ar=self.because.ar.replace("{terms}", "، ".join(shown)),
            fr=self.because.fr.replace("{terms}", ", ".join(shown)),
        )
