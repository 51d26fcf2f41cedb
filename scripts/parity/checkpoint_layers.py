"""Layers of gantui's networks in PyTorch, with PyTorch's own modules wherever there is one.

A layer that `reads_context` is given, beside its input, a dictionary of what the whole network knows: `classes`
(one-hot), `latents`, `image` (the one beside that which is judged), `draws` (of `random_streams.py`), and what layers
before it left.
"""

import math

import torch
from torch import nn
from torch.nn import functional


def passed(steps, x, context):
    """x through steps one after the other."""
    for step in steps:
        x = step(x, context) if getattr(step, "reads_context", False) else step(x)
    return x


class Alike(nn.Module):
    """A module whose own tensors have the names and the shapes of gantui's."""


class Network(Alike):
    """Steps one after the other; those that are made of tensors are submodules by the names of gantui."""

    def __init__(self, name):
        super().__init__()
        self.label, self.steps = name, []

    def add(self, path, module):
        *folders, last = path.split("/")
        parent = self
        for folder in folders:
            if not hasattr(parent, folder):
                parent.add_module(folder, nn.Module())
            parent = getattr(parent, folder)
        parent.add_module(last, module)
        self.steps.append(module)

    def then(self, *functions):
        self.steps += functions

    def aside(self, build):
        """The steps that `build` adds, on their own."""
        outer, self.steps = self.steps, []
        build()
        inner, self.steps = self.steps, outer
        return inner

    def forward(self, x, **context):
        return passed(self.steps, x, context)


def spectral(module, axis, is_normalized):
    """W / sigma(W), with the vector that training left behind: modules in `eval` do not iterate."""
    if not is_normalized:
        return module
    name = "table" if isinstance(module, Table) else "weight"
    return nn.utils.spectral_norm(module, name=name, dim=axis)


def dense(inputs, outputs, bias, is_normalized):
    return spectral(nn.Linear(inputs, outputs, bias=bias), 0, is_normalized)


def convolution(inputs, outputs, kernel, stride, padding, bias, is_normalized):
    return spectral(nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=bias), 0, is_normalized)


def transposed(inputs, outputs, kernel, stride, padding, output_padding, bias, is_normalized):
    module = nn.ConvTranspose2d(inputs, outputs, kernel, stride, padding, output_padding, bias=bias)
    return spectral(module, 1, is_normalized)


class Table(nn.Module):
    """A learned vector for each class, `[classes, dimension]`."""

    def __init__(self, classes, dimension):
        super().__init__()
        self.table = nn.Parameter(torch.zeros(classes, dimension))

    def forward(self, classes):
        return classes @ self.table


class Modulated(nn.Module):
    """Batch normalization whose scale 1 + c A and offset c B are affine in a condition c of each sample."""

    reads_context = True

    def __init__(self, channels, dimension, condition, is_normalized):
        super().__init__()
        self.condition = condition
        self.moments = nn.BatchNorm2d(channels, affine=False)
        self.scale = dense(dimension, channels, False, is_normalized)
        self.offset = dense(dimension, channels, False, is_normalized)

    def forward(self, x, context):
        c = context[self.condition]
        return self.moments(x) * (1 + self.scale(c))[:, :, None, None] + self.offset(c)[:, :, None, None]


def normalization(kind, channels, is_image):
    if kind == "batch":
        return nn.BatchNorm2d(channels) if is_image else nn.BatchNorm1d(channels)
    if kind == "layer":
        # Over all of a sample, with a scale and an offset for each channel.
        return nn.GroupNorm(1, channels) if is_image else nn.LayerNorm(channels)
    if kind == "instance":
        return nn.InstanceNorm2d(channels, affine=True)
    return None


def activation(settings):
    kind = settings.get("activation", "none")
    if kind == "leaky-relu":
        return nn.LeakyReLU(settings["slope"])
    return {
        "none": None, "relu": nn.ReLU(), "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid(), "elu": nn.ELU(), "gelu": nn.GELU(),
        "softplus": nn.Softplus(), "sine": torch.sin,
    }[kind]


class Block(nn.Module):
    """A residual block, as the figures of the SNGAN paper have it."""

    reads_context = True

    def __init__(self, kind, inputs, outputs, settings, modulation=None):
        super().__init__()
        self.kind, self.activation = kind, activation(settings)
        is_normalized = settings["spectral-normalization"]
        hidden = outputs if kind in ("up", "first") else inputs

        def norm(channels):
            if modulation:
                return Modulated(channels, *modulation)
            return normalization(settings.get("normalization", "none"), channels, True)

        self.norm1 = None if kind == "first" else norm(inputs)
        self.conv1 = convolution(inputs, hidden, 3, 1, 1, True, is_normalized)
        self.norm2 = norm(hidden)
        self.conv2 = convolution(hidden, outputs, 3, 1, 1, True, is_normalized)
        has_map = kind != "same" or inputs != outputs
        self.shortcut = convolution(inputs, outputs, 1, 1, 0, True, is_normalized) if has_map else None

    def normalized(self, norm, x, context):
        if norm is None:
            return x
        return norm(x, context) if isinstance(norm, Modulated) else norm(x)

    def forward(self, x, context):
        value = x
        if self.kind != "first":
            value = self.activation(self.normalized(self.norm1, value, context))
        if self.kind == "up":
            value = functional.interpolate(value, scale_factor=2)
        value = self.conv1(value)
        value = self.conv2(self.activation(self.normalized(self.norm2, value, context)))
        side = x if self.shortcut is None else self.shortcut(x)
        if self.kind == "up":
            return value + functional.interpolate(side, scale_factor=2)
        if self.kind in ("down", "first"):
            return functional.avg_pool2d(value, 2) + functional.avg_pool2d(side, 2)
        return value + side


class Attention(Alike):
    """SAGAN's, with keys and values of a map that maximum pooling has halved."""

    def __init__(self, channels, is_normalized):
        super().__init__()
        keys, values = max(1, channels // 8), max(1, channels // 2)
        self.key = convolution(channels, keys, 1, 1, 0, False, is_normalized)
        self.query = convolution(channels, keys, 1, 1, 0, False, is_normalized)
        self.value = convolution(channels, values, 1, 1, 0, False, is_normalized)
        self.output = convolution(values, channels, 1, 1, 0, False, is_normalized)
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        keys = functional.max_pool2d(self.key(x), 2).flatten(2)
        queries = self.query(x).flatten(2)
        values = functional.max_pool2d(self.value(x), 2).flatten(2)
        weights = torch.softmax(queries.transpose(1, 2) @ keys, dim=-1)
        mixed = (values @ weights.transpose(1, 2)).unflatten(2, x.shape[2:])
        return self.gamma * self.output(mixed) + x


class Split(nn.Module):
    """BigGAN's z: the first part goes on, each other one goes to a block beside the class embedding."""

    reads_context = True

    def __init__(self, latent, blocks, classes, dimension):
        super().__init__()
        self.part = latent // (blocks + 1)
        self.first, self.blocks = latent - self.part * blocks, blocks
        self.embedding = Table(classes, dimension)
        self.dimension = dimension + self.part

    def forward(self, z, context):
        embedded = self.embedding(context["classes"])
        for block in range(self.blocks):
            start = self.first + block * self.part
            context[f"part{block + 1}"] = torch.cat([embedded, z[:, start : start + self.part]], 1)
        return z[:, : self.first]


class ClassesBeside(nn.Module):
    """The one-hot class beside a vector, or constant maps of it beside an image."""

    reads_context = True

    def forward(self, x, context):
        classes = context["classes"]
        if x.dim() > 2:
            classes = classes[:, :, None, None].expand(-1, -1, *x.shape[2:])
        return torch.cat([x, classes], 1)


class Projection(nn.Module):
    """One linear unit, and the product of its input with the class's embedding."""

    reads_context = True

    def __init__(self, features, classes, bias, is_normalized):
        super().__init__()
        self.dense = dense(features, 1, bias, is_normalized)
        self.embedding = spectral(Table(classes, features), 0, is_normalized)

    def forward(self, x, context):
        return self.dense(x) + (x * self.embedding(context["classes"])).sum(1, keepdim=True)


class Maxout(nn.Linear):
    def __init__(self, inputs, units, pieces):
        super().__init__(inputs, units * pieces)
        self.pieces = pieces

    def forward(self, x):
        return super().forward(x).unflatten(1, (-1, self.pieces)).amax(2)


class MinibatchDiscrimination(Alike):
    """A vector, and for each kernel how near the batch's other samples are."""

    def __init__(self, features, kernels, dimensions):
        super().__init__()
        self.kernels = kernels
        self.tensor = nn.Parameter(torch.zeros(features, kernels * dimensions))

    def forward(self, x):
        rows = (x @ self.tensor).unflatten(1, (self.kernels, -1))
        similarities = torch.exp(-(rows[:, None] - rows[None, :]).abs().sum(3))
        return torch.cat([x, similarities.sum(1) - 1], 1)


class MinibatchDeviation:
    """One more channel with the mean deviation in a group of the batch: sample n is in group n modulo their number."""

    def __init__(self, group):
        self.group = group

    def __call__(self, x):
        members = next(size for size in range(min(self.group, len(x)), 0, -1) if len(x) % size == 0)
        grouped = x.unflatten(0, (members, -1))
        deviation = (grouped.var(0, unbiased=False) + 1e-8).sqrt().flatten(1).mean(1)
        channel = deviation.repeat(members).reshape(-1, *[1] * (x.dim() - 1)).expand(-1, 1, *x.shape[2:])
        return torch.cat([x, channel], 1)


# Of growing networks.


def pixel_norm(x):
    return x * torch.rsqrt((x * x).mean(1, keepdim=True) + 1e-8)


def blur(x):
    """[1, 2, 1]/4 along both axes."""
    taps = x.new_tensor([1, 2, 1])
    filter = (taps[:, None] * taps / 16).expand(x.shape[1], 1, 3, 3)
    return functional.conv2d(x, filter, padding=1, groups=x.shape[1])


class EqualizedDense(Alike):
    """x (c m W) + m b with c = gain/sqrt(inputs); m is 1 but in a mapping network."""

    def __init__(self, inputs, outputs, gain=math.sqrt(2), multiplier=1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(inputs, outputs))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.scale, self.multiplier = gain / math.sqrt(inputs) * multiplier, multiplier

    def forward(self, x):
        return x @ (self.weight * self.scale) + self.bias * self.multiplier


class EqualizedConvolution(Alike):
    def __init__(self, inputs, outputs, kernel, gain=math.sqrt(2)):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.scale = gain / math.sqrt(inputs * kernel * kernel)

    def forward(self, x):
        return functional.conv2d(x, self.weight * self.scale, self.bias, padding=self.weight.shape[2] // 2)


class FadeIn:
    """(1 - alpha) old(x) + alpha new(x)."""

    reads_context = True

    def __init__(self, old, new, alpha):
        self.old, self.new, self.alpha = old, new, alpha

    def __call__(self, x, context):
        return (1 - self.alpha) * passed(self.old, x, context) + self.alpha * passed(self.new, x, context)


class StyleMapping(Alike):
    """StyleGAN's mapping network; layers after it find the style in the context, drawn to its mean by psi."""

    reads_context = True

    def __init__(self, latent, width, depth, psi):
        super().__init__()
        self.depth, self.psi = depth, psi
        self.register_buffer("mean", torch.zeros(width))
        for number in range(1, depth + 1):
            layer = EqualizedDense(latent if number == 1 else width, width, multiplier=0.01)
            self.add_module(f"dense{number}", layer)

    def forward(self, z, context):
        w = pixel_norm(z)
        for number in range(1, self.depth + 1):
            w = functional.leaky_relu(getattr(self, f"dense{number}")(w), 0.2)
        context["style"] = self.mean + self.psi * (w - self.mean)
        return w


class ConstantInput(Alike):
    def __init__(self, channels):
        super().__init__()
        self.image = nn.Parameter(torch.zeros(1, channels, 4, 4))

    def forward(self, x):
        return self.image.expand(len(x), -1, -1, -1)


class NoiseInjection(Alike):
    """One image of noise for each sample, times a weight for each channel."""

    reads_context = True

    def __init__(self, path, channels):
        super().__init__()
        self.path = path
        self.weight = nn.Parameter(torch.zeros(channels))

    def forward(self, x, context):
        drawn = context["draws"].normal(self.path, x.shape[2] * x.shape[3])
        noise = torch.from_numpy(drawn).to(x.dtype).reshape(len(x), 1, *x.shape[2:])
        return x + noise * self.weight[:, None, None]


class AdaIN(nn.Module):
    """Instance normalization whose scale 1 + s and offset b are affine in the style."""

    reads_context = True

    def __init__(self, channels, width):
        super().__init__()
        self.style = EqualizedDense(width, 2 * channels, gain=1)

    def forward(self, x, context):
        scale, offset = self.style(context["style"])[:, :, None, None].chunk(2, 1)
        return functional.instance_norm(x, eps=1e-8) * (1 + scale) + offset


# Of translations and encoders.


class Beside:
    """A value of the context beside the input: before an image's channels, after a vector's elements."""

    reads_context = True

    def __init__(self, name):
        self.name = name

    def __call__(self, x, context):
        value = context[self.name]
        return torch.cat([x, value] if x.dim() == 2 else [value, x], 1)


class Skip:
    """Steps with a connection around them: their sum with x, or their channels and then those of x."""

    reads_context = True

    def __init__(self, inner, is_sum):
        self.inner, self.is_sum = inner, is_sum

    def __call__(self, x, context):
        value = passed(self.inner, x, context)
        return x + value if self.is_sum else torch.cat([value, x], 1)


class NoisyDropout:
    """Dropout that is a generator's noise, in sampling too."""

    reads_context = True

    def __init__(self, path, share):
        self.path, self.share = path, share

    def __call__(self, x, context):
        drawn = context["draws"].uniform(self.path, x[0].numel())
        kept = torch.from_numpy(drawn < 1 - self.share).reshape(x.shape)
        return x * (kept * (1 / (1 - self.share)))
