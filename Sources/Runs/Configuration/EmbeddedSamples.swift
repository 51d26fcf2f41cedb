// Written by scripts/embed-sample-configs.sh from sample-configs; a test compares the two.

/// The sample configurations that every binary has.
enum EmbeddedSamples {
  /// From easy to hard.
  static let names = [
    "ring8",
    "ring8-collapse",
    "ring8-wgan-gp",
    "ring8-unrolled",
    "ring8-packed",
    "ring8-base",
    "grid25",
    "moons",
    "dirac",
    "dirac-r1",
    "digits",
    "mnist-mlp",
    "mnist-layers",
    "mnist-dcgan",
    "mnist-lsgan",
    "mnist-wgan-gp",
    "mnist-sn-hinge",
    "mnist-sagan",
    "mnist-cgan",
    "mnist-acgan",
    "mnist-infogan",
    "mnist-biggan",
    "mnist-bigan",
    "mnist-stacked",
    "mnist-progressive",
    "mnist-style",
    "facades-pix2pix",
    "facades-cyclegan",
  ]

  static let texts: [String: String] = [
    "ring8": ##"""
    # Eight Gaussians on a ring: the classic first GAN, done in a minute
    name: ring8
    data: { kind: ring, modes: 8, radius: 2, deviation: 0.02 }
    model:
      kind: gan
      latent: { dimension: 2, distribution: normal }
      generator: { kind: mlp, hidden: [128, 128], activation: relu }
      discriminator: { kind: mlp, hidden: [128, 128], activation: leaky-relu }
    objective: { kind: non-saturating }
    penalties: [ { kind: gradient-penalty, weight: 0.1 } ]
    optimizers:
      generator: { kind: adam, rate: 0.0002, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 0.0002, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 256, discriminator-steps: 1, steps: 20000, checkpoint-every: 1000 }
    seed: 1

    """##,
    "ring8-collapse": ##"""
    # The ring with too small a generator: watch it fall onto a few modes
    name: ring8-collapse
    data: { kind: ring, modes: 8, radius: 2, deviation: 0.02 }
    model:
      kind: gan
      # One dimension of noise and one hidden layer: the generator bends a line, and the fast discriminator chases it.
      latent: { dimension: 1, distribution: normal }
      generator: { kind: mlp, hidden: [64], activation: relu }
      discriminator: { kind: mlp, hidden: [64, 64], activation: leaky-relu }
    objective: { kind: non-saturating }
    penalties: []
    optimizers:
      generator: { kind: adam, rate: 0.001, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 0.001, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 256, discriminator-steps: 1, steps: 20000, checkpoint-every: 1000 }
    seed: 1

    """##,
    "ring8-wgan-gp": ##"""
    # The ring with a Wasserstein critic and gradient penalty: all eight modes
    name: ring8-wgan-gp
    data: { kind: ring, modes: 8, radius: 2, deviation: 0.02, standardize: true }
    model:
      kind: gan
      latent: { dimension: 2, distribution: normal }
      generator: { kind: mlp, hidden: [128, 128, 128], activation: relu }
      discriminator: { kind: mlp, hidden: [128, 128, 128], activation: relu }
    objective: { kind: wasserstein }
    penalties: [ { kind: gradient-penalty, weight: 0.1 } ]
    optimizers:
      generator: { kind: adam, rate: 2e-3, beta1: 0.5, beta2: 0.9, rate-schedule: cosine }
      discriminator: { kind: adam, rate: 2e-3, beta1: 0.5, beta2: 0.9, rate-schedule: cosine }
    schedule: { batch: 256, discriminator-steps: 3, steps: 15000, checkpoint-every: 1000 }
    seed: 1

    """##,
    "ring8-unrolled": ##"""
    # The ring, D unrolled ten steps: without them G hops between modes
    name: ring8-unrolled
    data: { kind: ring, modes: 8, radius: 2, deviation: 0.02 }
    model:
      kind: gan
      latent: { dimension: 256, distribution: normal }
      generator: { kind: mlp, hidden: [128, 128], activation: relu, initializer: { kind: orthogonal, gain: 0.8 } }
      discriminator: { kind: mlp, hidden: [128], activation: relu, initializer: { kind: orthogonal, gain: 0.8 } }
    objective: { kind: minimax }
    techniques: [ { kind: unrolling, steps: 10 } ]
    optimizers:
      generator: { kind: adam, rate: 1e-4, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 1e-4, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 512, discriminator-steps: 1, steps: 25000, checkpoint-every: 1000 }
    seed: 1

    """##,
    "ring8-packed": ##"""
    # PacGAN on its own ring: the discriminator judges two samples at once
    name: ring8-packed
    data: { kind: ring, modes: 8, radius: 1, deviation: 0.01 }
    model:
      kind: gan
      latent: { dimension: 2, distribution: normal }
      generator: { kind: mlp, hidden: [400, 400, 400, 400], activation: relu, normalization: batch, initializer: { kind: normal, deviation: 0.02 } }
      discriminator: { kind: maxout, hidden: [200, 200, 200], pieces: 5 }
    objective: { kind: non-saturating }
    techniques: [ { kind: packing, samples: 2 } ]
    optimizers:
      generator: { kind: adam, rate: 1e-4, beta1: 0.8, beta2: 0.999 }
      discriminator: { kind: adam, rate: 1e-4, beta1: 0.8, beta2: 0.999 }
    schedule: { batch: 100, discriminator-steps: 1, steps: 20000, checkpoint-every: 2000 }
    seed: 1

    """##,
    "ring8-base": ##"""
    # The plain game on the ring: the base that RESULTS.md varies
    name: ring8-base
    data: { kind: ring, modes: 8, radius: 1, deviation: 0.01 }
    model:
      kind: gan
      latent: { dimension: 2, distribution: normal }
      generator: { kind: mlp, hidden: [128, 128, 128], activation: relu }
      discriminator: { kind: mlp, hidden: [128, 128, 128], activation: leaky-relu }
    objective: { kind: non-saturating }
    optimizers:
      generator: { kind: adam, rate: 1e-3, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 1e-3, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 128, discriminator-steps: 1, steps: 10000, checkpoint-every: 5000 }
    seed: 1

    """##,
    "grid25": ##"""
    # A 5 x 5 grid of Gaussians with a Wasserstein critic: all twenty-five modes
    name: grid25
    data: { kind: grid, side: 5, spacing: 2, deviation: 0.05, standardize: true }
    model:
      kind: gan
      latent: { dimension: 2, distribution: normal }
      generator: { kind: mlp, hidden: [128, 128, 128], activation: relu }
      discriminator: { kind: mlp, hidden: [128, 128, 128], activation: relu }
    objective: { kind: wasserstein }
    penalties: [ { kind: gradient-penalty, weight: 0.1 } ]
    optimizers:
      generator: { kind: adam, rate: 2e-3, beta1: 0.5, beta2: 0.9, rate-schedule: cosine }
      discriminator: { kind: adam, rate: 2e-3, beta1: 0.5, beta2: 0.9, rate-schedule: cosine }
    schedule: { batch: 256, discriminator-steps: 3, steps: 15000, checkpoint-every: 1000 }
    seed: 1

    """##,
    "moons": ##"""
    # Two interleaved half moons: curved data without modes
    name: moons
    data: { kind: moons, noise: 0.05, standardize: true }
    model:
      kind: gan
      latent: { dimension: 2, distribution: normal }
      generator: { kind: mlp, hidden: [128, 128], activation: relu }
      discriminator: { kind: mlp, hidden: [128, 128], activation: leaky-relu }
    objective: { kind: non-saturating }
    penalties: [ { kind: gradient-penalty, weight: 0.1 } ]
    optimizers:
      generator: { kind: adam, rate: 1e-3, beta1: 0.5, beta2: 0.9, rate-schedule: cosine }
      discriminator: { kind: adam, rate: 1e-3, beta1: 0.5, beta2: 0.9, rate-schedule: cosine }
    schedule: { batch: 256, discriminator-steps: 1, steps: 20000, checkpoint-every: 1000 }
    seed: 1

    """##,
    "dirac": ##"""
    # The Dirac-GAN, a point against a line: simultaneous steps spiral out
    name: dirac
    data: dirac
    model:
      kind: gan
      latent: { dimension: 1 }
      generator: { kind: dirac, start: 1 }
      discriminator: { kind: dirac, start: 1 }
    objective: { kind: minimax }
    optimizers:
      generator: { kind: sgd, rate: 0.05 }
      discriminator: { kind: sgd, rate: 0.05 }
    schedule: { batch: 1, updates: simultaneous, steps: 20000, checkpoint-every: 5000, pace: 250 }
    seed: 1

    """##,
    "dirac-r1": ##"""
    # The Dirac-GAN with the R1 penalty, which makes the same steps spiral in
    name: dirac-r1
    data: dirac
    model:
      kind: gan
      latent: { dimension: 1 }
      generator: { kind: dirac, start: 1 }
      discriminator: { kind: dirac, start: 1 }
    objective: { kind: minimax }
    penalties: [ { kind: r1, weight: 0.1 } ]
    optimizers:
      generator: { kind: sgd, rate: 0.05 }
      discriminator: { kind: sgd, rate: 0.05 }
    schedule: { batch: 1, updates: simultaneous, steps: 20000, checkpoint-every: 5000, pace: 250 }
    seed: 1

    """##,
    "digits": ##"""
    # Handwritten digits of 8 x 8 pixels (UCI): small images, dense networks
    name: digits
    data: { kind: digits }
    model:
      kind: gan
      latent: { dimension: 32, distribution: normal }
      generator: { kind: mlp, hidden: [256, 256], activation: relu, normalization: batch }
      discriminator: { kind: mlp, hidden: [256, 256], activation: leaky-relu, dropout: 0.3 }
    objective: { kind: non-saturating }
    optimizers:
      generator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 64, discriminator-steps: 1, steps: 20000, checkpoint-every: 1000 }
    seed: 1

    """##,
    "mnist-mlp": ##"""
    # MNIST digits with dense networks
    name: mnist-mlp
    data: { kind: mnist }
    model:
      kind: gan
      latent: { dimension: 64, distribution: normal }
      generator: { kind: mlp, hidden: [256, 512], activation: leaky-relu, normalization: batch }
      discriminator: { kind: mlp, hidden: [512, 256], activation: leaky-relu, dropout: 0.3 }
    objective: { kind: non-saturating }
    optimizers:
      generator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 64, discriminator-steps: 1, steps: 30000, checkpoint-every: 1000 }
    seed: 1

    """##,
    "mnist-layers": ##"""
    # MNIST digits with networks that are declared layer by layer
    name: mnist-layers
    data: { kind: mnist, size: 28 }
    model:
      kind: gan
      latent: { dimension: 64, distribution: normal }
      generator:
        kind: layers
        initializer: { kind: normal, deviation: 0.02 }
        layers:
          - { dense: 6272, activation: relu, normalization: batch }
          - { reshape: [128, 7, 7] }
          - { upsample: 2 }
          - { conv: 64, kernel: 3, activation: relu, normalization: batch }
          - { transposed-conv: 32, kernel: 4, stride: 2, padding: 1, activation: relu, normalization: batch }
          - { conv: 1, kernel: 3 }
      discriminator:
        kind: layers
        initializer: { kind: normal, deviation: 0.02 }
        layers:
          - { conv: 32, kernel: 4, stride: 2, padding: 1, activation: leaky-relu, slope: 0.2 }
          - { conv: 64, kernel: 4, stride: 2, padding: 1, activation: leaky-relu, slope: 0.2, normalization: batch }
          - flatten
          - { dropout: 0.3 }
    objective: { kind: non-saturating }
    optimizers:
      generator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 64, discriminator-steps: 1, steps: 10000, checkpoint-every: 500 }
    measures: { every: 500 }
    seed: 1

    """##,
    "mnist-dcgan": ##"""
    # MNIST digits with the convolutional networks of DCGAN
    name: mnist-dcgan
    data: { kind: mnist, size: 32 }
    model:
      kind: gan
      latent: { dimension: 100, distribution: normal }
      generator: { kind: dcgan, features: 32, activation: relu, normalization: batch }
      discriminator: { kind: dcgan, features: 32, activation: leaky-relu, slope: 0.2, normalization: batch }
    objective: { kind: non-saturating }
    optimizers:
      generator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 64, discriminator-steps: 1, steps: 10000, checkpoint-every: 500 }
    measures: { every: 500 }
    seed: 1

    """##,
    "mnist-lsgan": ##"""
    # MNIST digits with the least-squares game (LSGAN)
    name: mnist-lsgan
    data: { kind: mnist, size: 32 }
    model:
      kind: gan
      latent: { dimension: 100, distribution: normal }
      generator: { kind: dcgan, features: 32, activation: relu, normalization: batch }
      discriminator: { kind: dcgan, features: 32, activation: leaky-relu, slope: 0.2, normalization: batch }
    objective: { kind: least-squares, real-label: 1, fake-label: 0, target-label: 1 }
    optimizers:
      generator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 64, discriminator-steps: 1, steps: 10000, checkpoint-every: 500 }
    measures: { every: 500 }
    seed: 1

    """##,
    "mnist-wgan-gp": ##"""
    # MNIST digits with convolutions, a Wasserstein critic and gradient penalty
    name: mnist-wgan-gp
    data: { kind: mnist, size: 32 }
    model:
      kind: gan
      latent: { dimension: 100, distribution: normal }
      generator: { kind: dcgan, features: 32, activation: relu, normalization: batch }
      discriminator: { kind: dcgan, features: 32, activation: leaky-relu, slope: 0.2, normalization: layer }
    objective: { kind: wasserstein }
    penalties: [ { kind: gradient-penalty, weight: 10 } ]
    optimizers:
      generator: { kind: adam, rate: 1e-4, beta1: 0, beta2: 0.9 }
      discriminator: { kind: adam, rate: 1e-4, beta1: 0, beta2: 0.9 }
    schedule: { batch: 64, discriminator-steps: 5, steps: 10000, checkpoint-every: 500 }
    measures: { every: 500 }
    seed: 1

    """##,
    "mnist-sn-hinge": ##"""
    # MNIST digits with spectral normalization and the hinge loss (SNGAN)
    name: mnist-sn-hinge
    data: { kind: mnist, size: 32 }
    model:
      kind: gan
      latent: { dimension: 128, distribution: normal }
      generator: { kind: dcgan, features: 32, activation: relu, normalization: batch }
      discriminator: { kind: dcgan, features: 32, activation: leaky-relu, slope: 0.1, spectral-normalization: true }
      average: { decay: 0.999 }
    objective: { kind: hinge }
    optimizers:
      generator: { kind: adam, rate: 4e-4, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 64, discriminator-steps: 1, steps: 10000, checkpoint-every: 500 }
    measures: { every: 500 }
    seed: 1

    """##,
    "mnist-sagan": ##"""
    # MNIST digits with self-attention (SAGAN) and spectral normalization of both
    name: mnist-sagan
    data: { kind: mnist, size: 32 }
    model:
      kind: gan
      latent: { dimension: 128, distribution: normal }
      generator:
        kind: layers
        initializer: { kind: normal, deviation: 0.02 }
        spectral-normalization: true
        layers:
          - { dense: 2048, activation: relu, normalization: batch }
          - { reshape: [128, 4, 4] }
          - { transposed-conv: 64, kernel: 4, stride: 2, padding: 1, activation: relu, normalization: batch }
          - { transposed-conv: 32, kernel: 4, stride: 2, padding: 1, activation: relu, normalization: batch }
          - attention
          - { transposed-conv: 1, kernel: 4, stride: 2, padding: 1 }
      discriminator:
        kind: layers
        initializer: { kind: normal, deviation: 0.02 }
        spectral-normalization: true
        layers:
          - { conv: 32, kernel: 4, stride: 2, padding: 1, activation: leaky-relu, slope: 0.1 }
          - attention
          - { conv: 64, kernel: 4, stride: 2, padding: 1, activation: leaky-relu, slope: 0.1 }
          - { conv: 128, kernel: 4, stride: 2, padding: 1, activation: leaky-relu, slope: 0.1 }
          - flatten
      average: { decay: 0.999 }
    objective: { kind: hinge }
    optimizers:
      generator: { kind: adam, rate: 4e-4, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 64, discriminator-steps: 1, steps: 12000, checkpoint-every: 500 }
    measures: { every: 500 }
    seed: 1

    """##,
    "mnist-cgan": ##"""
    # MNIST digits of a chosen class, which both networks are given (cGAN)
    name: mnist-cgan
    data: { kind: mnist, size: 32 }
    model:
      kind: gan
      latent: { dimension: 100, distribution: normal }
      generator: { kind: dcgan, features: 32, activation: relu, normalization: batch }
      discriminator: { kind: dcgan, features: 32, activation: leaky-relu, slope: 0.2, normalization: batch }
      condition: concatenation
    objective: { kind: non-saturating }
    optimizers:
      generator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 64, discriminator-steps: 1, steps: 10000, checkpoint-every: 500 }
    measures: { every: 500 }
    seed: 1

    """##,
    "mnist-acgan": ##"""
    # MNIST digits of a chosen class: the discriminator has to tell it (AC-GAN)
    name: mnist-acgan
    data: { kind: mnist, size: 32 }
    model:
      kind: gan
      latent: { dimension: 100, distribution: normal }
      generator: { kind: dcgan, features: 32, activation: relu, normalization: batch }
      discriminator: { kind: dcgan, features: 32, activation: leaky-relu, slope: 0.2, normalization: batch }
      condition: { kind: auxiliary, weight: 1 }
    objective: { kind: non-saturating }
    optimizers:
      generator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 64, discriminator-steps: 1, steps: 10000, checkpoint-every: 500 }
    measures: { every: 500 }
    seed: 1

    """##,
    "mnist-infogan": ##"""
    # InfoGAN: ten categories and two numbers that the digits must tell
    name: mnist-infogan
    data: { kind: mnist, size: 28 }
    model:
      kind: gan
      latent: { dimension: 62, distribution: uniform }
      generator:
        kind: layers
        initializer: { kind: normal, deviation: 0.02 }
        layers:
          - { dense: 512, activation: relu, normalization: batch }
          - { dense: 3136, activation: relu, normalization: batch }
          - { reshape: [64, 7, 7] }
          - { transposed-conv: 32, kernel: 4, stride: 2, padding: 1, activation: relu, normalization: batch }
          - { transposed-conv: 1, kernel: 4, stride: 2, padding: 1 }
      discriminator:
        kind: layers
        initializer: { kind: normal, deviation: 0.02 }
        layers:
          - { conv: 32, kernel: 4, stride: 2, padding: 1, activation: leaky-relu, slope: 0.1 }
          - { conv: 64, kernel: 4, stride: 2, padding: 1, activation: leaky-relu, slope: 0.1, normalization: batch }
          - flatten
          - { dense: 512, activation: leaky-relu, slope: 0.1, normalization: batch }
      code: { categories: 10, continuous: 2, weight: 1 }
    objective: { kind: non-saturating }
    optimizers:
      generator: { kind: adam, rate: 1e-3, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 128, discriminator-steps: 1, steps: 5000, checkpoint-every: 500 }
    measures: { every: 500 }
    seed: 1

    """##,
    "mnist-biggan": ##"""
    # BigGAN in small: class embedding, parts of z for each block, projection
    name: mnist-biggan
    data: { kind: mnist, size: 32 }
    model:
      kind: gan
      latent: { dimension: 60, distribution: normal }
      generator: { kind: biggan, features: 16, embedding: 32, attention: 16 }
      discriminator: { kind: residual, features: 16, attention: 16, initializer: orthogonal }
      condition: projection
      average: { decay: 0.999 }
    objective: { kind: hinge }
    penalties: [ { kind: orthogonal, generator: 1e-4, discriminator: 0 } ]
    optimizers:
      generator: { kind: adam, rate: 4e-4, beta1: 0, beta2: 0.999 }
      discriminator: { kind: adam, rate: 4e-4, beta1: 0, beta2: 0.999 }
    schedule: { batch: 64, discriminator-steps: 1, steps: 10000, checkpoint-every: 500 }
    measures: { every: 500 }
    seed: 1

    """##,
    "mnist-bigan": ##"""
    # MNIST digits with an encoder that finds their latents: BiGAN
    name: mnist-bigan
    data: { kind: mnist, size: 28 }
    model:
      kind: bigan
      latent: { dimension: 50, distribution: uniform }
      generator: { kind: mlp, hidden: [512, 512], activation: relu, normalization: batch }
      encoder: { kind: mlp, hidden: [512, 512], activation: leaky-relu, slope: 0.2, normalization: batch }
      discriminator: { kind: mlp, hidden: [512, 512], activation: leaky-relu, slope: 0.2 }
    objective: { kind: non-saturating }
    optimizers:
      generator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999, rate-schedule: { kind: linear, final: 0 } }
      discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999, rate-schedule: { kind: linear, final: 0 } }
    schedule: { batch: 128, steps: 20000, checkpoint-every: 1000 }
    measures: { every: 500 }
    seed: 1

    """##,
    "mnist-stacked": ##"""
    # Stacked MNIST: three digits an image, 1000 modes, and a small discriminator
    name: mnist-stacked
    data: { kind: stacked-mnist, size: 28 }
    model:
      kind: gan
      latent: { dimension: 100, distribution: normal }
      generator: { kind: dcgan, features: 32, activation: relu, normalization: batch }
      discriminator: { kind: dcgan, features: 8, activation: leaky-relu, slope: 0.2, normalization: batch }
    objective: { kind: non-saturating }
    optimizers:
      generator: { kind: adam, rate: 5e-4, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 64, discriminator-steps: 1, steps: 10000, checkpoint-every: 500 }
    measures: { every: 500 }
    seed: 1

    """##,
    "mnist-progressive": ##"""
    # MNIST digits that grow from 4 to 32 pixels while they train: progressive GAN
    name: mnist-progressive
    data: { kind: mnist, size: 32 }
    model:
      kind: gan
      latent: { dimension: 64, distribution: normal }
      generator: { kind: progressive, features: 8, most-features: 64 }
      discriminator: { kind: progressive, features: 8, most-features: 64 }
      growth: { start: 4, fade-steps: 600, stable-steps: 600 }
      average: { decay: 0.999 }
    objective: { kind: wasserstein }
    penalties: [ { kind: gradient-penalty, weight: 10 }, { kind: drift, weight: 1e-3 } ]
    optimizers:
      generator: { kind: adam, rate: 1e-3, beta1: 0, beta2: 0.99 }
      discriminator: { kind: adam, rate: 1e-3, beta1: 0, beta2: 0.99 }
    schedule: { batch: 32, discriminator-steps: 1, steps: 14000, checkpoint-every: 500 }
    measures: { every: 500 }
    seed: 1

    """##,
    "mnist-style": ##"""
    # MNIST digits by a small StyleGAN that grows from 8 to 32 pixels
    name: mnist-style
    data: { kind: mnist, size: 32 }
    model:
      kind: gan
      latent: { dimension: 64, distribution: normal }
      generator:
        kind: style
        features: 8
        most-features: 64
        mapping-depth: 1
        style-dimension: 64
        mixing: 0.5
        truncation: 0.7
        output: tanh
      discriminator: { kind: progressive, features: 8, most-features: 64 }
      growth: { start: 8, fade-steps: 600, stable-steps: 600 }
      average: { decay: 0.999 }
    objective: { kind: wasserstein }
    penalties: [ { kind: gradient-penalty, weight: 10 }, { kind: drift, weight: 1e-3 } ]
    optimizers:
      generator: { kind: adam, rate: 1e-3, beta1: 0, beta2: 0.99 }
      discriminator: { kind: adam, rate: 1e-3, beta1: 0, beta2: 0.99 }
    schedule: { batch: 32, discriminator-steps: 1, steps: 18000, checkpoint-every: 500 }
    measures: { every: 500 }
    seed: 1

    """##,
    "facades-pix2pix": ##"""
    # Facades from plans, pix2pix at 64 pixels; --set data.path=FOLDER
    name: facades-pix2pix
    data: { kind: pairs, path: facades, layout: side-by-side, direction: b-to-a, size: 64 }
    model:
      kind: pix2pix
      generator: { kind: unet, features: 32, dropout: 0.5 }
      discriminator: { kind: patch, receptive-field: 34, features: 32 }
      distance-weight: 100
    objective: { kind: non-saturating }
    optimizers:
      generator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 4, steps: 20000, checkpoint-every: 500 }
    measures: { every: 200 }
    seed: 1

    """##,
    "facades-cyclegan": ##"""
    # Facades and plans, both ways, by CycleGAN; --set data.path=FOLDER
    name: facades-cyclegan
    data: { kind: pairs, path: facades, layout: side-by-side, aligned: false, direction: b-to-a, size: 64 }
    model:
      kind: cyclegan
      generator: { kind: resnet, features: 16, blocks: 6 }
      discriminator: { kind: patch, receptive-field: 34, features: 32 }
      cycle-weight: 10
      identity-weight: 0.5
      pool: 50
    objective: { kind: least-squares }
    optimizers:
      generator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999, rate-schedule: { kind: linear, final: 0 } }
      discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999, rate-schedule: { kind: linear, final: 0 } }
    schedule: { batch: 1, steps: 40000, checkpoint-every: 500 }
    measures: { every: 500 }
    seed: 1

    """##,
  ]
}
