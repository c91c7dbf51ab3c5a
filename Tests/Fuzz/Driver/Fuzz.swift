import Glibc

/// libFuzzer's own loop, without its `main`.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ run: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// The target of this process.
nonisolated(unsafe) private var target = FuzzTarget.all[0]

/// `mqm-fuzz TARGET [libFuzzer's options] [folders or files]`
@main
enum Fuzz {
  static func main() {
    guard CommandLine.arguments.count > 1,
      let found = FuzzTarget.all.first(where: { $0.name == CommandLine.arguments[1] })
    else {
      print("usage: mqm-fuzz \(FuzzTarget.all.map { $0.name }.joined(separator: "|")) [options of libFuzzer]\n")
      exit(2)
    }
    target = found
    let kept = [CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)
    var count = Int32(kept.count)
    // libFuzzer keeps the pointers for as long as the process lives.
    let strings = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: kept.count + 1)
    for (index, argument) in kept.enumerated() { strings[index] = strdup(argument) }
    strings[kept.count] = nil
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = strings
    exit(
      runDriver(&count, &arguments) { bytes, count in
        target.run(UnsafeRawBufferPointer(start: bytes, count: count))
        return 0
      })
  }
}
