#!/usr/bin/env python3
"""Compute losses and penalties with PyTorch, in f64, for Tests/ObjectivesTests to compare with.

  python3 -m venv VENV && VENV/bin/pip install "torch==2.13.0+cpu" && VENV/bin/python scripts/parity/make_objectives.py

Each case has its inputs, its value and the gradients of its value, by PyTorch's autograd and PyTorch's own losses where it has them.
"""
import json, math, pathlib, random
import torch
import torch.nn.functional as F

OUT = pathlib.Path(__file__).resolve().parents[2] / 'Tests' / 'ObjectivesTests' / 'Data' / 'objectives.json'
CASES = {}


class Draws:
    """Seeded numbers of three digits, none near 0, so that finite differences cross no kink of |x|."""

    def __init__(self, name):
        self.random = random.Random(name)

    def __call__(self, *shape, low=-1.5, high=1.5):
        def one():
            while True:
                x = round(self.random.uniform(low, high), 3)
                if abs(x) > 0.01:
                    return x
        return torch.tensor([one() for _ in range(math.prod(shape))], dtype=torch.float64).reshape(shape)


def case(name, inputs, function, *moved):
    """Record function(inputs), and its gradients for the inputs named in `moved`."""
    for key in moved:
        inputs[key].requires_grad_(True)
    value = function(**inputs)
    slopes = torch.autograd.grad(value, [inputs[key] for key in moved]) if moved else []
    numbers = lambda tensor: tensor.detach().flatten().tolist()
    CASES[name] = {
        'inputs': {key: {'shape': list(x.shape), 'values': numbers(x)} for key, x in inputs.items()},
        'value': numbers(value), 'gradients': {key: numbers(g) for key, g in zip(moved, slopes)}}


def one_hot(classes, *indices):
    return F.one_hot(torch.tensor(indices), classes).double()


# Gradient penalties of a critic D(x) = tanh(x W1 + b1) W2, at given points.

def slope_norms(x, w1, b1, w2):
    x = x.detach().requires_grad_(True)
    score = torch.tanh(x.flatten(1) @ w1 + b1) @ w2
    slope, = torch.autograd.grad(score.sum(), x, create_graph=True)
    return slope.flatten(1).norm(dim=1)


def critic(name):
    draw = Draws(name)
    return dict(points=draw(5, 1, 2, 3), w1=draw(6, 4, low=-1, high=1), b1=draw(4), w2=draw(4, 1, low=-1, high=1))


def penalty(name, function):
    inputs = critic('critic')
    norms = slope_norms(inputs['points'], inputs['w1'], inputs['b1'], inputs['w2'])
    assert norms.min() < 0.9 and norms.max() > 1.1, norms
    case(f'penalty/{name}', inputs, lambda points, w1, b1, w2: 3.5 * function(slope_norms(points, w1, b1, w2)).mean(),
         'w1', 'b1', 'w2')


penalty('one-centred', lambda norm: (norm - 1) ** 2)
penalty('zero-centred', lambda norm: norm ** 2)
penalty('half-square', lambda norm: norm ** 2 / 2)
penalty('excess', lambda norm: torch.clamp(norm - 1, min=0) ** 2)

draw = Draws('places')
batch = dict(real=draw(4, 1, 2, 3), fake=draw(4, 1, 2, 3), share=draw(4, 1, 1, 1, low=0, high=1),
             noise=draw(4, 1, 2, 3, low=0, high=1))
case('place/interpolated', dict(batch), lambda real, fake, share, noise: fake + share * (real - fake))
case('place/around-data', dict(batch), lambda real, fake, share, noise:
     real + share * ((real + 0.5 * real.std(correction=0) * noise) - real))

# Penalties on weights.

draw = Draws('weights')
weights = lambda: dict(dense=draw(4, 3), kernel=draw(3, 2, 2, 2), transposed=draw(2, 3, 2, 2))
case('weights/l1', weights(), lambda **w: 0.3 * sum(x.abs().sum() for x in w.values()), 'dense', 'kernel', 'transposed')
case('weights/l2', weights(), lambda **w: 0.3 / 2 * sum((x ** 2).sum() for x in w.values()), 'dense', 'kernel', 'transposed')


def gram_penalty(target):
    def total(**w):
        rows = [w['dense'].t(), w['kernel'].flatten(1), w['transposed'].transpose(0, 1).flatten(1)]
        return 0.01 * sum(target(m @ m.t()) ** 2 for m in rows)
    return total


off_diagonal = lambda gram: torch.linalg.matrix_norm(gram - torch.diag(torch.diag(gram)))
from_identity = lambda gram: torch.linalg.matrix_norm(gram - torch.eye(len(gram), dtype=gram.dtype))
case('orthogonal/relaxed', weights(), gram_penalty(off_diagonal), 'dense', 'kernel', 'transposed')
case('orthogonal/full', weights(), gram_penalty(from_identity), 'dense', 'kernel', 'transposed')
case('orthogonal/more-filters-than-inputs', dict(dense=draw(2, 5)),
     lambda dense: 0.01 * from_identity(dense.t() @ dense) ** 2, 'dense')
case('drift', dict(score=draw(6, 1)), lambda score: 0.001 * F.mse_loss(score, torch.zeros_like(score)), 'score')

# Techniques.

draw = Draws('techniques')
case('feature-matching', dict(real=draw(5, 3, 2), fake=draw(4, 3, 2)),
     lambda real, fake: F.mse_loss(fake.mean(0), real.mean(0), reduction='sum'), 'real', 'fake')
case('historical-average', {f'theta{i}': draw(2, 3) for i in range(4)}, lambda theta0, theta1, theta2, theta3:
     0.5 * F.mse_loss(theta3, torch.stack([theta0, theta1, theta2]).mean(0).detach(), reduction='sum'), 'theta3')


def logistic(score, label):
    return F.binary_cross_entropy_with_logits(score, torch.full_like(score, label))


def half_square(score, label):
    return 0.5 * F.mse_loss(score, torch.full_like(score, label))


scores = lambda: dict(real=draw(5, 1), fake=draw(5, 1))
for name, (alpha, beta) in {'one-sided': (0.9, 0.0), 'two-sided': (0.8, 0.15)}.items():
    case(f'labels/{name}/non-saturating', scores(),
         lambda real, fake: logistic(real, alpha) + logistic(fake, beta), 'real', 'fake')
    # Labels 0 and 1 stand for the targets -1 and 3.
    case(f'labels/{name}/least-squares', scores(),
         lambda real, fake: half_square(real, 4 * alpha - 1) + half_square(fake, 4 * beta - 1), 'real', 'fake')

# Auxiliary losses.

draw = Draws('auxiliary')
soft = torch.softmax(draw(4, 5), dim=1)
case('cross-entropy/one-hot', dict(logits=draw(4, 5, low=-8, high=8), classes=one_hot(5, 0, 4, 2, 2)),
     lambda logits, classes: F.cross_entropy(logits, classes.argmax(1)), 'logits')
case('cross-entropy/soft', dict(logits=draw(4, 5), classes=soft),
     lambda logits, classes: F.cross_entropy(logits, classes), 'logits')

judgement = lambda: dict(realScore=draw(4, 1), fakeScore=draw(4, 1), realLogits=draw(4, 3), fakeLogits=draw(4, 3),
                         realClasses=one_hot(3, 0, 1, 2, 1), fakeClasses=one_hot(3, 2, 2, 0, 1))
case('auxiliary-classifier/discriminator', judgement(),
     lambda realScore, fakeScore, realLogits, fakeLogits, realClasses, fakeClasses:
     logistic(realScore, 1.) + logistic(fakeScore, 0.)
     + 0.7 * (F.cross_entropy(realLogits, realClasses) + F.cross_entropy(fakeLogits, fakeClasses)),
     'realScore', 'fakeScore', 'realLogits', 'fakeLogits')
case('auxiliary-classifier/generator', judgement(),
     lambda realScore, fakeScore, realLogits, fakeLogits, realClasses, fakeClasses:
     logistic(fakeScore, 1.) + 0.7 * F.cross_entropy(fakeLogits, fakeClasses), 'fakeScore', 'fakeLogits')


def gaussian(code, mean, variance):
    return F.gaussian_nll_loss(mean, code, variance, full=True, reduction='none').sum(1).mean()


case('gaussian/fixed', dict(code=draw(5, 2), mean=draw(5, 2)),
     lambda code, mean: gaussian(code, mean, torch.ones_like(mean)), 'code', 'mean')
case('gaussian/learned', dict(code=draw(5, 2), mean=draw(5, 2), logVariance=draw(5, 2)),
     lambda code, mean, logVariance: gaussian(code, mean, logVariance.exp()), 'mean', 'logVariance')
case('gaussian/shared', dict(code=draw(5, 2), mean=draw(5, 2), logVariance=draw(2)),
     lambda code, mean, logVariance: gaussian(code, mean, logVariance.exp().expand(5, 2)), 'mean', 'logVariance')
case('mutual-information', dict(logits=draw(5, 10), classes=one_hot(10, 3, 1, 4, 1, 5), code=draw(5, 2), mean=draw(5, 2)),
     lambda logits, classes, code, mean: math.log(10) + 2 * math.log(2) - F.cross_entropy(logits, classes)
     - gaussian(code, mean, torch.ones_like(mean)), 'logits', 'mean')

# Encoder and generator against a discriminator of pairs: its labels swapped, or the values' own signs.
pairs = lambda: dict(encoded=draw(5, 1), generated=draw(5, 1))
bidirectional = {
    'non-saturating': lambda encoded, generated: logistic(generated, 1.) + logistic(encoded, 0.),
    'minimax': lambda encoded, generated: F.logsigmoid(encoded).mean() + F.logsigmoid(-generated).mean(),
    'least-squares': lambda encoded, generated: half_square(generated, 1.) + half_square(encoded, 0.),
    'least-squares/pearson': lambda encoded, generated: half_square(generated, 0.) + half_square(encoded, 0.),
    'wasserstein': lambda encoded, generated: encoded.mean() - generated.mean(),
    'hinge': lambda encoded, generated: encoded.mean() - generated.mean()}
for name, function in bidirectional.items():
    case(f'bidirectional/{name}', pairs(), function, 'encoded', 'generated')

images = lambda *names: {name: draw(2, 1, 3, 3) for name in names}
patches = lambda *names: {name: draw(2, 1, 2, 2) for name in names}
case('paired/generator', patches('score') | images('output', 'target'), lambda score, output, target:
     logistic(score, 1.) + 100 * F.l1_loss(output, target), 'score', 'output')
case('paired/discriminator', patches('real', 'fake'),
     lambda real, fake: (logistic(real, 1.) + logistic(fake, 0.)) / 2, 'real', 'fake')
case('cycle/generator', patches('scoreY', 'scoreX') | images('x', 'y', 'cycledX', 'cycledY', 'sameX', 'sameY'),
     lambda scoreY, scoreX, x, y, cycledX, cycledY, sameX, sameY:
     F.mse_loss(scoreY, torch.ones_like(scoreY)) + F.mse_loss(scoreX, torch.ones_like(scoreX))
     + 10 * (F.l1_loss(cycledX, x) + F.l1_loss(cycledY, y)) + 5 * (F.l1_loss(sameX, x) + F.l1_loss(sameY, y)),
     'scoreY', 'scoreX', 'cycledX', 'cycledY', 'sameX', 'sameY')
case('cycle/discriminator', patches('real', 'fake'), lambda real, fake:
     (F.mse_loss(real, torch.ones_like(real)) + F.mse_loss(fake, torch.zeros_like(fake))) / 2, 'real', 'fake')
case('paired/least-squares/generator', patches('score') | images('output', 'target'), lambda score, output, target:
     F.mse_loss(score, torch.ones_like(score)) + 100 * F.l1_loss(output, target), 'score', 'output')
case('paired/least-squares/discriminator', patches('real', 'fake'), lambda real, fake:
     (F.mse_loss(real, torch.ones_like(real)) + F.mse_loss(fake, torch.zeros_like(fake))) / 2, 'real', 'fake')

# The value function of two normal distributions, by quadrature: JSD, V at the optimum and V of a wrong discriminator.

grid = torch.linspace(-12, 12, 24001, dtype=torch.float64)
number = lambda x: torch.tensor(x, dtype=torch.float64)
density = lambda mean, deviation: torch.distributions.Normal(number(mean), number(deviation)).log_prob(grid)
data, model = density(0., 1.), density(1., 1.5)
mixture = torch.logaddexp(data, model) - math.log(2)
integral = lambda values: torch.trapezoid(values, grid)
divergence = (integral(data.exp() * (data - mixture)) + integral(model.exp() * (model - mixture))) / 2
value = lambda logit: integral(data.exp() * F.logsigmoid(logit)) + integral(model.exp() * F.logsigmoid(-logit))
CASES['value-function'] = {'inputs': {}, 'gradients': {}, 'value': [
    float(divergence), float(value(data - model)), float(value(0.5 * (data - model) + 0.2))]}

OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text('{\n' + ',\n'.join(f'{json.dumps(name)}: {json.dumps(record)}' for name, record in CASES.items()) + '\n}\n')
print(f'{len(CASES)} cases, {OUT.stat().st_size} bytes')
