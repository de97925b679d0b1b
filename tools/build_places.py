"""Make the compact tables of `krzew.places` from the public files (see docs/data.md).

    python tools/build_places.py ../shared/data

Nothing is imputed here: a figure that the source does not give is a row with an empty value, a flag and the
code of the reason (`data/reasons.toml`).
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from build_places_nurseries import build_nurseries

OUT = Path(__file__).resolve().parents[1] / "src" / "krzew" / "places" / "data"
KINDS = {"1": "urban", "2": "rural", "3": "mixed"}
FIRST, SPLIT_DAY, LAST = "2020-01-01", "2025-01-01", "2026-01-01"
COVERAGE = 0.99

# Gminas created on 2025-01-01 and the gmina each was cut out of; their seat villages (approximate, WGS84).
SPLITS = {"120713": "120705", "200216": "200209"}
SEATS = {"120713": (20.302, 49.602), "200216": (23.275, 53.130)}
NEW = frozenset(SPLITS)
PARENTS = frozenset(SPLITS.values())
SPLIT_UNITS = NEW | PARENTS
# By the Gulf of Gdańsk the survey area of 2025 holds inner sea waters (Gdańsk 683 instead of 262 km²).
SEA_WATERS = frozenset(
    {"221004", "221005", "221101", "221102", "221103", "221104"}
    | {"221105", "221107", "226101", "226201", "226401"}
)
# Thresholds of the settlement types; see docs/data.md.
LARGE_CITY, CENTRE = 100_000, 30_000
SUBURBAN_SHARE, SPARSE_DENSITY, FARM_SHARE = 8.0, 30.0, 5.0
EXTRA_VOTERS = 0.9  # voters on the roll per resident: above this the roll holds holiday guests

VALUE_COLUMNS = ["indicator", "code", "year", "value", "flag", "numerator", "denominator", "note"]


# --- reading -----------------------------------------------------------------------------------


def read(root: Path, name: str, **options: Any) -> pd.DataFrame:
    codes = dict.fromkeys(("teryt6", "teryt7_2026", "teryt4", "from_teryt6", "to_teryt6"), str)
    return pd.read_csv(root / name, dtype=options.pop("dtype", codes), **options)


def read_gminas(root: Path) -> pd.DataFrame:
    """Both gmina tables on one index; the zero revenues of Boguszów-Gorce are an absence, not a nought."""
    old = read(root, "places/gmina_2019.csv").set_index("teryt6")
    new = read(root, "places/gmina_2024.csv").set_index("teryt6")
    table = old.join(new[new.columns.difference(old.columns)])
    money = [c for c in table if c.endswith("_2019_zl") and not c.startswith("udzial")]
    table.loc[table.dochody_wlasne_2019_zl == 0, money] = np.nan
    table["kind"] = table.teryt7_2026.str[-1].map(KINDS)
    # Since 2022 the survey area of these gminas holds inner sea waters; the parents of split gminas had the
    # larger area on the day of the population count. For them the area of 2019 (whole km²) is the right one.
    stale = table.index.isin(SEA_WATERS | SPLIT_UNITS)
    table["area"] = (table.pow_ha_2025 / 100).where(~stale, table.pow_km2_2019)
    return table


def read_terc(path: Path) -> pd.DataFrame:
    raw = pd.read_csv(path, sep=";", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    raw = raw[raw.RODZ.isin(["", "1", "2", "3"])]
    raw["code"] = raw.WOJ + raw.POW + raw.GMI
    raw["level"] = raw.code.str.len().map({2: "voivodeship", 4: "powiat", 6: "gmina"})
    city = raw.NAZWA_DOD.str.contains("na prawach powiatu")
    kinds = raw.RODZ.map(KINDS).fillna("powiat").where(raw.level != "voivodeship", "voivodeship")
    raw["kind"] = kinds.where(~city, "city_powiat")
    raw["name"] = raw.NAZWA.where(raw.level != "voivodeship", raw.NAZWA.str.lower())
    raw["code7"] = (raw.code + raw.RODZ).where(raw.level == "gmina", "")
    parents = {"gmina": 4, "powiat": 2, "voivodeship": 0}
    raw["parent"] = [c[: parents[level]] for c, level in zip(raw.code, raw.level, strict=True)]
    return raw.set_index("code")[["level", "code7", "name", "kind", "parent"]]


# --- units and changes -------------------------------------------------------------------------


def points(root: Path, gminas: pd.DataFrame) -> pd.DataFrame:
    """A point inside each unit: given for gminas, mean by area above; new gminas have their seat village."""
    table = gminas[["lon", "lat", "area"]].copy()
    table.loc[list(NEW), "area"] = gminas.pow_ha_2025[list(NEW)] / 100
    table.loc[list(PARENTS), "area"] = gminas.pow_ha_2025[list(PARENTS)] / 100
    for code, (lon, lat) in SEATS.items():
        check_inside(root, SPLITS[code], lon, lat)
        table.loc[code, ["lon", "lat"]] = lon, lat
    frames = [table]
    for digits in (4, 2):
        key = table.index.str[:digits]
        weighted = table[["lon", "lat"]].mul(table.area, axis=0).groupby(key).sum()
        area = table.area.groupby(key).sum()
        frames.append(weighted.div(area, axis=0).assign(area=area))
    return pd.concat(frames).round({"lon": 5, "lat": 5, "area": 2})


def check_inside(root: Path, parent: str, lon: float, lat: float) -> None:
    features = json.loads((root / "boundaries/municipalities.json").read_text())["features"]
    shape = next(f["geometry"] for f in features if f["properties"]["terc"][:6] == parent)
    if not shapely.from_geojson(json.dumps(shape)).contains(shapely.Point(lon, lat)):
        raise SystemExit(f"the point of the new gmina does not lie in {parent}")


def build_units(root: Path, gminas: pd.DataFrame) -> pd.DataFrame:
    """One row per unit and dated version. A change seen between the two lists closes the first version."""
    old = read_terc(root / "teryt/TERC_2020-01-01.csv")
    new = read_terc(root / "teryt/TERC_Urzedowy_2026-01-08.csv")
    rows = []
    for code, now in new.iterrows():
        before = old.loc[code] if code in old.index else None
        if before is None:
            rows.append({"code": code, **now, "valid_from": SPLIT_DAY, "valid_to": ""})
        elif code in PARENTS:
            rows.append({"code": code, **before, "valid_from": FIRST, "valid_to": "2024-12-31"})
            rows.append({"code": code, **now, "valid_from": SPLIT_DAY, "valid_to": ""})
        elif before.equals(now):
            rows.append({"code": code, **now, "valid_from": FIRST, "valid_to": ""})
        else:
            rows.append({"code": code, **before, "valid_from": FIRST, "valid_to": "2025-12-31"})
            rows.append({"code": code, **now, "valid_from": LAST, "valid_to": ""})
    table = pd.DataFrame(rows).join(points(root, gminas), on="code")
    before_split = table.code.isin(PARENTS) & (table.valid_to != "")
    table.loc[before_split, "area"] = table.code[before_split].map(gminas.pow_km2_2019)
    return table.rename(columns={"area": "area_km2"}).sort_values(["code", "valid_from"])


def build_changes(units: pd.DataFrame) -> pd.DataFrame:
    """What differs between the lists of 2020 and 2026. `date_from`–`date_to` bounds the day of the change."""
    rows: list[dict[str, str]] = []
    for code, parent in SPLITS.items():
        name, origin = (units.name[units.code == c].iloc[-1] for c in (code, parent))
        day = {"date_from": SPLIT_DAY, "date_to": SPLIT_DAY}
        rows.append({"code": code, "change": "created", "other": parent, "old": origin, "new": name, **day})
        rows.append({"code": parent, "change": "split", "other": code, "old": origin, "new": name, **day})
    for code, versions in units.groupby("code"):
        if len(versions) == 2:
            rows.extend(compare(str(code), versions.iloc[0], versions.iloc[1]))
    return pd.DataFrame(rows).sort_values(["code", "change"])


def compare(code: str, old: pd.Series, new: pd.Series) -> Iterable[dict[str, str]]:
    codes = {"old_code7": old.code7, "new_code7": new.code7} if old.code7 != new.code7 else {}
    span = {"code": code, "other": "", "date_from": "2020-01-02", "date_to": LAST, **codes}
    for change, column in (("renamed", "name"), ("kind_changed", "kind"), ("moved", "parent")):
        if old[column] != new[column]:
            yield {**span, "change": change, "old": old[column], "new": new[column]}


# --- values ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rate:
    """value = scale × numerator / denominator, for gminas and (if `sums`) for the units above them."""

    code: str
    year: int
    numerator: pd.Series
    denominator: pd.Series
    scale: float = 100.0
    sums: bool = True
    blank: Mapping[str, Iterable[str]] = field(default_factory=dict)  # reason -> codes that must stay empty
    absent: str = "no_figure"  # reason of the other empty cells


FLAGS = {"extra_voters": "not_applicable", "no_nursery": "not_applicable", "small_flows": "suppressed"}


def rows(code: str, year: int, value: pd.Series, num: Any = np.nan, den: Any = np.nan) -> pd.DataFrame:
    flag = pd.Series("observed", index=value.index).mask(value == 0, "zero").mask(value.isna(), "missing")
    data = {"indicator": code, "year": year, "value": value, "flag": flag, "note": ""}
    table = pd.DataFrame({**data, "numerator": num, "denominator": den}, index=value.index)
    return table.rename_axis("code")


def explain(table: pd.DataFrame, codes: Iterable[str], reason: str) -> None:
    hit = table.index.isin(list(codes))
    table.loc[hit, ["value", "flag", "note"]] = np.nan, FLAGS.get(reason, "missing"), reason


def rate_rows(rate: Rate, people: pd.Series) -> pd.DataFrame:
    value = rate.scale * rate.numerator / rate.denominator.replace(0, np.nan)
    table = rows(rate.code, rate.year, value, rate.numerator, rate.denominator)
    explain(table, table.index[value.isna()], rate.absent)
    for reason, codes in rate.blank.items():
        explain(table, codes, reason)
    explain(table, NEW & set(table.index[table.value.isna()]), "new_unit")
    return pd.concat([table] + [aggregate(rate, people, n) for n in (4, 2) if rate.sums])


def aggregate(rate: Rate, people: pd.Series, digits: int) -> pd.DataFrame:
    """Sums above the gmina; empty unless gminas with 99 % of the people (2019) have both figures.

    A gmina cut out in 2025 may have its own numerator and its denominator inside its parent: sums are right.
    """
    num, den = rate.numerator, rate.denominator
    known = num.notna() & den.notna()
    counted = known | num.index.isin(NEW)
    key = num.index.str[:digits]
    top, bottom = num.where(counted).groupby(key).sum(), den.where(counted).groupby(key).sum()
    covered = people.where(known, 0).groupby(key).sum() / people.groupby(key).sum()
    table = rows(rate.code, rate.year, (rate.scale * top / bottom).where(covered >= COVERAGE), top, bottom)
    explain(table, table.index[table.value.isna()], "incomplete_sum")
    return table


def count_rows(code: str, year: int, counts: pd.Series, reason: str = "series_break") -> pd.DataFrame:
    """A plain count: gminas, and sums where no gmina of today's list lacks its figure."""
    table = rows(code, year, counts)
    explain(table, table.index[counts.isna()], reason)
    explain(table, NEW & set(table.index[counts.isna()]), "new_unit")
    frames = [table]
    for digits in (4, 2):
        key = counts.index.str[:digits]
        complete = (counts.notna() | counts.index.isin(NEW)).groupby(key).all()
        frames.append(rows(code, year, counts.groupby(key).sum().where(complete)))
        explain(frames[-1], frames[-1].index[~complete], "incomplete_sum")
    return pd.concat(frames)


def population_rates(g: pd.DataFrame) -> list[Rate]:
    split = {"split_unit": SPLIT_UNITS}
    working, year24 = g.lud_prod_2019, g.ludnosc_2024
    nonworking = g.lud_przedprod_2019 + g.lud_poprod_2019
    growth = g.ludnosc_2024 - g.ludnosc_2019
    return [
        Rate("ageing_share", 2019, g.lud_poprod_2019, g.ludnosc_2019),
        Rate("old_dependency", 2019, g.lud_poprod_2019, working),
        Rate("nonworking_dependency", 2019, nonworking, working),
        Rate("preworking_share", 2019, g.lud_przedprod_2019, g.ludnosc_2019),
        Rate("mobile_share", 2019, g.lud_prod_mobilny_2019, working),
        Rate("natural_increase", 2020, g.urodzenia_2020 - g.zgony_2020, g.ludnosc_2020, 1000),
        Rate("natural_increase", 2024, g.urodzenia_2024 - g.zgony_2024, year24, 1000),
        Rate("births_rate", 2020, g.urodzenia_2020, g.ludnosc_2020, 1000),
        Rate("births_rate", 2024, g.urodzenia_2024, year24, 1000),
        Rate("net_migration", 2019, g.saldo_migracji_2019, g.ludnosc_2019, 1000),
        Rate("net_migration", 2024, g.saldo_migracji_2024, year24, 1000),
        Rate("population_change", 2024, growth, g.ludnosc_2019),
        Rate("density", 2024, year24, g.area, 1),
        Rate("threats_rate", 2024, g.psp_miejscowe_zagrozenia_2024, year24, 1000, blank=split),
    ]


def work_rates(g: pd.DataFrame, series: pd.DataFrame) -> list[Rate]:
    now, working24 = g.bezrobotni_2024, g.ludnosc_2024 * g.lud_prod_2019 / g.ludnosc_2019
    out, into = g.dojazdy_wyjazdy_2011, g.dojazdy_przyjazdy_2011
    return [
        Rate("unemployment_share", 2019, g.bezrobotni_2019, g.lud_prod_2019),
        Rate("unemployment_share", 2024, now, working24),
        Rate("unemployment_change_5y", 2024, now - series["2019"], series["2019"]),
        Rate("unemployment_change_10y", 2024, now - series["2014"], series["2014"]),
        Rate("commuting_out", 2011, out, g.lud_prod_2019, sums=False, absent="small_flows"),
        Rate("commuting_balance", 2011, into - out, g.lud_prod_2019, sums=False, absent="small_flows"),
    ]


def money_rates(g: pd.DataFrame) -> list[Rate]:
    own, zeros = g.dochody_wlasne_2019_zl, "source_zero"
    return [
        Rate("own_revenue", 2019, own, g.ludnosc_2019, 1, absent=zeros),
        Rate("pit_share", 2019, g.udzial_PIT_2019_zl, g.ludnosc_2019, 1),
        Rate("pit_share", 2020, g.udzial_PIT_2020_zl, g.ludnosc_2020, 1),
        Rate("property_tax_share", 2019, g.pod_nieruchomosci_2019_zl, own, absent=zeros),
        Rate("farm_tax_share", 2019, g.pod_rolny_2019_zl, own, absent=zeros),
    ]


def social_rates(g: pd.DataFrame, care: pd.DataFrame) -> list[Rate]:
    split = {"split_unit": SPLIT_UNITS}
    children = 3 * (g.urodzenia_2020 + g.urodzenia_2024) / 2
    guests = g.index[g.wyborcy_uprawnieni_2023 > EXTRA_VOTERS * g.ludnosc_2020]
    none = {"no_nursery": g.index[care.places == 0]}
    return [
        Rate("turnout", 2023, g.karty_wazne_2023, g.wyborcy_uprawnieni_2023, blank={"extra_voters": guests}),
        Rate("nursery_places", 2025, care.places, children, blank=split),
        Rate("nursery_enrolment", 2025, care.enrolled, care.places_stated, blank=none),
    ]


def fee_rows(care: pd.DataFrame) -> pd.DataFrame:
    table = rows("nursery_fee", 2025, care.fee_median)
    explain(table, table.index[table.value.isna()], "no_figure")
    explain(table, table.index[care.places == 0], "no_nursery")
    return table


def without_nursery(care: pd.DataFrame) -> pd.DataFrame:
    """Share of the gminas of a powiat or voivodeship that have no working nursery or children's club."""
    none = (care.institutions == 0).astype(float)
    frames = []
    for digits in (4, 2):
        groups = none.groupby(none.index.str[:digits])
        share = 100 * groups.mean()
        frames.append(rows("gminas_without_nursery", 2025, share, groups.sum(), groups.count()))
    return pd.concat(frames)


# --- powiats and voivodeships ------------------------------------------------------------------


def powiat_rows(root: Path) -> pd.DataFrame:
    p = read(root, "places/derived_powiat_2019_2022.csv").set_index("teryt4")
    frames = []
    for year in (2019, 2022):
        people, wage = p[f"ludnosc_{year}"], p[f"przec_wynagrodzenie_{year}"].replace(0, np.nan)
        clinics, care = p[f"przychodnie_{year}"], p[f"placowki_stacjonarnej_pomocy_{year}"]
        jobless = p[f"bezrobotni_{year}"]
        new = [
            rows("powiat_wage", year, wage),
            rows("powiat_unemployed", year, 1000 * jobless / people, jobless, people),
            rows("powiat_firms", year, p[f"podmioty_REGON_na_10tys_{year}"]),
            rows("powiat_nursery_share", year, p[f"dzieci_w_zlobkach_proc_{year}"]),
            rows("powiat_clinics", year, 10_000 * clinics / people, clinics, people),
            rows("powiat_care_homes", year, 100_000 * care / people, care, people),
        ]
        explain(new[0], new[0].index[wage.isna()], "source_zero")
        for table in new[1:]:
            explain(table, table.index[table.value.isna()], "no_figure")
        frames += new
    return pd.concat(frames)


def voivodeship_rows(root: Path, units: pd.DataFrame) -> pd.DataFrame:
    codes = units[units.level == "voivodeship"].drop_duplicates("name").set_index("name").code
    files = {
        "assistance_beneficiaries": "sdg_1-D-5_beneficjenci_pomocy_na_10tys",
        "ngos_active": "sdg_1-E-1_organizacje_non-profit_na_10tys",
        "ngos_registered": "sdg_1-E-2_fundacje_stowarzyszenia_REGON_na_10tys",
    }
    frames = []
    for code, name in files.items():
        table = pd.read_csv(root / f"places/{name}.csv").set_index("year").drop(columns="Polska")
        table.columns = [codes[c.lower()] for c in table.columns]
        frames += [rows(code, int(year), table.loc[year].astype(float)) for year in table.index]
    return pd.concat(frames)


def malopolska_rows(root: Path) -> pd.DataFrame:
    table = read(root, "places/malopolska_ioss_excerpt.csv").set_index("teryt4")
    names = {
        "social_cooperatives": ("spoldzielnie_socjalne_2020", 2020),
        "zaz_count": ("zaklady_aktywnosci_zawodowej_2024", 2024),
        "sds_count": ("srodowiskowe_domy_samopomocy_2024", 2024),
        "day_support": ("placowki_wsparcia_dziennego_2024", 2024),
    }
    frames = [rows(code, year, table[column].astype(float)) for code, (column, year) in names.items()]
    for part in frames:
        explain(part, part.index[part.value.isna()], "no_figure")
    return pd.concat(frames)


# --- settlement types --------------------------------------------------------------------------


def distance_km(origin: pd.DataFrame, target: pd.DataFrame) -> np.ndarray:
    """Great-circle distance from every origin to its nearest target."""
    a, b = np.radians(origin[["lat", "lon"]].to_numpy()), np.radians(target[["lat", "lon"]].to_numpy())
    dlat, dlon = a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1]
    h = np.sin(dlat / 2) ** 2 + np.cos(a[:, None, 0]) * np.cos(b[None, :, 0]) * np.sin(dlon / 2) ** 2
    return 2 * 6371.0 * np.arcsin(np.sqrt(h)).min(axis=1)


def to_large_city(root: Path, large: pd.Index) -> pd.DataFrame:
    """The largest flow of employees (2011) from each gmina to one large city."""
    flows = read(root, "places/commuting_2011.csv")
    flows = flows[flows.to_teryt6.isin(large) & ~flows.from_teryt6.isin(large)]
    return flows.sort_values(["persons", "to_teryt6"]).groupby("from_teryt6").last()


def settlement_type(g: Any) -> str:
    rules = [
        (math.isnan(g.ludnosc_2024), "new"),
        (g.large, "large_city"),
        (g.centre, "centre"),
        (g.share >= SUBURBAN_SHARE, "suburban"),
        (g.kind == "urban", "town"),
        (g.kind == "mixed", "mixed"),
        (g.density < SPARSE_DENSITY, "rural_sparse"),
        (g.farm >= FARM_SHARE, "rural_farming"),
    ]
    return next((name for holds, name in rules if holds), "rural")


def build_settlement(root: Path, gminas: pd.DataFrame) -> pd.DataFrame:
    g = gminas.copy()
    rights = g.index.str[2:4].astype(int) >= 61
    g["large"] = rights & (g.ludnosc_2024 >= LARGE_CITY)
    g["centre"] = (rights | ((g.kind == "urban") & (g.ludnosc_2024 >= CENTRE))) & ~g.large
    flows = to_large_city(root, g.index[g.large])
    g["city"] = flows.to_teryt6.reindex(g.index)
    # A pair under 10 employees is not in the source: the share is then below any threshold and stands as 0.
    g["share"] = (100 * flows.persons.reindex(g.index) / g.lud_prod_2019).fillna(0.0)
    g["density"] = g.ludnosc_2024 / g.area
    g["farm"] = 100 * g.pod_rolny_2019_zl / g.dochody_wlasne_2019_zl
    result = pd.DataFrame(index=g.index)
    result["type"] = [settlement_type(row) for row in g.itertuples()]
    result["city"] = g.city.where(g.share >= SUBURBAN_SHARE, "").fillna("")
    result["log_population"] = np.log(g.ludnosc_2024)
    result["log_density"] = np.log(g.density)
    result["preworking_share"] = 100 * g.lud_przedprod_2019 / g.ludnosc_2019
    result["commute_large_share"] = g.share.where(g.ludnosc_2024.notna())
    places = g[["lon", "lat"]].fillna({"lon": g.lon.mean(), "lat": g.lat.mean()})
    for name, targets in (("large", g.large), ("centre", g.large | g.centre)):
        distance = distance_km(places, places[targets])
        result[f"log_distance_{name}"] = np.where(g.ludnosc_2024.isna(), np.nan, np.log1p(distance))
    return result.round(4).rename_axis("code")


# --- writing -----------------------------------------------------------------------------------


def text(table: pd.DataFrame) -> bytes:
    buffer = io.StringIO()
    table.to_csv(buffer, index=False, lineterminator="\n", float_format="%.10g")
    return buffer.getvalue().encode()


def write(name: str, table: pd.DataFrame) -> dict[str, Any]:
    raw = text(table)
    data = gzip.compress(raw, 9, mtime=0) if name.endswith(".gz") else raw
    (OUT / name).write_bytes(data)
    return {"rows": len(table), "sha256": hashlib.sha256(raw).hexdigest()}


def describe_sources(root: Path) -> dict[str, Any]:
    """Hash of every file that was read; who made it and under which licence is in `sources.toml`."""
    catalogue = tomllib.loads((OUT / "sources.toml").read_text())["sources"]
    result = {}
    for source in catalogue:
        for name in source.get("files", []):
            raw = (root / name).read_bytes()
            facts = {k: source[k] for k in ("code", "source", "licence", "vintage", "retrieved")}
            result[name] = {**facts, "sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw)}
    return result


def build_values(root: Path, g: pd.DataFrame, care: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    series = read(root, "places/unemployed_2003_2024.csv").set_index("teryt6").reindex(g.index)
    rates = population_rates(g) + work_rates(g, series) + money_rates(g) + social_rates(g, care)
    frames = [rate_rows(rate, g.ludnosc_2019.fillna(0)) for rate in rates]
    frames += [count_rows("unemployed", int(year), series[year]) for year in series]
    frames += [count_rows("population", year, g[f"ludnosc_{year}"]) for year in (2019, 2020, 2024)]
    frames += [fee_rows(care), without_nursery(care), powiat_rows(root), malopolska_rows(root)]
    table = pd.concat([*frames, voivodeship_rows(root, units)]).reset_index()
    table["value"] = table.value.astype(float).round(4)
    table[["numerator", "denominator"]] = table[["numerator", "denominator"]].round(1)
    return table[VALUE_COLUMNS].sort_values(["indicator", "year", "code"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, help="folder with places/, teryt/ and boundaries/")
    root = parser.parse_args().data
    gminas = read_gminas(root)
    units = build_units(root, gminas)
    care, report = build_nurseries(root, gminas)
    tables = {
        "units.csv.gz": write("units.csv.gz", units),
        "changes.csv": write("changes.csv", build_changes(units)),
        "values.csv.gz": write("values.csv.gz", build_values(root, gminas, care, units)),
        "settlement.csv.gz": write("settlement.csv.gz", build_settlement(root, gminas).reset_index()),
        "nurseries.csv.gz": write("nurseries.csv.gz", care.rename_axis("code").reset_index()) | report,
    }
    result = {"tables": tables, "sources": describe_sources(root)}
    (OUT / "tables.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    print(json.dumps(tables, indent=1))


if __name__ == "__main__":
    main()
