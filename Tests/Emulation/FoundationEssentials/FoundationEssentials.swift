/// The few declarations of FoundationEssentials that the modules under test name, for a Swift SDK that has its
/// library but not its interface (Tests/Emulation/README.md). Compiled into no product.

/// An error that says what it is.
public protocol LocalizedError: Error {
  /// One line.
  var errorDescription: String? { get }
}

/// The address of a local file, or of anything else.
public struct URL: Sendable, Hashable {
  /// As it is written.
  public let absoluteString: String

  /// The address of a file.
  public init(filePath: String) { absoluteString = "file://" + filePath }

  /// Any address.
  public init?(string: String) { absoluteString = string }

  /// Whether it is a file's.
  public var isFileURL: Bool { absoluteString.hasPrefix("file://") }

  /// The path of a file.
  public func path(percentEncoded: Bool) -> String { String(absoluteString.dropFirst("file://".count)) }
}
