/// Recognizes channels of the format in what a model wrote for one.
enum ChannelSpelling {
  struct Match {
    let channel: Channel
    /// How many bytes of the word belong to it.
    let length: Int
    let isExact: Bool
  }

  /// A channel with noise around it (`––commentary`, `commentary?commentary?`, `finalx`), with
  /// something glued to it (`commentaryto=…`, `commentaryjson`), or cut short (`comment`).
  static func match(_ word: String) -> Match? {
    let noise = word.utf8.prefix { !$0.isASCIILetter }.count
    let body = String(decoding: word.utf8.dropFirst(noise), as: UTF8.self)
    for channel in Channel.trained where body.hasPrefix(channel.rawValue) {
      let rest = String(body.dropFirst(channel.rawValue.count))
      if rest.isEmpty { return Match(channel: channel, length: word.utf8.count, isExact: noise == 0) }
      if rest.hasPrefix("to=") || rest == "json" || rest == "code" {
        return Match(channel: channel, length: noise + channel.rawValue.utf8.count, isExact: false)
      }
      if isNoise(rest) { return Match(channel: channel, length: word.utf8.count, isExact: false) }
    }
    let letters = body.prefix { $0.utf8.allSatisfy(\.isASCIILetter) }
    if letters.count >= 4, let channel = Channel.trained.first(where: { $0.rawValue.hasPrefix(letters) }) {
      let rest = body.dropFirst(letters.count)
      if !rest.utf8.contains(where: \.isASCIILetterOrDigit) {
        return Match(channel: channel, length: word.utf8.count, isExact: false)
      }
    }
    return nil
  }

  /// At most two letters, or the name of a channel over and over, whatever stands between.
  private static func isNoise(_ rest: String) -> Bool {
    var letters = String(decoding: rest.utf8.filter(\.isASCIILetter), as: UTF8.self)[...]
    while let channel = Channel.trained.first(where: { letters.hasPrefix($0.rawValue) }) {
      letters = letters.dropFirst(channel.rawValue.count)
    }
    return letters.utf8.count <= 2
  }
}
