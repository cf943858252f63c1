extension Collection<String> {
  /// The name that was most likely meant: one that begins so, or else the one that differs least, if that is
  /// little; nil if none is near.
  package func nearest(to name: String) -> String? {
    let name = name.lowercased()
    // Nothing that long is a slip.
    guard name.count <= 40 else { return nil }
    let beginning = filter { name.count > 1 && $0.hasPrefix(name) }
    if beginning.count == 1 { return beginning.first }
    let distances = map { (name: $0, distance: name.editDistance(to: $0)) }
    guard let nearest = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    return nearest.distance <= Swift.max(1, name.count / 3) ? nearest.name : nil
  }
}

extension String {
  /// How many letters have to be inserted, left out, replaced, or exchanged with their neighbor to get another
  /// text (the optimal string alignment distance).
  fileprivate func editDistance(to other: String) -> Int {
    let (a, b) = (Array(self), Array(other))
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var distance = Swift.min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          distance = Swift.min(distance, rows[i - 1][j - 1] + 1)
        }
        row.append(distance)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
