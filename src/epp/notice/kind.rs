//! Every kind of notice.

use super::Audience;

/// A kind of notice.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its number in the catalogue: 7 for N7.
    pub number: u8,
    /// Its name in listings, in the database and in `notify.disabled_kinds`.
    pub tag: &'static str,
    /// What it is about, as a machine reads it: `TRANSFER`.
    pub topic: &'static str,
    /// What happened to it: `REQUESTED`.
    pub action: &'static str,
    /// The return code the catalogue knows it by.
    pub code: Option<u16>,
    /// What it is sent as.
    pub audience: Audience,
    /// What causes it.
    pub trigger: &'static str,
}

impl Kind {
    /// The kind of that tag.
    #[must_use]
    pub fn parse(tag: &str) -> Option<&'static Self> {
        Self::ALL.iter().copied().find(|kind| kind.tag == tag)
    }
}

/// Makes each kind a constant and lists them all.
macro_rules! kinds {
    ($($name:ident = $number:literal, $tag:literal, $topic:literal $action:literal $code:expr, $audience:ident, $trigger:literal;)*) => {
        $(pub(super) const $name: Kind = Kind {
            number: $number, tag: $tag, topic: $topic, action: $action, code: $code,
            audience: Audience::$audience, trigger: $trigger,
        };)*
        impl Kind {
            /// Every kind, by number.
            pub const ALL: &'static [&'static Self] = &[$(&$name,)*];
        }
    };
}

kinds! {
    HITPOINTS_WARNING = 1, "hitpoints_warning", "HITPOINTS" "WARNING" Some(1000), Machines,
        "the day's points reach a level of `hit.warn_at` for the first time";
    HITPOINTS_REACHED = 2, "hitpoints_reached", "HITPOINTS" "REACHED" Some(1000), Machines,
        "the points reach the limit and the account is blocked";
    UNBLOCKED = 3, "unblocked", "HITPOINTS" "UNBLOCKED" Some(1000), Machines,
        "the registrar or the operator lifts a block";
    WATERMARK = 4, "watermark", "WATERMARK" "REACHED" Some(1000), Machines,
        "the balance falls below a level of `bill.watermarks`, once each time it does";
    EXPECTED_SHORTFALL = 5, "expected_shortfall", "BALANCE" "SHORTFALL_EXPECTED" None, General,
        "`bill.shortfall_days` before a month's end the renewals to come cost more than the balance, once a month";
    OVERDRAWN = 6, "overdrawn", "BALANCE" "OVERDRAWN" Some(1000), Machines,
        "the balance falls below what the account may owe";
    PROTECTED_REACHED = 7, "protected_reached", "PROTECTED" "REACHED" Some(1000), Machines,
        "the last of the day's protected transactions is done";
    ACCESS_LIST_CHANGED = 8, "access_list_changed", "ACCOUNT" "ACCESS_LIST_CHANGED" None, Technical,
        "an address is put on one of the account's lists, for EPP or for the portal, or taken off it";
    EPP_PASSWORD_CHANGED = 8, "epp_password_changed", "ACCOUNT" "EPP_PASSWORD_CHANGED" None, Technical,
        "a user's password for EPP is changed, at login or by the operator";
    POLL_SWITCHED = 8, "poll_switched", "ACCOUNT" "POLL_SWITCHED" None, Technical,
        "the account's poll switch is changed";
    MAINTENANCE = 9, "maintenance", "SERVICE" "MAINTENANCE" None, Technical,
        "the operator announces work on the service";
    MAINTENANCE_ANNOUNCED = 9, "maintenance_announced", "MAINTENANCE" "ANNOUNCED" Some(1000), Machines,
        "the operator announces work on the service with its window";
    MAINTENANCE_CHANGED = 9, "maintenance_changed", "MAINTENANCE" "CHANGED" Some(1000), Machines,
        "the operator changes an announcement";
    MAINTENANCE_CANCELLED = 9, "maintenance_cancelled", "MAINTENANCE" "CANCELLED" Some(1000), Machines,
        "the operator calls work off";
    MAINTENANCE_AHEAD = 9, "maintenance_ahead", "MAINTENANCE" "AHEAD" Some(1000), Machines,
        "work is `maintenance.courtesy_hours` ahead";
    MAINTENANCE_ENDED = 9, "maintenance_ended", "MAINTENANCE" "ENDED" Some(1000), Machines,
        "the window of work is over";
    QUEUE_NEGLECTED = 9, "queue_neglected", "SERVICE" "QUEUE_NEGLECTED" None, Technical,
        "the oldest message was not acknowledged for `poll.unack_reminder_days`";
    NEWSLETTER = 10, "newsletter", "SERVICE" "NEWSLETTER" None, Newsletter, "the operator sends one";
    LEGAL = 10, "legal", "SERVICE" "LEGAL" None, Legal, "the operator sends a legal notice";
    REPORT = 10, "report", "SERVICE" "REPORT" None, Reports, "the operator says that a report is ready";
    ABUSE = 10, "abuse", "SERVICE" "ABUSE" None, Abuse, "the operator tells of abuse";
    WRONG_DATA = 10, "wrong_data", "SERVICE" "WRONG_DATA" None, WrongData,
        "the operator tells of wrong data of holders";
    DOMAIN_CREATED = 11, "domain_created", "DOMAIN" "CREATED" Some(1000), Machines,
        "a registration that was answered with 1001 is done, and the domain is active";
    DOMAIN_CREATED_INACTIVE = 12, "domain_created_inactive", "DOMAIN" "CREATED_INACTIVE" Some(1000), Machines,
        "a registration that was answered with 1001 is done, and the domain is active once its holder proved an identity";
    CREATE_TERMS_EXPIRED = 14, "create_terms_expired", "DOMAIN" "TERMS_EXPIRED" Some(1000), Machines,
        "the holder of a registration did not accept the terms in time";
    CREATE_MODEL_DIFFERS = 15, "create_model_differs", "DOMAIN" "MODEL_DIFFERS" Some(1000), Machines,
        "the registrant of a registration that waits came under the other management model";
    CREATE_CANCELLED = 16, "create_cancelled", "DOMAIN" "CREATE_CANCELLED" Some(1000), Machines,
        "a registration that waits is taken back";
    DOMAIN_ACTIVATED = 17, "domain_activated", "DOMAIN" "ACTIVATED" Some(1000), Machines,
        "the holder of a domain on hold proved an identity";
    VERIFICATION_REQUIRED = 18, "verification_required", "VERIFICATION" "REQUIRED" Some(1505), Machines,
        "the registry asks for the identity of a domain's holder: when it is registered, has another holder, or is picked";
    IDENTITY_PROVEN = 19, "identity_proven", "VERIFICATION" "APPROVED" Some(1000), Machines,
        "the holder of an active domain proved an identity";
    IDENTITY_NOT_PROVEN = 20, "identity_not_proven", "VERIFICATION" "FAILED" Some(1000), Machines,
        "the holder of a domain proved no identity, which is on hold then";
    VERIFICATION_CANCELLED = 20, "verification_cancelled", "VERIFICATION" "CANCELLED" Some(1000), Machines,
        "the registry no longer asks for the identity of a domain's holder";
    DOMAIN_UPDATED = 21, "domain_updated", "DOMAIN" "UPDATED" Some(1000), Machines,
        "the registry brings a domain back that it had deleted";
    CHANGED = 21, "changed", "OBJECT" "CHANGED" Some(1000), Machines,
        "somebody else changes an object, as `change_poll.told` says, and no other notice shows it; also how it was before";
    DNSSEC_CHANGED = 23, "dnssec_changed", "DNSSEC" "CHANGED" Some(1000), Machines,
        "the DNSSEC data of a domain goes with its name servers, which the registry or another registrar changed; or their administrator changes it";
    NAME_SERVERS_CHANGED = 24, "name_servers_changed", "NAME_SERVERS" "CHANGED" Some(1000), Machines,
        "another registrar changes a domain's name servers, with a token or as their administrator";
    REGISTRANT_TERMS_REQUESTED = 25, "registrant_terms_requested", "REGISTRANT" "TERMS_REQUESTED" Some(1001), Machines,
        "a change of registrant waits for the new holder to accept the terms";
    REGISTRANT_IDENTITY_REQUESTED = 26, "registrant_identity_requested", "REGISTRANT" "IDENTITY_REQUESTED" Some(1001), Machines,
        "a change of registrant waits for the new holder's identity";
    REGISTRANT_TERMS_EXPIRED = 27, "registrant_terms_expired", "REGISTRANT" "TERMS_EXPIRED" None, Machines,
        "nobody accepted the terms of a change of registrant in time";
    REGISTRANT_IDENTITY_EXPIRED = 28, "registrant_identity_expired", "REGISTRANT" "IDENTITY_EXPIRED" None, Machines,
        "the new holder's identity was not proven in time";
    REGISTRANT_IDENTITY_REJECTED = 29, "registrant_identity_rejected", "REGISTRANT" "IDENTITY_REJECTED" None, Machines,
        "the registry does not take the proof of the new holder's identity";
    REGISTRANT_CHANGED = 30, "registrant_changed", "REGISTRANT" "CHANGED" Some(1000), Machines,
        "a change of registrant that waited is done";
    REGISTRANT_NOT_CHANGED = 31, "registrant_not_changed", "REGISTRANT" "NOT_CHANGED" None, Machines,
        "a change of registrant is cancelled, or the new holder does not accept the terms";
    TRANSFERRED_IN = 32, "transferred_in", "TRANSFER" "IN" Some(1000), Machines,
        "an object comes to the registrar by a transfer that does not wait";
    TRANSFERRED_AWAY = 33, "transferred_away", "TRANSFER" "AWAY" Some(1000), Machines,
        "an object of the registrar goes to another by a transfer that does not wait";
    TRANSFER_REQUESTED = 34, "transfer_requested", "TRANSFER" "REQUESTED" Some(1001), Machines,
        "another registrar asks for an object of the registrar";
    TRANSFER_APPROVED = 34, "transfer_approved", "TRANSFER" "APPROVED" Some(1000), Machines,
        "the losing registrar agrees to a transfer";
    TRANSFER_AUTO_APPROVED = 34, "transfer_auto_approved", "TRANSFER" "AUTO_APPROVED" Some(1000), Machines,
        "nobody answered a transfer in time; both sides are told";
    TRANSFER_REJECTED = 34, "transfer_rejected", "TRANSFER" "REJECTED" Some(1000), Machines,
        "the losing registrar does not agree to a transfer";
    TRANSFER_CANCELLED = 34, "transfer_cancelled", "TRANSFER" "CANCELLED" Some(1000), Machines,
        "the registrar that asked for a transfer takes that back, or the registry ends it";
    TRANSFER_UNDONE = 35, "transfer_undone", "TRANSFER" "UNDONE" Some(1000), Machines,
        "the registry undoes a transfer; both sides are told";
    CODE_BOUNCED = 36, "code_bounced", "TRANSFER" "BOUNCED" Some(1159), Machines,
        "the mail with a transfer code that the registrar asked for does not arrive";
    TOKEN_ISSUED = 37, "token_issued", "TOKEN" "ISSUED" Some(1000), Machines,
        "the registry makes a token for a domain by its own hand";
    TOKEN_RETRACTED = 37, "token_retracted", "TOKEN" "RETRACTED" Some(1000), Machines,
        "the registry takes a domain's token back";
    TOKEN_EXPIRED = 37, "token_expired", "TOKEN" "EXPIRED" Some(1000), Machines,
        "the time of a domain's token is over, and nobody used it";
    DELETION_SCHEDULED = 38, "deletion_scheduled", "DOMAIN" "DELETION_SCHEDULED" Some(1000), Machines,
        "a delete names a day, or is done later this day";
    DOMAIN_ENDED = 38, "domain_ended", "DOMAIN" "ENDED" Some(1000), Machines,
        "a registration ends and is not renewed: the domain is suspended or deleted";
    DOMAIN_WITHDRAWN = 38, "domain_withdrawn", "DOMAIN" "WITHDRAWN" Some(1000), Machines,
        "the registry deletes a domain";
    RESTORE_REPORT_MISSED = 38, "restore_report_missed", "DOMAIN" "REPORT_MISSED" Some(1000), Machines,
        "the report of a restore does not come in time, and the domain is in redemption again";
    DOMAIN_DELETED = 39, "domain_deleted", "DOMAIN" "DELETED" Some(1000), Machines,
        "the time of a deleted domain is over";
    DOMAIN_HELD = 39, "domain_held", "DOMAIN" "HELD" Some(1000), Machines,
        "a deletion that was scheduled is done: the domain is on hold";
    DOMAIN_PURGED = 39, "domain_purged", "DOMAIN" "PURGED" Some(1000), Machines,
        "a domain is purged that no delete answered with 1001 waits for";
    DELETION_STOPPED = 40, "deletion_stopped", "DOMAIN" "DELETION_STOPPED" Some(1000), Machines,
        "a delete that was answered with 1001 is undone, or the domain restored";
    DOMAIN_RENEWED = 41, "domain_renewed", "DOMAIN" "RENEWED" Some(1000), Machines,
        "a registration ends and the registry renews it";
    HELD = 42, "held", "DOMAIN" "HOLD_SET" Some(1000), Machines,
        "a dispute or a court's order puts a domain on hold";
    HOLD_LIFTED = 42, "hold_lifted", "DOMAIN" "HOLD_LIFTED" Some(1000), Machines,
        "a hold ends";
    VIOLATION = 43, "violation", "DOMAIN" "VIOLATION" Some(1000), Machines,
        "the registry finds that a domain violates the terms";
    NS_REVOKED = 44, "ns_revoked", "DOMAIN" "NS_REVOKED" Some(1000), Machines,
        "the registry takes the place of a domain's name servers";
    NS_RESTORED = 44, "ns_restored", "DOMAIN" "NS_RESTORED" Some(1000), Machines,
        "a domain has its name servers again";
    LOCKED = 45, "locked", "DOMAIN" "LOCKED" Some(1000), Machines,
        "the registry lock is put on";
    UNLOCKED = 45, "unlocked", "DOMAIN" "UNLOCKED" Some(1000), Machines,
        "the registry lock is taken off";
    LOCK_PAUSED = 45, "lock_paused", "DOMAIN" "LOCK_PAUSED" Some(1000), Machines,
        "the registry lock is taken off for a while";
    LOCK_RESUMED = 45, "lock_resumed", "DOMAIN" "LOCK_RESUMED" Some(1000), Machines,
        "a lock that was off for a while is on again";
    OFFER_TAKEN = 46, "offer_taken", "WAITING_LIST" "TAKEN" Some(1000), Machines,
        "a name that is offered to the registrar's contact is registered at another registrar";
    OFFER_LAPSED = 46, "offer_lapsed", "WAITING_LIST" "LAPSED" Some(1000), Machines,
        "the registrar's contact did not accept an offered name, or did not register it, in time";
    OUT_OF_SERVICE = 47, "out_of_service", "DOMAIN" "OUT_OF_SERVICE" Some(1000), Machines,
        "the contract with a domain's registrar ended";
    CONTACT_REMOVED = 55, "contact_removed", "CONTACT" "REMOVED" Some(1000), Machines,
        "a contact that no domain has for long is removed by the rules of `contact.cleanup`";
    APPLICATION_CHANGED = 56, "application_changed", "APPLICATION" "CHANGED" Some(1001), Machines,
        "the registry looked at an application in a launch, and has not decided yet";
    APPLICATION_ALLOCATED = 56, "application_allocated", "APPLICATION" "ALLOCATED" Some(1000), Machines,
        "the registry allocates an application in a launch: the domain is registered";
    APPLICATION_REJECTED = 57, "application_rejected", "APPLICATION" "REJECTED" None, Machines,
        "the registry rejects an application in a launch, or allocates another for its name";
    HOST_CREATED = 56, "host_created", "HOST" "CREATED" Some(1000), Machines,
        "everybody who had to agree to a host did";
    HOST_NOT_CREATED = 57, "host_not_created", "HOST" "NOT_CREATED" Some(1000), Machines,
        "the registrant of the domain above a host, or its administrator, does not agree, or not in time; or the domain goes";
    HOST_ADMIN_REQUESTED = 58, "host_admin_requested", "HOST" "ADMIN_REQUESTED" Some(1001), Machines,
        "a contact of the registrar is to administer a host of another registrar";
    HOST_ADMIN_CHANGED = 58, "host_admin_changed", "HOST" "ADMIN_CHANGED" Some(1000), Machines,
        "the new administrator of a host agrees";
    HOST_ADMIN_NOT_CHANGED = 58, "host_admin_not_changed", "HOST" "ADMIN_NOT_CHANGED" Some(1000), Machines,
        "the new administrator of a host does not agree, or not in time; or the domain above goes";
    HOST_ADMIN_REPLACED = 58, "host_admin_replaced", "HOST" "ADMIN_REPLACED" Some(1000), Machines,
        "a host gets another administrator: its sponsor and the one it had are told, where they did not ask for it";
    HOSTS_DELETED = 59, "hosts_deleted", "HOST" "DELETED" Some(1000), Machines,
        "hosts go with the domain above them; who has them, or domains that use them, is told";
    HOSTS_MARKED = 59, "hosts_marked", "HOST" "MARKED" Some(1000), Machines,
        "hosts are marked for deletion with the domain above them; who has them, or domains that use them, is told";
    HOST_REMOVED = 59, "host_removed", "HOST" "REMOVED" Some(1000), Machines,
        "of a host's sponsor and its administrator one deletes it: the other is told";
}
