/// What answers are measured on.
enum Texts {
  static let document = """
    {"id": "ord-20481", "status": "paid", "created": "2026-03-14T09:26:53Z", "currency": "EUR", "customer": \
    {"name": "Ada Lovelace", "email": "ada@example.org", "address": {"street": "12 St James's Square", "city": \
    "London", "postcode": "SW1Y 4JH", "country": "GB"}}, "lines": [{"sku": "BK-1843", "title": "Notes on the \
    Analytical Engine", "quantity": 2, "unit_price": 39.5}, {"sku": "PN-0007", "title": "Steel nib pens, box of \
    twelve", "quantity": 1, "unit_price": 14.25}, {"sku": "IN-0042", "title": "Iron gall ink, 50 ml", \
    "quantity": 3, "unit_price": 8.9}], "shipping": {"method": "courier", "price": 6.5, "tracking": \
    "1Z999AA10123456784"}, "notes": null, "total": 126.45}
    """

  static let code = """
    struct Histogram {
      private var counts: [Int]
      private let range: ClosedRange<Double>

      init(bins: Int, range: ClosedRange<Double>) {
        precondition(bins > 0, "a histogram has at least one bin")
        self.counts = Array(repeating: 0, count: bins)
        self.range = range
      }

      mutating func add(_ value: Double) {
        guard range.contains(value) else { return }
        let width = (range.upperBound - range.lowerBound) / Double(counts.count)
        let index = min(Int((value - range.lowerBound) / width), counts.count - 1)
        counts[index] += 1
      }

      func share(of bin: Int) -> Double {
        let sum = counts.reduce(0, +)
        return sum == 0 ? 0 : Double(counts[bin]) / Double(sum)
      }

      var mode: Int? {
        guard let largest = counts.max(), largest > 0 else { return nil }
        return counts.firstIndex(of: largest)
      }
    }
    """

  static let report = """
    The lighthouse on the northern cape was built in 1871 from granite that came by sea. Its first keeper, a \
    retired pilot, wrote down the weather three times a day for twenty-two years. In the winter of 1887 ice \
    closed the sound for nine weeks, and the supply boat could not land. The lamp burned rape oil until 1902, \
    when paraffin took its place. Since 1968 the light has been automatic, and nobody lives on the rock any more.
    """

  static let quotations = """
    Three passages answer this. On when it was built: "The lighthouse on the northern cape was built in 1871 from \
    granite that came by sea." On hardship: "In the winter of 1887 ice closed the sound for nine weeks, and the \
    supply boat could not land." And on today: "Since 1968 the light has been automatic, and nobody lives on the \
    rock any more." The keeper's diary may help as well, because he "wrote down the weather three times a day for \
    twenty-two years".
    """

  static let quotedPassages = """
    On its building and its first keeper: "The lighthouse on the northern cape was built in 1871 from granite \
    that came by sea. Its first keeper, a retired pilot, wrote down the weather three times a day for twenty-two \
    years." On the light: "The lamp burned rape oil until 1902, when paraffin took its place. Since 1968 the \
    light has been automatic, and nobody lives on the rock any more."
    """

  static let quotedEvidence = """
    It names four things. "The lighthouse on the northern cape was built in 1871 from granite that came by sea." \
    "In the winter of 1887 ice closed the sound for nine weeks, and the supply boat could not land. The lamp \
    burned rape oil until 1902, when paraffin took its place." "Since 1968 the light has been automatic, and \
    nobody lives on the rock any more."
    """

  static let newText = """
    Bread begins with patience. Flour meets water, enzymes wake, and starch slowly turns into sugars that wild \
    yeast can eat. Bubbles of carbon dioxide stretch a web made of gluten; folding makes it stronger without any \
    kneading. Salt tightens everything, slows fermentation down, gives flavor. A cool night in the refrigerator \
    lets lactic bacteria catch up, which is why sourdough tastes round rather than sharp. Steam matters most \
    during the first ten minutes of baking: moist skin stays elastic, so loaves can rise before their crust sets. \
    Afterwards dry heat browns proteins, as Maillard described in 1912. Listen when you take it out. Good crust \
    crackles, almost sings. Then wait again, at least an hour, since crumb keeps setting while hot vapor leaves. \
    Old advice says never to slice early; hungry people ignore that, and few have ever regretted doing so.
    """
}
