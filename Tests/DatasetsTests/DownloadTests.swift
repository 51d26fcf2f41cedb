import Foundation
import Synchronization
import Testing

@testable import Datasets

@Suite struct DownloadTests {
  let folder: TemporaryFolder
  /// 300,000 bytes that do not repeat.
  let payload: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    var random = SplitMix(state: 51)
    payload = (0..<300_000).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  private func sha(_ bytes: [UInt8]) -> String {
    var sha = SHA256()
    sha.update(bytes)
    return sha.finish()
  }

  private func set(_ checksum: Checksum? = nil, name: String = "file.bin") -> DownloadableSet {
    DownloadableSet(
      name: "test", summary: "", license: "",
      files: [.init(name: name, size: payload.count, checksum: checksum ?? .file(sha(payload)))], mirrors: [])
  }

  private func get(
    _ set: DownloadableSet, _ mirrors: [String], progress: @escaping Downloader.Progress = { _, _, _ in }
  ) -> DownloadError? {
    do throws(DownloadError) {
      try Downloader.get(set, to: folder.path, mirrors: mirrors, progress: progress)
      return nil
    } catch {
      let text = error.description
      #expect(text.hasSuffix(".") && !text.contains("\n"))
      return error
    }
  }

  private func received(_ name: String = "file.bin") throws -> [UInt8] {
    try ByteReader.contents(of: folder.file(name), limit: 1 << 24)
  }

  @Test func knownDigests() {
    #expect(sha([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(sha(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func downloadsChecksAndRenames() throws {
    let server = try LoopbackServer({ [payload] request, _ in .file(payload, request) })
    let steps = Mutex<[(Int, Int?)]>([])
    #expect(
      get(set(), [server.address]) { _, received, total in steps.withLock { $0.append((received, total)) } } == nil)
    #expect(try received() == payload && folder.contents == ["file.bin"])
    let seen = steps.withLock { $0 }
    #expect(seen.last?.0 == payload.count && seen.allSatisfy { $0.1 == payload.count })
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.0 < $1.0 })
    // What is there and right is not fetched again.
    #expect(get(set(), [server.address]) == nil && server.requests.count == 1)
    // What is there and wrong is.
    try folder.write([1, 2, 3], "file.bin")
    #expect(get(set(), [server.address]) == nil)
    #expect(try received() == payload && server.requests.count == 2)
  }

  @Test func aBrokenConnectionIsTakenUpWhereItBroke() throws {
    let server = try LoopbackServer({ [payload] request, number in
      .file(payload, request, breaksAfter: number < 3 ? 80_000 : nil)
    })
    #expect(get(set(), [server.address]) == nil)
    #expect(try received() == payload && folder.contents == ["file.bin"])
    #expect(server.requests.map(\.start) == [nil, 80_000, 160_000, 240_000])
  }

  @Test func aLaterCommandContinues() throws {
    let dead = try LoopbackServer({ [payload] request, number in
      number == 0 ? .file(payload, request, breaksAfter: 100_000) : .file(payload, request, breaksAfter: 0)
    })
    let error = get(set(), [dead.address])
    #expect(error == .interrupted(address: dead.address + "file.bin", received: 100_000))
    #expect(folder.contents == ["file.bin.part"])
    let server = try LoopbackServer({ [payload] request, _ in .file(payload, request) })
    #expect(get(set(), [server.address]) == nil)
    #expect(try received() == payload && server.requests.map(\.start) == [100_000])
  }

  @Test func aServerWithoutRangesStartsOver() throws {
    let server = try LoopbackServer({ [payload] _, number in
      LoopbackServer.Answer(body: payload, breaksAfter: number == 0 ? 120_000 : nil)
    })
    #expect(get(set(), [server.address]) == nil)
    #expect(try received() == payload && server.requests.map(\.start) == [nil, 120_000])
  }

  @Test func aWholePartIsOnlyChecked() throws {
    try folder.write(payload, "file.bin.part")
    let server = try LoopbackServer({ [payload] request, _ in .file(payload, request) })
    #expect(get(set(), [server.address]) == nil)
    #expect(try received() == payload && server.requests.map(\.start) == [300_000])
  }

  @Test func aPartOfAnotherFileIsDropped() throws {
    for size in [1_000, payload.count, payload.count + 500] {
      try folder.write([UInt8](repeating: 7, count: size), "file.bin.part")
      let server = try LoopbackServer({ [payload] request, _ in .file(payload, request) })
      #expect(get(set(), [server.address]) == nil)
      #expect(try received() == payload && server.requests.last?.start == nil)
      try FileManager.default.removeItem(atPath: folder.file("file.bin"))
    }
  }

  @Test func aWrongRangeIsNotAppended() throws {
    try folder.write(Array(payload.prefix(1_000)), "file.bin.part")
    let server = try LoopbackServer({ [payload] request, _ in
      guard request.start != nil else { return .file(payload, request) }
      var answer = LoopbackServer.Answer.file(payload, request)
      answer.headers = ["Content-Range": "bytes 5-9/10"]
      return answer
    })
    #expect(get(set(), [server.address]) == nil)
    #expect(try received() == payload)
  }

  @Test func aWrongChecksumIsRefused() throws {
    let server = try LoopbackServer({ _, _ in LoopbackServer.Answer(body: [1, 2, 3]) })
    let error = get(set(), [server.address])
    #expect(
      error
        == .checksumMismatch(
          file: "file.bin", address: server.address, expected: sha(payload), found: sha([1, 2, 3])))
    #expect(folder.contents.isEmpty, "nothing wrong is kept")
  }

  @Test func mirrorsAreTriedInOrder() throws {
    let missing = try LoopbackServer({ _, _ in LoopbackServer.Answer(status: 404, body: Array("no".utf8)) })
    let wrong = try LoopbackServer({ _, _ in LoopbackServer.Answer(body: [9]) })
    let right = try LoopbackServer({ [payload] request, _ in .file(payload, request) })
    #expect(get(set(), ["http://127.0.0.1:1/", missing.address, wrong.address, right.address]) == nil)
    #expect(try received() == payload)
    try FileManager.default.removeItem(atPath: folder.file("file.bin"))
    // Of several reasons the most telling one.
    #expect(
      get(set(), [missing.address, "http://127.0.0.1:1/"])
        == .refused(address: missing.address + "file.bin", status: 404))
    #expect(
      get(set(), [missing.address])?.description
        == "\(missing.address)file.bin: the server answered 404 (not found).")
    #expect(folder.contents.isEmpty)
  }

  @Test func noNetworkIsSaidPlainly() {
    let text = get(set(), ["http://127.0.0.1:1/"])?.description ?? ""
    #expect(text.hasPrefix("http://127.0.0.1:1/file.bin: cannot be reached ("), "\(text)")
    #expect(get(set(), ["ftp://127.0.0.1/"]) == .badAddress("ftp://127.0.0.1/file.bin"))
    #expect(get(set(), ["no address"]) == .badAddress("no addressfile.bin"))
  }

  @Test func aFullDiskIsSaidPlainly() throws {
    // This device refuses every byte as a full disk does.
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("file.bin.part"), withDestinationPath: "/dev/full")
    let server = try LoopbackServer({ [payload] request, _ in .file(payload, request) })
    #expect(get(set(), [server.address]) == .diskFull(file: folder.file("file.bin.part")))
    #expect(sentence { _ = try Downloader.get("mnist", to: "/dev/null/x") }?.contains("cannot be written") == true)
  }

  @Test func twoAtOnceAreRefused() throws {
    let other = try PartialFile(folder.file("file.bin.part"))
    #expect(get(set(), ["http://127.0.0.1:1/"]) == .busy(file: folder.file("file.bin.part")))
    #expect(other.size == 0)
  }

  @Test func contentMayBePackedAnew() throws {
    let packed = gzip(payload)
    let server = try LoopbackServer({ request, _ in .file(packed, request) })
    #expect(get(set(.content(sha(payload)), name: "file.gz"), [server.address]) == nil)
    #expect(try received("file.gz") == payload)
    #expect(get(set(.file(sha(packed)), name: "file.gz"), ["http://127.0.0.1:1/"]) == nil)
    let damaged = try LoopbackServer({ request, _ in .file(Array(packed.prefix(5_000)), request) })
    let text = get(set(.content(sha(payload)), name: "other.gz"), [damaged.address])?.description
    #expect(text == "other.gz from \(damaged.address) is damaged: it cannot be unpacked; it was deleted.")
  }

  @Test func everyNameHasFilesAndMirrors() {
    for set in DownloadableSet.all {
      #expect(!set.files.isEmpty && !set.mirrors.isEmpty && set.size > 0)
      #expect(set.mirrors.allSatisfy { $0.hasSuffix("/") && URL(string: $0) != nil })
      #expect(set.files.allSatisfy { $0.checksum.hexadecimal.count == 64 })
    }
    #expect(
      sentence { _ = try Downloader.get("cifar", to: folder.path) }
        == "cifar is no dataset that can be downloaded; known are mnist, fashion-mnist, digits.")
  }

  @Test func sharedFilesHaveTheRegisteredContents() throws {
    guard let shared = sharedData("mnist") else { return }
    for file in DownloadableSet.mnist.files where file.size < 2_000_000 {
      #expect(try file.checksum.digest(of: shared + "/" + file.name) == file.checksum.hexadecimal)
    }
    guard let digits = sharedData("digits/optdigits.tes") else { return }
    // The shared copy has a comment in front of the published lines.
    let text = try ByteReader.contents(of: digits, limit: 1 << 20)
    let start = text.first == UInt8(ascii: "#") ? (text.firstIndex(of: 10) ?? -1) + 1 : 0
    #expect(sha(Array(text[start...])) == DownloadableSet.digits.files[0].checksum.hexadecimal)
  }

  @Test func mnistByItsName() throws {
    guard let shared = sharedData("mnist") else { return }
    let server = try LoopbackServer({ request, _ in
      let file = shared + "/" + (request.path.split(separator: "/").last ?? "")
      guard let bytes = FileManager.default.contents(atPath: file) else { return .init(status: 404) }
      // The large one breaks once.
      let breaks = bytes.count > 5_000_000 && request.start == nil
      return .file(Array(bytes), request, breaksAfter: breaks ? 4_000_000 : nil)
    })
    let target = folder.file("mnist")
    #expect(try Downloader.get("mnist", to: target, base: server.address + "some/folder") == target)
    #expect(server.requests.count == 5 && server.requests.allSatisfy { $0.path.hasPrefix("/some/folder/") })
    #expect(try DataCache.locate("mnist", cache: folder.path) == target)
  }

  @Test func theCacheIsWhereTheSpecificationSays() throws {
    #expect(DataCache.folder(["XDG_CACHE_HOME": "/x", "HOME": "/h"]) == "/x/gantui/data")
    #expect(DataCache.folder(["XDG_CACHE_HOME": "relative", "HOME": "/h"]) == "/h/.cache/gantui/data")
    #expect(DataCache.folder(["XDG_CACHE_HOME": "", "HOME": "/h"]) == "/h/.cache/gantui/data")
    let text = try #require(sentence { _ = try DataCache.locate("digits", cache: folder.path) })
    #expect(
      text.contains("`gantui data get digits`") && text.contains("data.path") && text.hasPrefix("digits is not in"))
    try folder.write("x", "digits/optdigits.tes")
    #expect(try DataCache.locate("digits", cache: folder.path) == folder.file("digits"))
    #expect(try DataCache.locate("digits", path: folder.path, cache: "/nowhere") == folder.path)
    #expect(try DataCache.locate("mine", path: folder.path) == folder.path)
    #expect(sentence { _ = try DataCache.locate("digits", path: "/nowhere/x") } == "/nowhere/x: there is no such file.")
    #expect(sentence { _ = try DataCache.locate("cifar", cache: folder.path) }?.contains("known are mnist") == true)
    for file in DownloadableSet.mnist.files { try folder.write("x", "mnist/" + file.name.dropLast(3)) }
    #expect(try DataCache.locate("mnist", cache: folder.path) == folder.file("mnist"))
    try FileManager.default.removeItem(atPath: folder.file("mnist/t10k-labels-idx1-ubyte"))
    #expect(sentence { _ = try DataCache.locate("mnist", cache: folder.path) } != nil)
  }
}
