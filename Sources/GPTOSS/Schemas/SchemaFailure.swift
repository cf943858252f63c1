public import Foundation

/// Why a Swift type has no JSON schema.
public struct SchemaFailure: Error, Sendable, Equatable {
  /// Where in the type: `Order.items[].size` is the property `size` of the elements of `items`, in `Order`.
  public var path: String
  /// The type that is there.
  public var type: String
  /// What is wrong with it.
  public var reason: Reason

  /// What stands in the way of a schema.
  public enum Reason: Sendable, Equatable {
    /// The type contains itself.
    case recursive
    /// More than 64 types inside each other, or more than 10,000 values.
    case tooLarge
    /// It asks which keys there are: an enum with associated values, or a dictionary with other keys than
    /// strings.
    case asksForKeys
    /// It takes several values out of an array one by one, as tuples and ranges do.
    case severalElements
    /// It asks for `superDecoder()`.
    case superDecoder
    /// It decodes two different things in one place.
    case ambiguous
    /// A `CaseIterable` type whose cases are not strings or numbers in JSON: an enum without a raw type.
    case casesWithoutValue
    /// A `CaseIterable` type without any case.
    case noCases
    /// Its `init(from:)` throws when it is given placeholders: an enum that is not `CaseIterable`, or
    /// values that are checked. With the error.
    case refused(String)
    /// A guide for a property that does not exist.
    case unknownGuide
  }
}

extension SchemaFailure: CustomStringConvertible {
  /// One line: where, what is wrong, and what to do.
  public var description: String {
    "no JSON schema for \(path) (\(type)): \(reason.text)"
  }
}

extension SchemaFailure: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}

extension SchemaFailure.Reason {
  fileprivate var text: String {
    switch self {
    case .recursive: "the type contains itself; write the schema by hand"
    case .tooLarge: "it holds too many values, or types nested too deeply; write the schema by hand"
    case .asksForKeys:
      "it asks which keys there are, as enums with associated values and dictionaries whose keys are not "
        + "strings do; use an enum with a raw type, or a struct of optionals"
    case .severalElements:
      "it takes several elements out of an array one by one; use a struct, or write the schema by hand"
    case .superDecoder: "it asks for superDecoder(); pass the decoder itself to super.init(from:)"
    case .ambiguous: "it decodes two different things in one place; write the schema by hand"
    case .casesWithoutValue: "its cases have no values; give the enum a raw type, such as String"
    case .noCases: "there are no cases to choose from"
    case .refused(let error):
      "its init(from:) refuses placeholders (\(error)); make an enum CaseIterable, "
        + "or write the schema by hand"
    case .unknownGuide: "there is a guide for it, but no such property is decoded"
    }
  }
}
