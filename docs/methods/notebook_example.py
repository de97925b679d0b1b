"""`krzew.methods` from a notebook: from figures to an explained choice, without Django. Cells: # %%."""

# %% Residents, unemployed, births 2024, hectares 2025 (GUS); nursery places 09/2025 (register, CC0).
import numpy as np

from krzew.methods import fit, needs, neighbours, rates

rows = {
    "300202": ("rural", 11138, 136, 73, 34747, 65),
    "300405": ("rural", 8135, 199, 63, 10073, 34),
    "300701": ("rural", 10058, 112, 72, 15751, 32),
    "300704": ("rural", 10195, 113, 77, 10535, 39),
    "300711": ("rural", 9580, 109, 70, 11365, 30),
    "300801": ("rural", 8289, 59, 69, 7442, 96),
    "301003": ("rural", 11515, 292, 60, 10764, 35),
    "301005": ("rural", 11616, 335, 71, 13204, 73),
    "301006": ("rural", 8282, 173, 52, 9251, 20),
    "301011": ("rural", 12986, 239, 70, 9777, 59),
    "300207": ("mixed", 23291, 375, 160, 37402, 84),
    "300208": ("mixed", 11523, 303, 58, 43002, 32),
}
units = tuple(rows)
residents, unemployed, births, hectares, places = np.array([row[1:] for row in rows.values()], dtype=float).T

# %% Places like gmina Czarnków: type first, then structure.
features = np.column_stack([residents, residents / hectares])
structure = neighbours.Structure(
    units, tuple(row[0] for row in rows.values()), features, ("residents", "density"), log=("residents",)
)
group = neighbours.nearest(structure, "300202", k=8)
print("group:", ", ".join(group.codes))

# %% Small counts are smoothed; the error goes along.
rate = rates.smooth(unemployed, residents)
matrix = np.column_stack([100 * rate.smoothed, 100 * places / births])
errors = np.column_stack([100 * rate.sd, np.zeros(len(units))])
values = needs.Values(units, ("unemployed", "nursery"), matrix, errors=errors)

# %% Needs, with an interval.
framework = needs.Framework(
    (
        needs.Indicator("unemployed", "work", +1, goalposts=(0.0, 5.0)),
        needs.Indicator("nursery", "childcare", -1, goalposts=(150.0, 0.0)),
    )
)
result = needs.diagnose(framework, values, "300202", group.codes)
for need in result.ranked():
    print(f"{need.need}: {need.severity:.0f} ({need.low:.0f} to {need.high:.0f}), {need.status}")

# %% Solutions: how far each serves the needs, under any weights.
serves = np.array([[0.8, 0.0], [0.3, 1.0]])
criteria = (
    fit.Criterion("work", "need", (0, 100), label_pl="praca", label_en="work"),
    fit.Criterion("childcare", "need", (0, 100), label_pl="opieka nad dziećmi", label_en="childcare"),
)
severity = [result.need(c.code).severity for c in criteria]
problem = fit.Problem(
    (fit.Alternative("laundry", "Pralnia", "Laundry"), fit.Alternative("nursery", "Żłobek", "Nursery")),
    criteria,
    fit.need_values(severity, serves),
)
said = problem.solve().explain("pl")
print(said.headline, *said.decided, *said.change, sep="\n")
print(result.provenance.as_dict()["data_hash"])
