extension GGUFFile {
  /// A part of a tensor: one expert of a stack, one row of a matrix, or one row of one expert.
  ///
  /// ```swift
  /// let experts = file.tensor(named: "blk.0.ffn_up_exps.weight")  // [2880, 2880, 32]
  /// let row = try file.slice(of: experts, expert: 7, row: 100)  // [2880]
  /// try file.withBytes(of: row) { bytes in … }  // whole blocks of row.type
  /// ```
  ///
  /// The part is a tensor of the same name and type. It has whole blocks: a row always does. No tensor data
  /// is touched.
  ///
  /// - Parameters:
  ///   - tensor: one of ``tensors``, or a part of one.
  ///   - expert: a position in the last dimension, which the part no longer has; nil for all.
  ///   - row: a position in what is left of all dimensions but the first; the part is then a vector. nil for
  ///     all. Without an expert, a stack has the rows of all its experts, one expert after the other.
  /// - Returns: the part; `tensor` itself if nothing was chosen.
  /// - Throws: ``GGUFError/Reason/noSuchExpert(_:count:)``, ``GGUFError/Reason/noSuchRow(_:count:)``.
  public func slice(
    of tensor: GGUFTensor, expert: Int? = nil, row: Int? = nil
  ) throws(GGUFError) -> GGUFTensor {
    var slice = tensor
    if let expert {
      let count = slice.dimensions.count > 1 ? slice.dimensions[slice.dimensions.count - 1] : 0
      guard (0..<count).contains(expert) else {
        throw error(tensor, .noSuchExpert(expert, count: count))
      }
      slice = slice.part(expert, of: count, dimensions: slice.dimensions.dropLast())
    }
    if let row {
      let count = slice.rowCount
      guard (0..<count).contains(row) else { throw error(tensor, .noSuchRow(row, count: count)) }
      slice = slice.part(row, of: count, dimensions: slice.dimensions.prefix(1))
    }
    return slice
  }

  private func error(_ tensor: GGUFTensor, _ reason: GGUFError.Reason) -> GGUFError {
    GGUFError(path: partPaths[tensor.part], place: .tensor(tensor.name), reason: reason)
  }
}

extension GGUFTensor {
  /// One of `count` equal parts that follow each other.
  fileprivate func part(_ index: Int, of count: Int, dimensions: ArraySlice<Int>) -> GGUFTensor {
    let size = byteCount / count
    return GGUFTensor(
      name: name, dimensions: Array(dimensions), type: type, byteCount: size,
      byteOffset: byteOffset + index * size, part: part)
  }
}
