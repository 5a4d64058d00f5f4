"""Answers hooks from tables: which rows count under the hit policy, and the verdict that they give."""

from collections.abc import Iterator
from dataclasses import dataclass

from diwan_rules.declarations import DocumentDefinition
from diwan_rules.facts import Case, Context, Stage
from diwan_rules.tables.columns import HitPolicy
from diwan_rules.tables.rows import Row, Table
from diwan_rules.verdicts import Basis, Bilingual, Claim, RequiredDocument, UnitProposal, WorkingDays

MOST_NAMED = 10  # rows that a claim names, the heaviest first


@dataclass(frozen=True, kw_only=True)
class Deciding:
    """A table with what it needs to answer: whose it is, its hit policy, and the digest of the rules."""

    table: Table
    ministry: str
    policy: HitPolicy
    digest: str
    minimum: int = 1

    def matching(self, case: Case, stage: Stage | None = None) -> Iterator[Row]:
        """Yield the rows that match a case, in their order; of a table that takes the first, no more than needed."""
        hits = case.hits
        for needs, row in self.table.by_need:
            if (not needs or hits[needs].positions) and row.when.hold(case, self.ministry, stage):
                yield row

    def rule(self, row: Row) -> str:
        """Name a row so that it is found again in this very version of the table."""
        return f"{self.table.file}:{row.line}@{self.digest[:8]}"

    def claim(self, case: Case) -> Claim | None:
        """Claim by the first row, by the one with the highest score, or by the sum of all."""
        rows = self._counting(case)
        score = min(sum(row.score for row in rows), 1000)
        if not rows or score < self.minimum:
            return None
        lead = rows[0]
        ground = next((row for row in rows if row.basis is Basis.STATUTORY and row.score > 0), lead)
        addressed = Basis.ADDRESSED if case.addressed_ministry == self.ministry else Basis.TOPICAL
        return Claim(
            score=score,
            because=lead.because(case),
            basis=ground.basis or addressed,
            legal_reference=ground.legal_reference,
            category=lead.category or case.topic_code,
            rule="+".join(map(self.rule, rows[:MOST_NAMED])),
        )

    def _counting(self, case: Case) -> list[Row]:
        """Return the rows that make up a claim, the heaviest first; of equal ones the one that stands first."""
        rows = self.matching(case)
        if self.policy in {HitPolicy.FIRST, HitPolicy.UNIQUE}:
            return [row for row in (next(rows, None),) if row]
        ordered = sorted(rows, key=lambda row: -row.score)
        return ordered if self.policy is HitPolicy.COLLECT else ordered[:1]

    def unit(self, case: Case, ctx: Context) -> UnitProposal | None:
        """Propose the unit of the first row whose unit is in the directory."""
        for row in self.matching(case):
            for wanted in row.unit:
                unit = ctx.directory.get(wanted) if wanted.islower() else ctx.directory.nearest(case, wanted)
                if unit:
                    ctx.log("rule", id=self.rule(row))
                    return UnitProposal(unit=unit.body_id, because=row.because(case))
        return None

    def deadline(self, case: Case, stage: Stage, ctx: Context) -> WorkingDays | None:
        """Give the days of the first row."""
        for row in self.matching(case, stage):
            ctx.log("rule", id=self.rule(row))
            return WorkingDays(days=row.deadline, because=row.because(case))
        return None

    def documents(self, case: Case, ctx: Context) -> list[RequiredDocument]:
        """Ask for the document of each row that matches, or of the first; each document once, mandatory wins."""
        asked: dict[str, RequiredDocument] = {}
        for row in self.matching(case):
            known = asked.get(row.document)
            if not known or (row.mandatory and not known.mandatory):
                ctx.log("rule", id=self.rule(row))
                asked[row.document] = RequiredDocument(
                    document=row.document, mandatory=row.mandatory, because=row.because(case)
                )
            if self.policy is not HitPolicy.COLLECT:
                break
        return list(asked.values())

    def definitions(self) -> list[DocumentDefinition]:
        """Declare the documents, each as the first row that names it describes it."""
        declared: dict[str, DocumentDefinition] = {}
        for row in self.table.rows:
            if row.document not in declared:
                declared[row.document] = DocumentDefinition(
                    code=row.document,
                    name=Bilingual(ar=row.name_ar, fr=row.name_fr),
                    shows=Bilingual(ar=row.shows_ar, fr=row.shows_fr),
                )
        return list(declared.values())
