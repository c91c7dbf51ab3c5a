/// Every key of the configuration: the one place where they are named, explained and given their defaults.
/// `mqm-broker settings` prints it, and `docs/configuration.md` is what it prints.
enum SettingKey: String, CaseIterable {
  case data
  case masterKey = "master-key"
  case masterKeyCommand = "master-key-command"
  case vaultKeys = "vault.keys"
  case web
  case legal
  case publicURL = "public-url"
  case host
  case port
  case tlsCertificate = "tls.certificate"
  case tlsKey = "tls.key"
  case tlsDevelopment = "tls.development"
  case origins
  case proxies
  case iceSTUN = "ice.stun"
  case iceTURN = "ice.turn"
  case iceTURNSecret = "ice.turn-secret"
  case iceTURNSecretCommand = "ice.turn-secret-command"
  case iceTURNSeconds = "ice.turn-ttl"
  case iceTURNDatabaseCommand = "ice.turn-database-command"
  case iceTURNRealm = "ice.turn-realm"
  case iceTransportPolicy = "ice.transport-policy"
  case curatorRequired = "rules.curator-required"
  case claimSeconds = "rules.claim-time"
  case startSeconds = "rules.start-time"
  case retentionSeconds = "rules.retention-time"
  case noticeSeconds = "rules.notice-time"
  case documentBytes = "documents.bytes"
  case documentCount = "documents.count"
  case messageBytes = "limits.message-bytes"
  case messagesPerSecond = "limits.messages-per-second"
  case burst = "limits.burst"
  case bytesPerSecond = "limits.bytes-per-second"
  case accountShare = "limits.account-share"
  case addressShare = "limits.address-share"
  case requestsPerSecond = "limits.requests-per-second"
  case accountSockets = "limits.account-sockets"
  case addressSockets = "limits.address-sockets"
  case addressConnections = "limits.address-connections"
  case halfOpen = "limits.half-open"
  case waitingBytes = "limits.waiting-bytes"
  case outboxBytes = "limits.outbox-bytes"
  case outboxMessages = "limits.outbox-messages"
  case connections = "limits.connections"
  case helloSeconds = "time.hello"
  case pingSeconds = "time.ping"
  case hangUpSeconds = "time.hang-up"
  case resumeSeconds = "time.resume"
  case holdSeconds = "time.hold"
  case restartSeconds = "time.restart-jitter"
  case mailDelivery = "mail.delivery"
  case mailFrom = "mail.from"
  case mailFolder = "mail.folder"
  case mailSendmail = "mail.sendmail"
  case mailSMTPURL = "mail.smtp.url"
  case mailSMTPUser = "mail.smtp.user"
  case mailSMTPPassword = "mail.smtp.password"
  case mailSMTPAuthorities = "mail.smtp.ca"
  case recordSigningKey = "record.signing-key"
  case recordHeadInterval = "record.head-interval"
  case recordHeadsFile = "record.heads-file"
  case recordHeadsCommand = "record.heads-command"
  case recordTimestampURL = "record.timestamp-url"
  case recordTimestampAuthorities = "record.timestamp-ca"
  case metricsHost = "metrics.host"
  case metricsPort = "metrics.port"
  case logLevel = "log.level"
  case logFormat = "log.format"

  /// What a value must be.
  enum Kind {
    case text
    /// Several texts: separated by commas in the environment and on the command line, an array in the file.
    case list
    case integer(ClosedRange<Int>)
    case flag
    case choice([String])
  }

  var kind: Kind {
    switch self {
    case .data, .masterKey, .masterKeyCommand, .vaultKeys, .web, .legal, .publicURL, .host, .tlsCertificate, .tlsKey,
      .iceTURNSecret, .iceTURNSecretCommand, .iceTURNDatabaseCommand, .iceTURNRealm, .mailFrom, .mailFolder,
      .mailSendmail, .mailSMTPURL, .mailSMTPUser, .mailSMTPPassword,
      .mailSMTPAuthorities, .recordSigningKey, .recordHeadsFile, .recordHeadsCommand, .recordTimestampURL,
      .recordTimestampAuthorities, .metricsHost:
      .text
    case .mailDelivery: .choice(["folder", "sendmail", "smtp"])
    case .origins, .proxies, .iceSTUN, .iceTURN: .list
    case .iceTURNSeconds: .integer(10...86_400)
    case .iceTransportPolicy: .choice(["all", "relay"])
    case .port, .metricsPort: .integer(0...65_535)
    case .tlsDevelopment, .curatorRequired: .flag
    case .claimSeconds, .startSeconds: .integer(1...2_592_000)
    case .retentionSeconds: .integer(1...31_536_000)
    case .noticeSeconds: .integer(0...31_536_000)
    case .documentBytes: .integer(1_024...104_857_600)
    case .documentCount: .integer(1...100)
    case .messageBytes: .integer(1_024...1_048_576)
    case .messagesPerSecond: .integer(1...1_000_000)
    case .burst, .requestsPerSecond, .accountSockets, .addressSockets, .addressConnections, .halfOpen:
      .integer(1...1_000_000)
    case .bytesPerSecond: .integer(1_024...1_073_741_824)
    case .accountShare, .addressShare: .integer(1...10_000)
    case .waitingBytes: .integer(1_048_576...1_099_511_627_776)
    case .outboxBytes: .integer(65_536...67_108_864)
    case .outboxMessages: .integer(16...1_000_000)
    case .connections: .integer(1...1_000_000)
    case .helloSeconds: .integer(1...300)
    case .pingSeconds: .integer(1...600)
    case .hangUpSeconds: .integer(2...900)
    case .resumeSeconds, .holdSeconds: .integer(0...900)
    case .restartSeconds: .integer(0...600)
    case .recordHeadInterval: .integer(1...86_400)
    case .logFormat: .choice(["text", "json"])
    case .logLevel: .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"])
    }
  }

  /// As it would be written; empty for none.
  var standard: String {
    switch self {
    case .data: ".data"
    case .web: "web"
    case .legal: "legal"
    case .mailDelivery: "folder"
    case .mailFrom: "mqm@localhost.localdomain"
    case .mailSendmail: "/usr/sbin/sendmail"
    case .host, .metricsHost: "127.0.0.1"
    case .port: "8080"
    case .tlsDevelopment: "false"
    case .iceTURNSeconds: "600"
    case .iceTransportPolicy: "all"
    case .curatorRequired: "true"
    case .claimSeconds, .startSeconds, .noticeSeconds: "86400"
    case .retentionSeconds: "604800"
    case .documentBytes: "10485760"
    case .documentCount: "20"
    case .messageBytes: "65536"
    case .messagesPerSecond: "100"
    case .burst: "300"
    case .bytesPerSecond: "262144"
    case .accountShare: "2"
    case .addressShare: "50"
    case .requestsPerSecond: "200"
    case .accountSockets: "32"
    case .addressSockets: "1000"
    case .addressConnections: "2000"
    case .halfOpen: "2048"
    case .waitingBytes: "536870912"
    case .outboxBytes: "1048576"
    case .outboxMessages: "1024"
    case .connections: "60000"
    case .helloSeconds: "5"
    case .pingSeconds: "4"
    case .hangUpSeconds: "9"
    case .resumeSeconds: "30"
    case .holdSeconds: "90"
    case .restartSeconds: "5"
    case .recordHeadInterval: "60"
    case .metricsPort: "9464"
    case .logLevel: "notice"
    case .logFormat: "text"
    case .masterKey, .masterKeyCommand, .vaultKeys, .publicURL, .tlsCertificate, .tlsKey, .origins, .proxies, .iceSTUN,
      .iceTURN, .iceTURNSecret, .iceTURNSecretCommand, .iceTURNDatabaseCommand, .iceTURNRealm, .mailFolder,
      .mailSMTPURL, .mailSMTPUser, .mailSMTPPassword, .mailSMTPAuthorities,
      .recordSigningKey, .recordHeadsFile, .recordHeadsCommand, .recordTimestampURL, .recordTimestampAuthorities:
      ""
    }
  }

  var explanation: String {
    switch self {
    case .data: "Folder of the databases. Made if it is not there, readable by its owner only."
    case .masterKey:
      """
      File with the key under which health data and second factors are sealed: 64 hexadecimal digits, readable by its \
      owner only. Made with a new database; by default `master.key` in the data folder, better on another disk. Without \
      it they are lost, and the broker does not start; nor does it with another key. See docs/backup.md.
      """
    case .masterKeyCommand:
      """
      Shell command that writes the master key to its standard output, in place of the file; or the key is in the \
      environment, as `MQM_MASTER_KEY_VALUE`.
      """
    case .vaultKeys:
      """
      File with the consultations' data keys, wrapped under the master key. By default `keys.sqlite` in the data folder; \
      better where no backup of the databases takes it along.
      """
    case .web: "Folder of the web front; empty to serve none."
    case .legal: "Folder of the terms of use and the text on personal data, which everybody agrees to (CU-3)."
    case .publicURL:
      "Where people find the pages, such as https://consult.example; for links in e-mails. By default the first of 'origins', or the broker's own address."
    case .mailDelivery: "How e-mail is sent: written into a folder, handed to sendmail, or by SMTP with TLS."
    case .mailFrom: "The address that e-mails come from."
    case .mailFolder: "Folder for e-mails, with delivery 'folder'. By default `outbox` in the data folder."
    case .mailSendmail: "The sendmail command, with delivery 'sendmail'."
    case .mailSMTPURL:
      "The mail server, with delivery 'smtp': smtps://mail.example:465, or smtp://mail.example:587 with STARTTLS."
    case .mailSMTPUser: "User name at the mail server; empty for none."
    case .mailSMTPPassword:
      "Password at the mail server. Better in the file or the environment than on the command line."
    case .mailSMTPAuthorities: "PEM file with the authorities that vouch for the mail server; the system's by default."
    case .host:
      "Address to listen on: one of this machine's, 0.0.0.0 or :: for all of them. Not loopback needs TLS or a proxy."
    case .port: "Port to listen on; 0 for any that is free."
    case .tlsCertificate: "PEM file with the certificate and the intermediate ones. TLS 1.2 or later is spoken then."
    case .tlsKey: "PEM file with the certificate's key."
    case .tlsDevelopment: "Speak TLS with a self-signed certificate, made in the data folder. For development only."
    case .origins:
      "Origins of pages that may use the broker, such as https://consult.example. By default the broker's own address."
    case .proxies: "Addresses of reverse proxies whose X-Forwarded-For is believed."
    case .iceSTUN: "STUN servers, such as stun:stun.example:3478."
    case .iceTURN:
      """
      TURN servers, such as turn:turn.example:3478?transport=udp or turns:turn.example:443?transport=tcp. They check       credentials by a secret, as coturn does. See docs/turn.md.
      """
    case .iceTURNSecret:
      "File with the secret from which credentials for the TURN servers are made, readable by its owner only."
    case .iceTURNSecretCommand:
      """
      Shell command that writes that secret to its standard output, in place of the file; or it is in the environment, as       `MQM_ICE_TURN_SECRET_VALUE`.
      """
    case .iceTURNSeconds:
      "Seconds for which credentials are good for new allocations; each seat gets fresh ones after half of them."
    case .iceTURNDatabaseCommand:
      """
      Shell command that carries out the SQL on its standard input in coturn's user database: each consultation has a secret       of its own there, which is removed at its end, and what was made from it is useless then. Without it credentials       outlive the consultation by `ice.turn-ttl` at most.
      """
    case .iceTURNRealm: "The realm of the TURN servers, under which those secrets stand."
    case .iceTransportPolicy:
      "Which ways browsers may take to each other: any, or through a TURN server only, so that they do not learn each other's addresses."
    case .curatorRequired: "Whether a protected adult under curatelle must be accompanied by the curator (CU-6.3)."
    case .claimSeconds:
      "Seconds from the request to the claim, after which it is overdue and the patient may change practitioner (CU-6.2)."
    case .startSeconds:
      "Seconds from the claim to the start, after which it is overdue and the patient may change practitioner (CU-6.2)."
    case .retentionSeconds:
      "Seconds from the end to the closure, in which documents can be handed over and fetched. Then they are destroyed."
    case .noticeSeconds: "Seconds before that closure at which the patient is told of it by e-mail."
    case .documentBytes: "Longest document that a practitioner may hand over, in bytes."
    case .documentCount:
      "Documents of a consultation; also how many may be on their way to it, and on their way from one practitioner."
    case .messageBytes: "Longest message of a client, in bytes; a longer one closes its connection with 1009."
    case .messagesPerSecond:
      "Messages that one connection may send for each second, on average; more are refused with too_fast."
    case .burst: "Messages that one connection may send at once."
    case .bytesPerSecond:
      "Bytes that one connection may send for each second, on average, and eight times as many at once."
    case .accountShare: "How many connections' worth all connections of one account together may send."
    case .addressShare:
      "How many connections' worth all connections from one address (IPv6: its first 64 bits) together may send."
    case .requestsPerSecond:
      """
      HTTP requests under /v1 that one address may send for each second, on average, and ten times as many at once; \
      more get 429.
      """
    case .accountSockets: "Sockets that one account may have at the same time; more are closed with 4105."
    case .addressSockets: "Sockets from one address at the same time; more get 429."
    case .addressConnections:
      "Connections of all kinds from one address at the same time; more are closed at once. Proxies are not counted."
    case .halfOpen:
      """
      Connections on which no request is complete yet, TLS handshakes included; more are closed at once. An eighth of \
      them may be from one address, proxies excepted.
      """
    case .waitingBytes:
      "Bytes that may wait for all clients together, before those for whom most waits are disconnected with 4101."
    case .outboxBytes: "Bytes that may wait for a client that does not read, before it is disconnected with 4101."
    case .outboxMessages: "Messages that may wait for a client that does not read, before it is disconnected with 4101."
    case .connections: "Connections of all kinds at the same time."
    case .helloSeconds: "Seconds that a connection has to say hello."
    case .pingSeconds: "Seconds of silence after which a client is pinged."
    case .hangUpSeconds: "Seconds of silence after which a client is taken to be gone."
    case .resumeSeconds:
      "Seconds after a connection broke during which its client can go on with the session, and misses nothing."
    case .holdSeconds:
      """
      Seconds during which a seat is kept for whoever was lost from it: media between browsers may run on while only \
      the signalling is lost.
      """
    case .restartSeconds:
      "When the broker goes down, clients are asked to come back after a random time of at most so many seconds."
    case .recordSigningKey:
      """
      File with the key that signs the record, readable by its owner only. Made at the first start; by default \
      `record-signing.key` in the data folder, better on another disk.
      """
    case .recordHeadInterval:
      "Seconds between signed heads of the record that are kept and exported, if anything happened."
    case .recordHeadsFile:
      """
      File to which signed heads, closures and erasures are appended; by default `heads.jsonl` in the data folder, better \
      where this machine cannot change what was written.
      """
    case .recordHeadsCommand:
      "Shell command that is given the same lines on its standard input, and must end with 0 when it has them."
    case .recordTimestampURL: "Time stamping authority (RFC 3161) that stamps each head; none by default."
    case .recordTimestampAuthorities:
      "PEM file with the certificates that vouch for the time stamping authority; stamps are checked with it."
    case .metricsHost:
      """
      Address of the listener for operators' programs: `/metrics` for Prometheus, `/health/live` and `/health/ready`. Empty \
      for none. It asks nobody who they are, and names nobody; not loopback needs a firewall.
      """
    case .metricsPort: "Its port; 0 for any that is free."
    case .logLevel: "What goes to the log on standard error."
    case .logFormat: "How it is written: for people, or as one JSON object for each line. No personal data either way."
    }
  }

  /// The name in the environment: `limits.message-bytes` is `MQM_LIMITS_MESSAGE_BYTES`.
  var environmentName: String {
    "MQM_" + rawValue.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
  }

  /// The option: `limits.message-bytes` is `--limits-message-bytes`.
  var option: String {
    "--" + rawValue.map { $0 == "." ? "-" : String($0) }.joined()
  }
}
