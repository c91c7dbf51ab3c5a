import Foundation
import Testing

@testable import Transport

/// What libwebsockets gets as memory.
struct ReceiveBufferTests {
  private func allocate(_ size: Int, _ reason: String, instead memory: UnsafeMutableRawPointer? = nil)
    -> UnsafeMutableRawPointer?
  {
    ReceiveBuffers.install()
    return reason.withCString { libraryAllocates(memory, size, $0) }
  }

  private func free(_ memory: UnsafeMutableRawPointer) {
    #expect(allocate(0, "lws_free", instead: memory) == nil)
  }

  @Test func buffersAreApartAndWholeAndOfTheirOwnSpace() throws {
    let buffers = try (0..<100).map { _ in try #require(allocate(ReceiveBuffers.size, "rx_ubuf")) }
    for (index, buffer) in buffers.enumerated() {
      #expect(ReceiveBuffers.contains(buffer))
      #expect(ReceiveBuffers.contains(buffer + ReceiveBuffers.size - 1))
      buffer.initializeMemory(as: UInt8.self, repeating: UInt8(index), count: ReceiveBuffers.size)
    }
    for (index, buffer) in buffers.enumerated() {
      let bytes = UnsafeRawBufferPointer(start: buffer, count: ReceiveBuffers.size)
      #expect(bytes.allSatisfy { $0 == UInt8(index) })
      free(buffer)
    }
  }

  @Test func whatOneClientSentIsNotLeftForTheNext() throws {
    let buffer = try #require(allocate(ReceiveBuffers.size, "rx_ubuf"))
    buffer.initializeMemory(as: UInt8.self, repeating: 7, count: ReceiveBuffers.size)
    free(buffer)
    // Whoever has it now, if anybody: it was taken before it was written to.
    var taken: [UnsafeMutableRawPointer] = []
    while taken.last != buffer, taken.count < 1_000 {
      taken.append(try #require(allocate(ReceiveBuffers.size, "rx_ubuf")))
      let bytes = UnsafeRawBufferPointer(start: taken.last, count: ReceiveBuffers.size)
      #expect(bytes.allSatisfy { $0 == 0 })
    }
    taken.forEach(free)
  }

  @Test func whatIsReleasedReadsAsZerosAndCanBeWrittenAgain() throws {
    let buffer = try #require(allocate(ReceiveBuffers.size, "rx_ubuf"))
    let bytes = UnsafeMutableRawBufferPointer(start: buffer, count: ReceiveBuffers.size)
    for _ in 0..<3 {
      bytes.initializeMemory(as: UInt8.self, repeating: 9)
      ReceiveBuffers.release(buffer + 5_000)
      #expect(bytes.allSatisfy { $0 == 0 })
    }
    free(buffer)
  }

  @Test(arguments: [(ReceiveBuffers.size, "ah data"), (ReceiveBuffers.size - 1, "rx_ubuf"), (16, "rx_ubuf")])
  func everythingElseIsOfTheHeap(size: Int, reason: String) throws {
    let memory = try #require(allocate(size, reason))
    #expect(!ReceiveBuffers.contains(memory))
    memory.initializeMemory(as: UInt8.self, repeating: 3, count: size)
    let longer = try #require(allocate(size * 2, reason, instead: memory))
    #expect(UnsafeRawBufferPointer(start: longer, count: size).allSatisfy { $0 == 3 })
    free(longer)
  }

  @Test func aBufferOfAnotherSizeKeepsItsContent() throws {
    let buffer = try #require(allocate(ReceiveBuffers.size, "rx_ubuf"))
    buffer.initializeMemory(as: UInt8.self, repeating: 5, count: ReceiveBuffers.size)
    let longer = try #require(allocate(ReceiveBuffers.size * 2, "rx_ubuf", instead: buffer))
    #expect(!ReceiveBuffers.contains(longer))
    #expect(UnsafeRawBufferPointer(start: longer, count: ReceiveBuffers.size).allSatisfy { $0 == 5 })
    free(longer)
  }
}
