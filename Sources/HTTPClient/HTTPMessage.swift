public import Foundation

/// A request of HTTP.
public struct HTTPRequest: Sendable, Hashable {
  /// The method, in capitals.
  public var method: String
  /// The address.
  public var url: URL
  /// Header fields, which are sent as they are.
  public var headers: [String: String]
  /// The body; nil for none.
  public var body: Data?

  /// A request.
  public init(_ method: String = "GET", _ url: URL, headers: [String: String] = [:], body: Data? = nil) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}

/// The head of an answer.
public struct HTTPResponse: Sendable, Hashable {
  /// The status code, such as 200.
  public var status: Int
  /// Header fields by their names in small letters.
  private var fields: [String: String]

  /// A head with these fields; their names' case does not matter.
  public init(status: Int, headers: [String: String] = [:]) {
    self.status = status
    fields = Dictionary(headers.map { ($0.key.lowercased(), $0.value) }) { $1 }
  }

  /// The value of a field, whatever the case of its name; nil if the answer does not have it.
  public subscript(name: String) -> String? { fields[name.lowercased()] }
}
