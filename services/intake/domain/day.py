"""The day on which something happens: that of Algiers, an hour ahead of UTC all year since 1981."""

from datetime import date, datetime, timedelta, timezone

ALGIERS = timezone(timedelta(hours=1), "Africa/Algiers")


def day(at: datetime) -> date:
    """Return the day of a moment in Algiers."""
    return at.astimezone(ALGIERS).date()
