import GPTOSSPlatform
import Testing

/// How a machine is named.
struct MachineTests {
  @Test(arguments: [
    ("processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 9R14\n", "AMD EPYC 9R14"),
    ("model name\t:  Intel(R) Core(TM)  i7 \nmodel name\t: other\n", "Intel(R) Core(TM) i7"),
    ("model name\t:\nmodel name\t: x: y\n", "x: y"), ("model name\n", nil), ("model\t: 17\n", nil), ("", nil),
    ("processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd40\n", "Arm Neoverse V1"),
    // Efficiency cores come first, and others' numbers are said as they are.
    (
      "CPU implementer\t: 0x61\nCPU part\t: 0x022\n\nCPU implementer\t: 0x61\nCPU part\t: 0x023\n",
      "Apple M1 (Firestorm)"
    ),
    ("CPU implementer\t: 0x41\nCPU part\t: 0xfff\n", "ARM, implementer 0x41, part 0xfff"),
    ("CPU implementer\t: 0x41\n", nil),
  ])
  func processorNames(_ information: String, _ name: String?) {
    #expect(Machine.processorName(inInformation: information) == name)
  }

  @Test func thisOne() {
    let machine = Machine.current
    #expect(machine.processorCount >= 1 && machine.memoryByteCount > 1 << 20)
    #expect(!machine.processor.isEmpty && machine.system.split(separator: " ").count >= 3)
  }
}
