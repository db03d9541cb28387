"""Golden values of test/unit/significance.test.ts: McNemar's exact test, from SciPy and statsmodels.

Run from this folder: python significance.py > significance.json
"""
import json

from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar

# Discordant counts; (86, 150) is Agresti's table of approval of the prime minister (Categorical Data Analysis, table
# 11.1: 794, 150, 86, 570), (6, 16) and the rest are made up, from none to many.
pairs = [(0, 0), (0, 1), (1, 0), (5, 5), (0, 10), (1, 9), (6, 16), (86, 150), (30, 12), (3, 100), (500, 600), (0, 400)]
cases = []
for b, c in pairs:
    exact = mcnemar([[0, b], [c, 0]], exact=True).pvalue
    if b + c:
        assert abs(exact - binomtest(min(b, c), b + c, 0.5).pvalue) < 1e-12
    cases.append({'onlyFirst': b, 'onlySecond': c, 'pValue': float(exact)})
print(json.dumps({'mcnemar': cases}, indent=1))
