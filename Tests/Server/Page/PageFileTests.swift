import Foundation
import GPTOSSPage
import Testing

/// Breaks when the chat page lacks a file, loads from elsewhere, or grows beyond what is allowed.
struct PageFileTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Sources/Server/Page").standardizedFileURL

  @Test func everyFileIsServedAsItStands() throws {
    let own = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
      .filter { !$0.hasSuffix(".swift") }.map { Self.folder.appending(path: $0) }
    let shared = ["colors.css", "nodes.js"].map {
      Self.folder.appending(path: "../../Tracing/Page/\($0)").standardizedFileURL
    }
    let files = own + shared
    #expect(files.count == PageFile.all.count)
    for url in files {
      let name = url.lastPathComponent
      let path = name == "index.html" ? "/" : "/page/\(name)"
      let file = try #require(PageFile.all.first { $0.path == path }, "\(name) is not served")
      #expect(try Data(contentsOf: url) == Data(file.bytes), "\(name)")
    }
    #expect(Set(PageFile.all.map(\.entityTag)).count == files.count)
    #expect(PageFile.all.map(\.bytes.count).reduce(0, +) <= 150_000)
  }

  /// What a script imports and the page names is there, and nothing of it is on another host.
  @Test func filesNameFilesThatThereAre() throws {
    let paths = Set(PageFile.all.map(\.path))
    for file in PageFile.all {
      let text = String(decoding: file.bytes, as: UTF8.self)
      for match in text.matches(of: /from "\.\/([^"]+)"/) {
        #expect(paths.contains("/page/\(match.1)"), "\(file.path) imports \(match.1)")
      }
      for match in text.matches(of: /(?:src|href)="(page\/[^"]+)"/) { #expect(paths.contains("/\(match.1)")) }
      #expect(!text.contains("innerHTML") && !text.contains("eval("), "\(file.path)")
      let elsewhere = /(?:src|href|from|import\()\s*=?\s*["'](?:https?:)?\/\//
      #expect(text.firstMatch(of: elsewhere) == nil, "\(file.path)")
    }
  }

  /// The HTML has no script and no style of its own, which the policy would refuse.
  @Test func thePolicyFitsThePage() throws {
    let page = try #require(PageFile.all.first { $0.path == "/" })
    let text = String(decoding: page.bytes, as: UTF8.self)
    #expect(text.firstMatch(of: /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=/) == nil)
    let policy = try #require(PageFile.headers.first { $0.name == "Content-Security-Policy" }).value
    #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("unsafe") && !policy.contains("\n"))
  }

  /// Every text that HTML and scripts name stands in the table.
  @Test func textsAreInTheTable() throws {
    let sources = PageFile.all.map { String(decoding: $0.bytes, as: UTF8.self) }
    let texts = try #require(PageFile.all.first { $0.path == "/page/texts.js" })
    let table = String(decoding: texts.bytes, as: UTF8.self)
    let keys = Set(table.matches(of: /(\w+): \["/).map { String($0.1) })
    #expect(keys.count > 90)
    for source in sources {
      let named = /(?:data-(?:text|label|placeholder|title)="|[^.\w]text\("|button\(")(\w+)"/
      for match in source.matches(of: named) {
        #expect(keys.contains(String(match.1)), "there is no text \(match.1)")
      }
    }
  }

  @Test func aFileThatTheBrowserHasIsNotSentAgain() throws {
    let file = try #require(PageFile.all.first)
    for field in [file.entityTag, "W/\(file.entityTag)", "\"a\", \(file.entityTag)", "*"] {
      #expect(file.isKnown(field), "\(field)")
    }
    for field in [nil, "", "\"a\"", String(file.entityTag.dropLast())] { #expect(!file.isKnown(field)) }
  }
}
