import GPTOSSKernels
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct AvailableThreadsTests {
  @Test func thereIsOneAtLeast() {
    #expect(availableThreadCount() >= 1)
  }

  @Test(
    arguments: [
      ("0-1", 2), ("0", 1), ("0-3,8", 5), ("1,3,5-6", 4), ("", nil), ("a-b", nil), ("3-1", nil),
    ] as [(String, Int?)])
  func processors(list: String, count: Int?) {
    #expect(processorCount(inStatus: "Name:\tx\nCpus_allowed_list:\t\(list)\nThreads:\t1\n") == count)
    #expect(processorCount(inStatus: "Name:\tx\n") == nil)
  }

  struct Case: CustomTestStringConvertible {
    var testDescription: String
    var membership: String
    var files: [String: String]
    var quota: Double?
  }

  static let cases = [
    Case(testDescription: "no control groups", membership: "", files: [:], quota: nil),
    Case(
      testDescription: "version 2, no limit", membership: "0::/\n", files: ["cpu.max": "max 100000\n"],
      quota: nil),
    Case(
      testDescription: "version 2, one and a half", membership: "0::/a/b\n",
      files: ["a/b/cpu.max": "150000 100000\n", "cpu.max": "max 100000\n"], quota: 1.5),
    Case(
      testDescription: "version 2, a parent is tighter", membership: "0::/a/b\n",
      files: ["a/b/cpu.max": "400000 100000\n", "a/cpu.max": "200000 100000\n"], quota: 2),
    Case(
      testDescription: "version 1, together with cpuacct", membership: "5:memory:/x\n4:cpu,cpuacct:/a\n",
      files: ["cpu/a/cpu.cfs_quota_us": "50000\n", "cpu/a/cpu.cfs_period_us": "100000\n"], quota: 0.5),
    Case(
      testDescription: "version 1, no limit", membership: "4:cpu:/\n",
      files: ["cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"], quota: nil),
    Case(
      testDescription: "version 1 in a container, whose path is the host's",
      membership: "4:cpu:/docker/123\n",
      files: ["cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"], quota: 3),
    Case(
      testDescription: "nonsense", membership: "0::/\nx\n::\n", files: ["cpu.max": "many few 3\n"], quota: nil
    ),
  ]

  @Test(arguments: cases)
  func quota(of test: Case) throws {
    var template = Array("/tmp/cgroup-XXXXXX".utf8CString)
    let root = try #require(mkdtemp(&template).map { String(cString: $0) })
    var made: [String] = []
    for (path, text) in test.files {
      let parts = path.split(separator: "/")
      for depth in 1..<max(parts.count, 1) {
        let folder = root + "/" + parts[..<depth].joined(separator: "/")
        if mkdir(folder, 0o700) == 0 { made.append(folder) }
      }
      let file = try #require(fopen(root + "/" + path, "w"))
      fputs(text, file)
      fclose(file)
      made.append(root + "/" + path)
    }
    #expect(ControlGroup(membership: test.membership, root: root).processorQuota() == test.quota)
    for path in made.reversed() { remove(path) }
    remove(root)
  }
}
