import Foundation
import GGUF
import GPTOSSKernels
import GPTOSSModel
import GPTOSSPlatform

/// Tells whose keys and values are the same to the bit: those of one model, computed and stored in one way.
///
/// A full hash of 12 GB takes longer than reading most prompts. So the key is a hash of
///
/// - the model's configuration, and of every tensor its name, format, shape, and 64 bytes from each of four
///   places;
/// - the size of each of the model's files, and the time at which it was last written;
/// - the kernel set, the type and layout of what is stored, and the byte order;
/// - the version of this package and of the format, and the size and time of the program's file, since another
///   build may add up in another order.
///
/// What changes none of these would have to change weights in place, and put back the file's time. Of a model
/// that is copied or a program that is built again nothing is found; it is never another's.
///
/// How finely a token was read stands with the token (``ReadToken``).
enum PrefixKey {
  /// Bytes that are taken from each place of a tensor.
  private static let sampleByteCount = 64

  /// The key of what a model reads.
  ///
  /// - Parameter cache: one of the model's, as its sequences use it.
  /// - Throws: `SystemError` if one of the model's files is gone.
  static func make(
    _ file: GGUFFile, _ transformer: Transformer, _ cache: KeyValueCache
  ) throws(SystemError) -> UInt64 {
    var configuration = transformer.configuration
    // The limit that was chosen at load changes no number.
    configuration.contextLength = 0
    let isLittleEndian = UInt16(1).littleEndian == 1
    let element = cache.layers.first.map { "\($0.element)" } ?? ""
    var bytes: [UInt8] = Array(
      """
      \(PrefixHeader.version) \(packageVersion) \(program) \(isLittleEndian)
      \(configuration) \(transformer.kernels) \(element) \(cache.storageLayout)

      """.utf8)
    for path in file.partPaths { bytes.append(contentsOf: try stamp(path).utf8) }
    for tensor in file.tensors {
      bytes.append(contentsOf: "\(tensor.name) \(tensor.type) \(tensor.dimensions)\n".utf8)
      let data = file.bytes(of: tensor)
      let last = max(0, data.count - sampleByteCount)
      for place in 0..<4 { bytes.append(contentsOf: data[(last * place / 3)...].prefix(sampleByteCount)) }
    }
    return XXHash64.hash(bytes, seed: 0)
  }

  /// The size of a file, and when it was written.
  private static func stamp(_ path: String) throws(SystemError) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { throw SystemError(code: errno) }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return "\(status.st_size) \(time.tv_sec) \(time.tv_nsec)\n"
  }

  /// What tells builds of this program apart, as far as the system says where its file is.
  private static let program: String = {
    guard let path = Bundle.main.executablePath else { return "" }
    do { return try stamp(path) } catch { return "" }
  }()
}
