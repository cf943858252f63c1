package import GGUF
import Synchronization

/// A two-dimensional array of float32 as NumPy stores it, written row by row.
///
///     \x93NUMPY 1 0 | header length | header | rows
///     header = {'descr': '<f4', 'fortran_order': False, 'shape': (r, c), } … \n
///
/// The file gets its name when it is complete.
///
/// - SeeAlso: numpy.org, `numpy.lib.format`, format version 1.0.
package final class NumPyFile: Sendable {
  private let path: String
  private let columnCount: Int
  private let output: Mutex<OutputFile?>

  /// Starts a file of `[rowCount, columnCount]`.
  ///
  /// - Parameter isOverwriting: whether it may replace another file of that name.
  /// - Throws: `GGUFError` if the file cannot be created.
  package init(
    path: String, rowCount: Int, columnCount: Int, isOverwriting: Bool
  ) throws(GGUFError) {
    self.path = path
    self.columnCount = columnCount
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rowCount), \(columnCount)), }"
    // Ten bytes stand before the header; the data begins at a multiple of 64.
    let padding = 63 - (10 + header.utf8.count) % 64
    header += String(repeating: " ", count: padding) + "\n"
    let length = UInt16(header.utf8.count)
    let start =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(header.utf8)
    do {
      var file = try OutputFile(path, isOverwriting: isOverwriting)
      try file.write(start.span.bytes)
      output = Mutex(consume file)
    } catch {
      throw GGUFError(path: path, reason: error)
    }
  }

  /// Writes the next row.
  ///
  /// - Parameter row: `[columnCount]`.
  /// - Throws: `GGUFError` if the file cannot be written.
  package func append(_ row: Span<Float>) throws(GGUFError) {
    precondition(row.count == columnCount)
    let written: Result<Void, GGUFError.Reason> = output.withLock { file in
      do throws(GGUFError.Reason) {
        #if _endian(little)
          try file?.write(row.bytes)
        #else
          let swapped = row.indices.map { row[$0].bitPattern.littleEndian }
          try file?.write(swapped.span.bytes)
        #endif
        return .success(())
      } catch { return .failure(error) }
    }
    if case .failure(let reason) = written { throw GGUFError(path: path, reason: reason) }
  }

  /// Gives the file its name.
  ///
  /// - Throws: `GGUFError` if the file cannot be written.
  /// - Precondition: all rows have been written.
  package func finish() throws(GGUFError) {
    let file = output.withLock { $0.take() }
    do { try file?.commit() } catch { throw GGUFError(path: path, reason: error) }
  }
}
