//! What a registrar can be told when a command is not done: one closed list of reasons, each with its EPP code
//! (RFC 5730 section 3) and a text that says what to do about it.
//!
//! The element at fault goes into `<value>`, the text into `<reason>` of the same `<extValue>`. Nothing internal
//! and no secret is ever part of a refusal; what went wrong inside the server is logged by the gate and
//! answered as [`Reason::Internal`].

use std::borrow::Cow;
use std::fmt;

use crate::epp::ns::Ns;
use crate::epp::types::SecurityEvent;

/// The element that is at fault, as the reply's `<value>` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offender {
    /// Namespace URI; empty for an element in no namespace.
    pub uri: Cow<'static, str>,
    /// Local name.
    pub name: Cow<'static, str>,
    /// Its text, empty where the text is a secret.
    pub text: String,
}

impl Offender {
    /// An element of a known namespace.
    #[must_use]
    pub fn new(ns: Ns, name: &'static str, text: impl Into<String>) -> Self {
        Self { uri: Cow::Borrowed(ns.uri()), name: Cow::Borrowed(name), text: text.into() }
    }
}

/// A command that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// The element at fault.
    pub at: Option<Box<Offender>>,
    /// What the general text cannot say, such as a time or a limit.
    pub detail: Option<Cow<'static, str>>,
    /// The code the registry's rules answer this reason by, where it is another than the usual one.
    pub code: Option<u16>,
    /// What the client of a login that failed should know about its security all the same.
    pub events: Vec<SecurityEvent>,
}

impl Refusal {
    /// A refusal for that reason.
    #[must_use]
    pub fn new(reason: Reason) -> Self {
        Self { reason, at: None, detail: None, code: None, events: Vec::new() }
    }

    /// Names the element at fault.
    #[must_use]
    pub fn at(mut self, offender: Offender) -> Self {
        self.at = Some(Box::new(offender));
        self
    }

    /// Names the element at fault by its parts.
    #[must_use]
    pub fn on(self, ns: Ns, name: &'static str, text: impl Into<String>) -> Self {
        self.at(Offender::new(ns, name, text))
    }

    /// Adds what the general text cannot say.
    #[must_use]
    pub fn detail(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(text.into());
        self
    }

    /// Answers it by another code than the reason's own.
    #[must_use]
    pub fn coded(mut self, code: u16) -> Self {
        self.code = Some(code);
        self
    }

    /// Adds what the client of a login should know about its security.
    #[must_use]
    pub fn telling(mut self, events: Vec<SecurityEvent>) -> Self {
        self.events = events;
        self
    }

    /// The EPP result code.
    #[must_use]
    pub fn code(&self) -> u16 {
        self.code.unwrap_or(self.reason.code())
    }

    /// The text of `<reason>`.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.detail {
            None => self.reason.text().to_owned(),
            Some(detail) => format!("{}: {detail}", self.reason.text()),
        }
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self::new(reason)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code(), self.text())
    }
}

/// Makes the enum and its three views from one table.
macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal $text:literal;)*) => {
        /// Why a command is refused. The variant's name is the stable tag that policies and logs use.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Reason { $($(#[$doc])* #[doc = concat!("Code ", stringify!($code), ": ", $text)] $name,)* }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The EPP result code (RFC 5730 section 3).
            #[must_use]
            pub const fn code(self) -> u16 { match self { $(Self::$name => $code,)* } }

            /// What to tell the registrar.
            #[must_use]
            pub const fn text(self) -> &'static str { match self { $(Self::$name => $text,)* } }

            /// The stable tag.
            #[must_use]
            pub const fn tag(self) -> &'static str { match self { $(Self::$name => stringify!($name),)* } }
        }
    };
}

reasons! {
    // 2000-2005: the frame and its values
    UnknownCommand = 2000 "this server knows no such command";
    NotWellFormed = 2001 "the frame is not well-formed XML";
    XmlLimit = 2001 "the frame is larger or deeper than this server reads";
    DoctypeRefused = 2001 "a document type declaration is not accepted";
    NotSchemaValid = 2001 "the frame does not follow the schema";
    UnexpectedElement = 2001 "this element is not allowed here";
    MissingElement = 2001 "a required element is missing";
    BadValue = 2001 "the value does not follow the schema";
    TokenKeyword = 2001 "this word makes no token; a token is made by";
    NotLoggedIn = 2002 "log in first";
    ExtensionMisplaced = 2002 "the extension does not belong to this command";
    ExtensionTwice = 2002 "the extension is there twice";
    AlreadyLoggedIn = 2002 "this session is logged in already";
    OneTokenOnly = 2002 "a domain has one token at a time: ask for one of the two";
    AuthInfoMissing = 2003 "authorization information is required";
    AddressMissing = 2003 "a host below a domain of this registry needs at least one address";
    RegistrantMissing = 2003 "a registrant is required";
    TermsMissing = 2003 "say when the holder accepted the terms";
    ContactMissing = 2003 "a contact of this type is required";
    PostalIncomplete = 2003 "a postal form that is new needs a name and an address";
    MessageIdMissing = 2003 "name the message to acknowledge in msgID";
    ClTridMissing = 2003 "this registry asks for a clTRID with this command";
    ContactTypeMissing = 2003 "a contact of a domain needs a type: admin, billing or tech";
    TtlTypeMissing = 2003 "the TTL of a custom record type names the type in its attribute custom";
    LoginSecMissing = 2003 "the password is to stand in the extension, and does not";
    RestoreReportMissing = 2003 "a restore report is required";
    FeeMissing = 2003 "this takes a fee that the command has to agree to";
    LaunchPhaseMissing = 2003 "name the launch phase of the registration";
    ProofMissing = 2003 "the phase asks for a proof of a trademark";
    ClaimsNoticeMissing = 2003 "the name has claims; bring the notice that the holder accepted";
    NothingToUpdate = 2003 "an update needs at least one of add, rem and chg with something in it";
    PeriodOutOfRange = 2004 "the period is outside what this registry accepts";
    PeriodUnit = 2004 "this registry counts periods in years";
    ExpiryTooFar = 2004 "the registration would run longer than this registry allows";
    TermsMoment = 2004 "the terms were accepted at no time that this registry takes";
    FeeTooLow = 2004 "the fee is less than what it costs";
    FeeCurrency = 2004 "fees of this account are in another currency";
    FeePhase = 2004 "no zone here has fees of that phase";
    FeeCommandUnknown = 2004 "no fee is known for that command";
    TooManyFeeCommands = 2004 "too many commands in one check of fees";
    TooManyNames = 2004 "too many names in one check";
    RestoreReportTime = 2004 "delTime of the report is not when the domain was deleted";
    AddressNotPublic = 2004 "the address is not one that can serve on the public internet";
    TtlOutOfRange = 2004 "the TTL is outside what this registry takes";
    KeyProtocol = 2004 "the protocol of a key is 3";
    NameTooLong = 2005 "the name is longer than any can be";
    BadName = 2005 "the name is not a valid host name";
    BadAddress = 2005 "the text is not an address of the stated kind";
    DigestLength = 2005 "the digest does not have the length of its type";
    SignedMarkForm = 2005 "this is no signed mark";
    KeyLength = 2005 "the public key does not have the length of its algorithm";
    BadEmail = 2005 "the text is not an e-mail address";
    BadCountry = 2005 "the text is not an ISO 3166-1 country code";
    CharNotAccepted = 2005 "a character is not one this registry writes addresses with";
    MessageIdUnknown = 2005 "no message of the queue has this identifier";
    NotAscii = 2005 "the internationalised form is written in ASCII characters";
    // 2100-2106: what is not offered, and eligibility
    BadVersion = 2100 "this server speaks EPP version 1.0";
    NotForThisObject = 2101 "this command does not exist for this kind of object";
    NotOffered = 2101 "this registry does not offer the command";
    OpNotOffered = 2102 "this registry has no transfer command of that kind for the domain";
    LanguageNotOffered = 2102 "this server does not speak that language";
    UrgentNotOffered = 2102 "urgent changes are not offered";
    MaxSigLifeNotOffered = 2102 "the lifetime of signatures cannot be chosen here";
    RenameNotOffered = 2102 "this registry does not give hosts other names";
    AuthInfoForm = 2102 "authorization information is accepted as a password only";
    NoApplications = 2102 "this zone takes no applications";
    RestoreRequestNotTaken = 2102 "this zone takes the report of a restore alone, without a request";
    ExtensionUnknown = 2103 "this server does not know the extension";
    ExtensionNotDeclared = 2103 "the extension was not named at login";
    FundsShort = 2104 "the account has too few funds for it; pay in first";
    NotRenewableYet = 2105 "the registration can be renewed only shortly before it ends";
    NotRenewableAnyMore = 2105 "the registration has ended and can no longer be renewed";
    OwnObject = 2106 "the object is sponsored by this registrar already";
    TooNewForTransfer = 2106 "the domain was created or transferred too recently to be transferred";
    // 2200-2202: who may
    BadCredentials = 2200 "the identifier, the password or the certificate does not fit";
    LoginThrottled = 2200 "the identifier, the password or the certificate does not fit";
    LoginSecUnasked = 2200 "the extension has a password where the login itself does not say [LOGIN-SECURITY]";
    PasswordExpired = 2200 "the password is too old; log in with a new one beside it";
    AddressNotAllowed = 2200 "this registrar does not list the address of this connection";
    PollOff = 2201 "poll is switched off for this account; what happens is told by mail";
    RoleMissing = 2201 "this user does not have the meta-role for it";
    FirstAddressByRegistry = 2201 "the registry makes the first entry of the list";
    NotSponsor = 2201 "only the sponsoring registrar may do this";
    NotRequester = 2201 "only the registrar that asked for the transfer may do this";
    NotPartyToTransfer = 2201 "only the two registrars of the transfer may see it";
    ContactNotOwn = 2201 "both holders must be contacts of this registrar";
    SuperordinateNotOwn = 2201 "the domain above this host is sponsored by another registrar";
    RegistrantManages = 2201 "the registrant manages the object";
    AllocationTokenMissing = 2201 "the name is kept back for who has its allocation token";
    AllocationTokenWrong = 2201 "the allocation token does not fit";
    AllocationTokenNotShown = 2201 "only the sponsoring registrar may ask for the allocation token";
    NotNsAdmin = 2201 "only the administrator of the name server may do this";
    NotAsked = 2201 "the administrator that was asked answers for itself";
    NameOffered = 2202 "the name is offered on the waiting list; its token is needed as the password";
    WrongAuthInfo = 2202 "the authorization information does not fit";
    // 2300-2308: state and policy of objects
    TransferPending = 2300 "a transfer is under way already";
    NoTransferPending = 2301 "no transfer is under way";
    NoTransferKnown = 2301 "the object was never transferred";
    Exists = 2302 "the object exists";
    VariantTaken = 2302 "a variant of the name is registered";
    NotFound = 2303 "no such object";
    NoSuchContact = 2303 "no such contact";
    NoSuchHost = 2303 "no such host";
    NoAllocationToken = 2303 "no allocation token is kept for the object; a token is kept so that nobody can read it";
    NoBalance = 2303 "the account has no balance";
    NoSuchMaintenance = 2303 "no such work on the service is announced";
    NoSuperordinate = 2303 "the domain above this host is not registered";
    NoSuchMessage = 2303 "no such message in the queue";
    AddressNotListed = 2303 "the list does not have that address";
    NoSuchApplication = 2303 "no such application for the name";
    FundsNotShort = 2304 "nothing of the account waits for funds";
    NotBlocked = 2304 "the account is not blocked";
    StatusProhibits = 2304 "a status of the object prohibits the command";
    SuperordinateStatus = 2304 "a status of the domain above this host prohibits the command";
    DeletionScheduled = 2304 "the domain is to be deleted already; ask for the day to be replaced";
    NoDeletionScheduled = 2304 "no deletion of the domain is scheduled";
    NotOnHold = 2304 "the domain is not in the time after its deletion in which it can be brought back";
    RestorePending = 2304 "a restore of the domain was asked for already; send its report";
    RestoreNotRequested = 2304 "no restore of the domain was asked for; ask first, then report";
    ApplicationDecided = 2304 "the application was decided";
    NameServerMarked = 2304 "the host is marked for deletion and takes no new domain";
    NameServerAwaited = 2304 "the host is not created yet and takes no domain";
    NothingToAnswer = 2304 "no administrator of this host is asked for";
    Linked = 2305 "the object is in use by other objects";
    HasSubordinates = 2305 "hosts below this domain exist";
    SubordinatesServe = 2305 "hosts below this domain serve other domains";
    LinkedElsewhere = 2305 "objects of other registrars use this host";
    ManagementDiffers = 2305 "the registrant is managed otherwise than the domain";
    ManagementNotOffered = 2306 "objects are not managed that way here";
    NsAdminNotOffered = 2306 "name servers have no administrator of their own here";
    ContactsNotTaken = 2306 "a domain that its registrar manages has no contact beside the registrant";
    NotOurZone = 2306 "the name is not directly below a zone of this registry";
    ZoneOff = 2306 "the zone takes no commands now";
    WrongLaunchPhase = 2306 "the launch phase is not one that holds now";
    OtherLaunchPhase = 2306 "the name belongs to another launch phase, or to none";
    NoLaunchPhase = 2306 "the zone takes no registrations now";
    NotInLaunchPhase = 2306 "the name cannot be had in this launch phase";
    LaunchObjectType = 2306 "the launch phase makes objects of the other type";
    ProofNotTaken = 2306 "the launch phase takes no proof of that kind";
    TooManyMarks = 2306 "too many marks for one name";
    MarkNotOfName = 2306 "the mark does not match the name";
    SignedMarkRefused = 2306 "the signed mark is not accepted";
    SignedMarkRevoked = 2306 "the signed mark is revoked";
    ClaimsNotTaken = 2306 "the launch phase takes no claims notice";
    ClaimsNoticeWrong = 2306 "the claims notice is not one for this name";
    ClaimsNoticeOver = 2306 "the claims notice is over";
    ClaimsAcceptance = 2306 "the acceptance of the claims notice is not of a time that is taken";
    NotOfApplication = 2306 "an application does not have that";
    NameReserved = 2306 "the name cannot be registered";
    NameBlocked = 2306 "the name is blocked";
    ClassUnpriced = 2306 "the price of this name is not set yet";
    NameNotPermitted = 2306 "the name has characters, a length or a form that this zone does not accept";
    WrongExpiryDate = 2306 "curExpDate is not the day the registration ends";
    RegistrantNotAlone = 2306 "a change of registrant stands alone in its command";
    RegistrantOfVariants = 2306 "variants of the name are registered; they have one registrant, which changes with none alone";
    RegistrantByTransfer = 2306 "the registrant changes by a transfer only";
    RestoreNotAlone = 2306 "a restore stands alone in its command";
    DeleteDayNotTaken = 2306 "the zone takes no day of deletion";
    StatusNotSettable = 2306 "a client cannot set this status";
    BadUrl = 2306 "this address of a page is not taken";
    AlreadyThere = 2306 "what is to be added is there already";
    NotThere = 2306 "what is to be removed is not there";
    TooFewNameServers = 2306 "the zone asks for more name servers";
    TooManyNameServers = 2306 "the zone accepts fewer name servers";
    TooManyContacts = 2306 "the zone accepts fewer contacts of this type";
    ContactRoleNotUsed = 2306 "the zone has no contacts of this type";
    TooManyAddresses = 2306 "the registry accepts fewer addresses for a host";
    AddressUnfit = 2306 "the list does not take that address";
    AddressListFull = 2306 "the list is full";
    AddressLocksOut = 2306 "the change would lock the account out; the registry can do it";
    PostalFormNotTaken = 2306 "the registry takes this postal information in the other form";
    HostModel = 2306 "the zone takes name servers in the other form";
    AddressNotAccepted = 2306 "a host outside the zones of this registry takes no address";
    AddressNeeded = 2306 "a host below a domain of this registry keeps at least one address";
    DnssecForm = 2306 "the zone takes DNSSEC data in the other form";
    AlgorithmNotAccepted = 2306 "the zone does not accept the algorithm";
    DigestTypeNotAccepted = 2306 "the zone does not accept the digest type";
    KeyFlagsNotAccepted = 2306 "the zone does not accept keys with these flags";
    DigestOfAnotherKey = 2306 "the key tag, the algorithm or the digest is not that of the key";
    TooManyDsRecords = 2306 "the zone accepts fewer DNSSEC records";
    NameServerNotUsable = 2306 "a host below that domain can serve only with an address";
    PasswordPolicy = 2306 "the new password does not follow the password rules";
    TtlTypeNotTaken = 2306 "the TTL of this record type cannot be chosen";
    TtlNoRecord = 2306 "this registry publishes no such record of the object";
    AuthInfoPolicy = 2306 "the authorization information does not follow the rules";
    DuplicateInCommand = 2306 "the same thing is named twice";
    NothingAnew = 2306 "a transfer in this zone takes contacts and name servers as they are";
    CheckFormNotOffered = 2307 "this form of the check is not offered";
    ObjectUnknown = 2307 "this server does not know the object";
    ObjectNotDeclared = 2307 "the object was not named at login";
    CodeNotPossible = 2308 "the domain cannot be transferred as it is, so there is no code for it";
    TooManyCodeMails = 2308 "the code was mailed as often as it can be";
    TooManyWrongCodes = 2308 "too many wrong codes for this object today";
    AccountBlocked = 2308 "the account is blocked because of faulty commands";
    SelfUnlocksUsed = 2308 "the account used up its own unlocks of this calendar month; pay in, or ask the registry";
    SelfUnblocksUsed = 2308 "the account used up its own unblocks of this calendar month; ask the registry";
    DisclosePolicy = 2308 "the disclosure preference does not fit the announced data collection policy";
    RateLimited = 2308 "too many commands of this kind in a short time";
    ProtectedLimit = 2308 "the account used up the transactions of this day";
    // 2400-2502: the server and the session
    Internal = 2400 "the command was not done; nothing was changed";
    AccountClosed = 2501 "the account or the user was switched off";
    TooManyFailures = 2501 "too many failed logins";
    RateLimitedEnd = 2502 "too many commands of this kind in a short time, and the last of this session";
    TooManySessions = 2502 "too many sessions; close one and try again";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_code_of_the_standard_and_a_text() {
        let mut tags: Vec<_> = Reason::ALL.iter().map(|r| r.tag()).collect();
        tags.sort_unstable();
        tags.dedup();
        assert_eq!(tags.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            assert!((2000..=2502).contains(&reason.code()), "{reason:?}");
            assert!(reason.text().len() > 10, "{reason:?}");
        }
    }
}
