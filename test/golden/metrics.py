"""Golden values of test/unit/metrics.test.ts and intervals.test.ts, from scikit-learn, SciPy and statsmodels.

Run from this folder: python metrics.py > metrics.json
"""
import json
import math

import numpy as np
from scipy.stats import norm, t
from sklearn import metrics as m
from statsmodels.stats.proportion import proportion_confint


def number(value):
    """JSON has no NaN: null stands for it."""
    value = float(value)
    return None if math.isnan(value) else value


def case(name, truth, probabilities, classes, weights=None):
    truth, probabilities = np.asarray(truth), np.asarray(probabilities, np.float64)
    predicted = probabilities.argmax(1)
    labels = list(range(classes))
    shared = dict(labels=labels, average=None, zero_division=np.nan, sample_weight=weights)
    confusion = m.confusion_matrix(truth, predicted, labels=labels, sample_weight=weights)
    roc = []
    for k in labels:
        if len(set(truth == k)) < 2:
            roc.append(None)
            continue
        fpr, tpr, thresholds = m.roc_curve(truth == k, probabilities[:, k], drop_intermediate=False,
                                           sample_weight=weights)
        roc.append(dict(fpr=fpr.tolist(), tpr=tpr.tolist(), thresholds=thresholds[1:].tolist(),
                        auc=m.roc_auc_score(truth == k, probabilities[:, k], sample_weight=weights)))
    total = confusion.sum()
    specificity = []
    for k in labels:
        negatives = total - confusion[k].sum()
        false_positives = confusion[:, k].sum() - confusion[k, k]
        specificity.append(number((negatives - false_positives) / negatives if negatives else np.nan))
    return dict(
        name=name, classes=classes, truth=truth.tolist(), probabilities=probabilities.ravel().tolist(),
        weights=None if weights is None else list(weights), confusion=confusion.tolist(),
        accuracy=m.accuracy_score(truth, predicted, sample_weight=weights),
        balancedAccuracy=number(np.mean(m.recall_score(truth, predicted, **shared))),
        precision=[number(v) for v in m.precision_score(truth, predicted, **shared)],
        sensitivity=[number(v) for v in m.recall_score(truth, predicted, **shared)],
        specificity=specificity,
        f1=[number(v) for v in m.f1_score(truth, predicted, **shared)],
        logLoss=m.log_loss(truth, np.clip(probabilities, 1e-7, 1 - 1e-7), labels=labels, normalize=True)
        if weights is None else None,
        brier=m.brier_score_loss(truth == 0, probabilities[:, 0], pos_label=True) if weights is None else None,
        roc=roc,
    )


def soft(generator, truth, classes, strength, decimals=None):
    logits = generator.normal(size=(len(truth), classes)) + strength * np.eye(classes)[truth]
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    if decimals is not None:  # coarse scores make ties
        p[:, 0] = np.round(p[:, 0], decimals)
        p[:, 1:] *= ((1 - p[:, 0]) / p[:, 1:].sum(1))[:, None]
    return p


def main():
    g = np.random.default_rng(7)
    two = g.integers(0, 2, 60)
    three = g.integers(0, 3, 75)
    cases = [
        case('two classes', two, soft(g, two, 2, 1.2), 2),
        case('two classes, scores in tenths: many ties', two, soft(g, two, 2, 1.0, 1), 2),
        case('two classes, weighted as a resample', two, soft(g, two, 2, 1.0, 1), 2,
             g.integers(0, 4, 60).tolist()),
        case('three classes', three, soft(g, three, 3, 1.0), 3),
        case('no image of the second class, none called so', [0, 0, 0], [[.9, .1], [.8, .2], [.7, .3]], 2),
        case('perfect', [0, 1, 1, 0], [[1, 0], [0, 1], [.2, .8], [.6, .4]], 2),
        case('all wrong', [0, 1], [[.1, .9], [.8, .2]], 2),
    ]
    wilson = [dict(successes=s, trials=n, low=low, high=high)
              for s, n in [(0, 10), (1, 10), (5, 10), (10, 10), (83, 97), (489, 497), (0, 1), (1234, 5000)]
              for low, high in [proportion_confint(s, n, 0.05, 'wilson')]]
    tails = [dict(groups=n, strata=s, share=float(norm.sf(math.sqrt(n / (n - s)) * t.ppf(.975, n - s))))
             for n, s in [(8, 2), (5, 1), (10, 1), (10, 2), (20, 1), (40, 2), (1000, 1)]]
    print(json.dumps(dict(cases=cases, wilson=wilson, tails=tails)))


main()
