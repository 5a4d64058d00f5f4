"""The questions that Diwan asks a ministry's rules; each docstring is the hook's page in plugins/README.md."""

from typing import Protocol

import pluggy

from diwan_rules.facts import Case, Context, Stage
from diwan_rules.verdicts import Claim, Decline, PluginInfo, UnitProposal, WorkingDays

PROJECT = "diwan"
GROUP = "diwan.rules"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Hooks(Protocol):
    """Every hook of this version of the kit."""

    @hookspec
    def plugin_info(self) -> PluginInfo:
        """Who are you, which version of your rules is this, and which terms shall be searched for you?

        Pattern: DECLARE, asked once when the plugin is loaded.
        Combination: none; each ministry speaks for itself.
        Failure: the plugin is not loaded, and every question to it is answered ERROR.
        """

    @hookspec
    def claim(self, case: Case, ctx: Context) -> Claim | Decline | None:
        """Is this complaint yours? None means that you have nothing to say.

        Pattern: GATHER, every ministry is asked at the same time.
        Combination: the resolver takes the highest tier (statutory, addressed, topical), then the highest
            weighted score; two that are too close go to a person, and so does a complaint without a claim.
        Failure: recorded; the decision is provisional when your answer could have changed it.
        """

    @hookspec
    def assign_unit(self, case: Case, ctx: Context) -> UnitProposal | None:
        """Which of your units shall get it? None leaves it to the core.

        Pattern: OWNER, only the competent ministry is asked.
        Combination: the unit must be in your directory.
        Failure: the core's default, the unit of the complaint's wilaya, and a note to the officer.
        """

    @hookspec
    def deadline(self, case: Case, stage: Stage, ctx: Context) -> WorkingDays | None:
        """How many working days do you give yourself? None leaves it to the policy.

        Pattern: OWNER, only the competent ministry is asked.
        Combination: the shorter of your days and the legal maximum.
        Failure: the deadline of the policy, and a note to the officer.
        """
