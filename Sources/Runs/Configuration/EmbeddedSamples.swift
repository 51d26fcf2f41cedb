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
    "mnist-bigan",
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
      generator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
      discriminator: { kind: adam, rate: 2e-4, beta1: 0.5, beta2: 0.999 }
    schedule: { batch: 128, steps: 20000, checkpoint-every: 1000 }
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
