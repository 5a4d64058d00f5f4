"""What a rule is shown answers simple questions by itself."""

from datetime import date

from diwan_rules import Calendar, Case, Directory, Unit


def a_unit(body_id: str, *, wilaya_id: str = "", commune_id: str = "", kind: str = "directorate") -> Unit:
    return Unit(body_id=body_id, kind=kind, name_ar="وحدة", name_fr="Unité", wilaya_id=wilaya_id, commune_id=commune_id)


def test_the_nearest_unit_is_of_the_commune_then_the_wilaya_then_the_country() -> None:
    seat, oran = a_unit("seat", kind="ministry"), a_unit("dsp-oran", wilaya_id="wilaya-oran")
    clinic = a_unit("clinic", wilaya_id="wilaya-oran", commune_id="commune-3101", kind="clinic")
    directory = Directory((seat, oran, clinic))

    here = Case(complaint_id="1", text="", wilaya_id="wilaya-oran", commune_id="commune-3101")
    there = Case(complaint_id="1", text="", wilaya_id="wilaya-oran", commune_id="commune-3102")
    away = Case(complaint_id="1", text="", wilaya_id="wilaya-adrar")

    assert directory.nearest(here) == clinic
    assert directory.nearest(here, "directorate") == oran
    assert directory.nearest(there) == oran
    assert directory.nearest(away) == seat
    assert directory.nearest(away, "clinic") is None
    assert directory.get("clinic") == clinic


def test_working_days_pass_over_weekend_and_holidays() -> None:
    calendar = Calendar(holidays=frozenset({date(2026, 11, 1)}))  # a Sunday

    assert not calendar.is_working(date(2026, 10, 30))  # Friday
    assert calendar.after(date(2026, 10, 29), 1) == date(2026, 11, 2)
    assert calendar.after(date(2026, 10, 29), 0) == date(2026, 10, 29)
