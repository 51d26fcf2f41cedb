#!/usr/bin/env python3
"""Write the numbers that Tests/TerminalKitTests compares TensorBoard's smoothing with: exact fractions and pandas.

  python3 -m venv VENV && VENV/bin/pip install pandas && VENV/bin/python scripts/parity/make_smoothing.py

TensorBoard's scalar charts draw m_n / (1 - w^n) with m_n = w m_(n-1) + (1 - w) v_n, m_0 = 0. That is the weighted mean of all
values so far with the weights w^(n-i): here it is summed so, in fractions without rounding, and beside it stands
pandas' ewm(alpha=1-w, adjust=True, ignore_na=True).mean(), which is another program of the same mean. Values that are not
numbers take no part.
"""
import json, math, pathlib, random
from fractions import Fraction
import pandas

OUT = pathlib.Path(__file__).resolve().parents[2] / 'Tests' / 'TerminalKitTests' / 'Data'
draw = random.Random(11)
series = {
    'noisy': [round(1.4 - 0.01 * i + draw.gauss(0, 0.3), 4) for i in range(60)],
    'spike': [0.5] * 20 + [1e6] + [0.5] * 20,
    'steps': [float(i // 7) for i in range(40)],
    'gaps': [None if i % 9 == 4 else round(draw.uniform(-2, 2), 4) for i in range(45)],
    'tiny': [round(draw.uniform(-1, 1), 3) * 1e-12 for _ in range(20)],
}
cases = []
for name, values in series.items():
    for weight in (0.2, 0.6, 0.9, 0.99, 0.999):
        exact, total, weights = [], Fraction(0), Fraction(0)
        w = Fraction(weight)
        for value in values:
            if value is None:
                exact.append(None)
                continue
            total, weights = w * total + Fraction(value), w * weights + 1
            exact.append(float(total / weights))
        by_pandas = pandas.Series([math.nan if v is None else v for v in values]).ewm(
            alpha=1 - weight, adjust=True, ignore_na=True).mean()
        for a, b in zip(exact, by_pandas):
            # A gap has no value; pandas repeats the last one there.
            assert a is None or abs(a - b) <= 1e-9 * max(abs(a), max(abs(v) for v in values if v is not None)), (name, weight, a, b)
        cases.append({'name': name, 'weight': weight, 'values': values, 'smoothed': exact})
OUT.mkdir(exist_ok=True)
(OUT / 'smoothing.json').write_text(json.dumps(cases) + '\n')
