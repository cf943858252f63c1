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

  /// The names of all parts, given the name of this one: `NAME-00001-of-00003.gguf` and so on.
  func paths(of path: String) throws(GGUFError) -> [String] {
    guard (0..<partCount).contains(number), path.hasSuffix(Self.suffix(number, of: partCount)) else {
      throw GGUFError(path: path, reason: .partMisnamed(part: number, of: partCount))
    }
    let stem = path.dropLast(Self.suffix(number, of: partCount).count)
    return (0..<partCount).lazy.map { stem + Self.suffix($0, of: partCount) }
  }

  static func suffix(_ number: Int, of count: Int) -> String {
    func five(_ number: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
    return "-\(five(number + 1))-of-\(five(count)).gguf"
  }
}
