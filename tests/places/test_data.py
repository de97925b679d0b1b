"""The shipped tables: real figures checked by hand, sums, honest gaps."""

from __future__ import annotations

from itertools import pairwise

import pytest

from krzew.places.loaders import rows_of, tables
from krzew.places.models import Change, Flag, Unit, UnitVersion, Value
from krzew.places.vocabulary import domains, groups, holders, indicators, needs, reasons, sources, themes

pytestmark = pytest.mark.usefixtures("places_loaded")


def value(code: str, indicator: str, year: int) -> Value:
    return Value.objects.get(unit=code, indicator=indicator, year=year, dataset__kind="shipped")


def test_every_unit_is_there() -> None:
    counts = {level: Unit.objects.filter(level=level).count() for level in ("gmina", "powiat", "voivodeship")}
    assert counts == {"gmina": 2479, "powiat": 380, "voivodeship": 16}


@pytest.mark.parametrize(
    ("code", "indicator", "year", "expected"),
    [
        ("300202", "unemployment_share", 2019, 100 * 81 / 7111),
        ("300202", "unemployment_share", 2024, 100 * 136 / (11138 * 7111 / 11419)),
        ("300202", "unemployment_change_5y", 2024, 100 * (136 - 81) / 81),
        ("300202", "ageing_share", 2019, 100 * 1876 / 11419),
        ("300202", "own_revenue", 2019, 17636864.26 / 11419),
        ("300202", "natural_increase", 2024, 1000 * (73 - 101) / 11138),
        ("300202", "nursery_places", 2025, 100 * 65 / (3 * (121 + 73) / 2)),
        ("300202", "turnout", 2023, 100 * 5955 / 8566),
        ("300202", "commuting_balance", 2011, 100 * (580 - 1665) / 7111),
        ("146501", "population", 2024, 1863845),
        ("146501", "density", 2024, 1863845 / 517.20),
        ("022101", "unemployment_share", 2019, 100 * 548 / 9306),
        ("226101", "density", 2024, None),  # checked below: the sea is not land
        ("1207", "social_cooperatives", 2020, 2),
        ("30", "assistance_beneficiaries", 2023, 326),
    ],
)
def test_figures_computed_by_hand(code: str, indicator: str, year: int, expected: float | None) -> None:
    found = value(code, indicator, year)
    if expected is not None:
        assert found.value == pytest.approx(expected, rel=1e-4)
        assert found.flag == Flag.OBSERVED


def test_density_by_the_gulf_leaves_the_sea_out() -> None:
    assert value("226101", "density", 2024).denominator == 262


def test_national_sum_of_unemployed() -> None:
    found = Value.objects.filter(indicator="unemployed", year=2024)
    assert sum(v.value or 0 for v in found.filter(unit__level="gmina")) == 786_179
    assert sum(v.value or 0 for v in found.filter(unit__level="voivodeship")) == 786_179


def test_a_zero_that_cannot_be_is_missing() -> None:
    for indicator in ("own_revenue", "property_tax_share", "farm_tax_share"):
        found = value("022101", indicator, 2019)
        assert (found.value, found.flag, found.note) == (None, Flag.MISSING, "source_zero")
    assert value("022101", "pit_share", 2019).value == pytest.approx(12000225 / 15310, rel=1e-4)
    assert value("0221", "own_revenue", 2019).note == "incomplete_sum"


def test_a_true_zero_stays_zero() -> None:
    found = value("300202", "net_migration", 2019)
    assert (found.value, found.flag) == (0.0, Flag.ZERO)


@pytest.mark.parametrize(("code", "parent"), [("120713", "120705"), ("200216", "200209")])
def test_new_gminas_have_no_figures_before_they_existed(code: str, parent: str) -> None:
    own = Value.objects.filter(unit=code, value__isnull=False)
    assert not own.exists()
    assert set(Value.objects.filter(unit=code).values_list("note", flat=True)) <= {"new_unit", "no_nursery"}
    assert value(parent, "unemployment_share", 2024).value is not None
    assert value(parent, "nursery_places", 2025).note == "split_unit"
    assert value(code[:4], "nursery_places", 2025).value is not None  # the powiat did not change


def test_resorts_have_no_turnout() -> None:
    cisna = value("182102", "turnout", 2023)
    assert (cisna.value, cisna.flag, cisna.note) == (None, Flag.NOT_APPLICABLE, "extra_voters")
    assert cisna.numerator is not None


def test_small_flows_are_suppressed_not_zero() -> None:
    assert value("221001", "commuting_out", 2011).flag == Flag.SUPPRESSED


def test_gaps_of_the_series_are_gaps() -> None:
    assert value("026501", "unemployed", 2012).note == "series_break"
    assert value("026501", "unemployed", 2013).value == 7700
    assert value("02", "unemployed", 2012).value is None


def test_changes_between_the_two_lists() -> None:
    kinds = list(Change.objects.values_list("change", flat=True))
    counted = {kind: kinds.count(kind) for kind in set(kinds)}
    assert counted == {"created": 2, "split": 2, "kind_changed": 82, "renamed": 4}
    assert Change.objects.get(unit="120713").old == "Kamienica"
    assert Change.objects.get(unit="200216").old == "Supraśl"
    assert Change.objects.get(unit="0206").new == "karkonoski"


def test_versions_follow_each_other() -> None:
    for code in ("120705", "221208"):
        versions = list(UnitVersion.objects.filter(unit=code))
        assert len(versions) == 2
        assert all(a.valid_to is not None and a.valid_to < b.valid_from for a, b in pairwise(versions))
    assert UnitVersion.objects.get(unit="120713").valid_from.isoformat() == "2025-01-01"


def test_kind_change_keeps_the_series() -> None:
    changed = Change.objects.filter(change="kind_changed").values_list("unit", flat=True)
    with_series = Value.objects.filter(
        unit__in=changed, indicator="unemployed", year=2024, value__isnull=False
    )
    assert with_series.count() == 82


def test_every_nursery_found_its_gmina() -> None:
    table = tables()["tables"]["nurseries.csv.gz"]
    assert (table["institutions"], table["unmatched"]) == (6385, 0)
    by_code = {row["code"]: int(row["institutions"]) for row in rows_of("nurseries.csv.gz")}
    assert by_code["020101"] == 7  # the town, not the rural gmina of the same name
    assert by_code["020102"] == 1


def test_rates_agree_with_their_parts() -> None:
    for found in Value.objects.filter(numerator__isnull=False, value__isnull=False).select_related(
        "indicator"
    )[::97]:
        scale = found.indicator.spec.scale
        if found.denominator:
            assert found.value == pytest.approx(
                scale * (found.numerator or 0) / found.denominator, rel=1e-2, abs=0.02
            )


# --- the catalogue ----------------------------------------------------------------------------------------


def test_catalogue_is_closed() -> None:
    """Every code that a catalogue names exists in the catalogue it belongs to."""
    from krzew.places.vocabulary import feasibility

    assert (len(needs()), len(domains()), len(groups()), len(feasibility())) == (23, 14, 32, 3)
    for need in needs().values():
        assert set(need.domains) <= set(domains())
        assert set(need.groups) <= set(groups())
        assert set(need.holders) <= set(holders())
        assert need.theme in themes()
    for spec in indicators().values():
        assert spec.source in sources()
        assert not spec.need or spec.need in needs() or spec.need in feasibility()
        assert spec.place_theme in themes()
        assert not spec.holder or spec.holder in holders()


def test_every_need_has_a_figure_or_somebody_who_has_one() -> None:
    told = {spec.need for spec in indicators().values() if spec.role == "diagnostic"}
    assert set(needs()) <= told


def test_enough_public_indicators() -> None:
    public = [s for s in indicators().values() if s.years and s.level == "gmina"]
    assert len(public) >= 24


def test_goalposts_agree_with_the_direction() -> None:
    for spec in indicators().values():
        if spec.goalposts:
            best, worst = spec.goalposts
            assert (worst > best) == (spec.direction > 0), spec.code
        assert (spec.goalposts is not None) == spec.is_scored, spec.code
        assert spec.is_local == bool(spec.holder), spec.code


def test_both_languages_everywhere() -> None:
    for catalogue in (needs(), groups(), domains(), themes(), holders(), sources(), indicators()):
        for entry in catalogue.values():
            assert entry.name_pl, entry.code
            assert entry.name_en, entry.code
    for spec in indicators().values():
        assert spec.definition_pl, spec.code
        assert spec.definition_en, spec.code
        assert bool(spec.sentence_pl) == bool(spec.sentence_en), spec.code


def test_every_note_is_explained() -> None:
    notes = set(Value.objects.exclude(note="").values_list("note", flat=True).distinct())
    assert notes <= set(reasons())
