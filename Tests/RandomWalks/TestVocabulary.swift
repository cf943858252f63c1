import GPTOSSPlatform
package import GPTOSSStructuredOutput
import GPTOSSTokenizer

/// A vocabulary of single bytes and a few hundred tokens of the kinds that make trouble: tokens that end one
/// piece of JSON and begin the next, halves of characters, escapes cut in two.
package enum TestVocabulary {
  package static let small: TokenTrie = {
    var texts: [[UInt8]] = (UInt8.min...UInt8.max).map { [$0] }
    texts += [
      "\",\"", "\":", "\":\"", "\": \"", "\": ", "{\"", "\"}", "\"}}", "}}", "},", "},{\"", "[{\"", "\"]",
      "]}", "[]",
      "{}", "[\"", "\",", "],", "[[", "]]", "\\\"", "\\n", "\\u", "\\u00", "00", "d83d", "\\ud83d\\ude00",
      "true", "false",
      "null", "tru", "fals", "nul", "ue", "lse", "12", "123", "-1", "0.", ".5", "e1", "E+", "100", "2024",
      "-0", "  ",
      "    ", "\n  ", "\n", ", ", ", \"", "a", "ab", "abc", "name", "value", "id", "the", " the", "kind",
      "x1", "foo", "bar",
      "\"a", "\"b", "a\"", "b\"", "a\":", "a\",\"b", "é", "日本", "😀", "ñ\"", "@", "x@y.z", "https", "://",
      "T1", "Z\"",
    ].map { Array($0.utf8) }
    texts += [[0xF0, 0x9F], [0x98, 0x80], [0xE6, 0x97], [0xA5, 0xE6], [0x22, 0xE6], [0xA5, 0x22]]
    return trie(of: texts)
  }()

  /// All single bytes, and all pairs of letters, spaces and quotes: so many tokens may stand in a string that
  /// masks are kept of them.
  package static let pairs: TokenTrie = {
    let letters = Array("abcdefghijklmnopqrstuvwxyz \"".utf8)
    return trie(
      of: (UInt8.min...UInt8.max).map { [$0] } + letters.flatMap { first in letters.map { [first, $0] } })
  }()

  private static func trie(of all: [[UInt8]]) -> TokenTrie {
    var seen: Set<[UInt8]> = []
    let texts = all.filter { seen.insert($0).inserted }
    var file = ""
    for (id, text) in texts.enumerated() { file += "\(base64(text)) \(id)\n" }
    let special = SpecialTokens([("<|return|>", texts.count), ("<|end|>", texts.count + 1)])
    do {
      return TokenTrie(try Vocabulary(tiktokenFile: Array(file.utf8), specialTokens: special))
    } catch {
      preconditionFailure("the test's vocabulary is well formed: \(error)")
    }
  }

  /// The vocabulary of gpt-oss, if the folder with shared files is there.
  package static let real: TokenTrie? = {
    let folder = getenv("GPTOSS_SHARED").map { String(cString: $0) } ?? "../shared"
    let path = "\(folder)/data/o200k_base.tiktoken"
    guard access(path, R_OK) == 0 else { return nil }
    return (try? Vocabulary(tiktoken: path)).map(TokenTrie.init)
  }()

  private static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      var characters: [UInt8] = []
      for index in 0..<4 {
        characters.append(index < group.count + 1 ? alphabet[Int(bits >> 18 & 63)] : 0x3D)
        bits <<= 6
      }
      result += characters
    }
    return String(decoding: result, as: UTF8.self)
  }
}
