//! Values that cannot be wrong: once one of these exists, nothing checks it again.

mod addl_email;
mod change;
pub mod country;
pub mod email;
mod fee;
mod launch;
mod login_sec;
mod maintenance;
mod management;
mod name;
mod rgp;
mod sec_dns;
mod status;
mod token;
mod ttl;
mod value;

pub use addl_email::AddlEmail;
pub use change::{CaseId, CaseKind, ChangeData, ChangeOperation, Grounds};
pub use fee::{
    FeeAmount, FeeAnswer, FeeCheck, FeeChecked, FeeCommand, FeeGiven, FeeLine, FeeQuoted, FeeTaken, FeeVerb,
};
pub use launch::{
    ApplicationStatus, Applied, CLEARINGHOUSE, CheckForm, Claimed, ClaimsChecked, ClaimsNotice, LaunchCheck,
    LaunchCreate, LaunchData, LaunchId, LaunchInfo, LaunchObject, LaunchPhaseName, LaunchStatus, Launching,
    MarkCode, PhaseKind, Proof,
};
pub use login_sec::{EventKind, EventLevel, LoginSec, SENTINEL, SecurityEvent, UserAgent};
pub use maintenance::{
    Maintenance, MaintenanceEnvironment, MaintenanceImpact, MaintenancePoll, MaintenanceSystem,
    MaintenanceText,
};
pub use management::Management;
pub use name::{DomainName, NameFault};
pub use rgp::{ReportText, Restore, RestoreReport, RgpStatus};
pub use sec_dns::{DsData, KeyData, SecDnsData, SecDnsRecords, SecDnsRemoval, SecDnsUpdate};
pub use status::{ContactStatus, DomainStatus, HostStatus, Note, Status, StatusSet};
pub use token::{TokenOperation, TokenRole};
pub use ttl::{RecordType, Ttl, TtlShown, TtlView};
pub use value::{
    AuthInfo, ClTrid, ContactId, Disclose, DiscloseField, Fault, HostAddr, HostAddrs, Lang, Period,
    PeriodUnit, Phone, Postal, PostalForm, PostalInfo, RegistrarId, RoId, Secret,
};
