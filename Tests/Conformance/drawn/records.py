"""Sixteen rows, the record that they become, and the lanes that multiply it: the example of Docs/Kernels.md."""

from drawn.canvas import Canvas
from drawn.sources import block, table

PAGE = "Docs/Kernels.md"
BYTE = 24


def draw():
    rows = [line.split() for line in block(PAGE, "blocks")]
    record = [line.split() for line in block(PAGE, "record")]
    vectors = [sum(record[1 + 4 * number : 5 + 4 * number], []) for number in range(4)]
    assert record[0] == [row[0] for row in rows], "the record's scales are not the rows'"
    for lane, row in enumerate(rows):
        parts = [vector[4 * lane : 4 * lane + 4] for vector in vectors]
        assert sum(parts, []) == row[1:], f"lane {lane} of the record is not row {lane}"
    canvas = Canvas(
        500,
        712,
        "From rows to a record to lanes",
        "In the file, sixteen rows lie one behind the other, each block a scale and sixteen bytes. In a record "
        "the sixteen scales come first, then four vectors in which lane r holds four bytes of row r. One "
        "instruction multiplies the four bytes of every lane by the same four activations.",
    )
    file(canvas, rows)
    memory(canvas, record[0], vectors)
    instruction(canvas, vectors[0])
    return canvas.svg()


def file(canvas, rows):
    canvas.text(12, 26, "In the file: row after row", bold=True)
    for place, number in enumerate((0, 1, 2, 3, None, 15)):
        y = 40 + place * 30
        if number is None:
            canvas.text(70, y + 16, "⋮", color="quiet")
            continue
        canvas.text(12, y + 17, f"row {number}", size=13, color="quiet")
        for column, byte in enumerate(rows[number]):
            color = "orange" if column == 0 else ("blue", "green", "purple", "plain")[(column - 1) // 4]
            canvas.box(66 + column * (BYTE + 1), y, BYTE, 24, color, byte, size=13, code=True, radius=3)
    canvas.text(66, 236, "scale", size=13, color="quiet")
    canvas.text(112, 236, "32 weights in 16 bytes", size=13, color="quiet")
    canvas.line((300, 224), (300, 264), arrow=True, width=2)


def memory(canvas, scales, vectors):
    canvas.text(12, 284, "In memory: a record of sixteen rows", bold=True)
    canvas.text(12, 314, "scales", size=13, color="quiet")
    for lane, scale in enumerate(scales):
        canvas.box(66 + lane * (BYTE + 1), 298, BYTE, 24, "orange", scale, size=13, code=True, radius=3)
    for place, lane in enumerate((0, 1, 2, 15)):
        canvas.text(lane_x(place) + 48, 344, f"lane {lane}", "middle", size=13, color="quiet")
    for number, vector in enumerate(vectors):
        y = 352 + number * 30
        canvas.text(12, y + 17, f"vector {number}", size=13, color="quiet")
        for place, lane in enumerate((0, 1, 2, 15)):
            color = ("blue", "green", "purple", "plain")[number]
            text = " ".join(vector[4 * lane : 4 * lane + 4])
            canvas.box(lane_x(place), y, 96, 24, color, text, size=13, code=True, radius=3)
        canvas.text(381, y + 16, "…", "middle", color="quiet")


def lane_x(place):
    return 70 + place * 101 + (20 if place == 3 else 0)


def instruction(canvas, vector):
    """Vector 0 gives columns 0 to 3, of the low nibbles."""
    first = next(row for row in table(PAGE, "g") if row[0] == "0")
    unsigned, activations, total = first[1].split(), first[2].split(), first[3]
    low = [int(byte, 16) & 15 for byte in vector[:4]]
    values = [16, 17, 18, 19, 20, 22, 24, 28, 16, 15, 14, 13, 12, 10, 8, 4]
    assert [str(values[nibble]) for nibble in low] == unsigned, "the page's weights are not vector 0's"
    products = zip(unsigned, activations, strict=True)
    assert total == str(sum(int(one) * int(other.replace("−", "-")) for one, other in products))
    canvas.line((118, 476), (118, 506), arrow=True, width=2)
    canvas.text(12, 530, "In the CPU: VPDPBUSD, all sixteen lanes at once", bold=True)
    canvas.text(12, 561, "lane 0", size=13, color="quiet")
    for place, text in enumerate(unsigned):
        canvas.box(104 + place * 60, 544, 50, 26, "blue", text, code=True, radius=3)
        canvas.text(129 + place * 60, 585, "×", "middle", size=13, color="quiet")
        canvas.box(104 + place * 60, 592, 50, 26, "plain", activations[place], code=True, radius=3)
    canvas.text(12, 610, "activations", size=13, color="quiet")
    canvas.line((338, 581), (366, 581), arrow=True, width=2)
    canvas.box(370, 568, 70, 26, "orange", total, code=True, radius=3)
    canvas.text(370, 612, "added to", size=13, color="quiet")
    canvas.text(370, 629, "the lane's sum", size=13, color="quiet")
    canvas.text(
        12, 660, "Every lane has four weights of a row of its own, and all lanes have", size=13, color="quiet"
    )
    canvas.text(12, 678, "the same four activations: 64 multiply-adds, and no sum runs", size=13, color="quiet")
    canvas.text(12, 696, "across lanes.", size=13, color="quiet")
