#!/usr/bin/env python3
"""Compute with SciPy, scikit-learn and plain NumPy the numbers that Tests/MeasuresTests compares with.

  python3 -m venv VENV && VENV/bin/pip install numpy scipy scikit-learn && VENV/bin/python scripts/parity/make_measures.py

Inputs are not written down: both sides draw them with the same counter-based generator (SplitMix64) and the same order of
double operations, so that they are equal to the last bit.
"""
import pathlib
import numpy as np
import scipy.linalg, scipy.optimize, scipy.spatial.distance, scipy.special, scipy.stats
import sklearn.decomposition, sklearn.metrics, sklearn.neighbors

OUT = pathlib.Path(__file__).resolve().parents[2] / 'Tests' / 'MeasuresTests' / 'ReferenceNumbers.swift'
MASK = (1 << 64) - 1


class Draws:
    """CounterGenerator of Sources/Measures."""

    def __init__(self, seed):
        self.seed, self.counter = seed, 0

    def uniform(self):
        self.counter += 1
        bits = (self.seed + self.counter * 0x9E3779B97F4A7C15) & MASK
        bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK
        return ((bits ^ (bits >> 31)) >> 11) * 2.0 ** -53

    def integers(self, count, bound):
        return np.array([min(bound - 1, int(self.uniform() * bound)) for _ in range(count)])

    def features(self, count, dimension, shift=0.0):
        """Of unequal deviations, in float32."""
        rows = [[(self.uniform() + self.uniform() + self.uniform() - 1.5 + shift) * (1 + 0.25 * axis)
                 for axis in range(dimension)] for _ in range(count)]
        return np.array(rows).astype(np.float32).astype(np.float64)

    def probabilities(self, count, classes):
        rows = []
        for _ in range(count):
            row = [self.uniform() for _ in range(classes)]
            row = [x * x * x * x for x in row]
            total = 0.0
            for x in row:
                total += x
            rows.append([x / total for x in row])
        return np.array(rows).astype(np.float32).astype(np.float64)


def frechet(a, b):
    """With SciPy's square root of the product, which is not symmetric."""
    s, t = np.cov(a, rowvar=False, ddof=1), np.cov(b, rowvar=False, ddof=1)
    root = scipy.linalg.sqrtm(s @ t)
    return float(((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(s + t) - 2 * np.trace(root).real)


def frechet_of_few(a, b):
    """tr (S T)^{1/2} as the sum of the singular values of A B^T: defined for fewer samples than features."""
    x, y = (a - a.mean(0)) / np.sqrt(len(a) - 1), (b - b.mean(0)) / np.sqrt(len(b) - 1)
    nuclear = scipy.linalg.svdvals(x @ y.T).sum()
    return float(((a.mean(0) - b.mean(0)) ** 2).sum() + (x ** 2).sum() + (y ** 2).sum() - 2 * nuclear)


def squares(a, b):
    return ((a[:, None, :] - b[None, :, :]) ** 2).sum(-1)


def prdc(real, fake, k):
    """By brute force from the definitions; index k of the sorted row is the k-th neighbour, as index 0 is the sample itself."""
    r = np.sort(squares(real, real), axis=1)[:, k]
    f = np.sort(squares(fake, fake), axis=1)[:, k]
    d = squares(real, fake)
    in_real, in_fake = d < r[:, None], d < f[None, :]
    return [float(x) for x in (in_real.any(0).mean(), in_fake.any(1).mean(), in_real.sum(0).mean() / k,
                               in_real.any(1).mean())]


def inception_score(p, splits):
    scores = []
    for i in range(splits):
        part = p[i * len(p) // splits:(i + 1) * len(p) // splits]
        scores.append(np.exp(scipy.stats.entropy(part, part.mean(0, keepdims=True), axis=1).mean()))
    return [float(np.mean(scores)), float(np.std(scores))]


def gradient_magnitudes(images):
    across = images[:, :, :-1, 1:] - images[:, :, :-1, :-1]
    down = images[:, :, 1:, :-1] - images[:, :, :-1, :-1]
    return np.sqrt(across ** 2 + down ** 2).ravel()


def literal(value):
    if isinstance(value, (list, tuple)):
        return '[' + ', '.join(literal(v) for v in value) + ']'
    return repr(float(value))


def main():
    lines = []

    def put(name, value, comment):
        lines.append(f'  /// {comment}')
        lines.append(f'  static let {name} = {literal(value)}')

    d = Draws(1)
    put('frechet', [frechet(d.features(40, 6), d.features(50, 6, 0.3)), frechet(d.features(300, 20), d.features(200, 20, 0.1))],
        'scipy.linalg.sqrtm; 40 and 50 samples of 6 features, 300 and 200 of 20.')
    d = Draws(2)
    put('frechetOfFew', frechet_of_few(d.features(12, 30), d.features(15, 30, 0.3)),
        'Sum of singular values; 12 and 15 samples of 30 features.')
    d = Draws(3)
    real, fake = d.features(60, 5), d.features(50, 5, 0.2)
    put('prdc', [prdc(real, fake, k) for k in (1, 3, 5)],
        'NumPy; 60 real and 50 generated samples of 5 features, k = 1, 3, 5; precision, recall, density, coverage.')
    d = Draws(4)
    real, fake = d.integers(160, 6).reshape(-1, 2).astype(float), d.integers(120, 5).reshape(-1, 2).astype(float)
    put('prdcOnGrid', [prdc(real, fake, k) for k in (1, 3, 8)],
        'NumPy; 80 real and 60 generated points of a grid, with ties and duplicates, k = 1, 3, 8.')
    rng = np.random.default_rng(0)
    runs = np.array([prdc(rng.normal(size=(500, 32)), rng.normal(size=(500, 32)), 5) for _ in range(40)])
    put('prdcOfNormal', runs.mean(0).tolist(), 'NumPy; means over 40 pairs of sets of 500 of N(0, I) in 32 dimensions, k = 5.')
    put('prdcOfNormalDeviation', runs.std(0, ddof=1).tolist(), 'Their deviations.')
    d = Draws(5)
    p = d.probabilities(103, 7)
    put('inceptionScore', [inception_score(p, s) for s in (1, 4, 10)],
        'scipy.stats.entropy; 103 predictions of 7 classes in 1, 4 and 10 parts: mean, deviation.')
    put('predictionEntropies', [scipy.stats.entropy(p.mean(0)), scipy.stats.entropy(p, axis=1).mean(),
                                scipy.stats.entropy(np.bincount(p.argmax(1), minlength=7)),
                                scipy.stats.entropy(np.bincount(p.argmax(1), minlength=7), np.arange(1, 8))],
        'Of the same: entropy of the mean, mean entropy, entropy of labels, their KL to masses 1...7.')
    d = Draws(6)
    real, fake = d.features(70, 8), d.features(45, 8, 0.1)
    near = sklearn.neighbors.NearestNeighbors(n_neighbors=1).fit(real)
    own = sklearn.neighbors.NearestNeighbors(n_neighbors=2).fit(real).kneighbors(real)[0][:, 1]
    distance = near.kneighbors(fake)[0][:, 0]
    put('nearest', [distance.mean(), np.median(distance), own.mean(), np.median(own)],
        'sklearn.neighbors; 45 generated among 70 real samples of 8 features: mean, median, the real ones\' own.')
    d = Draws(7)
    a, b = d.integers(9, 20).astype(float), d.integers(9, 20).astype(float)
    put('jensenShannon', scipy.spatial.distance.jensenshannon(a, b) ** 2, 'scipy.spatial; two histograms of 9 bins.')
    x = np.array([8 * d.uniform() - 2 for _ in range(30)])
    y = np.array([8 * d.uniform() - 6 for _ in range(20)])
    u, v = scipy.special.log_expit(x), scipy.special.log_expit(-y)
    put('jensenShannonOfLogits', [(u.mean() + v.mean() + np.log(4)) / 2, np.sqrt(u.var(ddof=1) / 30 + v.var(ddof=1) / 20) / 2],
        'scipy.special.log_expit; 30 real and 20 generated logits: divergence, standard error.')
    d = Draws(8)
    a, b = d.integers(40, 12), d.integers(55, 9)
    put('areaUnderROC', sklearn.metrics.roc_auc_score([1] * 40 + [0] * 55, np.concatenate([a, b])),
        'sklearn.metrics; 40 positives and 55 negatives with ties.')
    a, b = d.integers(25, 7), d.integers(25, 7)
    put('spearman', scipy.stats.spearmanr(a, b).statistic, 'scipy.stats; 25 pairs with ties.')
    a, b = d.integers(31, 50), d.integers(17, 40)
    put('wasserstein', scipy.stats.wasserstein_distance(a, b), 'scipy.stats; 31 and 17 values.')
    d = Draws(9)
    normal, other = d.features(80, 10), d.features(12, 10, 0.5)
    pca = sklearn.decomposition.PCA(3, svd_solver='full').fit(normal)
    score = lambda x: ((x - pca.inverse_transform(pca.transform(x))) ** 2).sum(1)
    put('reconstruction', score(other).tolist(), 'sklearn.decomposition.PCA of 3 components of 80 samples; 12 others.')
    put('reconstructionAUC', sklearn.metrics.roc_auc_score([0] * 80 + [1] * 12, np.concatenate([score(normal), score(other)])),
        'Of the 12 against the 80.')
    d = Draws(10)
    images = [np.array([2 * d.uniform() - 1 for _ in range(n * 3 * 9 * 11)]).astype(np.float32).astype(np.float64)
              .reshape(n, 3, 9, 11) for n in (4, 3)]
    g = gradient_magnitudes(images[0]), gradient_magnitudes(images[1] * 0.5)
    put('gradients', [g[0].mean(), g[1].mean(), scipy.stats.wasserstein_distance(*g)],
        'NumPy; 4 and 3 noisy images of 3 x 9 x 11, the second at half contrast: mean magnitudes, Wasserstein distance.')
    d = Draws(11)
    tables = [np.array([[d.uniform() for _ in range(columns)] for _ in range(rows)])
              for rows, columns in ((6, 6), (4, 9), (9, 4), (30, 30))]
    def best(table):
        row, column = scipy.optimize.linear_sum_assignment(table, maximize=True)
        return float(table[row, column].sum())
    put('assignments', [best(table) for table in tables],
        'scipy.optimize.linear_sum_assignment; greatest sums of tables of 6 x 6, 4 x 9, 9 x 4 and 30 x 30.')
    d = Draws(12)
    references, queries = d.features(90, 4), d.features(50, 4, 0.1)
    labels, wanted = d.integers(90, 5), d.integers(50, 5)
    # Labels that follow the first coordinate more often than not, so that neighbours tell something.
    labels, wanted = [np.where(l < 3, np.clip(np.floor(2 * f[:, 0]) + 2, 0, 4).astype(int), l)
                      for l, f in ((labels, references), (wanted, queries))]
    neighbour = sklearn.neighbors.KNeighborsClassifier(1, algorithm='brute').fit(references, labels)
    put('nearestNeighbourAccuracy', neighbour.score(queries, wanted),
        'sklearn.neighbors.KNeighborsClassifier(1); 90 references and 50 queries of 4 features, 5 classes.')
    d = Draws(13)
    colours = np.array([d.uniform() for _ in range(12)]).reshape(4, 3) * 2 - 1
    regions = d.integers(2 * 6 * 6, 4).reshape(2, 6, 6)
    maps = np.kron(colours[regions].transpose(0, 3, 1, 2), np.ones((4, 4)))
    noise = np.array([d.uniform() for _ in range(maps.size)]).reshape(maps.shape) * 0.02 - 0.01
    guess = colours[d.integers(2 * 24 * 24, 4).reshape(2, 24, 24)].transpose(0, 3, 1, 2)
    maps, guess = [m.astype(np.float32).astype(np.float64) for m in (maps + noise, guess)]
    nearest = lambda m: ((m[:, None] - colours[None, :, :, None, None]) ** 2).sum(2).argmin(1)
    put('labelAccuracy', [(nearest(maps) == nearest(guess)).mean(),
                          (nearest(maps) == np.bincount(nearest(maps).ravel()).argmax()).mean(),
                          np.abs(maps - guess).mean(), np.abs(maps - maps.mean(0)).mean()],
        'NumPy; noisy maps in 4 colours against random pixels: shares right and of the commonest; L1 to them and to the mean.')
    text = '// Made by scripts/parity/make_measures.py.\n\n/// Numbers of independent implementations.\nenum ReferenceNumbers {\n'
    OUT.write_text(text + '\n'.join(lines) + '\n}\n')


main()
