#!/usr/bin/env python3
"""Write the numbers that Tests/StabilityTests compares with: Jacobians by PyTorch, densities and integrals by SciPy.

  python3 -m venv VENV && VENV/bin/pip install "torch==2.13.0+cpu" scipy && VENV/bin/python scripts/parity/make_stability.py

The Jacobian of the gradient field and that of an alternating round are torch.autograd.functional.jacobian of the functions as they
are defined, all in f64. Dense weights are [in, out].
"""
import json, math, pathlib, random
import numpy as np
import torch
import torch.nn.functional as F
from scipy import integrate, stats

torch.set_default_dtype(torch.float64)
OUT = pathlib.Path(__file__).resolve().parents[2] / 'Tests' / 'StabilityTests' / 'Data'
BATCH = 8
LAYERS = {'generator': [2, 8, 2], 'discriminator': [2, 10, 10, 1]}
draw = random.Random(5)

shapes = {}
for player, widths in LAYERS.items():
    for i, (a, b) in enumerate(zip(widths, widths[1:]), 1):
        shapes[f'{player}/dense{i}/weight'] = (a, b)
        shapes[f'{player}/dense{i}/bias'] = (b,)
initial = {name: [round(draw.gauss(0, 0.7), 3) for _ in range(math.prod(shape))] for name, shape in shapes.items()}
real_values = [round(draw.gauss(0, 1), 3) for _ in range(2 * BATCH)]
noise_values = [round(draw.gauss(0, 1), 3) for _ in range(2 * BATCH)]
real, noise = (torch.tensor(v).reshape(BATCH, 2) for v in (real_values, noise_values))
count = sum(math.prod(s) for s in shapes.values())
generator_count = sum(math.prod(s) for n, s in shapes.items() if n.startswith('generator'))
start = torch.tensor([x for name in shapes for x in initial[name]])
direction = torch.tensor([round(draw.uniform(-1, 1), 3) for _ in range(count)])


def unflatten(point):
    parts, at = {}, 0
    for name, shape in shapes.items():
        parts[name] = point[at:at + math.prod(shape)].reshape(shape)
        at += math.prod(shape)
    return parts


def network(weights, player, x):
    last = len(LAYERS[player]) - 1
    for i in range(1, last + 1):
        x = x @ weights[f'{player}/dense{i}/weight'] + weights[f'{player}/dense{i}/bias']
        if i < last:
            x = torch.tanh(x)
    return x


def losses_non_saturating(weights):
    score, fake = network(weights, 'discriminator', real), network(weights, 'discriminator', network(weights, 'generator', noise))
    return F.softplus(-fake).mean(), F.softplus(-score).mean() + F.softplus(fake).mean()


def losses_least_squares_r1(weights):
    x = real.clone().requires_grad_(True)
    score, fake = network(weights, 'discriminator', x), network(weights, 'discriminator', network(weights, 'generator', noise))
    slope, = torch.autograd.grad(score.sum(), x, create_graph=True)
    penalty = 0.5 * slope.square().sum(1).mean()
    return 0.5 * (fake - 1).square().mean(), 0.5 * (score - 1).square().mean() + 0.5 * fake.square().mean() + penalty


def make_field(losses):
    def field(point):
        point = point if point.requires_grad else point.clone().requires_grad_(True)
        loss_g, loss_d = losses(unflatten(point))
        slope_g, = torch.autograd.grad(loss_g, point, create_graph=True)
        slope_d, = torch.autograd.grad(loss_d, point, create_graph=True)
        return -torch.cat([slope_g[:generator_count], slope_d[generator_count:]])
    return field


def alternating(field, steps, rate_g, rate_d):
    of_g = (torch.arange(count) < generator_count).double()

    def round_(point):
        for _ in range(steps):
            point = point + rate_d * (1 - of_g) * field(point)
        return point + rate_g * of_g * field(point)
    return round_


cases = {}
for name, losses in {'non-saturating': losses_non_saturating, 'least-squares-r1': losses_least_squares_r1}.items():
    field = make_field(losses)
    jacobian = torch.autograd.functional.jacobian(field, start)
    rounds = {'steps': 2, 'generatorRate': 0.3, 'discriminatorRate': 0.2}
    operator = torch.autograd.functional.jacobian(alternating(field, 2, 0.3, 0.2), start)
    values = torch.linalg.eigvals(jacobian).numpy()
    values = values[np.argsort(-np.abs(values), kind='stable')]
    cases[name] = {
        'field': field(start).tolist(), 'product': (jacobian @ direction).tolist(),
        'eigenvalues': [[float(v.real), float(v.imag)] for v in values],
        'round': rounds, 'roundProduct': (operator @ direction).tolist()}

record = {'initial': initial, 'real': real_values, 'noise': noise_values, 'direction': direction.tolist(), 'cases': cases}
OUT.mkdir(parents=True, exist_ok=True)
(OUT / 'mlp.json').write_text(json.dumps(record) + '\n')


# Two overlapping mixtures, D*, the Jensen-Shannon divergence, and a kernel density.
def mixture(centers, deviation, weights):
    weights = np.array(weights) / np.sum(weights)
    parts = [stats.multivariate_normal(c, deviation ** 2 * np.eye(2)) for c in centers]
    return lambda x, y: float(sum(w * part.pdf([x, y]) for w, part in zip(weights, parts)))


data = {'centers': [-1, 0, 1, 0.5, 0, -1], 'deviation': 0.5, 'weights': [1, 2, 1]}
made = {'centers': [0.5, 0, -0.5, 1], 'deviation': 0.6, 'weights': [1, 1]}
p, q = (mixture(np.reshape(m['centers'], (-1, 2)), m['deviation'], m['weights']) for m in (data, made))


def divergence(y, x):
    a, b = p(x, y), q(x, y)
    return a * math.log(2 * a / (a + b)) + b * math.log(2 * b / (a + b))


distance, error = integrate.dblquad(divergence, -5, 5, -5, 5, epsabs=1e-9, epsrel=1e-9)
# A discriminator that answers 0.9 everywhere: how far it is from the best.
mean_difference, _ = integrate.dblquad(
    lambda y, x: 0.5 * (p(x, y) + q(x, y)) * abs(0.9 - p(x, y) / (p(x, y) + q(x, y))), -5, 5, -5, 5, epsabs=1e-7, epsrel=1e-7)
probes = [[0.0, 0.0], [1.0, 0.5], [-1.0, 0.2], [2.0, -1.0]]
points = [round(draw.gauss(0, 1), 3) for _ in range(60)]
cloud = np.reshape(points, (-1, 2))
scott = float(math.sqrt(cloud.var(axis=0, ddof=1).mean()) * len(cloud) ** (-1 / 6))
kernel = mixture(cloud, scott, np.ones(len(cloud)))
(OUT / 'densities.json').write_text(json.dumps({
    'data': data, 'generated': made, 'probes': probes, 'best': [p(*x) / (p(*x) + q(*x)) for x in probes],
    'distance': distance, 'criterion': distance - math.log(4), 'meanDifferenceToNineTenths': mean_difference,
    'points': points, 'scott': scott, 'kernel': [kernel(*x) for x in probes]}) + '\n')
print(f'{count} parameters, distance {distance:.9f} ± {error:.1e}')
