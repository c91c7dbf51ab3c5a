import ArgumentParser
import Load

struct ConsultationsCommand: LoadCommand {
  static let configuration = CommandConfiguration(
    commandName: "consultations", abstract: "Whole consultations, from the patient's sign-in to the closure.",
    discussion: "EXAMPLE\n  mqm-load consultations --rate 20 --duration 60 --picture load.svg")

  @OptionGroup var options: RunOptions

  var plan: LoadPlan { options.plan.plan() }
}
