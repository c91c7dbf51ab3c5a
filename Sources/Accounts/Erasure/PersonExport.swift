/// Everything that the accounts hold about a person (CU-11), as `docs/export.schema.json` describes it, without the
/// consultations, which are in the record.
public struct PersonExport: Encodable, Sendable {
}
