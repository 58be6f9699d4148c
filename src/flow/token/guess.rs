//! Guessing: a registrar may try so many wrong codes on one object in a day. What was tried is counted by the gate when
//! it writes the refusal; here the count is asked before anything is compared, so that a right guess beyond it opens
//! nothing.

use std::fmt;

use crate::clock::Ts;
use crate::epp::ext::Ext;
use crate::epp::ns::Ns;
use crate::epp::types::{ContactId, DomainName, RegistrarId};
use crate::gate::{Cx, Stop};
use crate::refusal::{Reason, Refusal};
use crate::store::{StoreError, Tx};

/// What somebody may try to open.
#[derive(Clone, Copy, Debug)]
pub enum Guarded<'a> {
    /// A domain.
    Domain(&'a DomainName),
    /// A contact.
    Contact(&'a ContactId),
    /// A domain, with an allocation token.
    Allocation(&'a DomainName),
}

impl fmt::Display for Guarded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Domain(name) | Self::Allocation(name) => write!(f, "domain:{name}"),
            Self::Contact(id) => write!(f, "contact:{}", id.key()),
        }
    }
}

/// Refuses to compare where too many wrong codes were tried today.
///
/// # Errors
/// [`Reason::TooManyWrongCodes`], or the database's trouble.
pub async fn unguessed(cx: &mut Cx<'_>, what: Guarded<'_>, max_per_day: i64) -> Result<(), Stop> {
    if max_per_day == 0 {
        return Ok(());
    }
    let tried = cx.tx.wrong_codes(&what.to_string(), cx.registrar(), day(cx.now)).await?;
    if tried < max_per_day {
        return Ok(());
    }
    let (ns, element) = match what {
        Guarded::Domain(_) => (Ns::Domain, "authInfo"),
        Guarded::Contact(_) => (Ns::Contact, "authInfo"),
        Guarded::Allocation(_) => (Ns::Ext(Ext::AllocationToken), "allocationToken"),
    };
    let refusal = Refusal::new(Reason::TooManyWrongCodes).on(ns, element, "");
    Err(refusal.detail("try again from the next midnight UTC on").into())
}

/// Counts a refusal that was for a wrong code. The command (`domain:info`) says what kind of object it was.
///
/// # Errors
/// [`StoreError`]
pub(crate) async fn count(
    tx: &mut Tx,
    by: &RegistrarId,
    (command, object): (&str, &str),
    refusal: &Refusal,
    now: Ts,
) -> Result<(), StoreError> {
    if !matches!(refusal.reason, Reason::WrongAuthInfo | Reason::AllocationTokenWrong) {
        return Ok(());
    }
    let Some((kind, _)) = command.split_once(':') else { return Ok(()) };
    tx.wrong_code_tried(&format!("{kind}:{}", object.to_lowercase()), by, day(now)).await
}

/// The day of a moment: days since 1970, UTC.
pub(crate) const fn day(at: Ts) -> i64 {
    at.0.div_euclid(Ts::DAY)
}
