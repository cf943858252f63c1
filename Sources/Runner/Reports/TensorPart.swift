package import GGUF
import GPTOSSBlockFormats
import GPTOSSPlatform

/// A tensor of a file, or a part of one.
package struct TensorPart {
  let file: GGUFFile
  /// The whole tensor.
  let tensor: GGUFTensor
  let part: GGUFTensor
  let format: BlockFormat
  let expert: Int?
  let row: Int?

  /// - Throws: `RunnerError.noSuchTensor`, `.unknownFormat`; `GGUFError` for an expert or row that is not
  ///   there.
  package init(_ name: String, expert: Int?, row: Int?, in file: GGUFFile) throws {
    guard let tensor = file.tensor(named: name) else {
      throw RunnerError.noSuchTensor(name, path: file.path)
    }
    guard let format = BlockFormat(ggmlTypeID: tensor.type.rawValue) else {
      throw RunnerError.unknownFormat(tensor.type.name, tensor: name)
    }
    self.file = file
    self.tensor = tensor
    self.format = format
    self.expert = expert
    self.row = row
    part = try file.slice(of: tensor, expert: expert, row: row)
  }

  /// The part in words: the tensor's name, the expert, the row.
  var name: String {
    let places = [expert.map { "expert \($0)" }, row.map { "row \($0)" }].compactMap(\.self)
    return ([tensor.name.inert] + places).joined(separator: ", ")
  }

  /// The file that holds the tensor: of a split model, a part.
  var path: String { file.partPaths[tensor.part] }

  /// Where a weight of the part stands in the tensor, in words.
  func place(of index: Int) -> String {
    let width = max(1, tensor.dimensions.first ?? 1)
    var words: [String] = []
    let rowOfPart = index / width
    if tensor.dimensions.count > 2 {
      let rows = tensor.dimensions[1]
      words = ["expert \(expert ?? (row ?? rowOfPart) / rows)", "row \((row ?? rowOfPart) % rows)"]
    } else if tensor.dimensions.count > 1 {
      // The experts of a bias are rows.
      words = ["row \(expert ?? row ?? rowOfPart)"]
    }
    return (words + ["column \(index % width)"]).joined(separator: ", ")
  }
}
