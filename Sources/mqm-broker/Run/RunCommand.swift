import Accounts
import ArgumentParser
import Foundation
import Logging
import MQMSessions
import ServiceLifecycle
import Signaling
import Transport
import UnixSignals

/// `mqm-broker run`
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Start the broker.",
    discussion: """
      Starts on a folder of SQLite files, with no other server, and serves the pages, the HTTP requests and the sockets on one
      port. SIGTERM or Ctrl-C ends it cleanly: clients are told when to come back, and the record is on disk.

      Every setting can be given as an option, in the environment, or in a JSON file; options win over the environment, the
      environment over the file. 'mqm-broker settings' explains them all. The most used:

        --port 8080                  where to listen (with --host; 127.0.0.1 by default)
        --data FOLDER                where the databases are
        --tls-development            TLS with a self-signed certificate
        --tls-certificate FILE --tls-key FILE
        --origins https://consult.example
        --ice-stun stun:stun.example:3478

      EXAMPLES
        mqm-broker run --demo
        mqm-broker run --port 8443 --tls-development --demo
        MQM_PORT=9000 mqm-broker run --config broker.json
      """)

  @Flag(help: "Seed people to try it with: two practitioners, and patients with their guardians. On loopback only.")
  var demo = false

  @Option(help: ArgumentHelp("A JSON file with settings.", valueName: "file"))
  var config: String?

  @Argument(parsing: .allUnrecognized, help: "Settings as options; see above.")
  var settings: [String] = []

  func run() async throws {
    let settings = try await Settings(file: config, options: settings)
    try LogOutput.begin(settings)
    let log = Logger(label: "mqm-broker")
    do {
      let service = try await BrokerService(settings: settings, demo: demo, log: log)
      try await ServiceGroup(
        configuration: ServiceGroupConfiguration(
          services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
          gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
      ).run()
    } catch let error as any Error & CustomStringConvertible where !(error is ValidationError) {
      FileHandle.standardError.write(Data("mqm-broker: \(error.description)\n".utf8))
      throw ExitCode.failure
    }
  }
}
