import COpenSSL
import Foundation

/// What a downloaded file must hash to, as 64 hexadecimal digits of SHA-256.
public enum Checksum: Hashable, Sendable {
  /// Of the file itself.
  case file(String)
  /// Of what is inside its gzip compression: mirrors that packed the same data anew are as good.
  case content(String)

  public var hexadecimal: String {
    switch self {
    case .file(let text), .content(let text): text
    }
  }

  /// The digest of a file that this would have to equal.
  func digest(of file: String) throws(DatasetError) -> String {
    let reader = try ByteReader(file, unpacks: self == .content(hexadecimal))
    var sha = SHA256()
    while true {
      let bytes = try reader.read(1 << 20)
      if bytes.isEmpty { return sha.finish() }
      sha.update(bytes)
    }
  }
}

/// SHA-256 by libcrypto.
///
/// That library is on every Debian, and its development package is small; swift-crypto would compile BoringSSL in every
/// fresh clone, for minutes.
struct SHA256: ~Copyable {
  private let context: OpaquePointer?

  init() {
    context = EVP_MD_CTX_new()
    EVP_DigestInit_ex(context, EVP_sha256(), nil)
  }

  deinit { EVP_MD_CTX_free(context) }

  mutating func update(_ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
  }

  /// The digest as 64 lower-case hexadecimal digits; empty should the library refuse. Ends the computation.
  consuming func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    guard EVP_DigestFinal_ex(context, &digest, &length) == 1, length == 32 else { return "" }
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
