/// A JSON object: keys and values in the order in which they were added.
///
/// Two keys are the same when their bytes are, unlike Swift's `String`, which takes `é` and
/// `e` + U+0301 for equal. Setting a key that exists replaces its value and keeps its place.
///
/// Looking up a key takes linear time up to eight entries and constant time beyond.
public struct JSONObject: Sendable {
  /// A key and its value.
  public typealias Entry = (key: String, value: JSONValue)

  /// The entries in order.
  public private(set) var entries: [Entry] = []

  /// Where each key is, once there are enough keys for that to pay.
  private var indexOfKey: [ExactString: Int] = [:]
  private static let linearLimit = 8

  /// An object without entries.
  public init() {}

  /// An object with these entries; of a key that comes twice, the last value in the first place.
  public init(_ entries: some Sequence<Entry>) { add(entries) }

  /// Sets entries in order; those with new keys come last.
  package mutating func add(_ entries: some Sequence<Entry>) {
    for entry in entries { self[entry.key] = entry.value }
  }

  /// The value for a key.
  ///
  /// Setting nil does nothing; ``remove(_:)`` removes.
  public subscript(key: String) -> JSONValue? {
    get { index(of: key).map { entries[$0].value } }
    set {
      guard let newValue else { return }
      if let index = index(of: key) {
        entries[index].value = newValue
      } else {
        entries.append((key, newValue))
        noteLastKey()
      }
    }
  }

  /// Takes out a key and returns its value.
  @discardableResult
  public mutating func remove(_ key: String) -> JSONValue? {
    guard let index = index(of: key) else { return nil }
    let value = entries.remove(at: index).value
    indexOfKey = [:]
    if entries.count > Self.linearLimit { indexAllKeys() }
    return value
  }

  /// Whether there are no entries.
  public var isEmpty: Bool { entries.isEmpty }

  /// The keys in order.
  public var keys: [String] { entries.map(\.key) }

  private func index(of key: String) -> Int? {
    entries.count > Self.linearLimit
      ? indexOfKey[ExactString(key)]
      : entries.firstIndex { $0.key.hasSameBytes(as: key) }
  }

  private mutating func noteLastKey() {
    if entries.count == Self.linearLimit + 1 {
      indexAllKeys()
    } else if entries.count > Self.linearLimit {
      indexOfKey[ExactString(entries[entries.count - 1].key)] = entries.count - 1
    }
  }

  private mutating func indexAllKeys() {
    for (index, entry) in entries.enumerated() { indexOfKey[ExactString(entry.key)] = index }
  }
}

extension JSONObject: Equatable {
  /// Equal keys and values in the same order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.entries.elementsEqual(right.entries) {
      $0.key.hasSameBytes(as: $1.key) && $0.value == $1.value
    }
  }
}

/// A string that equals another only when their bytes are the same.
package struct ExactString: Hashable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (left: ExactString, right: ExactString) -> Bool {
    left.text.hasSameBytes(as: right.text)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
    hasher.combine(0xFF as UInt8)
  }
}

extension StringProtocol {
  /// Whether the bytes are equal; `==` would also call canonically equivalent texts equal.
  package func hasSameBytes(as other: some StringProtocol) -> Bool {
    utf8.elementsEqual(other.utf8)
  }
}
