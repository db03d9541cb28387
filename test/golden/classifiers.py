"""Golden values of test/unit/nearest-neighbors.test.ts and logistic-regression.test.ts, from scikit-learn.

Run from this folder: python classifiers.py > classifiers.json
"""
import json

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from hash import images

cases = []
for name, classes, count, queries, dimensions, penalty in [
    ('two classes', 2, 60, 12, 7, 1.0),
    ('three classes', 3, 90, 15, 40, 1.0),
    ('three classes, strong penalty', 3, 45, 9, 5, 20.0),
]:
    # Classes that overlap: class k is shifted by k / 4 in its own direction.
    examples = images(f'{name}/examples', (count, dimensions)).astype(np.float64)
    labels = np.arange(count) % classes
    examples[np.arange(count), labels] += 0.25
    examples = examples.astype(np.float32)
    asked = images(f'{name}/queries', (queries, dimensions))
    scaler = StandardScaler().fit(examples.astype(np.float64))
    # With two classes scikit-learn has one weight vector w where softmax has w/2 and -w/2, whose squares sum to half.
    strength = (2 if classes == 2 else 1) / penalty
    logistic = LogisticRegression(C=strength, tol=1e-12, max_iter=100000)
    logistic.fit(scaler.transform(examples.astype(np.float64)), labels)
    cases.append(dict(
        name=name, classes=classes, count=count, queries=queries, dimensions=dimensions, penalty=penalty,
        logistic=logistic.predict_proba(scaler.transform(asked.astype(np.float64))).ravel().tolist(),
        neighbours={k: KNeighborsClassifier(int(k)).fit(examples, labels).predict_proba(asked).ravel().tolist()
                    for k in ('1', '5')},
    ))

print(json.dumps(dict(cases=cases)))
