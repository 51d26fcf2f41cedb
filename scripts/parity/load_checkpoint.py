"""Opens checkpoints of gantui with Python's `safetensors`, loads them into the equivalent PyTorch modules by name, and
compares what both make of the same latents.

    gantui train ring8 --steps 500
    gantui train mnist-dcgan --steps 20
    VENV/bin/python scripts/parity/load_checkpoint.py runs/ring8 runs/mnist-dcgan

The environment needs torch, safetensors, pyyaml and numpy; the program is `gantui` in the PATH, or `--gantui PATH`.

For each run `gantui sample` writes samples, their latents and D's opinion of each. The modules are built from the run's
`configuration.yaml` alone: mlp, dcgan, residual, biggan and layers generators; mlp, maxout, dcgan, residual and layers
discriminators. Every tensor of a network must find its place, and every place its tensor. Outputs may differ by 1e-5.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

import numpy
import torch
import yaml
from safetensors import safe_open
from torch import nn
from torch.nn import functional

TOLERANCE = 1e-5


# Layers, with PyTorch's own modules wherever there is one.


class Network(nn.Module):
    """Steps one after the other; those that are made of tensors are submodules by the names of gantui."""

    def __init__(self):
        super().__init__()
        self.steps = []

    def add(self, path, module):
        *folders, last = path.split("/")
        parent = self
        for folder in folders:
            if not hasattr(parent, folder):
                parent.add_module(folder, nn.Module())
            parent = getattr(parent, folder)
        parent.add_module(last, module)
        self.steps.append(module)

    def then(self, function):
        self.steps.append(function)

    def forward(self, x, classes):
        context = {"classes": classes}
        for step in self.steps:
            x = step(x, context) if getattr(step, "reads_context", False) else step(x)
        return x


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


class Attention(nn.Module):
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


# Networks of a configuration.


class Unsupported(Exception):
    pass


def plan(size):
    """The smallest map's extent, and how often it doubles."""
    base = 7 if size % 7 == 0 else 4
    return base, (size // base).bit_length() - 1


def add_mlp(net, settings, width):
    for number, units in enumerate(settings["hidden"], 1):
        kind, is_normalized = settings["normalization"], settings["spectral-normalization"]
        net.add(f"dense{number}", dense(width, units, kind != "batch", is_normalized))
        if kind != "none":
            net.add(f"norm{number}", normalization(kind, units, False))
        net.then(activation(settings))
        width = units
    return width


def add_dcgan_finish(net, settings, block, channels, has_norm=True):
    if has_norm and settings["normalization"] != "none":
        net.add(f"{block}/norm", normalization(settings["normalization"], channels, True))
    net.then(activation(settings))


def add_attention(net, settings, extent, channels):
    if settings["attention"] == extent:
        net.add("attention", Attention(channels, settings["spectral-normalization"]))


def add_layers(net, settings, shape):
    """Returns the shape after the layers, `[features]` or `[channels, height, width]`."""
    is_normalized = settings["spectral-normalization"]
    for number, layer in enumerate(settings["layers"], 1):
        path = f"layer{number}"
        if isinstance(layer, str):
            layer = {layer: True}
        has_bias = layer.get("normalization", "none") == "none"
        if "dense" in layer:
            net.add(f"{path}/dense", dense(shape[0], layer["dense"], has_bias, is_normalized))
            shape = [layer["dense"]]
        elif "conv" in layer or "transposed-conv" in layer:
            window = layer["kernel"], layer["stride"], layer["padding"]
            if "conv" in layer:
                made = convolution(shape[0], layer["conv"], *window, has_bias, is_normalized)
                extents = [(extent + 2 * window[2] - window[0]) // window[1] + 1 for extent in shape[1:]]
            else:
                more = layer["output-padding"]
                made = transposed(shape[0], layer["transposed-conv"], *window, more, has_bias, is_normalized)
                extents = [(extent - 1) * window[1] - 2 * window[2] + window[0] + more for extent in shape[1:]]
            net.add(f"{path}/conv", made)
            shape = [layer.get("conv") or layer["transposed-conv"]] + extents
        elif "reshape" in layer:
            shape = list(layer["reshape"])
            net.then(nn.Unflatten(1, shape))
        elif "flatten" in layer:
            shape = [int(numpy.prod(shape))]
            net.then(nn.Flatten())
        elif "upsample" in layer:
            factor = layer["upsample"]
            net.then(nn.Upsample(scale_factor=factor))
            shape = [shape[0]] + [extent * factor for extent in shape[1:]]
        elif "average-pool" in layer:
            factor = layer["average-pool"]
            net.then(nn.AvgPool2d(factor))
            shape = [shape[0]] + [extent // factor for extent in shape[1:]]
        elif "dropout" in layer:
            continue
        elif not set(layer) <= {"activation", "slope", "normalization"}:
            raise Unsupported(f"the layer {layer}")
        if layer.get("normalization", "none") != "none":
            net.add(f"{path}/norm", normalization(layer["normalization"], shape[0], len(shape) == 3))
        if activation(layer):
            net.then(activation(layer))
    return shape


def generator(model, sample, classes):
    settings, net = model["generator"], Network()
    kind = settings["kind"]
    code = model["code"]
    latent = model["latent"]["dimension"] + (code["categories"] + code["continuous"] if code != "none" else 0)
    width = latent
    if classes and kind not in ("residual", "biggan"):
        net.then(ClassesBeside())
        width += classes
    if kind == "mlp":
        last = len(settings["hidden"]) + 1
        width = add_mlp(net, settings, width)
        outputs = int(numpy.prod(sample))
        net.add(f"dense{last}", dense(width, outputs, True, settings["spectral-normalization"]))
        if len(sample) > 1:
            net.then(nn.Unflatten(1, sample))
    elif kind == "layers":
        add_layers(net, settings, [width])
    elif kind in ("dcgan", "residual", "biggan"):
        base, blocks = plan(sample[1])
        is_normalized, features = settings["spectral-normalization"], settings["features"]
        channels = features << (blocks - 1)
        if kind == "dcgan":
            bias = settings["normalization"] == "none"
            net.add("project/dense", dense(width, channels * base * base, bias, is_normalized))
            net.then(nn.Unflatten(1, (channels, base, base)))
            add_dcgan_finish(net, settings, "project", channels)
            for block in range(1, blocks + 1):
                outputs = sample[0] if block == blocks else channels // 2
                net.add(f"block{block}/conv", transposed(channels, outputs, 4, 2, 1, 0, bias, is_normalized))
                if block < blocks:
                    add_dcgan_finish(net, settings, f"block{block}", outputs)
                channels = outputs
        else:
            modulations = [None] * blocks
            if kind == "biggan":
                settings = {"activation": "relu", **settings}
                split = Split(width, blocks, classes, settings["embedding"])
                net.add("latent", split)
                width = split.first
                modulations = [(split.dimension, f"part{block + 1}", is_normalized) for block in range(blocks)]
            elif classes:
                modulations = [(classes, "classes", False)] * blocks
            net.add("project/dense", dense(width, channels * base * base, True, is_normalized))
            net.then(nn.Unflatten(1, (channels, base, base)))
            for block in range(1, blocks + 1):
                outputs = features << (blocks - block)
                net.add(f"block{block}", Block("up", channels, outputs, settings, modulations[block - 1]))
                add_attention(net, settings, base << block, outputs)
                channels = outputs
            last = normalization("batch" if kind == "biggan" else settings["normalization"], channels, True)
            if last:
                net.add("image/norm", last)
            net.then(activation(settings))
            net.add("image/conv", convolution(channels, sample[0], 3, 1, 1, True, is_normalized))
    else:
        raise Unsupported(f"a generator of kind {kind}")
    if settings["output"] == "tanh":
        net.then(torch.tanh)
    return net


def discriminator(configuration, sample, classes):
    settings, net = configuration["model"]["discriminator"], Network()
    kind = settings["kind"]
    techniques = {technique["kind"]: technique for technique in configuration["techniques"]}
    for name in ("minibatch-discrimination", "minibatch-deviation"):
        if name in techniques:
            raise Unsupported(f"a discriminator with {name}, whose scores depend on the batch")
    # An AC-GAN's is not given the class.
    condition = configuration["model"]["condition"]
    if "packing" in techniques:
        copies = int(techniques["packing"]["samples"])
        sample = [sample[0] * copies] + sample[1:]
        net.then(lambda x: torch.cat([x] * copies, 1))
    shape = list(sample)
    is_normalized = settings["spectral-normalization"]
    head, bias = "score/dense", True
    if kind in ("mlp", "maxout") and len(sample) > 1:
        net.then(nn.Flatten())
        shape = [int(numpy.prod(sample))]
    if condition == "concatenation":
        net.then(ClassesBeside())
        shape[0] += classes
    if kind == "mlp":
        width = add_mlp(net, settings, shape[0])
        head = f"dense{len(settings['hidden']) + 1}"
    elif kind == "maxout":
        width = shape[0]
        for number, units in enumerate(settings["hidden"], 1):
            net.add(f"maxout{number}", spectral(Maxout(width, units, settings["pieces"]), 0, is_normalized))
            width = units
    elif kind == "layers":
        width = int(numpy.prod(add_layers(net, settings, shape)))
        net.then(nn.Flatten())
    elif kind in ("dcgan", "residual"):
        base, blocks = plan(sample[1])
        channels, features = shape[0], settings["features"]
        if kind == "dcgan":
            bias = settings["normalization"] == "none"
            for block in range(1, blocks + 1):
                outputs = features << (block - 1)
                net.add(f"block{block}/conv", convolution(channels, outputs, 4, 2, 1, bias, is_normalized))
                add_dcgan_finish(net, settings, f"block{block}", outputs, has_norm=block > 1)
                channels = outputs
            net.then(nn.Flatten())
            width = channels * base * base
        else:
            for block in range(1, blocks + 2):
                shape_of = "first" if block == 1 else "same" if block > blocks else "down"
                outputs = features << (min(block, blocks) - 1)
                net.add(f"block{block}", Block(shape_of, channels, outputs, settings))
                if block <= blocks:
                    add_attention(net, settings, sample[1] >> block, outputs)
                channels = outputs
            net.then(activation(settings))
            net.then(lambda x: x.sum((2, 3)))
            width = channels
    else:
        raise Unsupported(f"a discriminator of kind {kind}")
    if condition == "projection":
        net.add("score", Projection(width, classes, bias, is_normalized))
    else:
        net.add(head, dense(width, 1, bias, is_normalized))
    net.then(lambda x: x[:, 0])
    return net


# Weights by name.


class Tensors:
    """The tensors of a checkpoint's network, each to be asked for once and to be of the shape that is asked for."""

    def __init__(self, tensors, network):
        # What optimizers remember, and the heads that tell the class or the code.
        slots = re.compile(r"/(adam|rmsprop|history)/|/momentum$|^discriminator/(class|code)/")
        self.all, self.network = tensors, network
        self.left = {name for name in tensors if name.startswith(network + "/") and not slots.search(name)}

    def take(self, name, shape, averages):
        name = f"{self.network}/{name}"
        self.left.remove(name)
        tensor = self.all[f"average/{name}" if averages and f"average/{name}" in self.all else name]
        assert list(tensor.shape) == list(shape), f"{name}: {list(tensor.shape)} instead of {list(shape)}"
        return tensor


def load(net, tensors, averages):
    def put(target, name, is_transposed=False):
        shape = list(target.shape)[::-1] if is_transposed else list(target.shape)
        value = tensors.take(name, shape, averages)
        target.data.copy_(value.T if is_transposed else value)

    def put_weight(module, path, is_transposed, axis):
        attribute = "table" if isinstance(module, Table) else "weight"
        if not hasattr(module, attribute + "_orig"):
            return put(getattr(module, attribute), path, is_transposed)
        # A spectrally normalized weight: the tensor is the weight itself, W; v follows from u.
        weight, u, v = (getattr(module, attribute + ending) for ending in ("_orig", "_u", "_v"))
        put(weight, path, is_transposed)
        put(u, path + "_u")
        matrix = weight.detach().movedim(axis, 0).flatten(1)
        v.data.copy_(functional.normalize(matrix.T @ u, dim=0, eps=1e-12))

    for name, module in net.named_modules():
        path = name.replace(".", "/")
        if isinstance(module, nn.Linear):
            is_map = isinstance(net.get_submodule(name.rpartition(".")[0]), Modulated)
            put_weight(module, path if is_map else path + "/weight", True, 0)
        elif isinstance(module, nn.Conv2d):
            put_weight(module, path + "/weight", False, 0)
        elif isinstance(module, nn.ConvTranspose2d):
            put_weight(module, path + "/weight", False, 1)
        elif isinstance(module, Table):
            put_weight(module, path + "/table", False, 0)
        elif isinstance(module, Attention):
            put(module.gamma, path + "/gamma")
        elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            path = path.removesuffix("/moments")
            put(module.running_mean, path + "/running_mean")
            put(module.running_var, path + "/running_variance")
        if isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
            if module.bias is not None:
                put(module.bias, path + "/bias")
        elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.InstanceNorm2d, nn.LayerNorm)) and module.affine_():
            put(module.weight, path + "/scale")
            put(module.bias, path + "/offset")
        elif isinstance(module, nn.GroupNorm):
            for target, part in ((module.weight, "scale"), (module.bias, "offset")):
                target.data.copy_(tensors.take(f"{path}/{part}", [len(target), 1, 1], averages).flatten())
    assert not tensors.left, f"tensors without a place: {sorted(tensors.left)}"
    return net.eval()


for normalizing in (nn.BatchNorm1d, nn.BatchNorm2d, nn.InstanceNorm2d, nn.LayerNorm):
    normalizing.affine_ = lambda self: getattr(self, "weight", None) is not None


# Runs.


def newest_checkpoint(run):
    folder = os.path.join(run, "checkpoints")
    return os.path.join(folder, sorted(name for name in os.listdir(folder) if name.endswith(".safetensors"))[-1])


def difference(made, written):
    return float((made.double() - torch.from_numpy(written).double()).abs().max())


def compare(program, run, count):
    with open(os.path.join(run, "configuration.yaml")) as file:
        configuration = yaml.safe_load(file)
    if configuration["model"]["kind"] != "gan":
        raise Unsupported(f"a model of kind {configuration['model']['kind']}")
    path = newest_checkpoint(run)
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}

    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, name + ".npy") for name in ("samples", "latents", "scores")]
        command = [program, "sample", os.path.abspath(run), "--count", str(count)]
        options = ("--out", "--latents-out", "--scores-out")
        command += [word for pair in zip(options, names) for word in pair]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        samples, latents, scores = (numpy.load(name) for name in names)
        # The same latents read back give the same samples, bit for bit.
        again = os.path.join(folder, "again.npy")
        command = [program, "sample", os.path.abspath(run), "--latents", names[1], "--out", again]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        assert numpy.array_equal(numpy.load(again), samples, equal_nan=True), "--latents gives other samples"

    shape = list(samples.shape[1:])
    count_of_classes = 10 if configuration["model"]["condition"] != "none" else None
    classes = None
    if count_of_classes:
        classes = functional.one_hot(torch.arange(count) % count_of_classes, count_of_classes).float()
    z = torch.from_numpy(latents)
    with torch.no_grad():
        made = load(generator(configuration["model"], shape, count_of_classes), Tensors(tensors, "generator"), True)
        x = made(z, classes)
        shown = x
        if "normalization" in metadata:
            units = yaml.safe_load(metadata["normalization"])
            shown = x * torch.tensor(units["scale"]) + torch.tensor(units["offset"])
        worst = difference(shown, samples)
        lines = [f"generator, {tuple(samples.shape)}: largest difference {worst:.2g}"]
        try:
            judge = discriminator(configuration, shape, count_of_classes)
            load(judge, Tensors(tensors, "discriminator"), False)
            judged = judge(x, classes)
            if configuration["objective"]["kind"] not in LINEAR_OBJECTIVES:
                judged = torch.sigmoid(judged)
            # Raw scores have no scale of their own.
            off = difference(judged, scores) / max(1.0, float(numpy.abs(scores).max()))
            lines.append(f"discriminator: largest difference {off:.2g}")
            worst = max(worst, off)
        except Unsupported as error:
            lines.append(f"discriminator: not compared, it is {error}")
    verdict = "equal" if worst <= TOLERANCE else "DIFFERENT"
    step = metadata["step"]
    print(f"{os.path.basename(os.path.abspath(run))}, step {step}, {len(tensors)} tensors: {verdict}; " + "; ".join(lines))
    return worst <= TOLERANCE


# Objectives whose scores are no logits.
LINEAR_OBJECTIVES = {"wasserstein", "hinge", "least-squares"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", metavar="RUN", help="the folder of a run")
    parser.add_argument("--gantui", default="gantui")
    parser.add_argument("--count", type=int, default=64)
    arguments = parser.parse_args()
    torch.manual_seed(0)
    results = []
    for run in arguments.runs:
        try:
            results.append(compare(arguments.gantui, run, arguments.count))
        except Unsupported as error:
            print(f"{run}: not compared: {error}")
            results.append(False)
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
