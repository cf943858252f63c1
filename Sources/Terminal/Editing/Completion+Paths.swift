import Foundation

extension Completion {
  /// The paths that begin so, in order; those of folders end with a slash. Their labels are their last names.
  ///
  /// A leading `~` stays as it is. Hidden files come only after a dot, names with control characters never. A
  /// folder that cannot be read has no names.
  package static func paths(beginning: String) -> [Completion] {
    if beginning == "~" { return [Completion("~/", label: "~/")] }
    let slash = beginning.lastIndex(of: "/")
    let folder = slash.map { String(beginning[...$0]) } ?? ""
    let start = slash.map { beginning[beginning.index(after: $0)...] } ?? beginning[...]
    let place = folder.isEmpty ? "." : folder.expandingTilde
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: place) } catch { return [] }
    return names.filter { name in
      name.hasPrefix(start) && (start.hasPrefix(".") || !name.hasPrefix("."))
        && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }.sorted().map { name in
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: "\(place)/\(name)", isDirectory: &isFolder)
      let end = exists && isFolder.boolValue ? "/" : ""
      return Completion(folder + name + end, label: name + end)
    }
  }
}
