//! What can be done, in stable words.

/// What was done. The codes stand in databases for years: none is ever changed or reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// An authority was recorded.
    AuthorityCreated,
    /// An institution was recorded.
    InstitutionCreated,
    /// An account was made.
    AccountCreated,
    /// What is known of an account was changed: name, e-mail, subjects.
    AccountChanged,
    /// An account was closed for the time being.
    AccountDeactivated,
    /// Accounts were opened again.
    AccountsReactivated,
    /// An account was closed for good.
    AccountDeleted,
    /// Two accounts of one person were united.
    AccountsMerged,
    /// Two accounts that had been united were separated again.
    AccountsSeparated,
    /// What a united account had signed in with was forgotten.
    CredentialsForgotten,
    /// Subjects were given to accounts, or taken from them.
    SubjectsChanged,
    /// A letter with credentials was printed.
    LetterPrinted,
    /// Somebody asked those who may to do something to an account.
    AccountRequested,
    /// A request about an account was answered with no.
    RequestDeclined,
    /// Somebody took back what they had asked for.
    RequestWithdrawn,
    /// A teacher asked for access to results.
    AccessRequested,
    /// A request for access was answered.
    AccessAnswered,
    /// A person set their own password.
    PasswordChanged,
    /// A person added a passkey to their account.
    PasskeyAdded,
    /// A person called a passkey something else.
    PasskeyRenamed,
    /// A person removed a passkey.
    PasskeyRemoved,
    /// A person signed in with a passkey.
    PasskeyUsed,
    /// A passkey was turned away, as its count of signatures had gone back.
    PasskeyRefused,
    /// The hash of a password was made anew, with a newer key or at a newer cost.
    PasswordRehashed,
    /// A password or a card was issued anew.
    CredentialsIssued,
    /// Decisions about results were recorded.
    DecisionsRecorded,
    /// A change set was taken back, whole or in part.
    DecisionsTakenBack,
    /// Rights to book or to run were given or removed.
    StaffRightsChanged,
    /// A pupil was exempted from a test.
    ExemptionRecorded,
    /// An exemption was withdrawn.
    ExemptionWithdrawn,
    /// A roster was imported.
    ImportApplied,
    /// An import waits for a yes.
    ImportHeld,
    /// An import was refused: its file had errors.
    ImportRefused,
    /// A waiting import was answered with no.
    ImportRejected,
    /// The name of a protected person was shown.
    ProtectedNameShown,
    /// Assessment material was added.
    MaterialAdded,
    /// Assessment material was taken back.
    MaterialWithdrawn,
    /// Everything that is held about a person was written out.
    PersonFileMade,
    /// What is personal about somebody was erased.
    PersonErased,
    /// A person ended sessions of their own account.
    SessionsEnded,
    /// A broker's word for somebody was tied to a person, who signed in with it for the first time.
    IdentityLinked,
    /// Somebody's UNI-Login id and the broker's word for them were untied.
    IdentityUntied,
    /// A flag of UNI-Login's user administration was given.
    FlagGiven,
    /// Such a flag was taken away.
    FlagTaken,
    /// Somebody was affiliated by hand.
    AffiliationAdded,
    /// What somebody was by hand was ended.
    AffiliationEnded,
    /// What somebody is by hand was confirmed for another year.
    AffiliationConfirmed,
    /// Somebody's UNI-Login id was recorded.
    UniIdKept,
    /// Where an institution or authority takes its administrative capacities from was changed.
    SourceChanged,
    /// Demo data was filled in.
    DemoFilled,
    /// The database was restored from a backup.
    Restored,
    /// Newer keys were added to the installation's secrets.
    SecretsRotated,
}

impl Action {
    /// The stable word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AuthorityCreated => "authority.create",
            Self::InstitutionCreated => "institution.create",
            Self::AccountCreated => "account.create",
            Self::AccountChanged => "account.change",
            Self::AccountDeactivated => "account.deactivate",
            Self::AccountsReactivated => "account.reactivate",
            Self::AccountDeleted => "account.delete",
            Self::AccountsMerged => "account.merge",
            Self::AccountsSeparated => "account.separate",
            Self::CredentialsForgotten => "credentials.forget",
            Self::SubjectsChanged => "account.subjects",
            Self::LetterPrinted => "account.print",
            Self::AccountRequested => "account.request",
            Self::RequestDeclined => "account.decline",
            Self::RequestWithdrawn => "request.withdraw",
            Self::AccessRequested => "access.request",
            Self::AccessAnswered => "access.answer",
            Self::PasswordChanged => "account.password",
            Self::PasskeyAdded => "account.passkey_add",
            Self::PasskeyRenamed => "passkey.rename",
            Self::PasskeyRemoved => "account.passkey_remove",
            Self::PasskeyUsed => "passkey.use",
            Self::PasskeyRefused => "account.passkey_refuse",
            Self::PasswordRehashed => "account.rehash",
            Self::CredentialsIssued => "account.issue",
            Self::DecisionsRecorded => "decision.record",
            Self::DecisionsTakenBack => "decision.take_back",
            Self::StaffRightsChanged => "staff_right.change",
            Self::ExemptionRecorded => "exemption.record",
            Self::ExemptionWithdrawn => "exemption.withdraw",
            Self::ImportApplied => "import.apply",
            Self::ImportHeld => "import.hold",
            Self::ImportRefused => "import.refuse",
            Self::ImportRejected => "import.reject",
            Self::ProtectedNameShown => "person.reveal",
            Self::MaterialAdded => "material.add",
            Self::MaterialWithdrawn => "material.withdraw",
            Self::PersonFileMade => "person.file",
            Self::PersonErased => "person.erase",
            Self::SessionsEnded => "account.end_sessions",
            Self::IdentityLinked => "person.link",
            Self::IdentityUntied => "person.untie",
            Self::FlagGiven => "flag.give",
            Self::FlagTaken => "flag.take",
            Self::AffiliationAdded => "affiliation.add",
            Self::AffiliationEnded => "affiliation.end",
            Self::AffiliationConfirmed => "affiliation.confirm",
            Self::UniIdKept => "person.uni_id",
            Self::SourceChanged => "place.source",
            Self::DemoFilled => "demo.fill",
            Self::Restored => "database.restore",
            Self::SecretsRotated => "secrets.rotate",
        }
    }
}
