import Testing

@testable import MQMSessions

/// The tree of RFC 9162, section 2.1.
struct MerkleTreeTests {
  /// The inputs and roots that Certificate Transparency's own tests use.
  private static let inputs: [[UInt8]] = [
    [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
    [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
  ]
  private static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  @Test("the roots are those that Certificate Transparency publishes")
  func knownRoots() {
    var tree = MerkleFrontier()
    #expect(tree.root.hexadecimal == Self.roots[0])
    for (input, root) in zip(Self.inputs, Self.roots.dropFirst()) {
      _ = tree.append(input.withUnsafeBytes { RecordDigest.leaf($0) })
      #expect(tree.root.hexadecimal == root)
    }
  }

  @Test("every leaf of every tree up to 40 has a proof, and no other index or size has the same")
  func proofs() {
    var tree = MerkleFrontier()
    var nodes: [MerkleNode: RecordDigest] = [:]
    for size in 1...40 {
      let leaf = RecordDigest.leaf("\(size - 1)")
      nodes[MerkleNode(level: 0, position: size - 1)] = leaf
      for (level, node) in tree.append(leaf).enumerated() {
        nodes[MerkleNode(level: level + 1, position: (size - 1) >> (level + 1))] = node
      }
      #expect(MerkleFrontier(size: size) { nodes[$0] ?? .zero } == tree)
      for index in 0..<size {
        let leaf = RecordDigest.leaf("\(index)")
        let path = InclusionProof.path(to: index, size: size) { nodes[$0] ?? .zero }
        #expect(InclusionProof.root(leaf: leaf, index: index, size: size, path: path) == tree.root)
        for other in 0..<size where other != index {
          #expect(InclusionProof.root(leaf: leaf, index: other, size: size, path: path) != tree.root)
        }
        #expect(InclusionProof.root(leaf: leaf, index: index, size: size, path: path + [.zero]) == nil)
        #expect(InclusionProof.root(leaf: leaf, index: index, size: size, path: path.dropLast()) == nil || size == 1)
      }
      #expect(InclusionProof.root(leaf: leaf, index: size, size: size, path: []) == nil)
      #expect(InclusionProof.root(leaf: leaf, index: -1, size: size, path: []) == nil)
    }
  }

  @Test("a digest is read from 64 digits in lower case, and from nothing else")
  func digits() throws {
    let digest = RecordDigest.leaf("a")
    #expect(RecordDigest(hexadecimal: digest.hexadecimal) == digest)
    #expect(RecordDigest(hexadecimal: digest.hexadecimal.uppercased()) == nil)
    #expect(RecordDigest(hexadecimal: digest.hexadecimal.dropLast()) == nil)
    #expect(RecordDigest(digest.data.dropLast()) == nil)
  }
}
