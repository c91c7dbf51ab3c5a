import ArgumentParser

@main
struct MQMLoad: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mqm-load",
    abstract: "Puts load on a broker with real clients of its protocol, and reports what they saw.",
    discussion: """
      Without --url it starts a broker of its own in a temporary folder, makes the people it needs, and removes everything \
      afterwards. Latencies count from when something was to happen, so a stall is seen by all whom it would have hit. The \
      exit code is 1 when anything was lost, doubled, out of order, refused or closed that should not have been.

      EXAMPLES
        mqm-load consultations --rate 20 --duration 60 --picture load.svg
        mqm-load storm --clients 5000
        mqm-load storm --clients 5000 --cut kill
        mqm-load flood --rate 10 --json flood.json
        mqm-load half-open --connections 1000
        mqm-load slow-readers --clients 50
        mqm-load consultations --rate 5 -- --limits-burst 500      options of mqm-broker run

      Against a broker that runs already:
        mqm-load people --rate 20 --duration 60 | mqm-broker account import - --tokens --data FOLDER > people.jsonl
        mqm-load consultations --rate 20 --duration 60 --url wss://broker.example/v1/ws --people people.jsonl
      """,
    subcommands: [
      ConsultationsCommand.self, StormCommand.self, FloodCommand.self, HalfOpenCommand.self, SlowReadersCommand.self,
      SlowWritersCommand.self, PeopleCommand.self,
    ],
    defaultSubcommand: ConsultationsCommand.self)
}
