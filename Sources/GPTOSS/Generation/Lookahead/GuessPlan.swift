/// How many guesses of each generation the next pass reads: as many as give the most tokens per second.
///
/// What a pass reads besides, forced tokens and a prompt's, is read with guesses or without. So the time that
/// tokens are divided by is that of a pass of one token for each generation, and what the guesses add to this one.
package enum GuessPlan {
  /// - Parameters:
  ///   - chances: of each generation, the probability that its first guess is right, that its first two are,
  ///     and so on; falling.
  ///   - tokenCount: the tokens that the pass reads anyway, at least one for each generation.
  ///   - room: the most guesses that the pass has room for.
  ///   - costs: of passes.
  /// - Returns: how many guesses of each generation to read.
  package static func counts(
    chances: [[Double]], tokenCount: Int, room: Int = PassCosts.mostTokens, costs: PassCosts
  ) -> [Int] {
    var counts = [Int](repeating: 0, count: chances.count)
    let most = min(PassCosts.mostTokens, tokenCount + room)
    guard tokenCount < most, !chances.allSatisfy(\.isEmpty) else { return counts }
    var best = counts
    // Without guesses each generation gets a token.
    var tokens = Double(chances.count)
    let besides = costs.cost(tokenCount: tokenCount) - costs.cost(tokenCount: chances.count)
    var bestRate = tokens / costs.cost(tokenCount: chances.count)
    for total in (tokenCount + 1)...most {
      // The likeliest guess comes next; of one generation they come in their order, since chances fall.
      var likeliest: (index: Int, chance: Double)?
      for (index, chances) in chances.enumerated() where counts[index] < chances.count {
        let chance = chances[counts[index]]
        if chance > likeliest?.chance ?? 0 { likeliest = (index, chance) }
      }
      guard let likeliest else { break }
      counts[likeliest.index] += 1
      tokens += likeliest.chance
      let rate = tokens / (costs.cost(tokenCount: total) - besides)
      if rate > bestRate { (best, bestRate) = (counts, rate) }
    }
    return best
  }
}
