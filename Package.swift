// swift-tools-version: 6.2
import PackageDescription

// Every target: Swift 6 mode and no warning left standing.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// What is fuzzed, and with what. Built as a program with libFuzzer by ./mqm fuzz, which says so in the environment; as a
// test otherwise, which runs each file of the corpus through the same functions.
let fuzzed: [Target.Dependency] = [
  "Signaling", "Rooms", "MQMSessions", "Accounts", "Telemetry", "Transport", "TestSupport", "Vault",
  .product(name: "Logging", package: "swift-log"),
]
let fuzzing: Target =
  if let driver = Context.environment["MQM_FUZZER_LIBRARY"] {
    .executableTarget(
      name: "mqm-fuzz", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["corpus", "Replay"],
      swiftSettings: strict, linkerSettings: [.unsafeFlags([driver, "-lstdc++"])])
  } else {
    .testTarget(
      name: "FuzzTests", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["corpus", "Driver"],
      swiftSettings: strict)
  }

let package = Package(
  name: "mqm-broker",
  products: [
    .executable(name: "mqm-broker", targets: ["mqm-broker"]),
    .executable(name: "mqm-simulate", targets: ["mqm-simulate"]),
    .executable(name: "mqm-bench", targets: ["mqm-bench"]),
    .executable(name: "bare-relay", targets: ["bare-relay"]),
    .executable(name: "mqm-load", targets: ["mqm-load"]),
  ],
  dependencies: [
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(
      url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: [.defaults, "CommandLineArguments"]),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // The rules of a teleconsultation: pure values, no imports at all.
    .target(name: "Rooms", swiftSettings: strict),
    // Master keys, and data keys wrapped under them.
    .target(name: "Vault", dependencies: [.product(name: "Crypto", package: "swift-crypto")], swiftSettings: strict),
    // The durable lifecycle record, the keys of its health data, and documents. GRDB only inside Store, Record, Vault and
    // Documents.
    .target(
      name: "MQMSessions",
      dependencies: [
        "Rooms", "Vault",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    // E-mail: what letters say, and how they are sent.
    .target(name: "Mail", dependencies: [.product(name: "Logging", package: "swift-log")], swiftSettings: strict),
    // People: accounts, credentials, guardians, practitioners. GRDB only inside its Store folder.
    .target(
      name: "Accounts",
      dependencies: [
        "Mail", "Vault",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .systemLibrary(name: "CLibwebsockets", pkgConfig: "libwebsockets"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl"),
    // STUN and TURN: credentials for TURN servers, and a client that finds out whether they work.
    .target(
      name: "TURN", dependencies: ["COpenSSL", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),
    // The event loop, sockets and HTTP exchanges: the only target that sees a C pointer of libwebsockets.
    .target(name: "Transport", dependencies: ["CLibwebsockets"], swiftSettings: strict),
    // Metrics as Prometheus reads them, and the log as lines of JSON.
    .target(
      name: "Telemetry",
      dependencies: [
        .product(name: "CoreMetrics", package: "swift-metrics"), .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    // The wire protocol, the HTTP routes and the broker itself.
    .target(
      name: "Signaling",
      dependencies: [
        "Rooms", "MQMSessions", "Accounts", "Mail", "Telemetry", "Transport", "TURN", "Vault",
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    // Composition root and command line.
    .executableTarget(
      name: "mqm-broker",
      dependencies: [
        "Rooms", "MQMSessions", "Accounts", "Mail", "Telemetry", "Transport", "TURN", "Signaling", "Vault",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    // Random schedules for the rules, judged by an oracle of their own.
    .target(name: "Simulation", dependencies: ["Rooms"], swiftSettings: strict),
    .executableTarget(
      name: "mqm-simulate",
      dependencies: ["Simulation", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: strict),
    // WebSocket clients by the thousand, in C, for the bench; and the least that a relay can do, as its measure.
    .target(name: "BenchClient", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    .executableTarget(name: "bare-relay", linkerSettings: [.linkedLibrary("crypto")]),
    .executableTarget(
      name: "mqm-bench",
      dependencies: [
        "Rooms", "MQMSessions", "Vault", "BenchClient",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    // Clients of the protocol in great number: what they do, what is measured, and the report.
    .target(
      name: "Load",
      dependencies: [
        "Rooms", "Signaling", "Simulation", "Transport",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "mqm-load",
      dependencies: ["Load", "Transport", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: strict),
    // A process that is killed while it writes to the record.
    .executableTarget(
      name: "record-writer", dependencies: ["Rooms", "MQMSessions", "Vault"], path: "Tests/RecordWriter",
      swiftSettings: strict),
    // Says back what it is told, over the transport that the broker has: for the Autobahn cases.
    .executableTarget(
      name: "echo-server", dependencies: ["Transport"], path: "Tests/EchoServer", swiftSettings: strict),
    .testTarget(name: "RoomsTests", dependencies: ["Rooms"], swiftSettings: strict),
    .testTarget(name: "LoadTests", dependencies: ["Load", "Rooms", "Transport"], swiftSettings: strict),
    .testTarget(name: "SimulationTests", dependencies: ["Simulation"], swiftSettings: strict),
    .testTarget(name: "VaultTests", dependencies: ["Vault"], swiftSettings: strict),
    .testTarget(name: "TURNTests", dependencies: ["TURN"], swiftSettings: strict),
    .testTarget(
      name: "MQMSessionsTests",
      dependencies: [
        "MQMSessions", "Rooms", "TestSupport", "Simulation", "Vault", "record-writer",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "MailTests", dependencies: ["Mail", .product(name: "Logging", package: "swift-log")], swiftSettings: strict),
    .testTarget(
      name: "AccountsTests",
      dependencies: ["Accounts", "Mail", "Vault", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),
    // What several test targets need: a client that speaks HTTP and WebSocket byte by byte, a store that does as it is told.
    .target(
      name: "TestSupport", dependencies: ["Rooms", "MQMSessions"], path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "TelemetryTests",
      dependencies: [
        "Telemetry", .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .testTarget(name: "TransportTests", dependencies: ["Transport", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "SignalingTests",
      dependencies: [
        "Signaling", "Rooms", "MQMSessions", "Accounts", "Telemetry", "Transport", "TURN", "TestSupport", "Vault",
        "Mail",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    fuzzing,
  ],
  swiftLanguageModes: [.v6]
)
