"""Golden values of test/unit/operating-points.test.ts: thresholds by brute force, with scikit-learn's rates.

Run from this folder: python operating_points.py > operating_points.json
"""
import json

import numpy as np
from sklearn.metrics import recall_score

with open('scores.json') as file:
    samples = json.load(file)['cases']


def choose(truth, scores, worth):
    """The highest of the thresholds whose worth is greatest, among the scores and one above all."""
    best = (None, -np.inf)
    for threshold in [np.inf] + sorted(set(scores), reverse=True):
        called = scores >= threshold
        value = worth(recall_score(truth, called), recall_score(~truth, ~called))
        if value > best[1] + 1e-12:
            best = (threshold, value)
    return best[0]


cases = []
for sample in samples:
    p = np.array(sample['probabilities'])
    for k in range(p.shape[1]):
        truth, scores = np.array(sample['truth']) == k, p[:, k]
        share = truth.mean()
        rules = [
            ({'name': 'youden'}, lambda found, spared: found + spared),
            ({'name': 'sensitivity', 'atLeast': .95}, lambda found, spared: spared if found >= .95 - 1e-12 else -np.inf),
            ({'name': 'sensitivity', 'atLeast': .5}, lambda found, spared: spared if found >= .5 - 1e-12 else -np.inf),
            ({'name': 'specificity', 'atLeast': .9}, lambda found, spared: found if spared >= .9 - 1e-12 else -np.inf),
            ({'name': 'cost', 'falseNegative': 5, 'falsePositive': 1},
             lambda found, spared: -5 * share * (1 - found) - (1 - share) * (1 - spared)),
            ({'name': 'cost', 'falseNegative': 10, 'falsePositive': 1, 'prevalence': .02},
             lambda found, spared: -.2 * (1 - found) - .98 * (1 - spared)),
        ]
        for rule, worth in rules:
            threshold = choose(truth, scores, worth)
            cases.append(dict(sample=sample['name'], positive=k, rule=rule,
                              threshold=None if np.isinf(threshold) else threshold))
print(json.dumps(dict(cases=cases)))
