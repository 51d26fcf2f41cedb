"""Opens checkpoints of gantui with Python's `safetensors`, loads them into the equivalent PyTorch modules by name, and
compares what both make of the same inputs.

    gantui train ring8 --steps 500
    gantui train mnist-style --steps 2500
    gantui train facades-pix2pix --steps 20 --set data.path=FOLDER
    VENV/bin/python scripts/parity/load_checkpoint.py runs/ring8 runs/mnist-style runs/facades-pix2pix

The environment needs torch, safetensors, pyyaml and numpy; the program is `gantui` in the PATH, or `--gantui PATH`.

The modules are built from the run's `configuration.yaml` alone, for every kind of network. Every tensor of a network
must find its place, and every place its tensor. Outputs may differ by 1e-5, or where that is more, as in deep networks,
by eight times what PyTorch's own differ by from f32 to f64.

- Of GANs `gantui sample` writes samples, their latents and D's opinion of each. Noise that a style generator adds is
  drawn anew here (`random_streams.py`), styles are drawn to their mean by the run's psi, and a growing run's networks
  are those of the checkpoint's step.
- Of BiGANs the opinions are D(x, E(x)): they compare encoder and discriminator.
- Translations are of pictures that this script draws, in a copy of the run; what dropout drops in sampling is drawn
  anew. A CycleGAN's way back is compared in a copy of the checkpoint where both ways have changed names. No command
  tells D's scores of a translation, so the copy trains one step on one pair, without dropout, and D's mean opinions of
  the pair and of its translation are compared with those that the step reports.
"""

import argparse
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import zlib

import numpy
import torch
import yaml
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

from checkpoint_layers import Alike, Modulated, Table
from checkpoint_networks import (
    Stage, Unsupported, discriminator, encoder, generator, joint_discriminator, patch_discriminator, translator,
)
from random_streams import Draws, permutation

TOLERANCE = 1e-5
# Where f32 costs PyTorch itself more than that, gantui may be off by so many times what it costs.
ROUNDINGS = 8
# Objectives whose scores are no logits.
LINEAR_OBJECTIVES = {"wasserstein", "hinge", "least-squares"}


# Weights by name.


class Tensors:
    """The tensors of a checkpoint's network, each to be asked for once and to be of the shape that is asked for."""

    def __init__(self, tensors, network):
        # What optimizers remember, and the heads that tell the class or the code.
        slots = re.compile(r"/(adam|rmsprop|history)/|/momentum$|^discriminator/(class|code)/")
        self.all, self.network = tensors, network
        self.left = {name for name in tensors if name.startswith(network + "/") and not slots.search(name)}
        self.placed = len(self.left)

    def take(self, name, shape, averages):
        name = f"{self.network}/{name}"
        assert name in self.left, f"no tensor for {name}"
        self.left.remove(name)
        tensor = self.all[f"average/{name}" if averages and f"average/{name}" in self.all else name]
        assert list(tensor.shape) == list(shape), f"{name}: {list(tensor.shape)} instead of {list(shape)}"
        return tensor


def load(net, tensors, averages=False):
    """Every tensor of the checkpoint that belongs to the network finds its place in it, and every place its tensor."""
    tensors = Tensors(tensors, net.label)

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
        elif isinstance(module, Alike):
            for part, target in [*module.named_parameters(recurse=False), *module.named_buffers(recurse=False)]:
                put(target, f"{path}/{part}" if path else part)
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


class Run:
    """A run's configuration and its newest checkpoint."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.name = os.path.basename(self.folder)
        with open(os.path.join(folder, "configuration.yaml")) as file:
            self.configuration = yaml.safe_load(file)
        checkpoints = os.path.join(folder, "checkpoints")
        newest = sorted(name for name in os.listdir(checkpoints) if name.endswith(".safetensors"))[-1]
        self.checkpoint = os.path.join(checkpoints, newest)
        with safe_open(self.checkpoint, "pt") as file:
            self.metadata = file.metadata()
            self.tensors = {name: file.get_tensor(name) for name in file.keys()}
        self.model, self.step = self.configuration["model"], int(self.metadata["step"])
        self.hyperparameters = json.loads(self.metadata["hyperparameters"])

    def opinion(self, scores):
        return scores if self.configuration["objective"]["kind"] in LINEAR_OBJECTIVES else torch.sigmoid(scores)


class Report:
    """What was compared, and whether all of it is equal."""

    def __init__(self):
        self.lines, self.is_equal = [], True

    def compare(self, what, made, written, exact=None, has_scale=True):
        """- Parameters:
        - exact: gives what would be made in f64. Deep networks lose more than the tolerance in f32 alone.
        - has_scale: false for raw scores, which have no scale of their own.
        """
        written = torch.as_tensor(written)
        assert made.shape == written.shape, f"{what}: {tuple(made.shape)} instead of {tuple(written.shape)}"

        def difference(first, second):
            return float((first.double() - second.double()).abs().max())

        off, limit, note = difference(made, written), TOLERANCE, ""
        if not has_scale:
            off /= max(1.0, float(written.abs().max()))
        if off > limit and exact:
            rounding = difference(made, exact())
            limit = max(limit, ROUNDINGS * rounding)
            note = f" (from f32 to f64 those of PyTorch differ by {rounding:.2g})"
        # What is no number is not equal either.
        self.is_equal = self.is_equal and off <= limit
        self.lines.append(f"{what}: largest difference {off:.2g}{note}")


def doubled(net, x, **context):
    """What a network makes in f64."""
    inputs = {name: value.double() if torch.is_tensor(value) else value for name, value in context.items()}
    made = net.double()(x.double(), **inputs)
    net.float()
    return made


def sample(program, folder, count=None, **files):
    """What `gantui sample` writes for each of its options."""
    with tempfile.TemporaryDirectory() as place:
        command = [program, "sample", folder] + (["--count", str(count)] if count else [])
        paths = {option: os.path.join(place, option + ".npy") for option in ("out", *files)}
        for option, given in files.items():
            if given is not None:
                numpy.save(paths[option], given)
        for option, path in paths.items():
            command += ["--" + option.replace("_", "-"), path]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return [numpy.load(path) for option, path in paths.items() if files.get(option) is None]


def compare_from_latents(program, run, count, report):
    """GANs and BiGANs."""
    samples, latents, scores = sample(program, run.folder, count, latents_out=None, scores_out=None)
    (again,) = sample(program, run.folder, latents=latents)
    assert numpy.array_equal(again, samples, equal_nan=True), "--latents gives other samples"

    model, shape = run.model, list(samples.shape[1:])
    count_of_classes = 10 if model.get("condition", "none") != "none" else None

    def classes(count):
        if count_of_classes:
            return functional.one_hot(torch.arange(count) % count_of_classes, count_of_classes).float()

    # Samples are made and judged in blocks of 256, of which the last is filled up with zeros.
    block = 256
    draws = Draws(run.configuration["seed"], count, block, lambda number: number)
    psi = run.hyperparameters.get("model.generator.truncation", 1.0)
    stage = Stage(model.get("growth", "none"), run.step, shape[1]) if len(shape) == 3 else None
    made = load(generator(model, shape, count_of_classes, stage, psi), run.tensors, averages=True)
    inputs = {"x": torch.from_numpy(latents), "classes": classes(count), "draws": draws}
    x = made(**inputs)

    def shown(x):
        if "normalization" not in run.metadata:
            return x
        units = json.loads(run.metadata["normalization"])
        return x * x.new_tensor(units["scale"]) + x.new_tensor(units["offset"])

    kind = model["generator"]["kind"]
    details = f" with its noise and psi {psi:g}" if kind == "style" else ""
    if kind in ("progressive", "style"):
        details += f" of {stage}"
    what = f"generator{details}, {samples.shape}"
    report.compare(what, shown(x), samples, exact=lambda: shown(doubled(made, **inputs)))

    if model["kind"] == "bigan":
        codes = load(encoder(model, shape), run.tensors)(x)
        judged = load(joint_discriminator(model, shape), run.tensors)(x, latents=codes)
        what = "discriminator of samples and the encoder's latents"
    else:
        judge = load(discriminator(run.configuration, shape, count_of_classes, stage), run.tensors)
        padded = torch.cat([x, torch.zeros(-count % block, *shape)])
        judged = torch.cat([judge(part, classes=classes(block)) for part in padded.split(block)])[:count]
        what = "discriminator"
    report.compare(what, run.opinion(judged), scores, has_scale=False)


# Translations.


def write_png(path, pixels):
    """- Parameter pixels: `[height, width, channels]` of bytes, gray or colour."""
    height, width, channels = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 2 if channels == 3 else 0, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")):
            file.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))


def drawn_pairs(count, channels, size):
    """Pictures of coloured tiles with some grain, as bytes: `[count, 2, channels, size, size]`."""
    random = numpy.random.default_rng(0)
    tiles = random.integers(0, 256, (count, 2, channels, 8, 8)).repeat(-(-size // 8), 3).repeat(-(-size // 8), 4)
    grain = random.integers(-20, 21, (count, 2, channels, size, size))
    return (tiles[..., :size, :size] + grain).clip(0, 255).astype(numpy.uint8)


class RunCopy:
    """A copy of a translation's run whose data are other pairs, side by side and neither jittered nor mirrored."""

    def __init__(self, run, folder, training, test):
        self.folder, self.run = os.path.join(folder, "run"), run
        os.makedirs(os.path.join(self.folder, "checkpoints"))
        data = os.path.join(folder, "data")
        for part, pairs in (("train", training), ("test", test)):
            os.makedirs(os.path.join(data, part))
            for number, pair in enumerate(pairs):
                pixels = numpy.concatenate(pair.transpose(0, 2, 3, 1), 1)
                write_png(os.path.join(data, part, f"{number:04}.png"), pixels)
        with open(os.path.join(run.folder, "configuration.yaml")) as file:
            self.text = file.read()
        values = {"layout": "side-by-side", "jitter": "false", "mirror": "false", "held-out": "auto"}
        self.configure(path=json.dumps(data), precision="f32", **values)
        # A step reports its last update of D, which must be its first to be of the checkpoint's weights.
        live = {**run.hyperparameters, "schedule.discriminator-steps": 1}
        self.metadata = {**run.metadata, "hyperparameters": json.dumps(live)}
        self.put(run.tensors)

    def configure(self, **values):
        """Sets keys, which occur once each."""
        for key, value in values.items():
            self.text, found = re.subn(rf"(?m)^( *{key}:).*$", lambda line: f"{line[1]} {value}", self.text)
            assert found == 1, f"{key}: {found} times in configuration.yaml"
        with open(os.path.join(self.folder, "configuration.yaml"), "w") as file:
            file.write(self.text)

    def put(self, tensors):
        path = os.path.join(self.folder, "checkpoints", os.path.basename(self.run.checkpoint))
        save_file(tensors, path, metadata=self.metadata)

    def next_step(self, program):
        """What one more step reports: values by tag."""
        command = [program, "resume", self.folder, "--headless", "--log-format", "json"]
        command += ["--steps", str(self.run.step + 1)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout.strip().splitlines()[-1])


def changed_names(tensors):
    """A CycleGAN's two ways, each with the names of the other."""
    ways = {"forth": "back", "back": "forth"}
    return {
        "/".join(ways.get(part, part) for part in name.split("/")): tensor.clone() for name, tensor in tensors.items()
    }


def compare_translations(program, run, report, folder):
    model, data = run.model, run.configuration["data"]
    size, channels = data["size"], data["channels"]
    is_cycle = model["kind"] == "cyclegan"
    pairs = drawn_pairs(9, channels, size)
    images = (torch.from_numpy(pairs).float() - 127.5) / 127.5
    source, target = (0, 1) if data["direction"] == "a-to-b" else (1, 0)
    copy = RunCopy(run, folder, training=pairs[8:], test=pairs[:8])

    # Held-out pairs are in an order of their own; programs of 8 have the number of their first row as counter.
    order = permutation(8, 1, 0, 0x6576616C)
    sources = images[order, source]
    # A CycleGAN's way forth has random streams of its own, whichever weights are in its place.
    streams = "forth/generator/forth" if is_cycle else "generator"
    draws = Draws(run.configuration["seed"], 8, 8, lambda number: 8 * number, streams)
    noise = " with its dropout" if model["generator"].get("dropout", 0) else ""
    for way in ("generator/forth", "generator/back") if is_cycle else ("generator",):
        if way == "generator/back":
            copy.put(changed_names(run.tensors))
        (samples,) = sample(program, copy.folder, 64)
        made = load(translator(way, model["generator"], size, channels, channels), run.tensors)
        what = f"{way}{noise}, {samples.shape}"
        report.compare(what, made(sources, draws=draws), samples, exact=lambda: doubled(made, sources, draws=draws))
    if is_cycle:
        copy.put(run.tensors)

    # One step of the pair that is trained on, alone in its batch as often as there is room; nothing is dropped.
    if noise:
        copy.configure(dropout=0)
    if is_cycle:
        copy.configure(pool=0)
    told = copy.next_step(program)
    settings = {**model["generator"], "dropout": 0}
    batch = images[8:].expand(run.configuration["schedule"]["batch"], -1, -1, -1, -1)
    real, fake = [], []
    both = [("/forth", source, target), ("/back", target, source)]
    for way, first, second in both if is_cycle else [("", source, target)]:
        beside = 0 if is_cycle else channels
        translate = load(translator("generator" + way, settings, size, channels, channels), run.tensors).train()
        judge = load(patch_discriminator("discriminator" + way, model["discriminator"], channels, beside), run.tensors)
        judge.train()
        for scores, image in ((real, batch[:, second]), (fake, translate(batch[:, first]))):
            scores.append(run.opinion(judge(image, image=batch[:, first])).mean())
    for tag, scores in (("score/real", real), ("score/fake", fake)):
        what = "both discriminators" if is_cycle else "discriminator"
        report.compare(f"{what}, mean {tag} of one step", torch.stack(scores).mean(), told[tag], has_scale=False)


def compare(program, folder, count):
    run, report = Run(folder), Report()
    with torch.no_grad(), tempfile.TemporaryDirectory() as place:
        if run.model["kind"] in ("gan", "bigan"):
            compare_from_latents(program, run, count, report)
        else:
            compare_translations(program, run, report, place)
    verdict = "equal" if report.is_equal else "DIFFERENT"
    print(f"{run.name}, step {run.step}, {len(run.tensors)} tensors: {verdict}; " + "; ".join(report.lines), flush=True)
    return report.is_equal


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", metavar="RUN", help="the folder of a run")
    parser.add_argument("--gantui", default="gantui")
    parser.add_argument("--count", type=int, default=64)
    arguments = parser.parse_args()
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
