// Written by scripts/embed-sample-configs.sh from sample-configs; a test compares the two.

/// The sample configurations that every binary has.
enum EmbeddedSamples {
  /// From easy to hard.
  static let names = [
    "ring8",
    "ring8-collapse",
    "ring8-wgan-gp",
    "grid25",
    "moons",
    "digits",
    "mnist-mlp",
    "mnist-dcgan",
    "mnist-wgan-gp",
    "mnist-progressive",
    "mnist-style",
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
    "mnist-dcgan": ##"""
    # MNIST digits with the convolutional networks of DCGAN
    name: mnist-dcgan
    data: { kind: mnist, size: 28 }
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
    "mnist-wgan-gp": ##"""
    # MNIST digits with convolutions, a Wasserstein critic and gradient penalty
    name: mnist-wgan-gp
    data: { kind: mnist, size: 28 }
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
    "mnist-progressive": ##"""
    # MNIST digits that grow from 4 to 32 pixels while the networks train: a progressive GAN
    name: mnist-progressive
    data: { kind: mnist, size: 32 }
    model:
      kind: gan
      latent: { dimension: 64, distribution: normal }
      generator: { kind: progressive, features: 16, most-features: 64 }
      discriminator: { kind: progressive, features: 16, most-features: 64 }
      growth: { start: 4, fade-steps: 800, stable-steps: 800 }
      average: { decay: 0.999 }
    objective: { kind: wasserstein }
    penalties: [ { kind: gradient-penalty, weight: 10 }, { kind: drift, weight: 1e-3 } ]
    optimizers:
      generator: { kind: adam, rate: 1e-3, beta1: 0, beta2: 0.99 }
      discriminator: { kind: adam, rate: 1e-3, beta1: 0, beta2: 0.99 }
    schedule: { batch: 32, discriminator-steps: 1, steps: 12000, checkpoint-every: 500 }
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
        features: 16
        most-features: 64
        mapping-depth: 4
        style-dimension: 64
        mixing: 0.9
        truncation: 0.7
      discriminator: { kind: progressive, features: 16, most-features: 64 }
      growth: { start: 8, fade-steps: 800, stable-steps: 800 }
      average: { decay: 0.999 }
    objective: { kind: non-saturating }
    penalties: [ { kind: r1, weight: 10 } ]
    optimizers:
      generator: { kind: adam, rate: 1e-3, beta1: 0, beta2: 0.99 }
      discriminator: { kind: adam, rate: 1e-3, beta1: 0, beta2: 0.99 }
    schedule: { batch: 32, discriminator-steps: 1, steps: 12000, checkpoint-every: 500 }
    measures: { every: 500 }
    seed: 1

    """##,
  ]
}
