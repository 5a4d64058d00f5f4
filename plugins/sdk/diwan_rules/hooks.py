"""The questions that Diwan asks a ministry's rules; each docstring is the hook's page in plugins/README.md."""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol, TypeVar

import pluggy

from diwan_rules.declarations import (
    CategoryDefinition,
    DocumentDefinition,
    IndicatorDefinition,
    LetterTemplate,
    PluginInfo,
)
from diwan_rules.facts import Case, Context, Event, LetterKind, Purpose, Reply, Stage
from diwan_rules.verdicts import (
    CategoryScore,
    Claim,
    Decline,
    Fact,
    Finding,
    LetterContext,
    PriorityProposal,
    Redaction,
    ReminderStep,
    ReplyReview,
    RequiredDocument,
    RetentionRule,
    Signatory,
    UnitProposal,
    WorkingDays,
)

PROJECT = "diwan"
GROUP = "diwan.rules"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
Spec = TypeVar("Spec", bound=Callable[..., object])


class Pattern(StrEnum):
    """Who is asked, and when: once at load, all ministries, the competent one, or those who follow a case."""

    DECLARE = "DECLARE"
    GATHER = "GATHER"
    OWNER = "OWNER"
    OBSERVE = "OBSERVE"


PATTERNS: dict[str, Pattern] = {}


def _asked(pattern: Pattern) -> Callable[[Spec], Spec]:
    """Return the marker of hooks of one pattern."""

    def mark(spec: Spec) -> Spec:
        PATTERNS[spec.__name__] = pattern
        return hookspec(spec)

    return mark


declare, gather, owner, observe = map(_asked, Pattern)


class Hooks(Protocol):
    """Every hook of this version of the kit."""

    @declare
    def plugin_info(self) -> PluginInfo:
        """Who are you, which version of your rules is this, and which terms shall be searched for you?

        Pattern: DECLARE, asked once when the plugin is loaded.
        Combination: none; each ministry speaks for itself.
        Failure: the plugin is not loaded, and every question to it is answered ERROR.
        """

    @declare
    def categories(self) -> list[CategoryDefinition]:
        """Which categories of your own do you sort complaints into, below the topics of the country's list?

        Pattern: DECLARE, asked once when the plugin is loaded.
        Combination: union; your code `slow` is `MJ.slow` for everybody else, so that no two ministries collide.
        Failure: the plugin is not loaded, and every question to it is answered ERROR.
        """

    @declare
    def letter_templates(self) -> list[LetterTemplate]:
        """Which letters of your own shall officers find, in Arabic and French?

        Pattern: DECLARE, asked once when the plugin is loaded.
        Combination: union; your code `offer` is `MHUVAT.offer` for everybody else.
        Failure: the plugin is not loaded, and every question to it is answered ERROR.
        """

    @declare
    def indicators(self) -> list[IndicatorDefinition]:
        """Which shares of your complaints shall the figures show beside the country's?

        Pattern: DECLARE, asked once when the plugin is loaded.
        Combination: union; reporting counts them over your own complaints only.
        Failure: the plugin is not loaded, and every question to it is answered ERROR.
        """

    @declare
    def documents(self) -> list[DocumentDefinition]:
        """Which kinds of documents may you ask a citizen for?

        Pattern: DECLARE, asked once when the plugin is loaded.
        Combination: union; your code `birth_record` is `MICLT.birth_record` for everybody else.
        Failure: the plugin is not loaded, and every question to it is answered ERROR.
        """

    @gather
    def validate(self, case: Case, ctx: Context) -> list[Finding] | None:
        """What is missing in this complaint, or should an officer know of it?

        Pattern: GATHER, every ministry is asked at the same time, after the complaint was registered.
        Combination: union by ministry, code and field, the worst first; INCOMPLETE asks the citizen, and nothing
            refuses or delays a registration.
        Failure: recorded; the findings of the others stand.
        """

    @gather
    def enrich(self, case: Case, ctx: Context) -> list[Fact] | None:
        """Which facts can you read out of the text, so that nobody has to type them?

        Pattern: GATHER, every ministry is asked at the same time, after the complaint was registered.
        Combination: union; your fact `meter` is `MEM.meter` for everybody else, so that nobody overwrites another's.
            16 KiB in all.
        Failure: recorded; the facts of the others stand.
        """

    @gather
    def required_documents(self, case: Case, ctx: Context) -> list[RequiredDocument] | None:
        """Which of your documents do you need before you can decide?

        Pattern: GATHER; before routing the ministries that the complaint names are asked, after it the competent one.
        Combination: union by document; mandatory wins.
        Failure: recorded; the documents of the others stand.
        """

    @gather
    def classify(self, case: Case, ctx: Context) -> list[CategoryScore] | None:
        """Into which of your categories does this complaint fall, and how surely?

        Pattern: GATHER, every ministry is asked at the same time, after the complaint was registered.
        Combination: each category stands for itself; for the topic above it the highest score counts, equal ones by
            the category's code, and scores under the policy's minimum do not count.
        Failure: recorded; the categories of the others stand.
        """

    @gather
    def claim(self, case: Case, ctx: Context) -> Claim | Decline | None:
        """Is this complaint yours? None means that you have nothing to say.

        Pattern: GATHER, every ministry is asked at the same time.
        Combination: the resolver takes the highest tier (statutory, addressed, topical), then the highest
            weighted score; two that are too close go to a person, and so does a complaint without a claim.
        Failure: recorded; the decision is provisional when your answer could have changed it.
        """

    @owner
    def assign_unit(self, case: Case, ctx: Context) -> UnitProposal | None:
        """Which of your units shall get it? None leaves it to the core.

        Pattern: OWNER, only the competent ministry is asked.
        Combination: the unit must be in your directory.
        Failure: the core's default, the unit of the complaint's wilaya, and a note to the officer.
        """

    @owner
    def deadline(self, case: Case, stage: Stage, ctx: Context) -> WorkingDays | None:
        """How many working days do you give yourself? None leaves it to the policy.

        Pattern: OWNER, only the competent ministry is asked.
        Combination: the shorter of your days and the legal maximum.
        Failure: the deadline of the policy, and a note to the officer.
        """

    @owner
    def priority(self, case: Case, ctx: Context) -> PriorityProposal | None:
        """How pressing is it? None leaves it to the core.

        Pattern: OWNER, only the competent ministry is asked.
        Combination: the higher of yours and the core's; a rule never lowers a priority.
        Failure: the core's priority, and a note to the officer.
        """

    @owner
    def reminders(self, case: Case, ctx: Context) -> list[ReminderStep] | None:
        """When shall your units be reminded of a late answer? None leaves it to the Mediator's ladder.

        Pattern: OWNER, only the competent ministry is asked.
        Combination: the Mediator's ladder stays; for each step the earlier day counts, so that you add or advance.
        Failure: the Mediator's ladder, and a note to the officer.
        """

    @owner
    def letter_context(self, case: Case, letter_kind: LetterKind, ctx: Context) -> LetterContext | None:
        """Which of your templates shall this letter follow, and what do its variables hold? None leaves it to the core.

        Pattern: OWNER, only the competent ministry is asked.
        Combination: the template must be one that you declared for this kind, with every required variable.
        Failure: the core's letter, and a note to the officer.
        """

    @owner
    def signatory(self, case: Case, letter_kind: LetterKind, ctx: Context) -> Signatory | None:
        """Who of yours signs this letter? None leaves it to the core.

        Pattern: OWNER, only the competent ministry is asked.
        Combination: the role must be one of your directory.
        Failure: the core's signatory, the head of the unit, and a note to the officer.
        """

    @owner
    def review_reply(self, case: Case, reply: Reply, ctx: Context) -> ReplyReview | None:
        """Does this reply answer the complaint, and what does it lack? None means that you have nothing to say.

        Pattern: OWNER, only the competent ministry is asked.
        Combination: shown to the person who grades the reply, who decides.
        Failure: the reply is graded without your view, and a note to the officer.
        """

    @owner
    def retention(self, case: Case, ctx: Context) -> RetentionRule | None:
        """How long do you have to keep this file after it was closed? None leaves it to the law.

        Pattern: OWNER, only the competent ministry is asked.
        Combination: the longer of your years and the legal minimum; a legal hold wins over both.
        Failure: the file is kept, and a note to the officer.
        """

    @gather
    def redact(self, case: Case, purpose: Purpose, ctx: Context) -> list[Redaction] | None:
        """What of this case must not be shown for this purpose?

        Pattern: GATHER over the parties of a case, each ministry that had to do with it.
        Combination: union with the core's own redactions; whatever one of them hides is hidden.
        Failure: closed; every field that can be hidden stays hidden until your rules answer.
        """

    @observe
    def case_event(self, event: Event, case: Case, ctx: Context) -> None:
        """This happened to the case; what do you note in your log?

        Pattern: OBSERVE, every ministry that had to do with the case, after the fact and at least once.
        Combination: none; nothing that you do changes the case.
        Failure: asked again later, then put aside for the operator; the case goes on.
        """
