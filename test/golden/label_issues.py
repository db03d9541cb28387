"""Golden values of test/unit/label-issues.test.ts, from cleanlab 2.9 (pip install cleanlab).

Run from this folder: python label_issues.py > label_issues.json
"""
import json

import numpy as np
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores


def case(name, generator, images, classes, strength, wrong):
    """Probabilities that are multiples of 2^-12, exact in 32 bits; `images` of each class, some with a wrong label."""
    truth = np.repeat(np.arange(classes), images)
    logits = generator.normal(size=(len(truth), classes)) + strength * np.eye(classes)[truth]
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    p[:, 1:] = np.floor(p[:, 1:] * 4096) / 4096
    p[:, 0] = 1 - p[:, 1:].sum(1)
    labels, present = truth.copy(), np.flatnonzero(images)
    for i in generator.choice(len(truth), wrong, replace=False):
        labels[i] = generator.choice(present[present != truth[i]])
    off = compute_confident_joint(labels, p, calibrate=False, return_indices_of_off_diagonals=True)[1]
    thresholds = get_confident_thresholds(labels, p)
    return dict(
        name=name, labels=labels.tolist(), probabilities=p.tolist(),
        thresholds=[t if k in present else None for k, t in enumerate(thresholds.tolist())],
        counts=compute_confident_joint(labels, p, calibrate=False).tolist(),
        joint=compute_confident_joint(labels, p, calibrate=True).tolist(), suspicions=off.tolist(),
        byMargin=find_label_issues(labels, p, filter_by='confident_learning',
                                   return_indices_ranked_by='normalized_margin').tolist(),
        bySelfConfidence=find_label_issues(labels, p, filter_by='confident_learning',
                                           return_indices_ranked_by='self_confidence').tolist(),
        margins=get_label_quality_scores(labels, p, method='normalized_margin').tolist(),
    )


generator = np.random.default_rng(7)
print(json.dumps(dict(cases=[
    case('two classes', generator, [40, 30], 2, 2.5, 7),
    case('two classes, a weak classifier', generator, [30, 30], 2, 0.3, 0),
    case('three classes', generator, [30, 25, 20], 3, 2.5, 8),
    case('three classes, one without images', generator, [30, 0, 25], 3, 2.5, 5),
    case('no wrong label, a perfect classifier', generator, [20, 20], 2, 12.0, 0),
])))
