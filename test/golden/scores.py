"""Golden values of test/unit/scores.test.ts, from scikit-learn.

Run from this folder: python scores.py > scores.json
"""
import json

import numpy as np
from sklearn import metrics as m


def soft(generator, truth, classes, strength, bits):
    """Probabilities that are multiples of 2^-bits: exact in 32 bits, and each row sums to exactly 1. Few bits make ties."""
    logits = generator.normal(size=(len(truth), classes)) + strength * np.eye(classes)[truth]
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    p[:, 1:] = np.floor(p[:, 1:] * 2 ** bits) / 2 ** bits
    p[:, 0] = 1 - p[:, 1:].sum(1)
    assert (p == p.astype(np.float32)).all() and (p.sum(1) == 1).all()
    return p


def shares(truth, predicted, labels, average):
    precision, recall, f1, _ = m.precision_recall_fscore_support(
        truth, predicted, labels=labels, average=average, zero_division=np.nan)
    # scikit-learn has no specificity and no negative predictive value: from its two-way matrices.
    counts = m.multilabel_confusion_matrix(truth, predicted, labels=labels)
    if average == 'micro':
        counts = counts.sum(0, keepdims=True)
    tn, fp, fn = counts[:, 0, 0], counts[:, 0, 1], counts[:, 1, 0]
    weights = np.bincount(truth, minlength=len(labels)) if average == 'weighted' else None
    fold = (lambda v: v.tolist()) if average is None else (lambda v: float(np.average(v, weights=weights)))
    plain = (lambda v: v.tolist()) if average is None else float
    return dict(precision=plain(precision), sensitivity=plain(recall), f1=plain(f1),
                specificity=fold(tn / (tn + fp)), negativePredictiveValue=fold(tn / (tn + fn)))


def case(name, truth, p):
    classes = p.shape[1]
    labels = list(range(classes))
    predicted, one_hot = p.argmax(1), np.eye(classes)[truth]
    images = np.bincount(truth, minlength=classes)
    averages = {average: dict(shares(truth, predicted, labels, average), auc=m.roc_auc_score(one_hot, p, average=average))
                for average in ['micro', 'macro', 'weighted']}
    one_vs_one = {average: m.roc_auc_score(truth, p, multi_class='ovo', average=average) if classes > 2
                  else m.roc_auc_score(truth, p[:, 1]) for average in ['macro', 'weighted']}
    curves = []
    for k in labels:
        precision, recall, thresholds = m.precision_recall_curve(truth == k, p[:, k])
        curves.append(dict(precision=precision.tolist(), recall=recall.tolist(), thresholds=thresholds.tolist()))
    per_class = shares(truth, predicted, labels, None)
    normalized = {whole: m.confusion_matrix(truth, predicted, labels=labels, normalize=word).tolist()
                  for whole, word in [('row', 'true'), ('column', 'pred'), ('all', 'all')]}
    clipped = np.clip(p, 1e-7, 1 - 1e-7)
    return dict(
        name=name, truth=truth.tolist(), probabilities=p.tolist(), normalized=normalized,
        confusion=m.confusion_matrix(truth, predicted, labels=labels).tolist(),
        accuracy=m.accuracy_score(truth, predicted), balancedAccuracy=m.balanced_accuracy_score(truth, predicted),
        matthews=m.matthews_corrcoef(truth, predicted),
        kappa={'none': m.cohen_kappa_score(truth, predicted, labels=labels),
               'linear': m.cohen_kappa_score(truth, predicted, labels=labels, weights='linear'),
               'quadratic': m.cohen_kappa_score(truth, predicted, labels=labels, weights='quadratic')},
        brier=m.brier_score_loss(truth, p, labels=labels, scale_by_half=True),
        # The library clips at 1e-7, as Keras does.
        logLoss=m.log_loss(truth, np.clip(p, 1e-7, 1 - 1e-7), labels=labels),
        perClass=dict(per_class, auc=[m.roc_auc_score(truth == k, p[:, k]) for k in labels], images=images.tolist(),
                      averagePrecision=[m.average_precision_score(truth == k, p[:, k]) for k in labels]),
        averages=averages, oneVsOne=one_vs_one, curves=curves)


def main():
    g = np.random.default_rng(14)
    two, three = g.integers(0, 2, 70), g.integers(0, 3, 60)
    five = g.choice(5, 90, p=[.4, .3, .15, .1, .05])
    print(json.dumps(dict(cases=[
        case('two classes', two, soft(g, two, 2, 1.2, 20)),
        case('two classes, probabilities in eighths: many ties', two, soft(g, two, 2, .8, 3)),
        case('three classes', three, soft(g, three, 3, 1.2, 20)),
        case('five classes, some of them rare, probabilities in 64ths', five, soft(g, five, 5, 1.5, 6)),
    ])))


main()
