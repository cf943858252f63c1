import Foundation
import GPTOSS
import GPTOSSJSON

/// Types of every kind that has a schema.
enum SchemaSamples {
  enum Unit: String, Codable, CaseIterable { case celsius, fahrenheit }
  enum Level: Int, Decodable, CaseIterable { case low = 1, high = 10 }
  /// Written in JSON otherwise than by its raw value.
  enum Signal: Int, Codable, CaseIterable {
    case stop, go

    init(from decoder: any Decoder) throws {
      self = try decoder.singleValueContainer().decode(String.self) == "go" ? .go : .stop
    }
    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(self == .go ? "go" : "stop")
    }
  }

  struct Empty: Decodable {}

  struct Scalars: Decodable {
    var flag: Bool
    var text: String
    var count: Int
    var byte: Int8
    var small: UInt16
    var large: UInt64
    var ratio: Double
    var single: Float
    var price: Decimal
  }

  struct Foundational: Decodable {
    var date: Date
    var link: URL
    var id: UUID
    var bytes: Data
  }

  struct Weather: Decodable, Guided {
    var city: String
    var days: Int?
    var unit: Unit?
    var level: Level
    static let guides: [String: Guide] = [
      "city": "A city's name.",
      "days": Guide("How many days ahead.", .range(1...7), .keyword("default", 1)),
    ]
  }

  struct Order: Decodable {
    struct Item: Decodable, Guided {
      var name: String
      var sizes: [Int]
      static let guides: [String: Guide] = [
        "name": Guide("What it is.", .pattern("^[a-z]+$")), "sizes": Guide("In cm.", .count(1...3)),
      ]
    }
    var items: [Item]
    var tags: Set<Unit>
    var notes: [String: Item]
    var grid: [[Double]]
  }

  struct Nullables: Decodable {
    var numbers: [Int?]
    var units: [Unit?]
    var items: [String: Empty?]
  }

  /// Keys with other names, in an order of its own, one with a default.
  struct Written: Decodable {
    var name: String
    var limit: Int
    private enum Key: String, CodingKey {
      case limit = "max"
      case name, nested, list
    }
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      limit = try container.decodeIfPresent(Int.self, forKey: .limit) ?? 5
      let nested = try container.nestedContainer(keyedBy: Key.self, forKey: .nested)
      name = try nested.decode(String.self, forKey: .name)
      var list = try nested.nestedUnkeyedContainer(forKey: .list)
      while !list.isAtEnd { _ = try list.decode(Bool.self) }
    }
  }

  class Animal: Decodable {
    var name: String
  }
  final class Dog: Animal {
    var isGood: Bool
    private enum Key: CodingKey { case isGood }
    required init(from decoder: any Decoder) throws {
      isGood = try decoder.container(keyedBy: Key.self).decode(Bool.self, forKey: .isGood)
      try super.init(from: decoder)
    }
  }

  struct Identifier: RawRepresentable, Decodable {
    var rawValue: String
  }
  struct Wrapped: Decodable {
    var id: Identifier
    var signal: Signal
    var extra: JSONValue
    var object: JSONObject?
  }
}

/// Types that have none.
enum SchemalessSamples {
  struct Tree: Decodable { var children: [Tree] }
  final class List: Decodable { var next: List? }
  final class Growing<T: Decodable>: Decodable { var next: Growing<[T]>? }

  enum Shape: Decodable {
    case circle(radius: Double)
    case square(side: Double)
  }
  struct Drawing: Decodable { var shapes: [Shape] }

  enum Plain: Codable, CaseIterable { case one, two }
  enum Uncounted: String, Decodable { case one, two }
  enum Never: String, Decodable, CaseIterable {
    case never
    static var allCases: [Never] { [] }
  }

  struct Numbered: Decodable { var names: [Int: String] }
  struct Span: Decodable { var range: ClosedRange<Int> }

  class Base: Decodable { var name: String }
  final class Derived: Base {
    required init(from decoder: any Decoder) throws {
      try super.init(from: decoder.container(keyedBy: Key.self).superDecoder())
    }
    private enum Key: CodingKey {}
  }

  struct Percent: Decodable {
    var value: Int
    init(from decoder: any Decoder) throws {
      value = try decoder.singleValueContainer().decode(Int.self)
      guard value > 0 else { throw Refusal.tooSmall }
    }
    enum Refusal: Error { case tooSmall }
  }
  struct Discount: Decodable { var percent: Percent? }

  /// Catches what goes wrong inside.
  struct Forgiving: Decodable {
    var tree: Tree?
    private enum Key: CodingKey { case tree }
    init(from decoder: any Decoder) throws {
      tree = try? decoder.container(keyedBy: Key.self).decode(Tree.self, forKey: .tree)
    }
  }

  struct Either: Decodable {
    init(from decoder: any Decoder) throws {
      _ = try decoder.singleValueContainer().decode(String.self)
      _ = try decoder.unkeyedContainer()
    }
  }

  struct Misguided: Decodable, Guided {
    var city: String
    static let guides: [String: Guide] = ["town": "A name."]
  }

  /// Decodes what contains nothing but itself.
  struct Mirror: Decodable {
    init(from decoder: any Decoder) throws { self = try decoder.singleValueContainer().decode(Mirror.self) }
  }
}
