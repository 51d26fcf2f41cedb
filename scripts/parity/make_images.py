#!/usr/bin/env python3
"""Compute with PyTorch what the layers and networks of progressive GAN, StyleGAN, pix2pix and CycleGAN give.

  python3 -m venv VENV && VENV/bin/pip install "torch==2.13.0+cpu" && VENV/bin/python scripts/parity/make_images.py

Tests/ParityTests/ImageNetworkParityTests.swift builds the same networks and compares. All numbers that go in (inputs,
conditions, weights) are a formula of their name, which both sides know: `fill`. Each case has the output y in f64, the
slope of sum(c * y) for the input x, and for critics the slopes of |that|^2 for the weights: a penalty's second order.
"""
import json, math, pathlib
import torch
import torch.nn.functional as F

OUT = pathlib.Path(__file__).resolve().parents[2] / 'Tests' / 'ParityTests' / 'Data' / 'images.json'


def fill(name, shape):
    """0.8 * sin(0.37 i^2 + the sum of the name's bytes), or zeros for the weights of noise."""
    phase, count = float(sum(name.encode())), math.prod(shape)
    scale = 0.0 if '/noise' in name else 0.8
    values = [scale * math.sin(0.37 * i * i + phase) for i in range(count)]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


class Weights:
    def __init__(self):
        self.known = {}

    def __call__(self, name, *shape):
        if name not in self.known:
            self.known[name] = fill(name, shape).requires_grad_(True)
        return self.known[name]


def leaky(x):
    return F.leaky_relu(x, 0.2)


def dense(w, name, x, outputs, gain=math.sqrt(2), multiplier=1.0):
    inputs = x.shape[1]
    weight = w(f'{name}/weight', inputs, outputs) * (gain / math.sqrt(inputs) * multiplier)
    return x @ weight + multiplier * w(f'{name}/bias', outputs)


def conv(w, name, x, outputs, kernel=3, gain=math.sqrt(2)):
    inputs = x.shape[1]
    weight = w(f'{name}/weight', outputs, inputs, kernel, kernel) * (gain / math.sqrt(inputs * kernel ** 2))
    return F.conv2d(x, weight, w(f'{name}/bias', outputs), padding=kernel // 2)


def pixel_norm(x):
    return x / torch.sqrt((x ** 2).mean(1, keepdim=True) + 1e-8)


def deviation(x, group):
    """By loops, not by reshaping: image n is in group n mod (number of groups)."""
    groups = x.shape[0] // group
    maps = [None] * x.shape[0]
    for g in range(groups):
        members = list(range(g, x.shape[0], groups))
        spread = torch.sqrt(x[members].var(0, unbiased=False) + 1e-8).mean()
        for n in members:
            maps[n] = spread.expand(1, *x.shape[2:])
    return torch.cat([x, torch.stack(maps)], 1)


def up(x):
    return F.interpolate(x, scale_factor=2, mode='nearest')


def down(x):
    return F.avg_pool2d(x, 2)


def blur(x):
    taps = torch.tensor([1., 2., 1.], dtype=x.dtype) / 4
    kernel = torch.outer(taps, taps).reshape(1, 1, 3, 3)
    return torch.cat([F.conv2d(x[:, c:c + 1], kernel, padding=1) for c in range(x.shape[1])], 1)


def adain(w, name, x, style):
    scale, offset = dense(w, f'{name}/style', style, 2 * x.shape[1], gain=1).chunk(2, 1)
    return F.instance_norm(x, eps=1e-8) * (1 + scale)[:, :, None, None] + offset[:, :, None, None]


# Networks. Channels at 8x8 are 2, at 4x4 4.

def progressive_generator(w, z, alpha):
    h = dense(w, 'n/4x4/dense', pixel_norm(z), 64).reshape(-1, 4, 4, 4)
    h = pixel_norm(leaky(h))
    h = pixel_norm(leaky(conv(w, 'n/4x4/conv', h, 4)))
    old = up(conv(w, 'n/4x4/to_rgb', h, 2, 1, 1))
    for i in (1, 2):
        h = pixel_norm(leaky(conv(w, f'n/8x8/conv{i}', up(h) if i == 1 else h, 2)))
    return torch.lerp(old, conv(w, 'n/8x8/to_rgb', h, 2, 1, 1), alpha)


def progressive_critic(w, x, alpha):
    old = leaky(conv(w, 'n/4x4/from_rgb', down(x), 4, 1))
    h = leaky(conv(w, 'n/8x8/from_rgb', x, 2, 1))
    h = leaky(conv(w, 'n/8x8/conv1', h, 2))
    h = leaky(conv(w, 'n/8x8/conv2', h, 4))
    h = torch.lerp(old, down(blur(h)), alpha)
    h = leaky(conv(w, 'n/4x4/conv', deviation(h, 4), 4))
    h = leaky(dense(w, 'n/4x4/dense', h.flatten(1), 4))
    return dense(w, 'n/4x4/score', h, 1, 1)


def style_generator(w, z, other, mask, psi, alpha):
    def mapping(z):
        h = pixel_norm(z)
        for i in (1, 2, 3):
            h = leaky(dense(w, f'n/mapping/dense{i}', h, 5, multiplier=0.01))
        return h
    mean = fill('n/mapping/mean', (5,))
    first, second = mapping(z), mapping(other)
    style = lambda i: mean + psi * (torch.lerp(first, second, mask[:, i:i + 1]) - mean)
    h = w('n/4x4/constant/image', 1, 4, 4, 4).repeat(z.shape[0], 1, 1, 1)
    h = adain(w, 'n/4x4/adain1', leaky(h), style(0))
    h = adain(w, 'n/4x4/adain2', leaky(conv(w, 'n/4x4/conv2', h, 4)), style(1))
    old = up(conv(w, 'n/4x4/to_rgb', h, 2, 1, 1))
    h = adain(w, 'n/8x8/adain1', leaky(conv(w, 'n/8x8/conv1', blur(up(h)), 2)), style(2))
    h = adain(w, 'n/8x8/adain2', leaky(conv(w, 'n/8x8/conv2', h, 2)), style(3))
    return torch.lerp(old, conv(w, 'n/8x8/to_rgb', h, 2, 1, 1), alpha)


def norm(w, kind, name, x):
    scale, offset = w(f'{name}/scale', x.shape[1]), w(f'{name}/offset', x.shape[1])
    if kind == 'batch':
        return F.batch_norm(x, None, None, scale, offset, training=True)
    return F.instance_norm(x, weight=scale, bias=offset)


def unet(w, x, kind):
    """8 pixels, three levels of 2, 4 and 8 channels."""
    d1 = F.conv2d(x, w('n/down1/conv/weight', 2, 2, 4, 4), w('n/down1/conv/bias', 2), 2, 1)
    d2 = norm(w, kind, 'n/down2/norm', F.conv2d(leaky(d1), w('n/down2/conv/weight', 4, 2, 4, 4), None, 2, 1))
    d3 = F.conv2d(leaky(d2), w('n/down3/conv/weight', 8, 4, 4, 4), w('n/down3/conv/bias', 8), 2, 1)
    u3 = norm(w, kind, 'n/up3/norm', F.conv_transpose2d(F.relu(d3), w('n/up3/conv/weight', 8, 4, 4, 4), None, 2, 1))
    u2 = F.conv_transpose2d(F.relu(torch.cat([u3, d2], 1)), w('n/up2/conv/weight', 8, 2, 4, 4), None, 2, 1)
    u2 = norm(w, kind, 'n/up2/norm', u2)
    u1 = F.conv_transpose2d(F.relu(torch.cat([u2, d1], 1)), w('n/up1/conv/weight', 4, 1, 4, 4), w('n/up1/conv/bias', 1), 2, 1)
    return torch.tanh(u1)


def patch(w, x, condition, kind):
    h = torch.cat([condition, x], 1)
    h = leaky(F.conv2d(h, w('n/block1/conv/weight', 2, 3, 4, 4), w('n/block1/conv/bias', 2), 2, 1))
    h = leaky(norm(w, kind, 'n/block2/norm', F.conv2d(h, w('n/block2/conv/weight', 4, 2, 4, 4), None, 1, 1)))
    return F.conv2d(h, w('n/score/conv/weight', 1, 4, 4, 4), w('n/score/conv/bias', 1), 1, 1)


def cycle_generator(w, x, mode):
    def same(name, x, outputs, kernel, bias=None):
        weight = w(f'{name}/weight', outputs, x.shape[1], kernel, kernel)
        edge = [kernel // 2] * 4
        return F.conv2d(F.pad(x, edge, mode=mode), weight, bias)
    h = F.relu(norm(w, 'instance', 'n/first/norm', same('n/first/conv', x, 2, 7)))
    for i in (1, 2):
        h = F.conv2d(h, w(f'n/down{i}/conv/weight', 2 * h.shape[1], h.shape[1], 3, 3), None, 2, 1)
        h = F.relu(norm(w, 'instance', f'n/down{i}/norm', h))
    r = F.relu(norm(w, 'instance', 'n/residual1/norm1', same('n/residual1/conv1', h, 8, 3)))
    h = h + norm(w, 'instance', 'n/residual1/norm2', same('n/residual1/conv2', r, 8, 3))
    for i in (2, 1):
        h = F.conv_transpose2d(h, w(f'n/up{i}/conv/weight', h.shape[1], h.shape[1] // 2, 3, 3), None, 2, 1, 1)
        h = F.relu(norm(w, 'instance', f'n/up{i}/norm', h))
    return torch.tanh(same('n/last/conv', h, 1, 7, w('n/last/conv/bias', 1)))


def digits(tensor):
    return [float(f'{v:.12g}') for v in tensor.detach().flatten().tolist()]


def case(shape, function, is_critic=False):
    w = Weights()
    x = fill('x', shape).requires_grad_(True)
    y = function(w, x)
    slope, = torch.autograd.grad((fill('c', tuple(y.shape)) * y).sum(), x, create_graph=is_critic)
    result = {'y': digits(y), 'slope': digits(slope)}
    if is_critic:
        names = sorted(w.known)
        slopes = torch.autograd.grad((slope ** 2).sum(), [w.known[n] for n in names], allow_unused=True)
        result['penalty'] = {n: digits(s) for n, s in zip(names, slopes) if s is not None}
    return result


alpha, psi, mask = 0.3, 0.7, torch.tensor([[0, 0, 1, 1], [0, 1, 1, 1.]], dtype=torch.float64)
CASES = {
    'dense': case((3, 4), lambda w, x: dense(w, 'n/l', x, 2, multiplier=0.01), True),
    'convolution': case((2, 2, 4, 4), lambda w, x: conv(w, 'n/l', x, 3), True),
    'pixel norm': case((2, 3, 2, 2), lambda w, x: pixel_norm(x)),
    'deviation of 8': case((8, 2, 2, 2), lambda w, x: deviation(x, 4)),
    'deviation of 6': case((6, 2, 2, 2), lambda w, x: deviation(x, 3)),
    'adain': case((2, 3, 3, 3), lambda w, x: adain(w, 'n/l', x, fill('styles', (2, 2, 4))[:, 1])),
    'blur': case((2, 3, 4, 4), lambda w, x: blur(x)),
    'reflection': case((1, 2, 3, 4), lambda w, x: F.pad(x, [2] * 4, mode='reflect')),
    'progressive generator': case((2, 3), lambda w, x: progressive_generator(w, x, alpha)),
    'progressive critic': case((4, 2, 8, 8), lambda w, x: progressive_critic(w, x, alpha), True),
    'style generator': case((2, 3), lambda w, x: style_generator(w, x, fill('second_latent', (2, 3)), mask, psi, alpha)),
    'unet batch': case((2, 2, 8, 8), lambda w, x: unet(w, x, 'batch')),
    'unet instance': case((2, 2, 8, 8), lambda w, x: unet(w, x, 'instance')),
    'patch batch': case((2, 1, 8, 8), lambda w, x: patch(w, x, fill('image', (2, 2, 8, 8)), 'batch'), True),
    'patch instance': case((2, 1, 8, 8), lambda w, x: patch(w, x, fill('image', (2, 2, 8, 8)), 'instance'), True),
    'cycle zero': case((2, 2, 8, 8), lambda w, x: cycle_generator(w, x, 'constant')),
    'cycle reflection': case((2, 2, 8, 8), lambda w, x: cycle_generator(w, x, 'reflect')),
}

if __name__ == '__main__':
    OUT.write_text('{\n' + ',\n'.join(f'"{k}": {json.dumps(v, sort_keys=True)}' for k, v in CASES.items()) + '\n}\n')
