#!/usr/bin/env python3
"""Train small GANs with PyTorch and write the numbers that Tests/ParityTests compares with.

  python3 -m venv VENV && VENV/bin/pip install "torch==2.13.0+cpu" && VENV/bin/python scripts/parity/make_parity.py

Every case starts from the same written weights, data and noise, trains for 20 steps in f64 and in f32, and records the losses of
each step and the last weights. Parameters have gantui's names and layouts: dense weights are [in, out].
"""
import json, math, pathlib, random
import torch
import torch.nn.functional as F

STEPS = 20
OUT = pathlib.Path(__file__).resolve().parents[2] / 'Tests' / 'ParityTests' / 'Data'
TYPES = {'f64': torch.float64, 'f32': torch.float32}


def rounded(values, digits):
    return [round(v, digits) for v in values]


def number(value, dtype):
    return float(f'{value:.9g}') if dtype == 'f32' else value


class Numbers:
    """Seeded draws that do not depend on PyTorch's generator."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def normal(self, count, deviation=1.0, digits=3):
        return rounded((self.random.gauss(0, deviation) for _ in range(count)), digits)

    def uniform(self, count, low=0.0, high=1.0, digits=3):
        return rounded((self.random.uniform(low, high) for _ in range(count)), digits)


def tensors(shapes, values, dtype):
    return {name: torch.tensor(values[name], dtype=dtype).reshape(shape).requires_grad_(not name.split('/')[-1].startswith('running'))
            for name, shape in shapes.items()}


def of(player, weights):
    return [w for name, w in weights.items() if name.startswith(player) and w.requires_grad]


def clip(parameters, limit):
    norm = torch.sqrt(sum((p.grad ** 2).sum() for p in parameters))
    for p in parameters:
        p.grad *= torch.clamp(limit / norm, max=1)


def record(weights, losses, dtype):
    return {'losses': {k: [number(x, dtype) for x in v] for k, v in losses.items()},
            'final': {k: [number(x, dtype) for x in w.detach().flatten().tolist()] for k, w in weights.items()}}


# A multilayer perceptron on a ring of eight Gaussians.

BATCH, HIDDEN = 16, 12
ACTIVATIONS = {'leaky-relu': lambda x: F.leaky_relu(x, 0.2), 'tanh': torch.tanh}
LOSSES = {
    'non-saturating': (lambda r, f: (F.softplus(-r).mean() + F.softplus(f).mean()), lambda f: F.softplus(-f).mean()),
    'wasserstein': (lambda r, f: f.mean() - r.mean(), lambda f: -f.mean()),
    'least-squares': (lambda r, f: .5 * ((r - 1) ** 2).mean() + .5 * (f ** 2).mean(), lambda f: .5 * ((f - 1) ** 2).mean()),
    'hinge': (lambda r, f: F.relu(1 - r).mean() + F.relu(1 + f).mean(), lambda f: -f.mean()),
}
CASES = {
    'adam': dict(objective='non-saturating', activation='leaky-relu', penalty=0, clip=None,
                 optimizer=lambda p: torch.optim.Adam(p, 2e-3, betas=(.5, .999), eps=1e-8)),
    'wgan-gp': dict(objective='wasserstein', activation='tanh', penalty=10, clip=None,
                    optimizer=lambda p: torch.optim.Adam(p, 2e-3, betas=(.5, .9), eps=1e-8)),
    'sgd': dict(objective='least-squares', activation='leaky-relu', penalty=0, clip=.1,
                optimizer=lambda p: torch.optim.SGD(p, 5e-2, momentum=.9)),
    'rmsprop': dict(objective='non-saturating', activation='leaky-relu', penalty=0, clip=None,
                    optimizer=lambda p: torch.optim.RMSprop(p, 5e-4, alpha=.9, eps=1e-8, momentum=.5)),
    'hinge': dict(objective='hinge', activation='leaky-relu', penalty=0, clip=None,
                  optimizer=lambda p: torch.optim.SGD(p, 2e-2)),
}


def mlp_shapes():
    shapes = {}
    for player, output in (('generator', 2), ('discriminator', 1)):
        widths = [2, HIDDEN, HIDDEN, output]
        for i, (a, b) in enumerate(zip(widths[:-1], widths[1:]), 1):
            shapes[f'{player}/dense{i}/weight'] = [a, b]
            shapes[f'{player}/dense{i}/bias'] = [b]
    return shapes


def mlp(player, weights, x, activation):
    for i in (1, 2, 3):
        x = x @ weights[f'{player}/dense{i}/weight'] + weights[f'{player}/dense{i}/bias']
        x = activation(x) if i < 3 else x
    return x


def train_mlp(case, shapes, initial, inputs, dtype):
    kind = TYPES[dtype]
    weights = tensors(shapes, initial, kind)
    activation = ACTIVATIONS[case['activation']]
    discriminator_loss, generator_loss = LOSSES[case['objective']]
    optimizers = {player: case['optimizer'](of(player, weights)) for player in ('discriminator', 'generator')}
    losses = {'discriminator': [], 'generator': []}
    G = lambda z: mlp('generator', weights, z, activation)
    D = lambda x: mlp('discriminator', weights, x, activation)

    def step(player, loss):
        optimizers[player].zero_grad()
        loss.backward()
        if case['clip']:
            clip(of(player, weights), case['clip'])
        optimizers[player].step()
        losses[player].append(loss.item())

    for t in range(STEPS):
        x, z1, z2 = (torch.tensor(inputs[k][t], dtype=kind).reshape(BATCH, 2) for k in ('real', 'noise1', 'noise2'))
        fake = G(z1).detach()
        loss = discriminator_loss(D(x), D(fake))
        if case['penalty']:
            share = torch.tensor(inputs['share'][t], dtype=kind).reshape(BATCH, 1)
            points = (share * x + (1 - share) * fake).requires_grad_(True)
            slope, = torch.autograd.grad(D(points).sum(), points, create_graph=True)
            loss = loss + case['penalty'] * ((slope.norm(dim=1) - 1) ** 2).mean()
        step('discriminator', loss)
        step('generator', generator_loss(D(G(z2))))
    return record(weights, losses, dtype)


def make_mlp():
    numbers = Numbers(1)
    shapes = mlp_shapes()
    initial = {}
    for name, shape in shapes.items():
        count = math.prod(shape)
        initial[name] = numbers.normal(count, (1 / shape[0]) ** .5 if len(shape) == 2 else .1, 4)
    modes = [[(2 * math.cos(a), 2 * math.sin(a))[i] for i in (0, 1)] for a in (2 * math.pi * k / 8 for k in range(8))]
    real = [[round(c + d, 3) for k in range(BATCH) for c, d in zip(modes[(k + t) % 8], numbers.normal(2, .05))] for t in range(STEPS)]
    inputs = {'real': real, 'noise1': [numbers.normal(2 * BATCH) for _ in range(STEPS)],
              'noise2': [numbers.normal(2 * BATCH) for _ in range(STEPS)], 'share': [numbers.uniform(BATCH) for _ in range(STEPS)]}
    cases = {name: {dtype: train_mlp(case, shapes, initial, inputs, dtype) for dtype in TYPES} for name, case in CASES.items()}
    return {'initial': initial, 'inputs': inputs, 'cases': cases}


# A DCGAN of 16 x 16 pixels; both updates share the fake batch.

SIZE, CHANNELS, LATENT, FEATURES, IMAGES, POOL = 16, 3, 6, 4, 6, 12


def dcgan_shapes():
    f = FEATURES
    shapes = {'generator/project/dense/weight': [LATENT, 2 * f * 16]}

    def norm(name, channels):
        for part in ('scale', 'offset', 'running_mean', 'running_variance'):
            shapes[f'{name}/norm/{part}'] = [channels]
    norm('generator/project', 2 * f)
    shapes['generator/block1/conv/weight'] = [2 * f, f, 4, 4]
    norm('generator/block1', f)
    shapes['generator/block2/conv/weight'] = [f, CHANNELS, 4, 4]
    shapes['discriminator/block1/conv/weight'] = [f, CHANNELS, 4, 4]
    shapes['discriminator/block2/conv/weight'] = [2 * f, f, 4, 4]
    norm('discriminator/block2', 2 * f)
    shapes['discriminator/score/dense/weight'] = [2 * f * 16, 1]
    return shapes


def train_dcgan(shapes, initial, inputs, dtype):
    kind = TYPES[dtype]
    w = tensors(shapes, initial, kind)
    optimizers = {p: torch.optim.Adam(of(p, w), 2e-3, betas=(.5, .999), eps=1e-8) for p in ('discriminator', 'generator')}
    losses = {'discriminator': [], 'generator': []}
    pool = torch.tensor(inputs['images'], dtype=kind).reshape(POOL, CHANNELS, SIZE, SIZE)

    def norm(x, name):
        return F.batch_norm(x, w[f'{name}/norm/running_mean'], w[f'{name}/norm/running_variance'], w[f'{name}/norm/scale'],
                            w[f'{name}/norm/offset'], training=True, momentum=.1, eps=1e-5)

    def G(z):
        kernel = w['generator/project/dense/weight'].view(LATENT, 2 * FEATURES, 4, 4)
        x = F.relu(norm(F.conv_transpose2d(z.view(-1, LATENT, 1, 1), kernel), 'generator/project'))
        x = F.relu(norm(F.conv_transpose2d(x, w['generator/block1/conv/weight'], stride=2, padding=1), 'generator/block1'))
        return torch.tanh(F.conv_transpose2d(x, w['generator/block2/conv/weight'], stride=2, padding=1))

    def D(x):
        x = F.leaky_relu(F.conv2d(x, w['discriminator/block1/conv/weight'], stride=2, padding=1), .2)
        x = F.leaky_relu(norm(F.conv2d(x, w['discriminator/block2/conv/weight'], stride=2, padding=1), 'discriminator/block2'), .2)
        return F.conv2d(x, w['discriminator/score/dense/weight'].view(1, 2 * FEATURES, 4, 4)).view(-1, 1)

    for t in range(STEPS):
        x = pool[inputs['rows'][t]]
        fake = G(torch.tensor(inputs['noise'][t], dtype=kind).reshape(IMAGES, LATENT))
        loss = F.softplus(-D(x)).mean() + F.softplus(D(fake.detach())).mean()
        optimizers['discriminator'].zero_grad(); loss.backward(); optimizers['discriminator'].step()
        losses['discriminator'].append(loss.item())
        loss = F.softplus(-D(fake)).mean()
        optimizers['generator'].zero_grad(); loss.backward(); optimizers['generator'].step()
        losses['generator'].append(loss.item())
    return record(w, losses, dtype)


def make_dcgan():
    numbers = Numbers(2)
    shapes = dcgan_shapes()
    initial = {}
    for name, shape in shapes.items():
        count, last = math.prod(shape), name.split('/')[-1]
        if last == 'weight':
            initial[name] = numbers.normal(count, .1, 4)
        elif last == 'scale':
            initial[name] = [round(1 + v, 4) for v in numbers.normal(count, .02, 4)]
        else:
            initial[name] = [1.0 if last == 'running_variance' else 0.0] * count
    images = []
    for k in range(POOL):
        cy, cx, r = numbers.uniform(3, 4, 12)
        for c in range(CHANNELS):
            images += [round(math.tanh(2 - math.hypot(y - cy, x - cx) / (r / 4) + .3 * c) + n, 2)
                       for y in range(SIZE) for x, n in zip(range(SIZE), numbers.normal(SIZE, .05))]
    inputs = {'images': images, 'rows': [[(5 * t + i) % POOL for i in range(IMAGES)] for t in range(STEPS)],
              'noise': [numbers.normal(IMAGES * LATENT) for _ in range(STEPS)]}
    return {'initial': initial, 'inputs': inputs,
            'cases': {'adam': {dtype: train_dcgan(shapes, initial, inputs, dtype) for dtype in TYPES}}}


def distance(a, b):
    return math.sqrt(sum((x - y) ** 2 for x, y in zip(a, b)) / max(sum(y * y for y in b), 1e-300))


if __name__ == '__main__':
    torch.manual_seed(0)
    torch.set_num_threads(1)
    OUT.mkdir(parents=True, exist_ok=True)
    for name, make in (('mlp', make_mlp), ('dcgan', make_dcgan)):
        made = {'torch': torch.__version__, 'script': 'scripts/parity/make_parity.py', **make()}
        path = OUT / f'{name}.json'
        path.write_text(json.dumps(made, separators=(',', ':')) + '\n')
        print(path.name, path.stat().st_size, 'bytes')
        for case, runs in made['cases'].items():
            worst = max((distance(runs['f32']['final'][k], v), k) for k, v in runs['f64']['final'].items())
            moved = min((distance(made['initial'][k], v), k) for k, v in runs['f64']['final'].items())
            print(f'  {case}: f32 from f64 at most {worst[0]:.1e} ({worst[1]}), moved at least {moved[0]:.1e} ({moved[1]}),',
                  'losses', *(f"{runs['f64']['losses'][p][0]:.3f} -> {runs['f64']['losses'][p][-1]:.3f}" for p in ('discriminator', 'generator')))
