#!/usr/bin/env python3
"""Run single layers in PyTorch and write the numbers that Tests/ParityTests/LayerParityTests.swift compares with.

  python3 -m venv VENV && VENV/bin/pip install "torch==2.13.0+cpu" && VENV/bin/python scripts/parity/make_layers.py

Each case is one pass in training mode, in f64: y = layer(x), loss = sum(y * c) with written numbers c, slopes of the loss for x
and all parameters, penalty = sum((d loss / d x)^2), and its slopes for the parameters (second order). Statistics are what the pass
leaves behind. Parameters have gantui's names and layouts: dense weights are [in, out].

Spectral normalization is torch.nn.utils.spectral_norm, whose power iteration goes v, then u; the newer parametrization goes u,
then v, from the same pair: with the pair that the pass left behind, in evaluation mode, it has to give the same output, which is
checked here.
"""
import json, math, pathlib, warnings
import torch
import torch.nn as nn
import torch.nn.functional as F
from make_parity import Numbers, OUT

warnings.filterwarnings('ignore', message='.*spectral_norm.*')
f64 = torch.float64


class Case:
    """Named parameters and statistics with written numbers, and the modules that hold them."""

    def __init__(self, seed):
        self.numbers = Numbers(seed)
        self.initial, self.tensors, self.statistics, self.checks = {}, {}, {}, []

    def draw(self, shape, deviation=.5, mean=0.0):
        values = [round(mean + v, 4) for v in self.numbers.normal(math.prod(shape), deviation, 4)]
        return values, torch.tensor(values, dtype=f64).reshape(shape)

    def parameter(self, name, shape, deviation=.5):
        self.initial[name], tensor = self.draw(shape, deviation)
        self.tensors[name] = tensor.requires_grad_(True)
        return self.tensors[name]

    def moments(self, name, channels):
        self.initial[f'{name}/running_mean'], mean = self.draw([channels])
        self.initial[f'{name}/running_variance'] = [round(abs(v) + .5, 4) for v in self.draw([channels])[0]]
        variance = torch.tensor(self.initial[f'{name}/running_variance'], dtype=f64)
        self.statistics[f'{name}/running_mean'], self.statistics[f'{name}/running_variance'] = lambda: mean, lambda: variance
        return mean, variance

    def weighted(self, name, module, spectral, layout=lambda w: w, part='weight', bias=True):
        """A PyTorch module whose weight (and bias) have written numbers; `layout` turns gantui's layout into PyTorch's and back."""
        raw = self.parameter(f'{name}/{part}', layout(module.weight).shape)
        module.to(f64)
        with torch.no_grad():
            module.weight.copy_(layout(raw))
        key = 'weight'
        if spectral:
            nn.utils.spectral_norm(module, n_power_iterations=spectral)
            key = 'weight_orig'
            drawn = torch.tensor(self.numbers.normal(module.weight_u.numel(), 1), dtype=f64)
            u = torch.tensor([round(v, 6) for v in (drawn / drawn.norm()).tolist()], dtype=f64)
            self.initial[f'{name}/{part}_u'] = u.tolist()
            module.weight_u.copy_(u)
            self.statistics[f'{name}/{part}_u'] = lambda: module.weight_u
            self.checks.append(module)
        self.tensors[f'{name}/{part}'] = (getattr(module, key), layout)
        if bias:
            self.initial[f'{name}/bias'], value = self.draw(module.bias.shape)
            with torch.no_grad():
                module.bias.copy_(value)
            self.tensors[f'{name}/bias'] = module.bias
        return module

    def dense(self, name, a, b, spectral=0, bias=True):
        return self.weighted(name, nn.Linear(a, b, bias=bias), spectral, lambda w: w.transpose(0, 1), bias=bias)

    def conv(self, name, a, b, k, spectral=0, bias=True, **geometry):
        return self.weighted(name, nn.Conv2d(a, b, k, bias=bias, **geometry), spectral, bias=bias)


def run(case, layer, shape, classes=None):
    x_values, x = case.draw(shape, 1)
    x.requires_grad_(True)
    y = layer(x)
    for module in case.checks:
        agrees_with_parametrization(module)
    c_values, c = case.draw(list(y.shape), 1)
    names = list(case.tensors)
    parameters, layouts = [], []
    for name in names:
        entry = case.tensors[name]
        tensor, layout = entry if isinstance(entry, tuple) else (entry, lambda w: w)
        parameters.append(tensor)
        layouts.append(layout)
    slopes = torch.autograd.grad((y * c).sum(), [x] + parameters, create_graph=True)
    penalty = slopes[0].square().sum()
    if penalty.requires_grad and parameters:
        second = torch.autograd.grad(penalty, parameters, allow_unused=True)
    else:
        second = [None] * len(parameters)
    flat = lambda t: [float(f'{v:.12g}') for v in t.detach().flatten().tolist()]
    by_name = lambda ts: {n: flat(l(torch.zeros_like(p) if t is None else t)) for n, p, t, l in zip(names, parameters, ts, layouts)}
    made = {'input': x_values, 'shape': shape, 'cotangent': c_values, 'initial': case.initial, 'output': flat(y),
            'inputSlope': flat(slopes[0]), 'slopes': by_name(slopes[1:]), 'penalty': penalty.item(), 'penaltySlopes': by_name(second),
            'statistics': {n: flat(s()) for n, s in case.statistics.items()}}
    if classes is not None:
        made['classes'] = one_hot(classes).flatten().tolist()
    return made


CLASSES = 3


def one_hot(classes):
    return F.one_hot(torch.tensor(classes), CLASSES).to(f64)


def agrees_with_parametrization(module):
    """What the newer torch.nn.utils.parametrizations.spectral_norm makes of the same weight, u and v."""
    weight = module.weight_orig.detach()
    axis = 1 if isinstance(module, nn.ConvTranspose2d) else 0
    holder = nn.Module()
    holder.weight = nn.Parameter(weight.clone())
    nn.utils.parametrizations.spectral_norm(holder, dim=axis)
    state = holder.parametrizations.weight[0]
    state._u.copy_(module.weight_u)
    state._v.copy_(module.weight_v)
    holder.eval()
    assert torch.allclose(holder.weight, module.weight, rtol=1e-12, atol=1e-14)


def attention(case, name, channels, keys, values, pooled, spectral):
    f, g, h = (case.conv(f'{name}/{part}', channels, n, 1, spectral, bias=False) for part, n in (('key', keys), ('query', keys), ('value', values)))
    v = case.conv(f'{name}/output', values, channels, 1, spectral, bias=False)
    gamma = case.parameter(f'{name}/gamma', [1])

    def layer(x):
        n, _, height, width = x.shape
        pool = (lambda t: F.max_pool2d(t, 2)) if pooled else (lambda t: t)
        # beta[j, i] = softmax over i of f(x_i) . g(x_j)
        scores = torch.einsum('nci,ncj->nji', pool(f(x)).flatten(2), g(x).flatten(2))
        o = torch.einsum('nji,nci->ncj', scores.softmax(dim=2), pool(h(x)).flatten(2)).reshape(n, values, height, width)
        return gamma * v(o) + x
    return layer


def conditional_norm(case, name, channels, dimension):
    scale, offset = (case.parameter(f'{name}/{part}', [dimension, channels]) for part in ('scale', 'offset'))
    mean, variance = case.moments(name, channels)

    def layer(x, c):
        plain = F.batch_norm(x, mean, variance, training=True, momentum=.1, eps=1e-5)
        spread = [x.shape[0], channels] + [1] * (x.dim() - 2)
        return (1 + c @ scale).reshape(spread) * plain + (c @ offset).reshape(spread)
    return layer


def residual_up(case, name, a, b, spectral, c):
    norm1 = conditional_norm(case, f'{name}/norm1', a, CLASSES)
    conv1 = case.conv(f'{name}/conv1', a, b, 3, spectral, padding=1)
    norm2 = conditional_norm(case, f'{name}/norm2', b, CLASSES)
    conv2 = case.conv(f'{name}/conv2', b, b, 3, spectral, padding=1)
    shortcut = case.conv(f'{name}/shortcut', a, b, 1, spectral)
    up = lambda t: F.interpolate(t, scale_factor=2, mode='nearest')

    def layer(x):
        h = conv1(up(F.relu(norm1(x, c))))
        return conv2(F.relu(norm2(h, c))) + shortcut(up(x))
    return layer


def residual_down(case, name, a, b, spectral, is_first):
    hidden = b if is_first else a
    conv1 = case.conv(f'{name}/conv1', a, hidden, 3, spectral, padding=1)
    conv2 = case.conv(f'{name}/conv2', hidden, b, 3, spectral, padding=1)
    shortcut = case.conv(f'{name}/shortcut', a, b, 1, spectral)
    pool = lambda t: F.avg_pool2d(t, 2)

    def layer(x):
        h = pool(conv2(F.relu(conv1(x if is_first else F.relu(x)))))
        return h + (shortcut(pool(x)) if is_first else pool(shortcut(x)))
    return layer


def minibatch_discrimination(case, name, features, kernels, dimensions):
    tensor = case.parameter(f'{name}/tensor', [features, kernels * dimensions], .2)

    def layer(x):
        m = (x @ tensor).reshape(-1, kernels, dimensions)
        sums = []
        for i in range(len(x)):
            sums.append(sum(torch.exp(-(m[i] - m[j]).abs().sum(dim=1)) for j in range(len(x)) if j != i))
        return torch.cat([x, torch.stack(sums)], dim=1)
    return layer


def minibatch_deviation(x, group):
    n = x.shape[0]
    y = x.reshape(group, n // group, *x.shape[1:])
    y = ((y - y.mean(0)).square().mean(0) + 1e-8).sqrt().mean(dim=list(range(1, x.dim())))
    y = y.repeat(group).reshape([n] + [1] * (x.dim() - 1)).expand(n, 1, *x.shape[2:])
    return torch.cat([x, y], dim=1)


def projection(case, name, features, spectral, c):
    dense = case.dense(f'{name}/dense', features, 1, spectral)
    table = case.weighted(f'{name}/embedding', nn.Embedding(CLASSES, features), spectral, part='table', bias=False)
    index = c.argmax(dim=1)
    return lambda x: dense(x) + (table(index) * x).sum(dim=1, keepdim=True)


def big_generator(case, name, latent, features, embedding, c):
    """8 x 8 pixels: one block, z in two parts, attention at 8."""
    part = latent // 2
    first = latent - part
    shared = case.parameter(f'{name}/latent/embedding/table', [CLASSES, embedding])
    project = case.dense(f'{name}/project/dense', first, features * 16, 1)
    maps = {}
    for norm in ('norm1', 'norm2'):
        maps[norm] = [case.weighted(f'{name}/block1/{norm}', nn.Linear(embedding + part, features, bias=False), 1,
                                    lambda w: w.transpose(0, 1), part=p, bias=False) for p in ('scale', 'offset')]
    moments = {norm: case.moments(f'{name}/block1/{norm}', features) for norm in maps}
    conv1, conv2 = (case.conv(f'{name}/block1/{p}', features, features, 3, 1, padding=1) for p in ('conv1', 'conv2'))
    shortcut = case.conv(f'{name}/block1/shortcut', features, features, 1, 1)
    attend = attention(case, f'{name}/attention', features, max(1, features // 8), features // 2, True, 1)
    scale, offset = (case.parameter(f'{name}/image/norm/{p}', [features]) for p in ('scale', 'offset'))
    mean, variance = case.moments(f'{name}/image/norm', features)
    image = case.conv(f'{name}/image/conv', features, 1, 3, 1, padding=1)
    up = lambda t: F.interpolate(t, scale_factor=2, mode='nearest')

    def norm(x, which, vector):
        plain = F.batch_norm(x, *moments[which], training=True, momentum=.1, eps=1e-5)
        s, o = (m(vector)[:, :, None, None] for m in maps[which])
        return (1 + s) * plain + o

    def layer(z):
        vector = torch.cat([c @ shared, z[:, first:]], dim=1)
        x = project(z[:, :first]).reshape(-1, features, 4, 4)
        h = conv1(up(F.relu(norm(x, 'norm1', vector))))
        x = conv2(F.relu(norm(h, 'norm2', vector))) + shortcut(up(x))
        x = F.batch_norm(attend(x), mean, variance, scale, offset, training=True, momentum=.1, eps=1e-5)
        return torch.tanh(image(F.relu(x)))
    return layer


def make():
    made = {}

    def add(name, seed, build, shape, classes=None):
        case = Case(seed)
        made[name] = run(case, build(case), shape, classes)

    add('spectral dense', 1, lambda k: k.dense('layer', 4, 3, 1), [5, 4])
    add('spectral dense, 3 iterations', 2, lambda k: k.dense('layer', 4, 3, 3), [5, 4])
    add('spectral convolution', 3, lambda k: k.conv('layer', 2, 3, 3, 1, padding=1, stride=2), [2, 2, 5, 5])
    add('spectral transposed convolution', 4, lambda k: k.weighted('layer', nn.ConvTranspose2d(3, 2, 4, stride=2, padding=1), 1), [2, 3, 3, 3])
    classes = [2, 0, 1, 2]
    c = one_hot(classes)
    add('projection', 5, lambda k: projection(k, 'layer', 5, 1, c), [4, 5], classes)

    def norm(k):
        layer = conditional_norm(k, 'layer', 2, CLASSES)
        return lambda x: layer(x, c)
    add('conditional batch norm', 6, norm, [4, 2, 3, 3], classes)
    add('conditional batch norm of vectors', 7, norm, [4, 2], classes)
    add('self-attention', 8, lambda k: attention(k, 'layer', 4, 2, 3, False, 0), [2, 4, 3, 2])
    add('self-attention, pooled and spectral', 9, lambda k: attention(k, 'layer', 8, 1, 4, True, 1), [2, 8, 4, 4])

    def maxout(k):
        dense = k.dense('layer', 3, 8)
        return lambda x: dense(x).reshape(-1, 4, 2).max(dim=2).values
    add('maxout', 10, maxout, [5, 3])
    add('minibatch discrimination', 11, lambda k: minibatch_discrimination(k, 'layer', 4, 3, 2), [5, 4])
    add('minibatch standard deviation', 12, lambda k: lambda x: minibatch_deviation(x, 3), [6, 2, 2, 2])
    add('minibatch standard deviation of vectors', 13, lambda k: lambda x: minibatch_deviation(x, 2), [6, 3])
    add('residual block up', 14, lambda k: residual_up(k, 'layer', 3, 2, 1, c), [4, 3, 3, 3], classes)
    add('residual block down', 15, lambda k: residual_down(k, 'layer', 2, 3, 1, False), [2, 2, 4, 4])
    add('residual block first', 16, lambda k: residual_down(k, 'layer', 2, 3, 0, True), [2, 2, 4, 4])
    add('BigGAN generator', 17, lambda k: big_generator(k, 'layer', 5, 8, 3, c), [4, 5], classes)
    return made


if __name__ == '__main__':
    torch.set_num_threads(1)
    path = OUT / 'layers.json'
    cases = make()
    path.write_text(json.dumps({'torch': torch.__version__, 'script': 'scripts/parity/make_layers.py', 'cases': cases}, separators=(',', ':')) + '\n')
    print(path.name, path.stat().st_size, 'bytes,', len(cases), 'cases')
