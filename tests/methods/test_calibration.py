"""Calibration: published ranks, an exact answer by quadrature, a text-book sampler, and what must hold."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from krzew.methods import MethodError
from krzew.methods.calibration import SNSF, Calibration, Priors, calibrate, links, third_opinion
from krzew.methods.calibration.plugin import given as at_variances
from krzew.methods.calibration.plugin import system, variances
from krzew.methods.calibration.ranks import interval, rank, split_r_hat
from krzew.methods.calibration.sampler import _start, advance
from krzew.methods.calibration.scores import read_scores
from tests.methods.data import table
from tests.methods.plain_gibbs import plain_gibbs

seeds = st.integers(0, 2**32 - 1)


def panel() -> tuple[list[str], list[str], np.ndarray]:
    """The mock panel of the SNSF: letters A to D as numbers from 6 (best) to 1."""
    rows = table("snsf_panel.csv")
    voters = [f"v_{k}" for k in range(1, 6)]
    ideas = [r["proposal"] for r in rows for _ in voters]
    return ideas, voters * len(rows), np.array([7.0 - float(r[v]) for r in rows for v in voters])


def random_call(
    seed: int, n: int = 12, m: int = 6, k: int = 3, bias: float = 0.5
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Ideas of known quality, each read by k assessors of known severity."""
    stream = np.random.default_rng(seed)
    quality, severity = stream.normal(0, 0.6, n), stream.normal(0, bias, m)
    idea = np.repeat(np.arange(n), k)
    assessor = np.concatenate([stream.choice(m, k, replace=False) for _ in range(n)])
    score = 4 + quality[idea] - severity[assessor] + stream.normal(0, 0.8, n * k)
    return idea, assessor, score, quality


@pytest.fixture(scope="module")
def snsf() -> Calibration:
    return calibrate(*panel(), fundable=4, priors="snsf", draws=10_000)


def test_published_expected_ranks_of_the_swiss_panel(snsf: Calibration) -> None:
    rows = table("snsf_panel.csv")
    published = np.array([float(r["expected_rank"]) for r in rows])
    assert snsf.ideas == tuple(r["proposal"] for r in rows)
    np.testing.assert_allclose(snsf.expected_rank, published, atol=0.1)
    np.testing.assert_allclose(snsf.sucra, [float(r["sucra"]) for r in rows], atol=0.01)
    np.testing.assert_allclose(snsf.pcer, 100 * (published - 0.5) / 15, atol=0.6)
    assert snsf.convergence.converged
    assert snsf.convergence.r_hat < 1.01
    assert snsf.convergence.effective_draws > 10_000
    assert snsf.convergence.rank_error < 0.03


def exact_posterior(ideas: Any, assessors: Any, scores: Any) -> tuple[np.ndarray, np.ndarray]:
    """Mean and sd of the effects under the SNSF priors by quadrature over the two unknown sds."""
    read = read_scores(ideas, assessors, scores)
    sys = system(read, fixed_mean=True)
    total = mean = square = 0.0
    start = None
    for sd in np.linspace(0.01, 1.99, 100):
        for noise in np.linspace(0.51, 1.49, 50):  # the posterior has no mass outside
            found = at_variances(sys, sd**2, 0.25, noise**2)
            start = found.loss if start is None else start
            weight = np.exp(-0.5 * (found.loss - start)) * noise  # two uniform sds: density of their root
            inner = np.linalg.inv(found.root @ found.root.T)
            slope = -(sys.design.toarray() / noise**2) / found.precision[:, None]
            middle = sys.sums / noise**2 / found.precision + slope @ found.centre
            spread = 1 / found.precision + np.einsum("ij,jk,ik->i", slope, inner, slope)
            total, mean = total + weight, mean + weight * middle
            square = square + weight * (spread + middle**2)
    mean = mean / total
    return mean, np.sqrt(square / total - mean**2)


def test_posterior_equals_quadrature(snsf: Calibration) -> None:
    mean, sd = exact_posterior(*panel())
    inner = snsf.scores.idea_order
    error = sd[inner] / np.sqrt(snsf.convergence.effective_draws)
    assert (np.abs(snsf.effect - mean[inner]) / error).max() < 4.5
    np.testing.assert_allclose(snsf.sd, sd[inner], rtol=0.02)


@pytest.mark.parametrize("snsf_priors", [True, False])
def test_equal_to_the_plain_sampler(snsf_priors: bool) -> None:
    idea, assessor, score, quality = random_call(3)
    score = score + quality[idea] / 2  # a clear signal, since the plain sampler mixes badly near zero
    limit = 2.0 if snsf_priors else 2.0 * score.std()
    effects, sds = plain_gibbs(idea, assessor, score, 12_000, 500, 1, limit, 0.5 if snsf_priors else None)
    ours = calibrate(idea, assessor, score, priors="snsf" if snsf_priors else "default")
    theirs = rank(effects[None])
    error = np.hypot(ours.rank_error, theirs.error)
    assert (np.abs(ours.expected_rank - theirs.expected) / error).max() < 4.5
    np.testing.assert_allclose(ours.sd, effects.std(axis=0), rtol=0.15)
    np.testing.assert_allclose([ours.spread.ideas, ours.spread.noise], sds.mean(axis=0), rtol=0.1)


@pytest.mark.filterwarnings("ignore")  # statsmodels on its optimiser
def test_variances_equal_statsmodels() -> None:
    import pandas as pd
    import statsmodels.formula.api as smf

    idea, assessor, score, _ = random_call(5, n=30, m=8)
    data = pd.DataFrame({"y": score, "i": idea, "a": assessor, "g": 1})
    parts = {"i": "0+C(i)", "a": "0+C(a)"}
    peer = smf.mixedlm("y~1", data, groups="g", re_formula="0", vc_formula=parts).fit(method="powell")
    ours = variances(system(read_scores(idea, assessor, score), False), Priors(10.0))
    theirs = [*peer.vcomp[::-1], peer.scale]  # in alphabetical order: assessors first
    np.testing.assert_allclose(ours, theirs, rtol=2e-3)


def test_recovers_the_best_fifth_better_than_plain_means() -> None:
    ours = plain = 0
    for seed in range(8):
        idea, assessor, score, quality = random_call(seed, n=150, m=30, bias=0.6)
        best = set(np.argsort(-quality)[:30])
        result = calibrate(idea, assessor, score, method="eb", draws=250)
        ours += len(best & set(np.argsort(-result.effect)[:30]))
        plain += len(best & set(np.argsort(-result.raw_mean)[:30]))
    assert ours > plain + 8  # of 240


def test_severity_and_levels_come_back() -> None:
    stream = np.random.default_rng(4)
    quality, severity = stream.normal(0, 1, 40), np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    idea, assessor = np.repeat(np.arange(40), 5), np.tile(np.arange(5), 40)
    score = 60 + 10 * (quality[idea] - severity[assessor]) + stream.normal(0, 2, 200)
    result = calibrate(idea, assessor, score, fundable=10)
    np.testing.assert_allclose(result.severity - result.severity.mean(), 10 * severity, atol=1.0)
    np.testing.assert_allclose(result.score - result.score.mean(), 10 * (quality - quality.mean()), atol=3.5)
    assert result.score.mean() == pytest.approx(score.mean(), abs=0.2)
    assert result.icc > 0.5


def test_scores_without_noise_give_the_true_order() -> None:
    idea, assessor = np.repeat(np.arange(10), 3), np.array([(i + j) % 5 for i in range(10) for j in range(3)])
    score = 2.0 * idea - np.array([0.0, 3.0, 6.0, 1.0, 9.0])[assessor]
    for method in ("gibbs", "eb"):
        result = calibrate(idea, assessor, score, method=method)
        np.testing.assert_allclose(result.expected_rank, 10 - np.arange(10), atol=0.05)


@pytest.mark.parametrize("method", ["gibbs", "eb"])
def test_labels_decide_and_not_rows(method: str) -> None:
    idea, assessor, score, _ = random_call(7)
    mixed = np.random.default_rng(0).permutation(len(score))
    a = calibrate(idea, assessor, score, method=method, draws=200)
    b = calibrate(idea[mixed], assessor[mixed], score[mixed], method=method, draws=200)
    names = [f"idea {i:02d}" for i in idea], [f"assessor {j}" for j in assessor]
    c = calibrate(*names, score, method=method, draws=200)
    where = [b.ideas.index(label) for label in a.ideas]
    np.testing.assert_array_equal(a.expected_rank, b.expected_rank[where])
    np.testing.assert_array_equal(a.severity, b.severity[[b.assessors.index(x) for x in a.assessors]])
    np.testing.assert_array_equal(a.expected_rank, c.expected_rank)
    assert a.provenance.data_hash == b.provenance.data_hash
    assert a.ideas == tuple(range(12))
    assert c.ideas[:2] == ("idea 00", "idea 01")


def test_other_labels_move_nothing_but_the_draws() -> None:
    idea, assessor, score, _ = random_call(8)
    turned = calibrate(11 - idea, assessor, score)
    plain = calibrate(idea, assessor, score)
    assert np.abs(turned.expected_rank - plain.expected_rank).max() < 6 * plain.convergence.rank_error


def test_a_stricter_assessor_changes_no_rank_under_flat_severity() -> None:
    idea, assessor, score, _ = random_call(9)
    flat = Priors(2 * score.std(), severity_sd=100.0)
    shifted = score - 3.0 * (assessor == 2)
    a, b = (calibrate(idea, assessor, x, priors=flat, method="eb") for x in (score, shifted))
    np.testing.assert_allclose(a.expected_rank, b.expected_rank, atol=0.01)
    a, b = (calibrate(idea, assessor, x) for x in (score, shifted))
    np.testing.assert_allclose(a.expected_rank, b.expected_rank, atol=0.8)
    row = a.assessors.index(2)
    assert b.severity[row] - a.severity[row] > 2


def test_a_scale_where_less_is_better_is_turned_round() -> None:
    ideas, assessors, score = panel()
    up = calibrate(ideas, assessors, score, fundable=4, draws=500)
    down = calibrate(ideas, assessors, 7 - score, places=4, higher_is_better=False, draws=500)
    np.testing.assert_allclose(up.expected_rank, down.expected_rank, atol=0.2)
    np.testing.assert_allclose(up.score, 7 - down.score, atol=0.1)
    np.testing.assert_allclose(up.raw_mean, 7 - down.raw_mean)
    np.testing.assert_allclose(up.severity, down.severity, atol=0.4)


@given(seeds, st.integers(2, 9))
def test_ranks_add_up(seed: int, n: int) -> None:
    effect = np.random.default_rng(seed).normal(size=(2, 50, n))
    found = rank(effect)
    assert found.expected.sum() == pytest.approx(n * (n + 1) / 2)
    np.testing.assert_allclose(found.at_most.sum(axis=0), np.arange(1, n + 1))
    np.testing.assert_allclose(found.at_most[:, -1], 1)
    flat = effect.reshape(-1, n)
    by_hand = (flat[:, :, None] < flat[:, None, :]).sum(axis=2) + 1
    np.testing.assert_allclose(found.expected, by_hand.mean(axis=0))
    np.testing.assert_allclose(found.sd, by_hand.std(axis=0))
    for level in (0.5, 0.9):
        low, high = interval(found.at_most, level).T
        assert ((by_hand >= low) & (by_hand <= high)).mean(axis=0).min() >= level
        assert ((by_hand < low).mean(axis=0) <= (1 - level) / 2 + 1e-9).all()


def test_r_hat_sees_chains_that_disagree() -> None:
    stream = np.random.default_rng(0)
    same = stream.normal(size=(4, 400, 1))
    assert split_r_hat(same)[0] < 1.02
    assert split_r_hat(same + np.arange(4)[:, None, None])[0] > 1.3
    drifting = same + np.linspace(0, 3, 400)[None, :, None]
    assert split_r_hat(drifting)[0] > 1.2


def test_places_and_intervals_of_the_panel(snsf: Calibration) -> None:
    assert snsf.fundable_probability is not None
    assert snsf.fundable_probability.sum() == pytest.approx(4)
    np.testing.assert_array_equal(snsf.fundable_probability, snsf.probability_within(4))
    np.testing.assert_array_equal(snsf.rank_50, snsf.rank_interval(0.5))
    assert (snsf.rank_90[:, 0] <= snsf.rank_50[:, 0]).all()
    assert snsf.rank_50[0].tolist() == [1, 3]
    assert snsf.order[0] == 0
    assert snsf.row("p3") == 2


def test_any_executor_and_a_copied_stream_give_the_same_bits() -> None:
    data = random_call(11)[:3]
    alone = calibrate(*data, draws=300)
    with ThreadPoolExecutor(2) as pool:
        shared = calibrate(*data, draws=300, executor=pool)
    np.testing.assert_array_equal(alone.draws.effect, shared.draws.effect)
    chain = _start(read_scores(*data), SNSF, np.random.default_rng(1))
    copy = pickle.loads(pickle.dumps(chain))
    np.testing.assert_array_equal(advance(chain)[0].effect, advance(copy)[0].effect)  # as processes do


def test_stopped_work_gives_the_draws_so_far() -> None:
    data, seen = random_call(11)[:3], []
    result = calibrate(*data, draws=400, stop=lambda: True, progress=lambda share, step: seen.append(share))
    assert seen == [0.1]
    assert result.convergence.draws == 40
    assert not result.convergence.complete
    assert "stopped" in result.cautions
    whole = calibrate(*data, draws=400, time_limit=60)
    np.testing.assert_array_equal(result.draws.effect, whole.draws.effect[:, :40])


def test_stopped_at_once_is_honest_about_its_error() -> None:
    result = calibrate(*random_call(11)[:3], draws=4, chains=1, stop=lambda: True)
    assert result.convergence.draws == 1
    assert result.convergence.effective_draws <= 1
    assert np.isnan(result.convergence.r_hat)


def test_independent_draws_are_worth_themselves() -> None:
    result = calibrate(*random_call(11)[:3], method="eb", draws=500)
    assert result.convergence.effective_draws == pytest.approx(2_000)
    np.testing.assert_allclose(result.rank_error, result.rank_sd / np.sqrt(2_000))


def test_provenance_repeats_the_result() -> None:
    data = random_call(12)[:3]
    a = calibrate(*data, draws=100, seed=5)
    b = calibrate(
        *data, draws=100, seed=a.provenance.seed, priors=Priors(**a.provenance.parameters["priors"])
    )
    np.testing.assert_array_equal(a.expected_rank, b.expected_rank)
    assert a.provenance.parameters["interval"].startswith("equal-tailed")
    assert (calibrate(*data, draws=100, seed=6).expected_rank != a.expected_rank).any()


def test_groups_without_a_common_reader_are_refused_by_name() -> None:
    ideas = ["opieka", "opieka", "transport", "transport", "sklep", "sklep"]
    assessors = ["Nowak", "Kos", "Nowak", "Kos", "Lis", "Bak"]
    with pytest.raises(MethodError) as error:
        calibrate(ideas, assessors, [1, 2, 3, 4, 5, 6])
    assert error.value.field == "assessors"
    for word in ("2 groups", "opieka, transport", "Lis", "Nowak reads sklep"):
        assert word in error.value.rule
    found = links(ideas, assessors)
    assert [part.ideas for part in found.components] == [("opieka", "transport"), ("sklep",)]
    assert calibrate([*ideas, "sklep"], [*assessors, "Nowak"], [1, 2, 3, 4, 5, 6, 5], draws=50).ideas


@given(seeds)
def test_the_readings_proposed_link_everything(seed: int) -> None:
    stream = np.random.default_rng(seed)
    pairs = stream.choice(80, int(stream.integers(2, 20)), replace=False)
    idea, assessor = pairs // 8, pairs % 8
    found = links(idea, assessor)
    assert len(found.readings) == len(found.components) - 1
    extra = [(r.idea, r.assessor) for r in found.readings]
    joined = links([*idea, *(i for i, _ in extra)], [*assessor, *(a for _, a in extra)])
    assert joined.connected
    assert sum(len(part.ideas) for part in found.components) == len(set(idea))


def one_more_score(data: tuple[Any, ...], result: Calibration, idea: int, places: int) -> float:
    """Share of imagined scores after which a new calibration funds otherwise, by brute force."""
    stream, moved, repeats = np.random.default_rng(1), 0, 40
    effect = result.draws.effect.reshape(-1, len(result.ideas))
    common = result.draws.common.reshape(-1, 4)
    was = idea in result.order[:places]
    for t in stream.integers(0, len(effect), repeats):
        mean, _, severity, noise = common[t]
        score = mean + effect[t, idea] + stream.normal(0, np.hypot(severity, noise))
        again = calibrate([*data[0], idea], [*data[1], 99], [*data[2], score], priors="snsf", draws=1_000)
        moved += (idea in again.order[:places]) != was
    return moved / repeats


def test_third_opinion_equals_fitting_again() -> None:
    data = random_call(13, n=8)[:3]
    result = calibrate(*data, fundable=3, priors="snsf")
    third = third_opinion(result)
    chances = {o.idea: o.probability for o in third.opinions}
    near = third.opinions[0]
    assert one_more_score(data, result, near.idea, 3) == pytest.approx(near.probability, abs=0.17)
    assert chances[result.ideas[result.order[-1]]] < 0.05
    assert [o.probability for o in third.opinions] == sorted(chances.values(), reverse=True)
    assert near.gain > 0
    assert sum(o.funded_now for o in third.opinions) == 3


def test_third_opinion_of_somebody_known() -> None:
    data = random_call(13, n=8)[:3]
    result = calibrate(*data, fundable=3, draws=1_000)
    third = third_opinion(result, assessor=0)
    read = {int(i) for i, j in zip(data[0], data[1], strict=True) if j == 0}
    assert read.isdisjoint(o.idea for o in third.opinions)
    assert len(read) + len(third.opinions) == 8


def test_third_opinion_far_from_the_line_makes_no_difference() -> None:
    idea, assessor = np.repeat(np.arange(90), 3), np.array([(i + j) % 9 for i in range(90) for j in range(3)])
    score = np.where(idea < 10, 9.0, 1.0) + np.random.default_rng(0).normal(0, 0.3, 270)
    third = third_opinion(calibrate(idea, assessor, score, method="eb", draws=500), 10)
    assert third.ask == ()
    assert len(third.opinions) == 90
    assert "nie zmieni" in third.explain("pl")[0]
    assert "no difference" in third.explain("en")[0]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ideas": [1, 1, 2]}, "ideas"),
        ({"ideas": [1, 1, None, 2]}, "ideas"),
        ({"ideas": [1, 1, 1, 1], "assessors": [1, 2, 3, 4]}, "ideas"),
        ({"assessors": [1, 1, 1, 1], "ideas": [1, 2, 3, 4]}, "assessors"),
        ({"scores": [1.0, np.nan, 2.0, 3.0]}, "scores"),
        ({"scores": ["a", "b", "c", "d"]}, "scores"),
        ({"scores": [2.0, 2.0, 2.0, 2.0]}, "scores"),
        ({"scores": [], "ideas": [], "assessors": []}, "scores"),
        ({"assessors": [1, 1, 1, 2]}, "scores"),
        ({"assessors": [1, 2, 3, 4]}, "assessors"),
        ({"fundable": 0}, "fundable"),
        ({"fundable": 3}, "fundable"),
        ({"fundable": 1.5}, "fundable"),
        ({"priors": "flat"}, "priors"),
        ({"priors": "snsf", "scores": [10.0, 20.0, 30.0, 90.0]}, "priors"),
        ({"method": "reml"}, "method"),
        ({"chains": 0}, "chains"),
        ({"draws": 1}, "draws"),
        ({"warm_up": -1}, "warm_up"),
        ({"time_limit": 0}, "time_limit"),
    ],
)
def test_bad_input(change: dict[str, Any], field: str) -> None:
    sound = {"ideas": [1, 1, 2, 2], "assessors": [1, 2, 1, 2], "scores": [1.0, 2.0, 2.0, 4.0]}
    with pytest.raises(MethodError) as error:
        calibrate(**{**sound, **change})
    assert error.value.field == field


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda r: third_opinion(r), "fundable"),
        (lambda r: third_opinion(r, 8), "fundable"),
        (lambda r: third_opinion(r, 3, assessor="?"), "assessor"),
        (lambda r: third_opinion(r, 3, threshold=2), "threshold"),
        (lambda r: r.rank_interval(1.0), "level"),
        (lambda r: r.probability_within(9), "fundable"),
        (lambda r: r.row("?"), "idea"),
        (lambda r: r.explain("de"), "lang"),
        (lambda r: Priors(0.0), "priors"),
        (lambda r: Priors(1.0, severity_sd=-1.0), "priors"),
    ],
)
def test_bad_questions(call: Any, field: str) -> None:
    result = calibrate(*random_call(13, n=8)[:3], draws=50)
    with pytest.raises(MethodError) as error:
        call(result)
    assert error.value.field == field


def test_explained_to_an_applicant(snsf: Calibration) -> None:
    said = snsf.explain("pl")
    assert said[0] == "Pomysły: 15. Oceny: 75. Osoby oceniające: 5."
    assert said[2].startswith("Najsurowsze oceny daje „v_5” (różnica od przeciętnej: 1,7 punktu)")
    assert (
        said[3] == "Pierwszy jest pomysł „p1”. Jego prawdziwe miejsce, z pewnością 90 na 100, to od 1 do 6."
    )
    assert said[4] == "Pieniędzy starczy na 4 pomysły."
    assert "„p1” (86 na 100)" in said[5]
    english = snsf.explain("en")
    assert len(english) == len(said)
    assert english[4] == "There is money for 4 ideas."


def test_cautions_are_said() -> None:
    ideas, assessors = [1, 1, 2, 2, 3], ["a", "b", "b", "c", "c"]
    result = calibrate(ideas, assessors, [1, 2, 2, 1, 2], draws=50)
    assert {"few_levels", "few_assessors", "single_score", "thin_links"} <= set(result.cautions)
    assert sum(line.startswith("Uwaga") for line in result.explain("pl")) == len(result.cautions)
    assert sum(line.startswith("Note") for line in result.explain("en")) == len(result.cautions)
