"""Golden values of test/unit/area-intervals.test.ts: DeLong's interval and test, Obuchowski's variance, the BCa bootstrap.

MLstatkit 0.1.91 computes DeLong's from midranks. Obuchowski's is computed here, pair by pair, from her paper's formulas
(1997, equations 2 to 4). SciPy computes BCa from its own resamples, which are handed on.

Run from this folder: python area_intervals.py > area_intervals.json
"""
import json

import numpy as np
from MLstatkit import Delong_test
from scipy.stats import bootstrap
from sklearn.metrics import roc_auc_score


def obuchowski(truth, one, two, groups):
    """Areas and their 2 × 2 covariance, from all pairs of a positive and a negative."""
    x, y = np.flatnonzero(truth == 1), np.flatnonzero(truth == 0)
    m, n = len(x), len(y)
    areas, v10, v01 = [], [], []
    for scores in [one, two]:
        psi = (scores[x][:, None] > scores[y][None]) + .5 * (scores[x][:, None] == scores[y][None])
        areas.append(psi.mean())
        v10.append(psi.mean(1))
        v01.append(psi.mean(0))
    names = np.unique(groups)
    i10 = len(np.unique(groups[x]))
    i01 = len(np.unique(groups[y]))
    i = len(names)
    covariance = np.zeros((2, 2))
    for r in range(2):
        for s in range(2):
            s10 = s01 = s11 = s11t = 0
            for name in names:
                px, py = groups[x] == name, groups[y] == name
                a = [v10[q][px].sum() - px.sum() * areas[q] for q in (r, s)]
                b = [v01[q][py].sum() - py.sum() * areas[q] for q in (r, s)]
                s10 += a[0] * a[1]
                s01 += b[0] * b[1]
                s11 += a[0] * b[1]
                s11t += a[1] * b[0]
            s10 *= i10 / ((i10 - 1) * m)
            s01 *= i01 / ((i01 - 1) * n)
            s11 *= i / (i - 1)
            s11t *= i / (i - 1)
            covariance[r, s] = s10 / m + s01 / n + (s11 + s11t) / (m * n)
    return areas, covariance


def dyadic(scores, bits):
    return np.floor(scores * 2 ** bits) / 2 ** bits


def case(name, g, count, per_group, bits, mixed):
    """Two classifiers on the same images; images of a group share a shift. Mixed groups have images of both classes."""
    groups = np.arange(count) // per_group
    truth = g.integers(0, 2, count) if mixed else (groups % 2)
    shift = g.normal(size=groups.max() + 1)[groups]
    scores = [dyadic(1 / (1 + np.exp(-(strength * (truth - .5) + .8 * shift + g.normal(size=count)))), bits)
              for strength in (1.5, 2.2)]
    z, p, first, second, area1, area2, _ = Delong_test(truth, *scores)
    assert abs(area1 - roc_auc_score(truth, scores[0])) < 1e-12
    areas, covariance = obuchowski(truth, *scores, np.arange(count))
    assert abs((areas[1] - areas[0]) / np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]) - z) < 1e-9
    _, grouped = obuchowski(truth, *scores, groups)
    return dict(name=name, truth=truth.tolist(), scores=[s.tolist() for s in scores], groups=groups.tolist(),
                areas=[area1, area2], delong=dict(first=first, second=second, z=z, p=p),
                obuchowski=dict(errors=np.sqrt(np.diag(grouped)).tolist(),
                                difference=float(np.sqrt(grouped[0, 0] + grouped[1, 1] - 2 * grouped[0, 1]))))


def bca(name, values, statistic, seed):
    result = bootstrap((values,), statistic, n_resamples=300, method='BCa', rng=np.random.default_rng(seed))
    left_out = [float(statistic(np.delete(values, i))) for i in range(len(values))]
    return dict(name=name, draws=np.asarray(result.bootstrap_distribution).tolist(), value=float(statistic(values)),
                leftOut=left_out, low=float(result.confidence_interval.low), high=float(result.confidence_interval.high))


def main():
    g = np.random.default_rng(1988)
    cases = [case('groups of one class', g, 60, 3, 20, False), case('groups of both classes', g, 80, 4, 20, True),
             case('scores in eighths: many ties', g, 70, 2, 3, True), case('one image a group', g, 40, 1, 20, True)]
    skewed, hits = g.exponential(size=30), (g.uniform(size=40) < .9).astype(float)
    print(json.dumps(dict(cases=cases, bca=[
        bca('mean of skewed numbers', skewed, lambda v, axis=-1: np.mean(v, axis=axis), 1),
        bca('variance of skewed numbers', skewed, lambda v, axis=-1: np.var(v, axis=axis), 2),
        bca('a proportion: many resamples equal it', hits, lambda v, axis=-1: np.mean(v, axis=axis), 3)])))


main()
