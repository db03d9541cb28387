"""Golden values of test/unit/distributions.test.ts, from SciPy and statsmodels.

Run from this folder: python distributions.py > distributions.json
"""
import json

from scipy.stats import beta, norm, t
from statsmodels.stats.proportion import proportion_confint

shares = [1e-12, 1e-6, .001, .005, .025, .1, .3, .5, .7, .9, .975, .995, .999999]
print(json.dumps(dict(
    normal=[dict(z=z, share=float(norm.cdf(z)), p=float(2 * norm.sf(abs(z))))
            for z in [-37, -20, -8, -3.5, -3, -2.9, -1.96, -1, -.3, 0, .01, .7, 1.96, 2.99, 3.01, 5]],
    normalQuantiles=[dict(share=q, z=float(norm.ppf(q))) for q in shares + [1e-300]],
    student=[dict(t=v, freedom=f, share=float(t.cdf(v, f)))
             for v in [-40, -5, -2, -.5, 0, .1, 1, 2.5, 7] for f in [1, 2, 3, 4.5, 9, 30, 500]],
    studentQuantiles=[dict(share=q, freedom=f, t=float(t.ppf(q, f)))
                      for q in shares[1:] for f in [1, 2, 4, 9, 30, 500]],
    beta=[dict(x=x, a=a, b=b, share=float(beta.cdf(x, a, b)))
          for x in [1e-5, .01, .2, .5, .9, .999] for a, b in [(.5, .5), (1, 1), (2, 7), (30, .5), (90, 11), (700, 500)]],
    betaQuantiles=[dict(share=q, a=a, b=b, x=float(beta.ppf(q, a, b)))
                   for q in [.001, .025, .4, .975, .999] for a, b in [(.5, .5), (1, 4), (2, 7), (90, 11), (700, 500)]],
    clopperPearson=[dict(successes=s, trials=n, low=low, high=high)
                    for s, n in [(0, 10), (1, 10), (5, 10), (10, 10), (83, 97), (489, 497), (0, 1), (1234, 5000)]
                    for low, high in [proportion_confint(s, n, .05, 'beta')]],
)))
