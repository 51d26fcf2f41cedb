#!/usr/bin/env python3
"""Compute with SciPy the truncated normal latents that Tests/RunsTests compares with.

  python3 -m venv VENV && VENV/bin/pip install scipy && VENV/bin/python scripts/parity/make_truncation.py

The value of a truncated normal distribution at the share of the normal distribution below z.
"""
import pathlib
import scipy.special, scipy.stats

OUT = pathlib.Path(__file__).resolve().parents[2] / 'Tests' / 'RunsTests' / 'Training' / 'TruncationNumbers.swift'

rows = []
for limit in (0.05, 0.5, 1, 2, 4):
    for z in (-4.5, -2.25, -1, -0.3, -1e-3, 0, 0.01, 0.7, 1.5, 3.125, 5):
        # The nearer tail keeps its digits.
        share = scipy.stats.norm.cdf(-abs(z))
        value = -scipy.stats.truncnorm.ppf(share, -limit, limit) if z > 0 else scipy.stats.truncnorm.ppf(share, -limit, limit)
        rows.append(f'    ({limit}, {z}, {float(value)!r}),')
inverse = [f'    ({y!r}, {float(scipy.special.erfinv(y))!r}),'
           for y in (-0.999999, -0.9, -0.5, -1e-9, 0.0, 1e-4, 0.25, 0.52, 0.75, 0.99, 1 - 1e-9, 1 - 1e-14)]
OUT.write_text('// Made by scripts/parity/make_truncation.py.\n\n/// Numbers of scipy.stats.truncnorm and scipy.special.\n'
               'enum TruncationNumbers {\n  /// Limit, normal value, truncated value.\n'
               '  static let truncated: [(limit: Double, z: Double, value: Double)] = [\n' + '\n'.join(rows) + '\n  ]\n\n'
               '  /// y and the inverse error function of it.\n  static let inverse: [(y: Double, x: Double)] = [\n'
               + '\n'.join(inverse) + '\n  ]\n}\n')
