import Testing

@testable import Load

@Suite struct PatientsTests {
  @Test func `Whoever has waited longest since asks next, and an arrival waits for somebody of its kind`() throws {
    var patients = Patients(adults: [person(.adult, 1), person(.adult, 2)], families: [family(1)])
    #expect(numbers(patients.take(for: .init(at: 1, isChild: false))) == [1])
    #expect(numbers(patients.take(for: .init(at: 2, isChild: true))) == [1, 1])
    #expect(patients.putBack([person(.adult, 1)])?.at == nil)
    #expect(numbers(patients.take(for: .init(at: 3, isChild: false))) == [2])
    #expect(numbers(patients.take(for: .init(at: 4, isChild: false))) == [1])

    #expect(numbers(patients.take(for: .init(at: 5, isChild: false))) == nil)
    #expect(numbers(patients.take(for: .init(at: 6, isChild: true))) == nil)
    #expect(numbers(patients.take(for: .init(at: 7, isChild: true))) == nil)
    #expect(patients.held.map(\.at) == [5, 6, 7])
    #expect(patients.putBack([person(.parent, 1), person(.child, 1)])?.at == 6)
    #expect(patients.putBack([person(.adult, 2)])?.at == 5)
    #expect(patients.held.map(\.at) == [7])
  }

  private func person(_ part: CastMember.Part, _ number: Int) -> CastMember {
    CastMember(part: part, number: number, id: "\(part) \(number)", token: "")
  }

  private func family(_ number: Int) -> (parent: CastMember, child: CastMember) {
    (person(.parent, number), person(.child, number))
  }

  private func numbers(_ members: [(CastMember, PatientScript.Part)]?) -> [Int]? { members?.map(\.0.number) }
}
