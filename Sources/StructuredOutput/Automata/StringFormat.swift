/// The `format` values that are enforced, each by a regular expression.
///
/// An expression may allow less than the format does, never more.
enum StringFormat: String, CaseIterable {
  case date
  case time
  case dateTime = "date-time"
  case duration
  case uuid
  case email
  case hostname
  case ipv4
  case ipv6
  case uri

  var pattern: String {
    switch self {
    case .date: "^(?:\(Self.datePattern))$"
    case .time: "^\(Self.timePattern)$"
    case .dateTime: "^(?:\(Self.datePattern))T\(Self.timePattern)$"
    case .duration:
      #"^P(?:\d{1,4}D(?:T\d{1,4}[HMS])?|\d{1,4}[WMY]|T\d{1,4}(?:H(?:\d{1,4}M(?:\d{1,4}S)?)?|M(?:\d{1,4}S)?|S))$"#
    case .uuid: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
    case .email: "^[A-Za-z0-9_+-]{1,32}(?:\\.[A-Za-z0-9_+-]{1,15}){0,2}@\(Self.mailDomainPattern)$"
    case .hostname: "^\(Self.hostnamePattern)$"
    case .ipv4: "^(?:\(Self.octetPattern)\\.){3}\(Self.octetPattern)$"
    case .ipv6: "^(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}$|^::(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4}$"
    case .uri:
      "^[A-Za-z][A-Za-z0-9+-]*://\(Self.hostnamePattern)(?::[1-9][0-9]{0,3})?"
        + "(?:/[A-Za-z0-9._~!&'()*+,;=:@-]*)*(?:\\?[A-Za-z0-9._~!&'()*+,;=:@/-]*)?(?:#[A-Za-z0-9._~/-]*)?$"
    }
  }

  /// Years 1000 to 9999; February has 29 days in years that 4 divides, of full centuries where 400 does.
  private static let datePattern =
    #"[1-9]\d{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)"#
    + #"|02-(?:0[1-9]|1\d|2[0-8]))"#
    + #"|(?:[1-9]\d(?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[13579][26])00)-02-29"#
  /// Offsets of less than 15 hours, as those of all time zones are; Foundation reads none beyond 18.
  private static let timePattern =
    #"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)"#
  private static let octetPattern = #"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"#
  private static let hostnamePattern =
    "[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?(?:\\.[A-Za-z](?:[A-Za-z0-9-]{0,20}[A-Za-z0-9])?){0,4}"
  /// A domain that mail can reach has a dot; two hyphens in a row stand only in names that IDNA encodes.
  private static let mailDomainPattern = "(?:[A-Za-z0-9](?:-?[A-Za-z0-9]){0,20}\\.){1,4}[A-Za-z]{2,16}"
}
