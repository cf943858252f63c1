import GGUF
import GPTOSSKernels
import GPTOSSModel
import GPTOSSPlatform

/// The cache folder: its files, bounded in bytes and in number. Any number of processes may use it at a time.
///
/// A file appears under its name when it is complete, and never changes; what is in use may be removed, and is
/// read to its end all the same. Files hold what was said: the folder and the files are for their owner alone.
struct PrefixFolder: Sendable {
  /// More files than this are not kept, whatever their size.
  private static let mostFiles = 4096
  private static let suffix = ".prefix"

  let path: String
  /// The most bytes that all files may take together.
  let byteLimit: Int
  /// Which files are of use.
  let key: UInt64
  let layout: KeyValueCache.StorageLayout

  init(path: String, byteLimit: Int, key: UInt64, layout: KeyValueCache.StorageLayout) {
    self.path = path
    self.byteLimit = byteLimit
    self.key = key
    self.layout = layout
  }

  /// The folder that a model's options name; nil if they name none, or if the model's file is gone.
  init?(_ file: GGUFFile, _ transformer: Transformer, _ options: LoadOptions) {
    guard let path = options.cacheDirectory else { return nil }
    let cache = transformer.makeCache(element: options.cacheElement)
    do throws(SystemError) {
      self.init(
        path: path, byteLimit: options.cacheDirectoryByteLimit,
        key: try PrefixKey.make(file, transformer, cache), layout: cache.storageLayout)
    } catch {
      options.log("\(file.path.inert) cannot be examined: \(error); the cache folder is not used")
      return nil
    }
  }

  /// Makes the folder if it is not there, and removes what killed writers have left.
  ///
  /// - Throws: `PrefixFolderFault` if it cannot be used.
  func prepare() throws(PrefixFolderFault) {
    do { try makePrivateFolder(path) } catch { throw .system(error.code) }
    var status = stat()
    guard stat(path, &status) == 0 else { throw .system(errno) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw .isNoFolder }
    guard status.st_uid == geteuid() else { throw .isForeign(owner: status.st_uid) }
    guard status.st_mode & (S_IWGRP | S_IWOTH) == 0 else { throw .isShared }
    Leftovers.remove(in: path) { Self.identifiers(in: $0) != nil }
  }

  /// Makes the folder again that somebody has removed, but not those above it, which may be another disk's.
  ///
  /// What the system refuses shows when a file is written.
  func makeAgain() { mkdir(path, 0o700) }

  // MARK: Names

  private func name(of id: UInt64) -> String { "\(key.sixteenDigits)-\(id.sixteenDigits)\(Self.suffix)" }

  /// The path of the file of an id.
  func path(of id: UInt64) -> String { "\(path)/\(name(of: id))" }

  /// The key and the id of a file's name; nil for a name that no file of the cache has.
  private static func identifiers(in name: Substring) -> (key: UInt64, id: UInt64)? {
    let bytes = Array(name.utf8)
    guard bytes.count == 33 + suffix.utf8.count, bytes[16] == UInt8(ascii: "-"),
      bytes[33...].elementsEqual(suffix.utf8), let key = number(bytes[..<16]), let id = number(bytes[17..<33])
    else { return nil }
    return (key, id)
  }

  /// A number of lowercase hexadecimal digits.
  private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var number: UInt64 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"):
        number = number << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    return number
  }

  /// The ids of the files that are of use.
  func ids() -> Set<UInt64> {
    var ids: Set<UInt64> = []
    forEachName { name in
      guard let (key, id) = Self.identifiers(in: name), key == self.key else { return }
      ids.insert(id)
    }
    return ids
  }

  private func forEachName(_ body: (Substring) -> Void) {
    guard let entries = opendir(path) else { return }
    defer { closedir(entries) }
    while let entry = readdir(entries) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      body(name[...])
    }
  }

  // MARK: Reading

  /// Opens a file for reading.
  ///
  /// - Returns: nil if it cannot be opened, is not ours, or is not what its name and its header say: then it is
  ///   removed.
  func open(_ id: UInt64) -> PrefixFile? {
    guard let file = PrefixFile(path(of: id)) else { return nil }
    guard let header = file.header, header.id == id, header.layout == layout,
      header.fileByteCount == file.byteCount
    else {
      remove(id)
      return nil
    }
    return file
  }

  /// Removes a file that is damaged.
  func remove(_ id: UInt64) { unlink(path(of: id)) }

  /// Notes that files were used, from the first to the last of a sequence: of several that have not been used
  /// for equally long, those go first that follow others.
  func touch(_ ids: [UInt64]) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    for (place, id) in ids.enumerated() {
      // A microsecond earlier each.
      var time = now
      time.tv_nsec -= min(time.tv_nsec, place * 1000)
      var times = (time, time)
      _ = withUnsafeBytes(of: &times) { bytes in
        utimensat(
          AT_FDCWD, path(of: id), bytes.assumingMemoryBound(to: timespec.self).baseAddress,
          AT_SYMLINK_NOFOLLOW)
      }
    }
  }

  // MARK: Writing

  /// Begins a file.
  ///
  /// - Throws: `GGUFError.Reason` for what the system refuses.
  func create(_ header: PrefixHeader) throws(GGUFError.Reason) -> PrefixWriter {
    try PrefixWriter(path(of: header.id), header)
  }

  /// Removes files that have not been used for longest, of any model, until there is room for another one.
  ///
  /// - Parameters:
  ///   - byteCount: the file's bytes.
  ///   - kept: files of this model that have to stay.
  /// - Returns: whether there is room.
  func makeRoom(for byteCount: Int, keeping kept: [UInt64]) -> Bool {
    guard byteCount <= byteLimit else { return false }
    let kept = Set(kept.map(name(of:)))
    var files: [(name: String, byteCount: Int, time: (Int, Int))] = []
    forEachName { name in
      guard Self.identifiers(in: name) != nil else { return }
      var status = stat()
      guard lstat("\(path)/\(name)", &status) == 0 else { return }
      #if canImport(Darwin)
        let time = status.st_mtimespec
      #else
        let time = status.st_mtim
      #endif
      files.append((String(name), Int(status.st_size), (time.tv_sec, time.tv_nsec)))
    }
    var total = files.reduce(byteCount) { $0.addingReportingOverflow($1.byteCount).partialValue }
    var count = files.count + 1
    let oldest = files.filter { !kept.contains($0.name) }.sorted { $0.time < $1.time }
    for file in oldest where total > byteLimit || count > Self.mostFiles {
      // Another process may have removed it.
      guard unlink("\(path)/\(file.name)") == 0 || errno == ENOENT else { continue }
      total -= file.byteCount
      count -= 1
    }
    return total <= byteLimit && count <= Self.mostFiles
  }
}

/// Why the cache folder cannot be used.
enum PrefixFolderFault: Error {
  /// The system refuses.
  case system(Int32)
  /// It is something else.
  case isNoFolder
  /// Another user owns it.
  case isForeign(owner: uid_t)
  /// Others may write to it.
  case isShared
}

extension PrefixFolderFault: CustomStringConvertible {
  var description: String {
    switch self {
    case .system(let code): systemMessage(code)
    case .isNoFolder: "it is no folder"
    case .isForeign(let owner): "it belongs to the user \(userName(owner)); name a folder of your own"
    case .isShared: "others may write to it; make it yours alone (chmod 700)"
    }
  }
}
