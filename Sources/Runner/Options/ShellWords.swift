import GPTOSSPlatform

extension [String] {
  /// The words as a command that can be copied into a shell; what hides in them is written out.
  package var shellCommand: String { map(\.shellWord).joined(separator: " ").inert }
}

extension String {
  /// The text as one word of a POSIX shell.
  fileprivate var shellWord: String {
    let isPlain =
      !isEmpty && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:=+,@%".contains($0)) }
    return isPlain ? self : "'\(replacing("'", with: #"'\''"#))'"
  }
}
