"""The networks of a run's configuration in PyTorch, with gantui's names."""

import numpy
import torch
from torch import nn
from torch.nn import functional

from checkpoint_layers import (
    AdaIN, Attention, Beside, Block, ClassesBeside, ConstantInput, EqualizedConvolution, EqualizedDense, FadeIn, Maxout,
    MinibatchDeviation, MinibatchDiscrimination, Network, NoiseInjection, NoisyDropout, Projection, Skip, Split,
    StyleMapping, activation, blur, convolution, dense, normalization, pixel_norm, spectral, transposed,
)


class Unsupported(Exception):
    pass


def plan(size):
    """The smallest map's extent, and how often it doubles."""
    base = 7 if size % 7 == 0 else 4
    return base, (size // base).bit_length() - 1


# Parts that several networks have.


def add_mlp(net, settings, width, folder=""):
    for number, units in enumerate(settings["hidden"], 1):
        kind, is_normalized = settings["normalization"], settings["spectral-normalization"]
        net.add(f"{folder}dense{number}", dense(width, units, kind != "batch", is_normalized))
        if kind != "none":
            net.add(f"{folder}norm{number}", normalization(kind, units, False))
        net.then(activation(settings))
        width = units
    return width


def add_dcgan_finish(net, settings, block, channels, has_norm=True):
    if has_norm and settings["normalization"] != "none":
        net.add(f"{block}/norm", normalization(settings["normalization"], channels, True))
    net.then(activation(settings))


def add_dcgan_trunk(net, settings, channels, size):
    """Returns the shape of the last map."""
    base, blocks = plan(size)
    bias, is_normalized = settings["normalization"] == "none", settings["spectral-normalization"]
    for block in range(1, blocks + 1):
        outputs = settings["features"] << (block - 1)
        net.add(f"block{block}/conv", convolution(channels, outputs, 4, 2, 1, bias, is_normalized))
        add_dcgan_finish(net, settings, f"block{block}", outputs, has_norm=block > 1)
        channels = outputs
    return [channels, base, base]


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
        elif "maxout" in layer:
            made = Maxout(shape[0], layer["maxout"], layer["pieces"])
            net.add(f"{path}/maxout", spectral(made, 0, is_normalized))
            shape = [layer["maxout"]]
        elif "residual" in layer:
            block = {**layer, "spectral-normalization": is_normalized}
            net.add(f"{path}/residual", Block(layer["extent"], shape[0], layer["residual"], block))
            change = {"same": 1, "up": 2, "down": 0.5, "first": 0.5}[layer["extent"]]
            shape = [layer["residual"]] + [int(extent * change) for extent in shape[1:]]
            continue
        elif "attention" in layer:
            net.add(f"{path}/attention", Attention(shape[0], is_normalized))
        elif "sum-pool" in layer:
            net.then(lambda x: x.sum((2, 3)))
            shape = shape[:1]
        elif "pixel-norm" in layer:
            net.then(pixel_norm)
        elif "dropout" in layer:
            continue
        elif not set(layer) <= {"activation", "slope", "normalization"}:
            raise Unsupported(f"the layer {layer}")
        if layer.get("normalization", "none") != "none":
            net.add(f"{path}/norm", normalization(layer["normalization"], shape[0], len(shape) == 3))
        if activation(layer):
            net.then(activation(layer))
    return shape


# Networks that grow.


class Stage:
    """Where a growing run stands: the resolution of its networks, whether it fades in, and how far it has."""

    def __init__(self, growth, step, maximum):
        self.maximum, self.resolution, self.is_fading, self.alpha = maximum, maximum, False, 1.0
        if growth == "none":
            return
        self.resolution, first = growth["start"], 0
        while True:
            steps = max(1, growth["fade-steps" if self.is_fading else "stable-steps"])
            is_last = not self.is_fading and self.resolution * 2 > maximum
            if is_last or step < first + steps:
                break
            self.resolution *= 1 if self.is_fading else 2
            self.is_fading = not self.is_fading
            first += steps
        self.alpha = (step - first) / steps if self.is_fading else 1.0

    def __str__(self):
        return f"{self.resolution}x{self.resolution} pixels" + (f" {self.alpha:.0%} faded in" if self.is_fading else "")

    @property
    def grown(self):
        """The resolutions above 4 that do not fade."""
        last = self.resolution // 2 if self.is_fading else self.resolution
        return [4 << halving for halving in range(1, (last // 4).bit_length())]

    def width(self, settings, resolution):
        return min(settings["features"] * (self.maximum // resolution), settings["most-features"])

    def pooled(self, x):
        return functional.avg_pool2d(x, self.maximum // self.resolution)

    def whole(self, x):
        return functional.interpolate(x, scale_factor=self.maximum // self.resolution)


def doubled(x):
    return functional.interpolate(x, scale_factor=2)


def halved(x):
    return functional.avg_pool2d(x, 2)


def add_growing_generator(net, settings, latent, channels, stage, psi):
    is_style = settings["kind"] == "style"

    def width(resolution):
        return stage.width(settings, resolution)

    def finish(resolution, number):
        """What follows a layer: noise and style, or the norm of each pixel."""
        prefix = f"{resolution}x{resolution}"
        if is_style:
            net.add(f"{prefix}/noise{number}", NoiseInjection(f"{prefix}/noise{number}", width(resolution)))
            net.then(nn.LeakyReLU(0.2))
            net.add(f"{prefix}/adain{number}", AdaIN(width(resolution), settings["style-dimension"]))
        else:
            net.then(nn.LeakyReLU(0.2), pixel_norm)

    def block(resolution):
        net.then(doubled)
        if is_style:
            net.then(blur)
        for number, inputs in ((1, width(resolution // 2)), (2, width(resolution))):
            path = f"{resolution}x{resolution}/conv{number}"
            net.add(path, EqualizedConvolution(inputs, width(resolution), 3))
            finish(resolution, number)

    def image(resolution):
        net.add(f"{resolution}x{resolution}/to_rgb", EqualizedConvolution(width(resolution), channels, 1, gain=1))

    if is_style:
        net.add("mapping", StyleMapping(latent, settings["style-dimension"], settings["mapping-depth"], psi))
        net.add("4x4/constant", ConstantInput(width(4)))
        finish(4, 1)
        net.add("4x4/conv2", EqualizedConvolution(width(4), width(4), 3))
        finish(4, 2)
    else:
        net.then(pixel_norm)
        net.add("4x4/dense", EqualizedDense(latent, 16 * width(4)))
        net.then(nn.Unflatten(1, (width(4), 4, 4)))
        finish(4, 1)
        net.add("4x4/conv", EqualizedConvolution(width(4), width(4), 3))
        finish(4, 2)
    for resolution in stage.grown:
        block(resolution)
    if not stage.is_fading:
        return image(stage.resolution)
    old = net.aside(lambda: (image(stage.resolution // 2), net.then(doubled)))
    new = net.aside(lambda: (block(stage.resolution), image(stage.resolution)))
    net.then(FadeIn(old, new, stage.alpha))


def add_growing_discriminator(net, settings, channels, stage, group, is_blurred):
    def width(resolution):
        return stage.width(settings, resolution)

    def image(resolution):
        net.add(f"{resolution}x{resolution}/from_rgb", EqualizedConvolution(channels, width(resolution), 1))
        net.then(nn.LeakyReLU(0.2))

    def block(resolution):
        for number, outputs in ((1, width(resolution)), (2, width(resolution // 2))):
            path = f"{resolution}x{resolution}/conv{number}"
            net.add(path, EqualizedConvolution(width(resolution), outputs, 3))
            net.then(nn.LeakyReLU(0.2))
        net.then(*([blur] if is_blurred else []), halved)

    net.then(stage.pooled)
    if stage.is_fading:
        old = net.aside(lambda: (net.then(halved), image(stage.resolution // 2)))
        new = net.aside(lambda: (image(stage.resolution), block(stage.resolution)))
        net.then(FadeIn(old, new, stage.alpha))
    else:
        image(stage.resolution)
    for resolution in reversed(stage.grown):
        block(resolution)
    net.then(MinibatchDeviation(group))
    net.add("4x4/conv", EqualizedConvolution(width(4) + 1, width(4), 3))
    net.then(nn.LeakyReLU(0.2), nn.Flatten())
    net.add("4x4/dense", EqualizedDense(16 * width(4), width(4)))
    net.then(nn.LeakyReLU(0.2))
    net.add("4x4/score", EqualizedDense(width(4), 1, gain=1))


# From latents to samples, and what judges them.


def generator(model, sample, classes, stage=None, psi=1.0):
    settings, net = model["generator"], Network("generator")
    kind = settings["kind"]
    code = model.get("code", "none")
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
    elif kind in ("progressive", "style"):
        add_growing_generator(net, settings, width, sample[0], stage, psi)
        # Without an activation at its end, what is beyond the range of images is black or white.
        net.then(torch.tanh if settings["output"] == "tanh" else lambda x: x.clamp(-1, 1), stage.whole)
        return net
    elif kind == "dirac":
        net.theta = nn.Parameter(torch.zeros(()))
        net.then(lambda z: net.theta.expand(len(z), 1))
        return net
    else:
        raise Unsupported(f"a generator of kind {kind}")
    if settings["output"] == "tanh":
        net.then(torch.tanh)
    return net


def discriminator(configuration, sample, classes, stage=None):
    settings, net = configuration["model"]["discriminator"], Network("discriminator")
    kind = settings["kind"]
    techniques = {technique["kind"]: technique for technique in configuration["techniques"]}
    # An AC-GAN's is not given the class.
    condition = configuration["model"]["condition"]
    if "packing" in techniques:
        copies = int(techniques["packing"]["samples"])
        sample = [sample[0] * copies] + sample[1:]
        net.then(lambda x: torch.cat([x] * copies, 1))
    deviation = techniques.get("minibatch-deviation")
    if kind == "progressive":
        is_blurred = configuration["model"]["generator"]["kind"] == "style"
        group = int(deviation["group"]) if deviation else 4
        add_growing_discriminator(net, settings, sample[0], stage, group, is_blurred)
        net.then(lambda x: x[:, 0])
        return net
    if kind == "dirac":
        net.psi = nn.Parameter(torch.zeros(()))
        net.then(lambda x: x[:, 0] * net.psi + settings["offset"])
        return net
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
        shape = [add_mlp(net, settings, shape[0])]
        head = f"dense{len(settings['hidden']) + 1}"
    elif kind == "maxout":
        for number, units in enumerate(settings["hidden"], 1):
            net.add(f"maxout{number}", spectral(Maxout(shape[0], units, settings["pieces"]), 0, is_normalized))
            shape = [units]
    elif kind == "layers":
        shape = add_layers(net, settings, shape)
    elif kind == "dcgan":
        bias = settings["normalization"] == "none"
        shape = add_dcgan_trunk(net, settings, shape[0], sample[1])
    elif kind == "residual":
        blocks = plan(sample[1])[1]
        channels = shape[0]
        for block in range(1, blocks + 2):
            shape_of = "first" if block == 1 else "same" if block > blocks else "down"
            outputs = settings["features"] << (min(block, blocks) - 1)
            net.add(f"block{block}", Block(shape_of, channels, outputs, settings))
            if block <= blocks:
                add_attention(net, settings, sample[1] >> block, outputs)
            channels = outputs
        net.then(activation(settings), lambda x: x.sum((2, 3)))
        shape = [channels]
    else:
        raise Unsupported(f"a discriminator of kind {kind}")
    if deviation and "minibatch-discrimination" not in techniques:
        net.then(MinibatchDeviation(int(deviation["group"])))
        shape = [shape[0] + 1] + shape[1:]
    net.then(nn.Flatten())
    width = int(numpy.prod(shape))
    if "minibatch-discrimination" in techniques:
        seen = techniques["minibatch-discrimination"]
        net.add("score/minibatch", MinibatchDiscrimination(width, int(seen["kernels"]), int(seen["dimensions"])))
        width += int(seen["kernels"])
    if condition == "projection":
        net.add("score", Projection(width, classes, bias, is_normalized))
    else:
        net.add(head, dense(width, 1, bias, is_normalized))
    net.then(lambda x: x[:, 0])
    return net


# Of bidirectional games.


def encoder(model, sample):
    settings, net = model["encoder"], Network("encoder")
    outputs, is_normalized = model["latent"]["dimension"], settings["spectral-normalization"]
    if settings["kind"] == "mlp":
        net.then(nn.Flatten())
        width = add_mlp(net, settings, int(numpy.prod(sample)))
        net.add(f"dense{len(settings['hidden']) + 1}", dense(width, outputs, True, is_normalized))
    elif settings["kind"] == "dcgan":
        shape = add_dcgan_trunk(net, settings, sample[0], sample[1])
        net.then(nn.Flatten())
        net.add("latents/dense1", dense(int(numpy.prod(shape)), outputs, True, is_normalized))
    else:
        raise Unsupported(f"an encoder of kind {settings['kind']}")
    return net


def joint_discriminator(model, sample):
    """D(x, z), with z in the context."""
    settings, net = model["discriminator"], Network("discriminator")
    shape, folder = sample, ""
    if settings["kind"] == "dcgan":
        shape, folder = add_dcgan_trunk(net, settings, sample[0], sample[1]), "joint/"
        # A dcgan's activation goes on; there is no normalization beside latents.
        settings = {**settings, "hidden": model["joint-hidden"], "normalization": "none"}
    elif settings["kind"] != "mlp":
        raise Unsupported(f"a joint discriminator of kind {settings['kind']}")
    net.then(nn.Flatten(), Beside("latents"))
    width = add_mlp(net, settings, int(numpy.prod(shape)) + model["latent"]["dimension"], folder)
    last = f"{folder}dense{len(settings['hidden']) + 1}"
    net.add(last, dense(width, 1, True, settings["spectral-normalization"]))
    net.then(lambda x: x[:, 0])
    return net


# Of translations.


def add_norm(net, settings, path, channels):
    if settings["normalization"] != "none":
        net.add(path, normalization(settings["normalization"], channels, True))


def unet(name, settings, size, inputs, outputs):
    net, kind, features = Network(name), settings["normalization"], settings["features"]
    depth = settings["depth"]
    levels = min(8, max(1, (size & -size).bit_length() - 1)) if depth == "auto" else depth

    def width(level):
        return features << min(level - 1, 3)

    def add(path, make, before, after, is_normalized):
        net.add(path, make(before, after, kernel_size=4, stride=2, padding=1, bias=kind == "none" or not is_normalized))

    def inside(level):
        is_innermost = level == levels
        if not is_innermost:
            net.then(Skip(net.aside(lambda: way(level + 1)), is_sum=False))
        net.then(nn.ReLU())
        above = outputs if level == 1 else width(level - 1)
        below = width(level) * (1 if is_innermost else 2)
        add(f"up{level}/conv", nn.ConvTranspose2d, below, above, level > 1)

    def way(level):
        """Down to a level and up from it again."""
        net.then(nn.LeakyReLU(0.2))
        add(f"down{level}/conv", nn.Conv2d, width(level - 1), width(level), level < levels)
        if level < levels:
            add_norm(net, settings, f"down{level}/norm", width(level))
        inside(level)
        add_norm(net, settings, f"up{level}/norm", width(level - 1))
        if settings["dropout"] != 0 and levels - level < 3:
            net.then(NoisyDropout(f"up{level}/dropout", settings["dropout"]))

    add("down1/conv", nn.Conv2d, inputs, width(1), False)
    inside(1)
    net.then(torch.tanh)
    return net


def resnet(name, settings, size, inputs, outputs):
    net, features = Network(name), settings["features"]
    blocks = settings["blocks"]
    if blocks == "auto":
        blocks = 6 if size < 256 else 9
    has_bias = settings["normalization"] == "none"

    def keeping(path, before, after, kernel, bias):
        net.then(nn.ReflectionPad2d(kernel // 2))
        net.add(path, nn.Conv2d(before, after, kernel, bias=bias))

    def finish(label, channels):
        add_norm(net, settings, f"{label}/norm", channels)
        net.then(nn.ReLU())

    def residual(label, channels):
        for number in (1, 2):
            keeping(f"{label}/conv{number}", channels, channels, 3, has_bias)
            add_norm(net, settings, f"{label}/norm{number}", channels)
            if number == 1:
                net.then(nn.ReLU())

    keeping("first/conv", inputs, features, 7, has_bias)
    finish("first", features)
    for level in (1, 2):
        channels = features << level
        net.add(f"down{level}/conv", nn.Conv2d(channels // 2, channels, 3, 2, 1, bias=has_bias))
        finish(f"down{level}", channels)
    for block in range(1, blocks + 1):
        inner = net.aside(lambda: residual(f"residual{block}", 4 * features))
        net.then(Skip(inner, is_sum=True))
    for level in (2, 1):
        channels = features << (level - 1)
        net.add(f"up{level}/conv", nn.ConvTranspose2d(2 * channels, channels, 3, 2, 1, 1, bias=has_bias))
        finish(f"up{level}", channels)
    keeping("last/conv", features, outputs, 7, True)
    net.then(torch.tanh)
    return net


def translator(name, settings, size, inputs, outputs):
    if settings["kind"] not in ("unet", "resnet"):
        raise Unsupported(f"a translator of kind {settings['kind']}")
    return (unet if settings["kind"] == "unet" else resnet)(name, settings, size, inputs, outputs)


def patch_discriminator(name, settings, channels, beside):
    """A score for each patch, of an image beside another of `beside` channels, if any."""
    net, features = Network(name), settings["features"]
    halvings = [1, 16, 34, 70, 142, 286].index(settings["receptive-field"])
    kernel, padding = (4, 1) if halvings else (1, 0)
    if beside:
        net.then(Beside("image"))
    width = channels + beside
    for block in range(1, max(2, halvings + 1) + 1):
        outputs = features << min(block - 1, 3)
        bias = block == 1 or settings["normalization"] == "none"
        stride = 2 if block <= halvings else 1
        net.add(f"block{block}/conv", nn.Conv2d(width, outputs, kernel, stride, padding, bias=bias))
        if block > 1:
            add_norm(net, settings, f"block{block}/norm", outputs)
        net.then(nn.LeakyReLU(0.2))
        width = outputs
    net.add("score/conv", nn.Conv2d(width, 1, kernel, 1, padding))
    return net
