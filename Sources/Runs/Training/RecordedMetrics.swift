import Datasets
import Models
import Telemetry

extension RunFolder {
  /// What the run's metrics are called and where the objective has its equilibrium, as the run itself says while it trains.
  ///
  /// - Throws: `RunStoreError`, `ConfigurationError`, `DatasetError` where the data are not there, and what
  ///   `TrainableSystem` throws.
  public func metricDescriptors() throws -> [MetricDescriptor] {
    let configuration = try configuration()
    let dataset = try DatasetFactory.dataset(configuration.data)
    let system = try TrainableSystem(configuration, of: SampleDescription(dataset))
    return system.metrics + (system.comparison?.distances.map(\.descriptor) ?? [])
      + MeasureDescriptors.all(modes: dataset.modes?.means.count, judged: dataset.classCount)
  }
}
