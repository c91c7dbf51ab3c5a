public import Mail

/// In which language somebody is written to.
public typealias Language = MailLanguage
