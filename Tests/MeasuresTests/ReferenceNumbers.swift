// Made by scripts/parity/make_measures.py.

/// Numbers of independent implementations.
enum ReferenceNumbers {
  /// scipy.linalg.sqrtm; 40 and 50 samples of 6 features, 300 and 200 of 20.
  static let frechet = [2.0941399005921983, 5.491147664753925]
  /// Sum of singular values; 12 and 15 samples of 30 features.
  static let frechetOfFew = 253.5707053512096
  /// NumPy; 60 real and 50 generated samples of 5 features, k = 1, 3, 5; precision, recall, density, coverage.
  static let prdc = [
    [0.62, 0.6, 1.0, 0.5], [0.8, 0.8833333333333333, 0.7733333333333333, 0.7833333333333333],
    [0.92, 0.9833333333333333, 0.764, 0.9333333333333333],
  ]
  /// NumPy; 80 real and 60 generated points of a grid, with ties and duplicates, k = 1, 3, 8.
  static let prdcOnGrid = [
    [0.18333333333333332, 0.175, 0.18333333333333332, 0.0375], [0.8, 0.4875, 0.5555555555555556, 0.4875],
    [1.0, 0.7625, 0.475, 0.7375],
  ]
  /// NumPy; means over 40 pairs of sets of 500 of N(0, I) in 32 dimensions, k = 5.
  static let prdcOfNormal = [0.8058, 0.8076999999999999, 1.00422, 0.9701000000000001]
  /// Their deviations.
  static let prdcOfNormalDeviation = [
    0.01953195934609313, 0.0216382851588425, 0.08133309541789499, 0.009807898439261694,
  ]
  /// scipy.stats.entropy; 103 predictions of 7 classes in 1, 4 and 10 parts: mean, deviation.
  static let inceptionScore = [
    [2.1167104545885955, 0.0], [2.092790158172987, 0.12717044857402585], [1.960114550726989, 0.14253639330918608],
  ]
  /// Of the same: entropy of the mean, mean entropy, entropy of labels, their KL to masses 1...7.
  static let predictionEntropies = [1.9381876324275034, 1.1883244211060489, 1.9071924164771656, 0.2340555186903427]
  /// sklearn.neighbors; 45 generated among 70 real samples of 8 features: mean, median, the real ones' own.
  static let nearest = [1.7510170938526775, 1.7170270839495827, 1.767903866373982, 1.6656122125566668]
  /// scipy.spatial; two histograms of 9 bins.
  static let jensenShannon = 0.031972085507895515
  /// scipy.special.log_expit; 30 real and 20 generated logits: divergence, standard error.
  static let jensenShannonOfLogits = [0.2880243465203225, 0.07417802388372687]
  /// sklearn.metrics; 40 positives and 55 negatives with ties.
  static let areaUnderROC = 0.5538636363636364
  /// scipy.stats; 25 pairs with ties.
  static let spearman = -0.028492464047323852
  /// scipy.stats; 31 and 17 values.
  static let wasserstein = 7.05123339658444
  /// sklearn.decomposition.PCA of 3 components of 80 samples; 12 others.
  static let reconstruction = [
    9.586917702181138, 21.568724191113102, 21.743928048019097, 6.579523263527747, 10.010058912124824, 19.66216402888566,
    20.64299405558177, 18.864537838034657, 4.689635297295993, 6.300680536412965, 30.052306810167885, 7.994761857368911,
  ]
  /// Of the 12 against the 80.
  static let reconstructionAUC = 0.8552083333333333
  /// NumPy; 4 and 3 noisy images of 3 x 9 x 11, the second at half contrast: mean magnitudes, Wasserstein distance.
  static let gradients = [1.0415273976338795, 0.5254155541977418, 0.5161118434361377]
  /// scipy.optimize.linear_sum_assignment; greatest sums of tables of 6 x 6, 4 x 9, 9 x 4 and 30 x 30.
  static let assignments = [5.119130580107679, 3.908532134167194, 3.6375323427943833, 28.190874683746415]
  /// sklearn.neighbors.KNeighborsClassifier(1); 90 references and 50 queries of 4 features, 5 classes.
  static let nearestNeighbourAccuracy = 0.42
  /// NumPy; noisy maps in 4 colours against random pixels: shares right and of the commonest; L1 to them and to the mean.
  static let labelAccuracy = [0.2508680555555556, 0.3055555555555556, 0.3823117267187357, 0.21362937229827772]
}
