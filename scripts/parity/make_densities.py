#!/usr/bin/env python3
"""Log densities of the synthetic distributions, raw and scaled to unit deviation, by SciPy: the numbers of DensityTests.

  python3 -m venv VENV && VENV/bin/pip install numpy scipy && VENV/bin/python scripts/parity/make_densities.py

Mixtures are sums of scipy.stats.multivariate_normal, curves scipy.integrate.quad over the curve's parameter. Scaling
x' = (x - mean) / deviation is done to the distribution (means, deviations, curves), not to its density, so that the change of
variables is checked too.
"""
import numpy as np
from scipy.integrate import quad
from scipy.special import logsumexp
from scipy.stats import multivariate_normal


def mixture(means, sigma):
    means = np.asarray(means)
    return lambda p: logsumexp([multivariate_normal.logpdf(p, m, sigma**2 * np.eye(2)) for m in means]) - np.log(len(means))


def scaled_mixture(means, sigma):
    means = np.asarray(means)
    centre = means.mean(0)
    deviation = np.sqrt(((means - centre) ** 2).sum() / len(means) / 2 + sigma**2)
    return mixture((means - centre) / deviation, sigma / deviation)


def moons(noise, centre=np.zeros(2), scale=1.0):
    curves = [lambda t: np.array([np.cos(t), np.sin(t)]), lambda t: np.array([1 - np.cos(t), 0.5 - np.sin(t)])]
    sigma = noise / scale

    def density(p):
        def term(t, c):
            d = np.asarray(p) - (c(t) - centre) / scale
            return np.exp(-d @ d / (2 * sigma**2)) / (2 * np.pi * sigma**2) / np.pi
        places = np.linspace(0, np.pi, 33)[1:-1]
        return np.log(0.5 * sum(quad(term, 0, np.pi, args=(c,), epsabs=1e-13, limit=500, points=places)[0] for c in curves))
    return density


def scaled_moons(noise):
    # Means 1/2 and 1/4 by symmetry; the rest by quadrature.
    centre = np.array([0.5, 0.25])
    second = np.zeros(2)
    for c in (lambda t: (np.cos(t), np.sin(t)), lambda t: (1 - np.cos(t), 0.5 - np.sin(t))):
        for axis in range(2):
            second[axis] += 0.5 * quad(lambda t: (c(t)[axis] - centre[axis]) ** 2 / np.pi, 0, np.pi)[0]
    return moons(noise, centre, np.sqrt(second.sum() / 2 + noise**2))


def ring(count, radius):
    angles = 2 * np.pi * np.arange(count) / count
    return np.stack([radius * np.cos(angles), radius * np.sin(angles)], 1)


GRID = [(x, y) for y in (-4, -2, 0, 2, 4) for x in (-4, -2, 0, 2, 4)]
CASES = {
    'ring': (mixture(ring(8, 1), 0.01), scaled_mixture(ring(8, 1), 0.01), [(1, 0), (0.71, 0.7), (0.98, 0.01), (1.4, 0.05)]),
    'wideRing': (mixture(ring(5, 2), 0.6), scaled_mixture(ring(5, 2), 0.6), [(0, 0), (1, 1), (-2, 0.3), (5, -4)]),
    'grid': (mixture(GRID, 0.05), scaled_mixture(GRID, 0.05), [(0, 0), (1.98, -3.96), (0.7, 0.72), (1, 1)]),
    'moons': (moons(0.1), scaled_moons(0.1), [(0, 1), (0.5, 0.25), (-1.1, 0.05), (0.3, -0.2)]),
}
for name, (raw, scaled, points) in CASES.items():
    for p in points:
        print(f'{name}: x {p[0]}, y {p[1]}, raw {raw(p):.12g}, scaled {scaled(p):.12g}')
