import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSSampling
import GPTOSSStructuredOutput
import GPTOSSTokenizer

/// `MaskBenchmarks o200k_base.tiktoken [--seed N]`
///
/// Walks through constraints as a model without sense would, over the vocabulary of gpt-oss, and measures the processor
/// time of every mask. The first mask in a new kind of place walks over all tokens; the others find most of the answer
/// there.
@main
struct Main {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 2 || arguments.count == 4 && arguments[2] == "--seed" else {
      print("usage: MaskBenchmarks o200k_base.tiktoken [--seed N]")
      return
    }
    let seed = arguments.count == 4 ? UInt64(arguments[3]) ?? 1 : 1
    let vocabulary = try Vocabulary(tiktoken: arguments[1])
    let clock = ProcessorClock()
    let start = clock.microseconds
    let trie = TokenTrie(vocabulary)
    print("\(vocabulary.count) tokens, tree built in \(Int((clock.microseconds - start) / 1000)) ms")
    print("schema           compiled  masks   median     99 %   99.9 %      max   advance (µs)")
    var everyMask: [Double] = []
    for (name, text) in schemas {
      let schema = try JSONValue(parsing: text)
      let start = clock.microseconds
      let constraint = try TokenConstraint(schema: schema, tokens: trie)
      let compiled = clock.microseconds - start
      var walk = Walk(trie: trie, random: RandomNumbers(state: seed))
      for _ in 0..<20 { try walk.run(constraint, tokenLimit: 60) }
      everyMask += walk.maskTimes
      print(line(name, compiled, walk.maskTimes, walk.advanceTimes))
    }
    print(line("all", 0, everyMask, []))
  }

  private static let schemas = [
    ("any JSON", "{}"),
    ("object", #"{"type": "object"}"#),
    (
      "person",
      """
      {"type": "object", "required": ["name", "age"], "properties": {
        "name": {"type": "string"}, "age": {"type": "integer", "minimum": 0, "maximum": 150},
        "email": {"type": "string", "format": "email"},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 20}, "maxItems": 5},
        "address": {"type": "object", "properties": {
          "street": {"type": "string"}, "zip": {"type": "string", "pattern": "^\\\\d{5}$"}}}}}
      """
    ),
    ("short strings", #"{"type": "array", "items": {"type": "string", "minLength": 3, "maxLength": 30}}"#),
    ("map", #"{"properties": {"name": {"type": "string"}}, "additionalProperties": {"type": "string"}}"#),
    ("pattern", #"{"type": "string", "pattern": "^[A-Za-z ]*foo.*$"}"#),
    (
      "tree",
      """
      {"$ref": "#/$defs/t", "$defs": {"t": {"type": "object", "required": ["value", "children"], "properties": {
        "value": {"type": ["number", "string"]}, "children": {"type": "array", "items": {"$ref": "#/$defs/t"}}}}}}
      """
    ),
    (
      "branches",
      """
      {"type": "array", "items": {"anyOf": [
        {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}},
        {"type": "object", "properties": {"a": {"type": "string"}, "c": {"type": "number"}}}, {"type": "string"}]}}
      """
    ),
  ]

  private static func line(
    _ name: String, _ compiled: Double, _ masks: [Double], _ advances: [Double]
  ) -> String {
    let times = masks.sorted()
    let at = { (share: Double) in times[min(times.count - 1, Int(Double(times.count) * share))] }
    let numbers = [compiled, Double(times.count), at(0.5), at(0.99), at(0.999), at(1)]
    let advance = advances.isEmpty ? [] : [advances.sorted()[advances.count / 2]]
    return name.padded(to: 14, atEnd: true) + (numbers + advance).map { "\(Int($0))".padded(to: 9) }.joined()
  }
}

extension String {
  fileprivate func padded(to width: Int, atEnd: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, width - count))
    return atEnd ? self + spaces : spaces + self
  }
}
