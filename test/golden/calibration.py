"""Golden values of test/unit/calibration.test.ts, from scikit-learn and SciPy.

Run from this folder: python calibration.py > calibration.json
"""
import json

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.calibration import _TemperatureScaling, calibration_curve
from sklearn.metrics import log_loss

with open('scores.json') as file:
    samples = json.load(file)['cases']


def curve(truth, scores, ranges):
    """scikit-learn's points; the error weights them by the images of each range, which its function does not list."""
    share, score = calibration_curve(truth, scores, n_bins=ranges)
    images = np.histogram(scores, np.linspace(0, 1, ranges + 1))[0]
    images = images[images > 0]
    return dict(ranges=ranges, images=images.tolist(), meanScore=score.tolist(), observedShare=share.tolist(),
                error=float((images * np.abs(share - score)).sum() / images.sum()))


def temperature(truth, p):
    logs = np.log(np.maximum(p, 1e-7))
    loss = lambda power: log_loss(truth, np.exp(log_softmax(power * logs, axis=1)), labels=range(p.shape[1]))
    power = minimize_scalar(loss, bounds=(.01, 20), method='bounded', options=dict(xatol=1e-10)).x
    # scikit-learn searches less finely.
    assert abs(_TemperatureScaling().fit(logs, truth).beta_ / power - 1) < 1e-3
    return dict(temperature=1 / power, after=loss(power), probabilities=np.exp(log_softmax(power * logs, axis=1)).tolist())


cases = []
for sample in samples:
    truth, p = np.array(sample['truth']), np.array(sample['probabilities'])
    called = p.argmax(1)
    net = []
    for threshold in [.1, .25, .5, .8]:
        acted = p[:, 0] >= threshold
        net.append(dict(threshold=threshold, everybody=float((truth == 0).mean() - (truth != 0).mean() * threshold / (1 - threshold)),
                        netBenefit=float(((truth == 0) & acted).mean() - ((truth != 0) & acted).mean() * threshold / (1 - threshold))))
    # Scores on a range's end belong to the upper range here, to the lower one in scikit-learn: seven ranges have none.
    cases.append(dict(sample=sample['name'], curve=curve(truth == 0, p[:, 0], 7), net=net,
                      called=curve(called == truth, p.max(1), 7), temperature=temperature(truth, p)))
print(json.dumps(dict(cases=cases)))
