#!/usr/bin/env python3
"""Time one training step of a workload with a library that a user would pick instead of gantui.

  step_times.py toy16|toy128|wgangp512|dcgan32|dcgan64 --peer torch|torch-bf16|jax [--seconds 5] [--threads N]

Needs torch, or jax and optax; scripts/peers/compare installs them. Prints one JSON object. One process measures one
workload, so that its peak memory is the workload's own. The step is that of `gantui bench` (Workload.swift): a whole
turn of the game, which is every discriminator update that the workload asks for, then one generator update, with Adam.

  toy16, toy128    2-D points, z of 2, dense 2x16 (batch 150) or 2x128 (batch 256), ReLU in G and LeakyReLU(0.2) in D,
                   non-saturating loss
  wgangp512        2-D points, z of 2, dense 3x512, ReLU, batch 256, Wasserstein, gradient penalty 0.1, 5 critic updates
  dcgan32, 64      1x32x32 or 3x64x64 images, z of 100, 64 features, batch 64, batch norm; both updates share the fakes

Real and fake batches pass through D separately. The batch of data stays the same; noise is drawn anew each time.
"""
import argparse
import json
import os
import resource
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Dense:
    """A game of dense networks on 2-D points."""

    hidden: int
    layers: int
    batch: int
    critics: int = 1
    penalty: float = 0.0
    slope: float = 0.0  # Of D's leaky ReLU; 0 for a plain one.
    rate: float = 2e-4
    betas: tuple = (0.5, 0.999)

    def widths(self, outputs):
        return [2] + [self.hidden] * self.layers + [outputs]


@dataclass(frozen=True)
class Convolutional:
    """A DCGAN: 4x4 kernels, stride 2 down to 4x4 pixels."""

    size: int
    channels: int
    features: int = 64
    latent: int = 100
    batch: int = 64
    slope: float = 0.2
    rate: float = 2e-4
    betas: tuple = (0.5, 0.999)

    def maps(self):
        """Channels of each map of D, from the image inwards to 4x4 pixels."""
        maps, pixels = [self.channels], self.size
        while pixels > 4:
            maps.append(self.features if len(maps) == 1 else 2 * maps[-1])
            pixels //= 2
        return maps


WORKLOADS = {
    "toy16": Dense(hidden=16, layers=2, batch=150, slope=0.2),
    "toy128": Dense(hidden=128, layers=2, batch=256, slope=0.2),
    "wgangp512": Dense(hidden=512, layers=3, batch=256, critics=5, penalty=0.1, rate=1e-4, betas=(0.5, 0.9)),
    "dcgan32": Convolutional(size=32, channels=1),
    "dcgan64": Convolutional(size=64, channels=3),
}


# PyTorch


def torch_step(workload, bf16, threads):
    """A function that takes one step, as the usual training script writes it, and the library's version."""
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(threads)
    if isinstance(workload, Convolutional):
        step = torch_convolutional(torch, workload, bf16)
    elif workload.penalty:
        step = torch_critic(torch, workload)
    else:
        step = torch_dense(torch, workload)
    return step, torch.__version__


def torch_adam(torch, net, workload):
    return torch.optim.Adam(net.parameters(), lr=workload.rate, betas=workload.betas, foreach=True)


def torch_mlp(torch, widths, activation):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, outputs), activation()]
    return torch.nn.Sequential(*layers[:-1])


def torch_players(torch, workload):
    nn = torch.nn
    generator = torch_mlp(torch, workload.widths(2), nn.ReLU)
    discriminator = torch_mlp(
        torch, workload.widths(1), (lambda: nn.LeakyReLU(workload.slope)) if workload.slope else nn.ReLU
    )
    return (
        generator,
        discriminator,
        torch_adam(torch, generator, workload),
        torch_adam(torch, discriminator, workload),
    )


def torch_dense(torch, workload):
    loss_of = torch.nn.functional.binary_cross_entropy_with_logits
    generator, discriminator, adam_g, adam_d = torch_players(torch, workload)
    data = torch.randn(workload.batch, 2)
    real, fake = torch.ones(workload.batch, 1), torch.zeros(workload.batch, 1)

    def samples():
        return generator(torch.randn(workload.batch, 2))

    def step():
        adam_d.zero_grad()
        loss = loss_of(discriminator(data), real) + loss_of(discriminator(samples().detach()), fake)
        loss.backward()
        adam_d.step()
        adam_g.zero_grad()
        loss_of(discriminator(samples()), real).backward()
        adam_g.step()

    return step


def torch_critic(torch, workload):
    generator, critic, adam_g, adam_d = torch_players(torch, workload)
    data = torch.randn(workload.batch, 2)

    def samples():
        return generator(torch.randn(workload.batch, 2))

    def penalty(fakes):
        share = torch.rand(workload.batch, 1)
        mixture = (share * data + (1 - share) * fakes).requires_grad_(True)
        (slope,) = torch.autograd.grad(critic(mixture).sum(), mixture, create_graph=True)
        return ((slope.norm(dim=1) - 1) ** 2).mean()

    def step():
        for _ in range(workload.critics):
            fakes = samples().detach()
            loss = critic(fakes).mean() - critic(data).mean() + workload.penalty * penalty(fakes)
            adam_d.zero_grad()
            loss.backward()
            adam_d.step()
        adam_g.zero_grad()
        (-critic(samples()).mean()).backward()
        adam_g.step()

    return step


def torch_convolutional(torch, workload, bf16):
    nn = torch.nn
    loss_of = nn.functional.binary_cross_entropy_with_logits
    maps = workload.maps()
    # Channels-last is PyTorch's fast order for convolutions on CPUs.
    order = torch.channels_last

    inner = maps[:0:-1]
    layers = [nn.ConvTranspose2d(workload.latent, inner[0], 4, 1, 0, bias=False)]
    for inputs, outputs in zip(inner, inner[1:] + [workload.channels]):
        layers += [nn.BatchNorm2d(inputs), nn.ReLU(True), nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False)]
    generator = nn.Sequential(*layers, nn.Tanh()).to(memory_format=order)

    layers = []
    for index, (inputs, outputs) in enumerate(zip(maps, maps[1:])):
        layers.append(nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False))
        layers += [nn.BatchNorm2d(outputs)] if index > 0 else []
        layers.append(nn.LeakyReLU(workload.slope, True))
    discriminator = nn.Sequential(*layers, nn.Conv2d(maps[-1], 1, 4, 1, 0, bias=False)).to(memory_format=order)

    adam_g, adam_d = torch_adam(torch, generator, workload), torch_adam(torch, discriminator, workload)
    data = torch.randn(workload.batch, workload.channels, workload.size, workload.size)
    data = data.contiguous(memory_format=order)
    real, fake = torch.ones(workload.batch), torch.zeros(workload.batch)

    def precision():
        return torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16)

    def score(images):
        return discriminator(images).flatten().float()

    def step():
        with precision():
            fakes = generator(torch.randn(workload.batch, workload.latent, 1, 1))
            loss = loss_of(score(data), real) + loss_of(score(fakes.detach()), fake)
        adam_d.zero_grad()
        loss.backward()
        adam_d.step()
        with precision():
            loss = loss_of(score(fakes), real)
        adam_g.zero_grad()
        loss.backward()
        adam_g.step()

    return step


# JAX


def jax_step(workload):
    """A function that takes one step, compiled as a whole, and the library's version."""
    import jax

    make = jax_convolutional if isinstance(workload, Convolutional) else jax_dense
    update, state = make(workload)
    update = jax.jit(update)
    box = [state]

    def step():
        box[0] = update(box[0])
        jax.block_until_ready(box[0])

    return step, jax.__version__


def jax_dense(workload):
    import jax
    import jax.numpy as jnp
    import optax

    def network(key, widths):
        keys = jax.random.split(key, len(widths) - 1)
        return [
            (jax.random.normal(k, (i, o)) * (2 / i) ** 0.5, jnp.zeros(o)) for k, i, o in zip(keys, widths, widths[1:])
        ]

    def apply(layers, x, activation):
        for weight, bias in layers[:-1]:
            x = activation(x @ weight + bias)
        weight, bias = layers[-1]
        return x @ weight + bias

    def activation(x):
        return jax.nn.leaky_relu(x, workload.slope) if workload.slope else jax.nn.relu(x)

    def score(d, x):
        return apply(d, x, activation)

    def samples(g, key):
        return apply(g, jax.random.normal(key, (workload.batch, 2)), jax.nn.relu)

    data = jax.random.normal(jax.random.PRNGKey(1), (workload.batch, 2))

    def game_d(d, g, key):
        fakes = samples(g, key)
        return jax.nn.softplus(-score(d, data)).mean() + jax.nn.softplus(score(d, fakes)).mean()

    def game_g(g, d, key):
        return jax.nn.softplus(-score(d, samples(g, key))).mean()

    def critic_d(d, g, key):
        key, other = jax.random.split(key)
        fakes = samples(g, key)
        share = jax.random.uniform(other, (workload.batch, 1))
        slope = jax.grad(lambda x: score(d, x).sum())(share * data + (1 - share) * fakes)
        penalty = ((jnp.linalg.norm(slope, axis=1) - 1) ** 2).mean()
        return score(d, fakes).mean() - score(d, data).mean() + workload.penalty * penalty

    def critic_g(g, d, key):
        return -score(d, samples(g, key)).mean()

    loss_d, loss_g = (critic_d, critic_g) if workload.penalty else (game_d, game_g)
    adam = optax.adam(workload.rate, *workload.betas)

    def update(state):
        g, d, moments_g, moments_d, key = state
        for _ in range(workload.critics):
            key, draw = jax.random.split(key)
            change, moments_d = adam.update(jax.grad(loss_d)(d, g, draw), moments_d)
            d = optax.apply_updates(d, change)
        key, draw = jax.random.split(key)
        change, moments_g = adam.update(jax.grad(loss_g)(g, d, draw), moments_g)
        return optax.apply_updates(g, change), d, moments_g, moments_d, key

    keys = jax.random.split(jax.random.PRNGKey(0), 3)
    g, d = network(keys[0], workload.widths(2)), network(keys[1], workload.widths(1))
    return update, (g, d, adam.init(g), adam.init(d), keys[2])


def jax_convolutional(workload):
    import jax
    import jax.numpy as jnp
    import optax

    maps = workload.maps()

    def layers(key, channels, normalized):
        """Kernels (HWIO) with the scale and offset of their batch norm, or None."""
        keys = jax.random.split(key, len(channels) - 1)
        return [
            (
                jax.random.normal(k, (4, 4, i, o)) * 0.02,
                (jnp.ones(o), jnp.zeros(o)) if index in normalized else None,
            )
            for index, (k, i, o) in enumerate(zip(keys, channels, channels[1:]))
        ]

    def normalize(x, scale, offset):
        mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
        return (x - mean) * jax.lax.rsqrt(variance + 1e-5) * scale + offset

    def convolve(x, kernel, stride, padding, dilation=1):
        return jax.lax.conv_general_dilated(
            x,
            kernel,
            (stride, stride),
            ((padding, padding), (padding, padding)),
            lhs_dilation=(dilation, dilation),
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
        )

    def generate(g, z):
        x = z
        for index, (kernel, norm) in enumerate(g):
            x = convolve(x, kernel, 1, 3) if index == 0 else convolve(x, kernel, 1, 2, dilation=2)
            x = jnp.tanh(x) if norm is None else jax.nn.relu(normalize(x, *norm))
        return x

    def score(d, x):
        for kernel, norm in d[:-1]:
            x = convolve(x, kernel, 2, 1)
            x = jax.nn.leaky_relu(x if norm is None else normalize(x, *norm), workload.slope)
        return convolve(x, d[-1][0], 1, 0)

    data = jax.random.normal(jax.random.PRNGKey(1), (workload.batch, workload.size, workload.size, workload.channels))
    adam = optax.adam(workload.rate, *workload.betas)

    def update(state):
        g, d, moments_g, moments_d, key = state
        key, draw = jax.random.split(key)
        z = jax.random.normal(draw, (workload.batch, 1, 1, workload.latent))
        fakes, back = jax.vjp(lambda g: generate(g, z), g)

        def loss_d(d):
            return jax.nn.softplus(-score(d, data)).mean() + jax.nn.softplus(score(d, fakes)).mean()

        change, moments_d = adam.update(jax.grad(loss_d)(d), moments_d)
        d = optax.apply_updates(d, change)
        (slopes,) = back(jax.grad(lambda x: jax.nn.softplus(-score(d, x)).mean())(fakes))
        change, moments_g = adam.update(slopes, moments_g)
        return optax.apply_updates(g, change), d, moments_g, moments_d, key

    keys = jax.random.split(jax.random.PRNGKey(0), 3)
    inner = maps[:0:-1]
    g = layers(keys[0], [workload.latent] + inner + [workload.channels], range(len(inner)))
    d = layers(keys[1], maps + [1], range(1, len(maps) - 1))
    return update, (g, d, adam.init(g), adam.init(d), keys[2])


# Measuring


def measure(step, seconds):
    """Seconds of the median step and of the 90th percentile."""
    end = time.perf_counter() + min(0.5, seconds / 4)
    for _ in range(3):
        step()
    while time.perf_counter() < end:
        step()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    times.sort()
    return times[len(times) // 2], times[len(times) * 9 // 10]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workload", choices=list(WORKLOADS))
    parser.add_argument("--peer", choices=["torch", "torch-bf16", "jax"], required=True)
    parser.add_argument("--seconds", type=float, default=5, help="how long the step is timed")
    parser.add_argument("--threads", type=int, help="at most this many cores [default: all]")
    options = parser.parse_args()

    cores = sorted(os.sched_getaffinity(0))
    threads = max(1, min(options.threads or len(cores), len(cores)))
    # JAX has no setting for this: it starts a thread for each core that it is allowed.
    if options.peer == "jax":
        os.sched_setaffinity(0, cores[:threads])
        os.environ.setdefault("JAX_PLATFORMS", "cpu")

    workload = WORKLOADS[options.workload]
    if options.peer == "torch-bf16" and not isinstance(workload, Convolutional):
        sys.exit(f"step_times: {options.workload} has no convolution to compute in bf16")
    try:
        if options.peer == "jax":
            step, version = jax_step(workload)
        else:
            step, version = torch_step(workload, options.peer == "torch-bf16", threads)
    except ImportError as error:
        sys.exit(f"step_times: {error}; scripts/peers/compare installs what is needed")
    median, p90 = measure(step, options.seconds)
    result = {
        "workload": options.workload,
        "peer": options.peer,
        "ms_per_step": round(median * 1e3, 4),
        "p90_ms": round(p90 * 1e3, 4),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6, 1),
        "threads": threads,
        "version": version,
    }
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
