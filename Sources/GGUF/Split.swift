/// What a part of a split file says about the set that it belongs to.
struct Split {
  static let numberKey = "split.no"
  static let countKey = "split.count"
  static let tensorCountKey = "split.tensors.count"

  /// The part's position, from 0.
  let number: Int
  let partCount: Int
  /// The number of tensors in all parts together.
  let tensorCount: Int

  /// Nil for a file that stands alone; merging leaves `split.count` behind as 0 or 1.
  init?(_ metadata: GGUFMetadata) throws(GGUFError) {
    guard let count = try metadata.integerIfPresent(Self.countKey), count > 1 else { return nil }
    partCount = count
    number = try metadata.integer(Self.numberKey)
    tensorCount = try metadata.integer(Self.tensorCountKey)
  }

  /// What the names of all parts have in common, given the name of this one: `NAME-00001-of-00003.gguf`.
  func stem(of path: String) throws(GGUFError) -> String {
    // A number outside the set is none that could be counted from 1.
    let suffix = (0..<partCount).contains(number) ? Self.suffix(number, of: partCount) : nil
    guard let suffix, path.hasSuffix(suffix) else {
      throw GGUFError(path: path, reason: .partMisnamed(part: number, of: partCount))
    }
    return String(path.dropLast(suffix.count))
  }

  /// Refuses a later part that contradicts the first: a key that both have needs the same value.
  ///
  /// Later parts mostly have nothing but the keys of the set, which are compared elsewhere. The alignment may
  /// differ: each part may choose its own.
  ///
  /// - Complexity: O(size of the part's metadata).
  static func check(_ part: GGUFMetadata, at path: String, against first: GGUFMetadata) throws(GGUFError) {
    for (key, value) in part where !key.hasPrefix("split.") && key != GGUFMetadata.alignmentKey {
      if let expected = first[key], expected != value {
        throw GGUFError(path: path, place: .key(key), reason: .contradictoryPart(key: key))
      }
    }
  }

  static func suffix(_ number: Int, of count: Int) -> String {
    func five(_ number: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
    return "-\(five(number + 1))-of-\(five(count)).gguf"
  }
}
