"""Topics: what complaints are about."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """One topic of the common list, with the ministries that are usually competent."""

    topic_code: str
    name_ar: str
    name_fr: str
    ministry_ids: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What tells it from every other."""
        return self.topic_code
