/// One file, mapped and checked: its header, and its tensors with their places in the file.
struct Part {
  let path: String
  let storage: ByteStorage
  let header: Header

  init(path: String) throws(GGUFError) {
    self.path = path
    do {
      storage = try ByteStorage(mapping: path)
    } catch {
      throw GGUFError(path: path, reason: error)
    }
    header = try HeaderParser(storage, path: path).parse()
  }

  // MARK: Alignment

  /// The alignment that the file states; nil if it states none.
  func statedAlignment() throws(GGUFError) -> Int? {
    try header.metadata.alignment(in: path)
  }

  /// The alignment of a file that states none but belongs to a set whose first part states one.
  ///
  /// gguf-py states it in the first part alone and aligns every part with it; llama.cpp's gguf-split
  /// states it in the first part alone and aligns the others to 32. The offsets and the file's length tell
  /// which: both end a file with the padded end of its last tensor.
  func inheritedAlignment(_ stated: Int) -> Int {
    let usual = GGUFMetadata.defaultAlignment
    return !isAligned(to: usual) && isAligned(to: stated) ? stated : usual
  }

  /// Whether the file looks as if it had been written with this alignment.
  private func isAligned(to alignment: Int) -> Bool {
    // A sum that wraps is no file's length either.
    let ends = header.records.map { $0.offset &+ UInt64($0.byteCount) }
    guard let start = header.byteCount.padded(to: alignment),
      let end = Int(exactly: ends.max() ?? 0)?.padded(to: alignment)
    else { return false }
    return start &+ end == storage.bytes.count
      && header.records.allSatisfy { $0.offset.isMultiple(of: UInt64(alignment)) }
  }

  // MARK: Tensors

  /// The tensors with their places in the file: aligned, inside it, and not on top of each other.
  func tensors(alignment: Int, part: Int) throws(GGUFError) -> [GGUFTensor] {
    let size = storage.bytes.count
    // Without tensors there need be no padding; with some, this bounds each of their offsets.
    let start = min(header.byteCount.padded(to: alignment) ?? size, size)
    var tensors: [GGUFTensor] = []
    tensors.reserveCapacity(header.records.count)
    for record in header.records {
      guard record.offset.isMultiple(of: UInt64(alignment)) else {
        throw error(record.name, .misalignedTensor(offset: record.offset, alignment: alignment))
      }
      let available = size - start
      guard record.byteCount <= available, record.offset <= UInt64(available - record.byteCount) else {
        throw error(
          record.name,
          .tensorOutsideFile(offset: record.offset, byteCount: record.byteCount, available: available))
      }
      tensors.append(
        GGUFTensor(
          name: record.name, dimensions: record.dimensions, type: record.type,
          byteCount: record.byteCount, byteOffset: start + Int(record.offset), part: part))
    }
    let sorted = tensors.sorted { $0.byteOffset < $1.byteOffset }
    for (tensor, next) in zip(sorted, sorted.dropFirst()) where next.byteOffset < tensor.byteRange.upperBound
    {
      throw error(next.name, .overlappingTensors(other: tensor.name))
    }
    return tensors
  }

  private func error(_ tensor: String, _ reason: GGUFError.Reason) -> GGUFError {
    GGUFError(path: path, place: .tensor(tensor), reason: reason)
  }
}
