"""Golden values of test/unit/comparisons.test.ts, from SciPy and statsmodels.

Run from this folder: python comparisons.py > comparisons.json
"""
import json

import numpy as np
from scipy.stats import permutation_test, rankdata, t, ttest_rel
from sklearn.metrics import brier_score_loss, roc_auc_score
from statsmodels.stats.multitest import multipletests

g = np.random.default_rng(3)


def corrected(differences, train, test):
    """Nadeau and Bengio's variance is that of the usual t-test times 1 + runs · test / train."""
    runs = len(differences)
    usual = ttest_rel(differences, np.zeros(runs)).statistic
    statistic = usual / np.sqrt(1 + runs * test / train)
    error = np.mean(differences) / statistic
    reach = t.ppf(.975, runs - 1) * error
    return dict(differences=list(differences), train=train, test=test, t=float(statistic),
                p=float(2 * t.sf(abs(statistic), runs - 1)), low=float(np.mean(differences) - reach),
                high=float(np.mean(differences) + reach))


# All 2^9 exchanges of nine groups of three images: SciPy's exact paired permutation over group indices. The area takes
# ranks for scores (Venkatraman and Begg 1996), so that p does not depend on the two classifiers' scales.
groups = np.repeat(np.arange(9), 3)
truth = np.array([0, 1, 1, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 1])
one, two = (np.floor(64 / (1 + np.exp(-(s * (truth - .5) + g.normal(size=27))))) / 64 for s in (1, 1.4))


def exact(metric, one=one, two=two):
    def statistic(a, b, axis):
        rows = []
        for x in np.reshape(a, (-1, 9)):
            swap = (x != np.arange(9))[groups]
            rows.append(metric(truth, np.where(swap, one, two)) - metric(truth, np.where(swap, two, one)))
        return np.reshape(rows, np.shape(a)[:-1])
    result = permutation_test((np.arange(9), np.arange(9) + 9), statistic, permutation_type='samples',
                              n_resamples=np.inf, axis=-1)
    return dict(difference=float(result.statistic), p=float(result.pvalue))


print(json.dumps(dict(
    corrected=[corrected([.02, .01, .03, 0, .02], 80, 20), corrected([-.4, .1], 50, 50),
               corrected(g.normal(.01, .02, 30).tolist(), 200, 100)],
    holm=[dict(p=p, adjusted=multipletests(p, method='holm')[1].tolist())
          for p in [[.01, .04, .03], [.5], [.2, .9, .6, 1], [0, .001, .01, .0101, .04], [.02, .02, .02]]],
    permutation=dict(groups=groups.tolist(), truth=truth.tolist(), one=one.tolist(), two=two.tolist(),
                     auc=exact(roc_auc_score, rankdata(one), rankdata(two)), brier=exact(brier_score_loss)))))
