//! From where a connection or a command may come, and the log of those that may not.
//!
//! Refused addresses are added up in memory and written together every few seconds, by the hour and the door, so that
//! whoever is turned away a thousand times costs one row and no write of its own. Of more than [`MOST`] addresses in one
//! hour the further ones are written as `others`. A server that is killed loses the last few seconds of it.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::contract::Session;
use super::{Gate, internal};
use crate::clock::Ts;
use crate::policy::AclMoment;
use crate::refusal::{Reason, Refusal};
use crate::store::StoreError;
use crate::store::audit::AuditRow;
use crate::store::refused::RefusedAddress;

/// Addresses of one hour that are told apart.
const MOST: usize = 1000;

/// All further ones.
const OTHERS: &str = "others";

/// What was turned away and is not written yet.
#[derive(Debug, Default)]
pub(super) struct TurnedAway {
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    hour: Ts,
    known: HashSet<String>,
    waiting: HashMap<(String, Ts, &'static str), (i64, Ts)>,
    /// What was turned away for the first time in its hour, and is not noted yet.
    new: Vec<(String, &'static str)>,
    noted: HashSet<(String, &'static str)>,
}

impl TurnedAway {
    fn note(&self, address: IpAddr, door: &'static str, now: Ts) {
        const HOUR: i64 = 3600 * Ts::SECOND;
        let hour = Ts(now.0.div_euclid(HOUR) * HOUR);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.hour != hour {
            seen.hour = hour;
            seen.known.clear();
            seen.noted.clear();
        }
        let mut address = address.to_string();
        if !seen.known.contains(&address) {
            if seen.known.len() < MOST {
                seen.known.insert(address.clone());
            } else {
                address = OTHERS.to_owned();
            }
        }
        if seen.noted.insert((address.clone(), door)) {
            seen.new.push((address.clone(), door));
        }
        let (count, last_at) = seen.waiting.entry((address, hour, door)).or_default();
        *count += 1;
        *last_at = now;
    }

    /// What is to be written: every row, and what is in the audit trail for the first time in its hour.
    fn take(&self) -> (Vec<RefusedAddress>, Vec<(String, &'static str)>) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let row = |((address, hour, door), (count, last_at)): ((String, Ts, &'static str), (i64, Ts))| {
            RefusedAddress { address, hour, door: door.to_owned(), count, last_at }
        };
        let mut rows: Vec<_> = seen.waiting.drain().map(row).collect();
        // Two servers that write the same rows take them in one order.
        rows.sort_by(|a, b| (&a.address, a.hour, &a.door).cmp(&(&b.address, b.hour, &b.door)));
        (rows, std::mem::take(&mut seen.new))
    }
}

impl Gate {
    /// Whether a connection from there is worth a TLS handshake: where the profile says so, an address that no
    /// account lists is turned away before it (S28, S29).
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn admits(&self, address: IpAddr) -> Result<bool, StoreError> {
        if !self.profile().account.epp_acl.check_at.contains(&AclMoment::Accept) {
            return Ok(true);
        }
        let now = self.clock().now();
        let listed = self.db().read(move |tx| Box::pin(tx.address_listed_by_any(address, now))).await?;
        if !listed {
            self.0.turned_away.note(address, "accept", now);
        }
        Ok(listed)
    }

    /// Where the profile says so, an address that was taken off the list is refused in live sessions as well.
    pub(super) async fn check_address(&self, session: &Session, svtrid: &str) -> Result<(), Refusal> {
        let Some(actor) = session.actor.clone() else { return Ok(()) };
        // Most registries ask at login only; then this costs no statement.
        if !self.policies().accounts().any(|rules| rules.epp_acl.check_at.contains(&AclMoment::Command)) {
            return Ok(());
        }
        let (gate, address, now) = (self.clone(), session.peer.address, self.clock().now());
        let listed = self
            .db()
            .read(move |tx| {
                Box::pin(async move {
                    let facts = tx.account_facts(&actor.registrar, &actor.user).await?;
                    let rules = gate.account_rules(facts.and_then(|facts| facts.profile).as_deref())?;
                    let acl = &rules.epp_acl;
                    Ok(!acl.check_at.contains(&AclMoment::Command)
                        || tx.address_allowed(&actor.registrar, address, acl.empty_means, now).await?)
                })
            })
            .await
            .map_err(|cause| internal(&cause, "gate", svtrid))?;
        if listed {
            return Ok(());
        }
        self.0.turned_away.note(address, "command", now);
        Err(Reason::AddressNotAllowed.into())
    }

    /// Notes that a login was refused for where it came from.
    pub(crate) fn login_turned_away(&self, address: IpAddr) {
        self.0.turned_away.note(address, "login", self.clock().now());
    }

    /// The audit row of an address, of which there is one in an hour for each door.
    fn turned_away(&self, address: String, door: &'static str, now: Ts) -> AuditRow {
        let reason = Reason::AddressNotAllowed;
        AuditRow {
            id: self.ids().next(),
            at: now,
            registrar: String::new(),
            user: String::new(),
            source: "epp".to_owned(),
            command: door.to_owned(),
            object: address,
            code: i64::from(reason.code()),
            reason: reason.tag().to_owned(),
            cltrid: None,
            svtrid: self.ids().svtrid(),
            detail: "{}".to_owned(),
        }
    }

    /// Writes down which addresses were turned away since the last time.
    ///
    /// # Errors
    /// When it could not be written; what was to be written is then lost.
    pub async fn write_turned_away(&self) -> Result<(), StoreError> {
        let (rows, new) = self.0.turned_away.take();
        if rows.is_empty() {
            return Ok(());
        }
        let now = self.clock().now();
        let notes: Vec<_> =
            new.into_iter().map(|(address, door)| self.turned_away(address, door, now)).collect();
        let work = Arc::new((rows, notes));
        self.db()
            .write(move |tx| {
                let work = Arc::clone(&work);
                Box::pin(async move {
                    let (rows, notes) = &*work;
                    tx.refused_add(rows, now).await?;
                    for note in notes {
                        tx.audit_insert(note).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_addresses_stays_within_bounds() {
        let log = TurnedAway::default();
        let address = |n: u32| IpAddr::from((0x0a00_0000 + n).to_be_bytes());
        for n in 0..3000 {
            log.note(address(n), "accept", Ts(1));
        }
        log.note(address(1), "accept", Ts(7));
        let (rows, new) = log.take();
        assert_eq!(new.len(), MOST + 1);
        assert_eq!(rows.len(), MOST + 1);
        let of = |name: &str| rows.iter().find(|row| row.address == name).map(|row| (row.count, row.last_at));
        assert_eq!((of("10.0.0.1"), of(OTHERS)), (Some((2, Ts(7))), Some((2000, Ts(1)))));
        // The bound is the hour's, not that of one write; the next hour begins anew.
        log.note(address(5000), "accept", Ts(9));
        assert_eq!(log.take().0[0].address, OTHERS);
        log.note(address(5000), "accept", Ts(3601 * Ts::SECOND));
        assert_eq!(log.take().0[0].address, address(5000).to_string());
    }
}
