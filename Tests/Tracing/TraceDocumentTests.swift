import Foundation
import GGUF
import GPTOSS
import GPTOSSFixtures
import GPTOSSJSON
import GPTOSSTracing
import Testing

/// Traces as JSON, as a table and as a page. If these fail, scripts read something else than what happened,
/// or a text that was traced becomes markup.
struct TraceDocumentTests {
  /// Markup, scripts, what ends a script, formulas, what turns the direction of text, control characters.
  private static let hostile = """
    </script><img src=x onerror=hit()><!-- --> {{script}} =1+1 "quoted", \u{202E}gpj.exe\u{202C} \u{7}\u{1B}[31m \
    \u{2028} &lt; a\tb
    c 漢字🙂
    """

  private static func trace(_ text: String) async throws -> Trace {
    let model = try await LanguageModel.load(contentsOf: SmallModel.url)
    return try await model.trace(of: model.tokenizer.encode(text), options: TraceOptions(lens: .all))
  }

  @Test func jsonHasTheDocumentedShape() async throws {
    let trace = try await Self.trace(Self.hostile)
    var text = ""
    trace.writeJSON { text += $0 }
    let json = try JSONValue(parsing: text)
    let tokens = try #require(json.objectValue?["tokens"]?.arrayValue)
    let texts = tokens.compactMap { $0.objectValue?["text"]?.stringValue }
    #expect(texts.joined() == Self.hostile)
    #expect(tokens.allSatisfy { $0.objectValue?["channel"]?.stringValue == "text" })
    #expect(json.objectValue?["vocabulary"]?.intValue == 2048)
    let layers = try #require(json.objectValue?["layers"]?.arrayValue)
    #expect(layers.count == 8)
    for (index, layer) in layers.enumerated() {
      for (key, width) in [("router", 8), ("experts", 2), ("weights", 2), ("norms", 2), ("sink", 4)] {
        let rows = try #require(layer.objectValue?[key]?.arrayValue, "\(key)")
        #expect(rows.count == tokens.count && rows.allSatisfy { $0.arrayValue?.count == width }, "\(key)")
      }
      for key in ["input_norms", "attention_norms", "middle_norms", "residual_norms"] {
        #expect(layer.objectValue?[key]?.arrayValue?.count == tokens.count, "\(key)")
      }
      let experts = layer.objectValue?["experts"]?.arrayValue?.map {
        $0.arrayValue?.compactMap(\.intValue) ?? []
      }
      #expect(experts == tokens.indices.map { trace.layers[index].experts(of: $0) })
    }
  }

  @Test func tableHasARowPerExpert() async throws {
    let trace = try await Self.trace(Self.hostile)
    var text = ""
    trace.writeCSV { text += $0 }
    let lines = text.split(separator: "\n")
    #expect(lines[0] == Trace.csvColumns.joined(separator: ",")[...])
    #expect(lines.count == 1 + trace.tokens.count * 8 * 2)
    // Every text begins and ends with a quotation mark of its own, so that it is no formula.
    #expect(lines.dropFirst().allSatisfy { $0.contains(/^\d+,\d+,"""[^\n]*""",text,false,/) })
  }

  @Test func nothingOfATextBecomesMarkup() async throws {
    let trace = try await Self.trace(Self.hostile)
    var page = ""
    trace.writePage { page += $0 }
    #expect(!page.contains("<img") && !page.contains("{{nonce}}") && !page.contains("\u{202E}"))
    #expect(!page.contains("\u{1B}") && !page.contains("\u{2028}"))
    // As many scripts begin as end: the data, the arrays, and the program.
    #expect(page.matches(of: /<script/).count == page.matches(of: /<\/script>/).count)
    #expect(page.matches(of: /<script/).count == 10)
    let data = try #require(page.firstMatch(of: /(?s)id="trace">(.*?)<\/script>/)).1
    let tokens = try JSONValue(parsing: String(data)).objectValue?["tokens"]?.arrayValue ?? []
    #expect(tokens.compactMap { $0.objectValue?["text"]?.stringValue }.joined() == Self.hostile)
  }

  /// The command that takes a token apart is data, whatever a prompt in it says.
  @Test func aCommandIsText() async throws {
    let trace = try await Self.trace("Hello")
    let command = "gptoss explain --prompt '</script><img src=x onerror=hit()>{{nonce}}'"
    for given in [command, nil] {
      var page = ""
      trace.writePage(explainedBy: given) { page += $0 }
      #expect(!page.contains("<img") && page.matches(of: /<script/).count == 10)
      let data = try #require(page.firstMatch(of: /(?s)id="trace">(.*?)<\/script>/)).1
      let shown = try #require(try JSONValue(parsing: String(data)).objectValue?["explain"])
      #expect(shown == given.map { .string($0) } ?? .null)
    }
  }

  /// Nothing is loaded, and no script runs but the page's own.
  @Test func aPageStandsAlone() async throws {
    let trace = try await Self.trace("Hello")
    var pages = ["", ""]
    for index in 0..<2 { trace.writePage { pages[index] += $0 } }
    #expect(pages[0] != pages[1], "each page has a number of its own")
    #expect(pages[0].firstMatch(of: /(?:src|href)="(?!#)/) == nil)
    #expect(pages[0].firstMatch(of: /\sstyle=|\son[a-z]+=|https?:|innerHTML|eval\(/) == nil)
    #expect(pages[0].contains("default-src 'none'; script-src 'nonce-") && !pages[0].contains("unsafe"))
    #expect(pages[0].firstMatch(of: /(?m)^(?:import|export)[ ]/) == nil)
  }

  /// A server sends the policy that stands in the page, and one thing more: an origin of its own.
  @Test func aPageIsSentWithItsOwnPolicy() async throws {
    let trace = try await Self.trace("Hello")
    let policy = PagePolicy()
    var page = ""
    trace.writePage(policy) { page += $0 }
    let inPage = try #require(page.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)).1
    #expect(policy.header == inPage + "; frame-ancestors 'none'; sandbox allow-scripts")
    let nonce = try #require(inPage.firstMatch(of: /script-src 'nonce-([0-9a-z]{8,})'/)).1
    #expect(page.matches(of: /<(?:script|style) nonce="([^"]*)"/).map(\.1) == [nonce, nonce])
  }

  /// A page from the disk has all scripts in one: each stands behind those that it imports, and no name is
  /// declared twice.
  @Test func scriptsStandBehindWhatTheyImport() async throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Tracing/Page").standardizedFileURL
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".js") }
    let trace = try await Self.trace("Hello")
    var page = ""
    trace.writePage { page += $0 }
    var places: [String: String.Index] = [:]
    var imports: [(file: String, from: String)] = []
    var names: [String] = []
    for file in files {
      let script = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      let plain = script.replacing(/(?m)^import[ ].*\n/, with: "").replacing(/(?m)^export[ ]/, with: "")
      places[file] = try #require(page.range(of: plain), "\(file) is not in the page").lowerBound
      imports += script.matches(of: /(?m)^import[ ](?:.* from )?"\.\/(.+)";$/).map { (file, String($0.1)) }
      #expect(!script.contains(/(?m)^import[ ][^"]*$/), "\(file): an import is on one line")
      names += plain.matches(of: /(?m)^(?:const|let|function) (\w+)/).map { String($0.1) }
    }
    #expect(imports.count > 20)
    for one in imports {
      let (from, file) = (try #require(places[one.from]), try #require(places[one.file]))
      #expect(from < file, "\(one.file) stands before \(one.from)")
    }
    #expect(Set(names).count == names.count, "\(names.sorted())")
  }

  /// A damaged model computes no numbers; they are told as none, and nothing stops.
  @Test func whatIsNoNumberIsNone() async throws {
    let norm = try #require(GGUFFile(path: SmallModel.url.path).tensor(named: "blk.2.attn_norm.weight"))
    var bytes = [UInt8](try Data(contentsOf: SmallModel.url))
    for start in stride(from: norm.byteOffset, to: norm.byteOffset + norm.byteCount, by: 4) {
      bytes.replaceSubrange(start..<start + 4, with: [0, 0, 0xC0, 0x7F])
    }
    let url = FileManager.default.temporaryDirectory.appending(path: "nan-\(UUID().uuidString).gguf")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(bytes).write(to: url)
    let model = try await LanguageModel.load(contentsOf: url)
    let trace = try await model.trace(
      of: model.tokenizer.encode("One two"), options: TraceOptions(lens: .all))
    var (json, page, table) = ("", "", "")
    trace.writeJSON { json += $0 }
    trace.writePage { page += $0 }
    trace.writeCSV { table += $0 }
    let layers = try #require(try JSONValue(parsing: json).objectValue?["layers"]?.arrayValue)
    #expect(layers[1].objectValue?["residual_norms"]?.arrayValue?.allSatisfy { $0 != .null } == true)
    #expect(layers[2].objectValue?["residual_norms"]?.arrayValue?.allSatisfy { $0 == .null } == true)
    #expect(!table.contains("nan") && page.contains("</html>"))
    #expect(ExpertUsage(trace).work.count == 64)
  }

  /// The arrays in base64 are those of the trace.
  @Test func arraysAreThoseOfTheTrace() async throws {
    let trace = try await Self.trace(String(repeating: "One after the other. ", count: 40))
    var page = ""
    trace.writePage { page += $0 }
    func bytes(_ name: String) throws -> [UInt8] {
      let start = try #require(page.range(of: "id=\"numbers-\(name)\">")).upperBound
      let end = try #require(page.range(of: "</script>", range: start..<page.endIndex)).lowerBound
      return [UInt8](try #require(Data(base64Encoded: String(page[start..<end]))))
    }
    let experts = try bytes("experts")
    let numbers = stride(from: 0, to: experts.count, by: 2).map {
      Int(experts[$0]) + 256 * Int(experts[$0 + 1])
    }
    #expect(numbers == trace.layers.flatMap { $0.experts.map { Int($0) } })
    let router = try bytes("router").withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    #expect(router == trace.layers.flatMap(\.routerLogits))
    let (count, heads) = (8 * trace.tokens.count, 4)
    #expect(try bytes("sinks").count == count * heads)
    #expect(try bytes("shares").count == count * heads * 8 && bytes("positions").count == count * heads * 16)
    #expect(try bytes("residual").count == count * 16 && bytes("norms").count == count * 8)
  }
}
