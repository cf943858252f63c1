/// A bound of a number.
struct NumberBound {
  var value: ExactDecimal
  /// Whether the value itself is left out.
  var isExclusive: Bool
}

/// Which numbers may be written.
struct NumberRule {
  var isInteger = false
  var lower: NumberBound?
  var upper: NumberBound?
  /// Each a positive integer.
  var divisors: [Int] = []

  var isUnbounded: Bool { lower == nil && upper == nil && divisors.isEmpty }
}

extension NumberRule {
  /// The most digits of a number that is compared with others: up to 15, a `Double` keeps different numbers
  /// apart.
  ///
  /// With more, 5.00000000000000001 would be read as 5 where 5 is not allowed. It is at least one more than
  /// the bounds have.
  fileprivate var significantDigits: Int {
    [lower, upper].compactMap { $0.map { $0.value.integer.count + $0.value.fraction.count + 1 } }.reduce(
      15, max)
  }

  /// Moves the lower bound up, if `bound` is higher.
  mutating func raise(to bound: NumberBound) {
    guard let lower else { return lower = bound }
    if bound.value > lower.value || bound.value == lower.value && bound.isExclusive { self.lower = bound }
  }

  /// Moves the upper bound down, if `bound` is lower.
  mutating func lower(to bound: NumberBound) {
    guard let upper else { return upper = bound }
    if bound.value < upper.value || bound.value == upper.value && bound.isExclusive { self.upper = bound }
  }
}

extension Expressions {
  /// The ways to write the numbers that a rule allows.
  ///
  /// Integers without bounds are those of 64 bits. Other numbers without bounds may have an exponent, of two
  /// digits, so that every one is a finite `Double`; with bounds they are written out, with 15 digits at
  /// most.
  ///
  /// - Parameter isCompared: whether the numbers are compared with something although the rule has no bounds.
  mutating func number(_ rule: NumberRule, isCompared: Bool = false) -> ID {
    if rule.isInteger {
      var rule = rule
      rule.lower = rule.lower ?? NumberBound(value: ExactDecimal(.min), isExclusive: false)
      rule.upper = rule.upper ?? NumberBound(value: ExactDecimal(.max), isExclusive: false)
      return intersection([numbers(within: rule), decimal()])
    }
    guard isCompared || !rule.isUnbounded else {
      let digits = bytes("0123456789".utf8)
      let exponent = sequence([bytes("eE".utf8), optional(bytes("+-".utf8)), repetition(digits, 1, 2)])
      let numbers = sequence(decimal(maximumIntegerDigits: 19, maximumFractionDigits: 17), optional(exponent))
      // Foundation's JSONDecoder takes 0e1 for malformed.
      return difference(numbers, sequence([optional(literal("-")), literal("0"), exponent]))
    }
    let digit = sequence(bytes("0123456789".utf8), optional(literal(".")))
    let short = sequence(optional(literal("-")), repetition(digit, 1, rule.significantDigits))
    return intersection([numbers(within: rule), decimal(), short])
  }

  /// One text for every number that a rule allows, however long: without exponent, without zeros at the end
  /// of a fraction.
  mutating func canonicalNumber(_ rule: NumberRule) -> ID {
    let digits = repetition(bytes("0123456789".utf8), 0)
    let nonzero = bytes("123456789".utf8)
    let fraction = optional(sequence([literal("."), digits, nonzero]))
    let integer = union([literal("0"), sequence(nonzero, digits)])
    let canonical = sequence([optional(literal("-")), integer, fraction])
    return intersection([numbers(within: rule), difference(canonical, literal("-0"))])
  }

  /// Digits with a point or without that stand for the numbers of a rule; not everything here is a number.
  private mutating func numbers(within rule: NumberRule) -> ID {
    let zero = NumberBound(value: .zero, isExclusive: false)
    let nonzero = NumberBound(value: .zero, isExclusive: true)
    var options: [ID] = []
    if rule.upper.map({ !$0.value.isNegative }) ?? true {
      let bound = rule.lower.flatMap { $0.value.isNegative ? nil : $0 } ?? zero
      options.append(magnitude(from: bound, to: rule.upper))
    }
    if rule.lower.map({ $0.value.isNegative }) ?? true {
      // What is below zero is a minus sign and a magnitude, between the bounds the other way round.
      let from = rule.upper.flatMap { $0.value.isNegative ? $0.magnitude : nil } ?? nonzero
      options.append(sequence(literal("-"), magnitude(from: from, to: rule.lower?.magnitude)))
    }
    var conditions = [union(options)]
    if rule.isInteger {
      let digits = repetition(bytes("0123456789".utf8), 1)
      conditions.append(sequence(optional(literal("-")), digits))
    }
    for divisor in rule.divisors { conditions.append(multiple(of: divisor)) }
    return intersection(conditions)
  }

  /// Numbers without exponent.
  private mutating func decimal(maximumIntegerDigits: Int? = nil, maximumFractionDigits: Int? = nil) -> ID {
    let digit = bytes("0123456789".utf8)
    let rest = repetition(digit, 0, maximumIntegerDigits.map { $0 - 1 })
    let integer = union([literal("0"), sequence(bytes("123456789".utf8), rest)])
    let fraction = sequence(literal("."), repetition(digit, 1, maximumFractionDigits))
    return sequence([optional(literal("-")), integer, optional(fraction)])
  }

  // MARK: Comparison, digit by digit

  private mutating func magnitude(from lower: NumberBound, to upper: NumberBound?) -> ID {
    let low = atLeast(lower)
    guard let upper else { return low }
    return intersection([low, atMost(upper)])
  }

  private mutating func anyFraction() -> ID {
    optional(sequence(literal("."), repetition(bytes("0123456789".utf8), 1)))
  }

  private mutating func atLeast(_ bound: NumberBound) -> ID {
    let digits = bytes("0123456789".utf8)
    let integer = bound.value.integer.isEmpty ? [0] : bound.value.integer
    let longer = sequence([bytes("123456789".utf8), repetition(digits, integer.count), anyFraction()])
    // From the last digit to the first: larger here and anything behind it, or equal here and large enough
    // behind it.
    var equal = fractionAtLeast(bound)
    for (index, digit) in integer.enumerated().reversed() {
      let rest = sequence(
        repetition(digits, integer.count - 1 - index, integer.count - 1 - index), anyFraction())
      equal = union([
        sequence(self.digits(above: digit), rest), sequence(bytes([digit + 0x30]), equal),
      ])
    }
    return union([longer, equal])
  }

  private mutating func fractionAtLeast(_ bound: NumberBound) -> ID {
    let digits = repetition(bytes("0123456789".utf8), 0)
    let nonzero = sequence([digits, bytes("123456789".utf8), digits])
    guard !bound.value.fraction.isEmpty else {
      return bound.isExclusive ? sequence(literal("."), nonzero) : anyFraction()
    }
    var equal = bound.isExclusive ? nonzero : digits
    for digit in bound.value.fraction.reversed() {
      equal = union([sequence(self.digits(above: digit), digits), sequence(bytes([digit + 0x30]), equal)])
    }
    return sequence(literal("."), equal)
  }

  private mutating func atMost(_ bound: NumberBound) -> ID {
    let digits = bytes("0123456789".utf8)
    let integer = bound.value.integer.isEmpty ? [0] : bound.value.integer
    let nonzero = bytes("123456789".utf8)
    var equal = fractionAtMost(bound)
    for (index, digit) in integer.enumerated().reversed() {
      let rest = sequence(
        repetition(digits, integer.count - 1 - index, integer.count - 1 - index), anyFraction())
      equal = union([
        sequence(self.digits(below: digit), rest), sequence(bytes([digit + 0x30]), equal),
      ])
    }
    guard integer.count > 1 else { return equal }
    let shorter = sequence(
      union([literal("0"), sequence(nonzero, repetition(digits, 0, integer.count - 2))]), anyFraction())
    return union([shorter, equal])
  }

  private mutating func fractionAtMost(_ bound: NumberBound) -> ID {
    let digits = repetition(bytes("0123456789".utf8), 0)
    let zeros = repetition(bytes("0".utf8), 0)
    guard !bound.value.fraction.isEmpty else {
      let zeroFraction = optional(sequence(literal("."), repetition(bytes("0".utf8), 1)))
      return bound.isExclusive ? nothing : zeroFraction
    }
    // A fraction that stops early is smaller, because the bound's last digit is not zero.
    var equal = bound.isExclusive ? nothing : zeros
    for (index, digit) in bound.value.fraction.enumerated().reversed() {
      let options = [
        sequence(self.digits(below: digit), digits), sequence(bytes([digit + 0x30]), equal),
      ]
      equal = union(index == 0 ? options : options + [empty])
    }
    return optional(sequence(literal("."), equal))
  }

  private mutating func digits(above digit: UInt8) -> ID {
    digit < 9 ? bytes(digit + 0x31...0x39) : nothing
  }

  private mutating func digits(below digit: UInt8) -> ID {
    digit > 0 ? bytes(0x30...digit + 0x2F) : nothing
  }
}

extension NumberBound {
  fileprivate var magnitude: NumberBound { NumberBound(value: value.magnitude, isExclusive: isExclusive) }
}
