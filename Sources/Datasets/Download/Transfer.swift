import Dispatch
import Foundation
import FoundationNetworking
import Synchronization

/// One request for what is missing of a file.
final class Transfer: NSObject, URLSessionDataDelegate, Sendable {
  private struct State {
    var failure: DownloadError?
    /// Bytes of the whole file, once the server has said so.
    var total: Int?
    var isAccepted = false
    /// The server has nothing beyond what is there.
    var isWhole = false
  }
  private let url: URL
  private let part: PartialFile
  private let progress: @Sendable (Int, Int?) -> Void
  private let state = Mutex(State())
  private let done = DispatchSemaphore(value: 0)

  init(url: URL, part: PartialFile, progress: @escaping @Sendable (Int, Int?) -> Void) {
    self.url = url
    self.part = part
    self.progress = progress
  }

  /// Returns when the server has sent all that it announced.
  func run() throws(DownloadError) {
    let configuration = URLSessionConfiguration.ephemeral
    // Seconds without a byte.
    configuration.timeoutIntervalForRequest = 30
    configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
    let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
    var request = URLRequest(url: url)
    // The file as it lies there: a length that counts and a range that fits.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    if part.size > 0 { request.setValue("bytes=\(part.size)-", forHTTPHeaderField: "Range") }
    session.dataTask(with: request).resume()
    done.wait()
    session.finishTasksAndInvalidate()
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    let disposition: URLSession.ResponseDisposition
    do throws(DownloadError) {
      disposition = try accept(response) ? .allow : .cancel
    } catch {
      state.withLock { $0.failure = error }
      disposition = .cancel
    }
    completionHandler(disposition)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let (isOpen, total) = state.withLock { ($0.isAccepted && $0.failure == nil, $0.total) }
    guard isOpen else { return }
    do throws(DownloadError) {
      try part.append(data)
      progress(part.size, total)
    } catch {
      state.withLock { $0.failure = error }
      dataTask.cancel()
    }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    let received = part.size
    state.withLock { state in
      guard state.failure == nil, !state.isWhole else { return }
      if let error {
        state.failure =
          state.isAccepted
          ? .interrupted(address: url.absoluteString, received: received)
          : .unreachable(address: url.absoluteString, detail: Self.detail(error))
      } else if let total = state.total, received < total {
        state.failure = .interrupted(address: url.absoluteString, received: received)
      }
    }
    done.signal()
  }

  /// Whether a body is to come; errors for an answer that is none.
  private func accept(_ response: URLResponse) throws(DownloadError) -> Bool {
    guard let response = response as? HTTPURLResponse else { throw .refused(address: url.absoluteString, status: 0) }
    var start = 0
    switch response.statusCode {
    case 200:
      // All of it, also where the server does not know ranges: what came before is dropped.
      try part.clear()
    case 206:
      guard let range = response.value(forHTTPHeaderField: "Content-Range"), Self.start(of: range) == part.size else {
        try part.clear()
        throw .interrupted(address: url.absoluteString, received: 0)
      }
      start = part.size
    case 416 where part.size > 0:
      // Nothing lies beyond the part: it is whole, which the checksum decides, or not this file's.
      if let range = response.value(forHTTPHeaderField: "Content-Range"), range.hasSuffix("/\(part.size)") {
        state.withLock { $0.isWhole = true }
        return false
      }
      try part.clear()
      throw .interrupted(address: url.absoluteString, received: 0)
    default:
      throw .refused(address: url.absoluteString, status: response.statusCode)
    }
    let length = Int(response.expectedContentLength)
    state.withLock { state in
      state.isAccepted = true
      state.total = length >= 0 ? start + length : nil
    }
    return true
  }

  /// The 5 of `bytes 5-9/10`.
  private static func start(of range: String) -> Int? {
    guard let bytes = range.split(separator: " ").last, range.hasPrefix("bytes") else { return nil }
    return bytes.split(separator: "-").first.flatMap { Int($0) }
  }

  private static func detail(_ error: any Error) -> String {
    // Without a description of its own the error would print its whole dictionary.
    switch (error as? URLError)?.code {
    case .timedOut: "it does not answer in time"
    case .cannotFindHost, .dnsLookupFailed: "there is no such host, or no network"
    case .cannotConnectToHost: "it refuses the connection, or there is no network"
    case .notConnectedToInternet: "there is no network"
    case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
      .serverCertificateNotYetValid, .serverCertificateHasUnknownRoot:
      "the secure connection failed"
    default: (error as NSError).localizedDescription
    }
  }
}
