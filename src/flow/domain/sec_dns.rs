//! DNSSEC data of a domain (RFC 5910): what a zone takes, and how it changes.
//!
//! Every record is stored as a delegation signer. Where the zone's registrars bring keys, the registry makes it, and
//! the key stands beside it; either can be shown.

use serde_json::json;

use super::{dnskey, info};
use crate::epp::ext::Ext;
use crate::epp::notice::Notice;
use crate::epp::ns::Ns;
use crate::epp::types::{
    DomainName, DsData, KeyData, SecDnsData, SecDnsRecords, SecDnsRemoval, SecDnsUpdate,
};
use crate::flow::zone;
use crate::gate::{Cx, Stop};
use crate::policy::{DnssecInterface, DnssecPolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::domain::DomainRow;
use crate::store::link::HostUser;

/// The records of a create, or of the addition of an update.
///
/// # Errors
/// What the zone does not take of them.
pub(super) fn accept(
    given: &SecDnsData,
    owner: &DomainName,
    policy: &DnssecPolicy,
) -> Result<Vec<DsData>, Refusal> {
    if given.max_sig_life.is_some() {
        return Err(refuse(Reason::MaxSigLifeNotOffered, "maxSigLife", ""));
    }
    check_form(&given.records, policy)?;
    let mut records: Vec<DsData> = Vec::new();
    match &given.records {
        SecDnsRecords::Ds(all) => {
            for ds in all {
                check_ds(ds, owner, policy)?;
                records.push(ds.clone());
            }
        }
        SecDnsRecords::Keys(all) => {
            for key in all {
                check_key(key, policy)?;
                records.push(dnskey::signer(owner, key));
            }
        }
    }
    for (at, ds) in records.iter().enumerate() {
        if records[..at].iter().any(|other| other.is_same(ds)) {
            return Err(on_record(Reason::DuplicateInCommand, ds, policy));
        }
    }
    check_count(records.len(), policy)?;
    Ok(records)
}

/// Whether an update asks for something the registry does not offer, whatever the domain is.
///
/// # Errors
/// [`Reason::UrgentNotOffered`], [`Reason::MaxSigLifeNotOffered`]
pub(super) fn offered(asked: &SecDnsUpdate) -> Result<(), Refusal> {
    if asked.urgent {
        return Err(refuse(Reason::UrgentNotOffered, "update", ""));
    }
    if asked.max_sig_life.is_some() {
        return Err(refuse(Reason::MaxSigLifeNotOffered, "maxSigLife", ""));
    }
    Ok(())
}

/// Changes a domain's records: first what is removed, then what a change of its name servers takes away, then what is
/// added. Says whether the change of name servers took any.
///
/// # Errors
/// What the zone does not take, what is not there and what is there already.
pub(super) async fn change(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    asked: Option<&SecDnsUpdate>,
    servers_changed: bool,
    policy: &DnssecPolicy,
) -> Result<bool, Stop> {
    let flushed = servers_changed && policy.flush_on_ns_change;
    if asked.is_none() && !flushed {
        return Ok(false);
    }
    let rows = cx.tx.ds_of(domain.id).await?;
    let next = rows.last().map_or(0, |row| row.position + 1);
    let mut left: Vec<DsData> = rows.into_iter().map(|row| row.ds).collect();
    match asked.and_then(|asked| asked.rem.as_ref()) {
        None => {}
        Some(SecDnsRemoval::All) => {
            cx.tx.ds_delete_all(domain.id).await?;
            left.clear();
        }
        Some(SecDnsRemoval::Records(records)) => {
            check_form(records, policy)?;
            let named = named(records, &domain.name);
            for (at, ds) in named.iter().enumerate() {
                if named[..at].iter().any(|other| other.is_same(ds)) {
                    return Err(on_record(Reason::DuplicateInCommand, ds, policy).into());
                }
            }
            for named in named {
                let Some(at) = left.iter().position(|ds| ds.is_same(&named)) else {
                    return Err(on_record(Reason::NotThere, &named, policy).into());
                };
                cx.tx.ds_delete(domain.id, &left.remove(at)).await?;
            }
        }
    }
    let mut taken = false;
    if flushed {
        taken = flush(cx, domain.id, &domain.name).await?;
        left.clear();
    }
    let Some(add) = asked.and_then(|asked| asked.add.as_ref()) else { return Ok(taken) };
    let added = accept(add, &domain.name, policy)?;
    if let Some(twice) = added.iter().find(|new| left.iter().any(|ds| ds.is_same(new))) {
        return Err(on_record(Reason::AlreadyThere, twice, policy).into());
    }
    check_count(left.len() + added.len(), policy)?;
    cx.tx.ds_insert(domain.id, &added, next, cx.now).await?;
    Ok(taken)
}

/// The registry itself took a name server off a domain: its records go where the zone says so, and its sponsor is
/// told.
///
/// # Errors
/// Only the database's troubles.
pub(super) async fn server_taken(cx: &mut Cx<'_>, domain: &HostUser) -> Result<(), Stop> {
    let zone = zone::even_off(cx, &domain.name).await?;
    if !zone.is_some_and(|zone| zone.policy.dnssec.flush_on_ns_change)
        || !flush(cx, domain.id, &domain.name).await?
    {
        return Ok(());
    }
    if let Some(row) = cx.tx.domain_by_id(domain.id).await? {
        tell_changed(cx, &row).await?;
    }
    Ok(())
}

/// Tells the sponsor that somebody else changed the records, or took them away with a change of name servers (N23).
///
/// # Errors
/// Only the database's troubles.
pub(super) async fn tell_changed(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<(), Stop> {
    let after = info::as_sponsor(cx, domain).await?;
    cx.notify(&domain.registrar, Notice::DnssecChanged(Box::new(after)));
    Ok(())
}

/// Removes all records because the name servers changed; says whether there were any.
async fn flush(cx: &mut Cx<'_>, domain: i64, name: &DomainName) -> Result<bool, Stop> {
    let gone = cx.tx.ds_delete_all(domain).await?;
    if gone > 0 {
        cx.changed(name.as_str(), json!({ "ds": { "flushed": gone } }));
    }
    Ok(gone > 0)
}

/// What an info shows: keys where the zone takes keys and all records have theirs, else delegation signers.
///
/// # Errors
/// Only the database's troubles.
pub(super) async fn shown(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<Option<SecDnsRecords>, Stop> {
    let records: Vec<DsData> = cx.tx.ds_of(domain.id).await?.into_iter().map(|row| row.ds).collect();
    if records.is_empty() {
        return Ok(None);
    }
    let zone = zone::even_off(cx, &domain.name).await?;
    let by_key = zone.is_some_and(|zone| zone.policy.dnssec.interface == DnssecInterface::Key);
    let keys: Option<Vec<KeyData>> = records.iter().map(|ds| ds.key.clone()).collect();
    Ok(Some(match keys {
        Some(keys) if by_key => SecDnsRecords::Keys(keys),
        _ => SecDnsRecords::Ds(records),
    }))
}

/// For the audit row: what a command brings or takes, in few words.
pub(super) fn told(records: &SecDnsRecords) -> serde_json::Value {
    match records {
        SecDnsRecords::Ds(all) => {
            all.iter().map(|ds| json!([ds.key_tag, ds.alg, ds.digest_type, ds.digest])).collect()
        }
        SecDnsRecords::Keys(all) => {
            all.iter().map(|key| json!([key.flags, key.protocol, key.alg, key.pub_key])).collect()
        }
    }
}

/// The records a removal names.
fn named(records: &SecDnsRecords, owner: &DomainName) -> Vec<DsData> {
    match records {
        SecDnsRecords::Ds(all) => all.clone(),
        SecDnsRecords::Keys(all) => all.iter().map(|key| dnskey::signer(owner, key)).collect(),
    }
}

fn check_form(records: &SecDnsRecords, policy: &DnssecPolicy) -> Result<(), Refusal> {
    let (given, element) = match records {
        SecDnsRecords::Ds(_) => (DnssecInterface::Ds, "dsData"),
        SecDnsRecords::Keys(_) => (DnssecInterface::Key, "keyData"),
    };
    let taken = match policy.interface {
        DnssecInterface::Ds => "it takes dsData",
        DnssecInterface::Key => "it takes keyData",
    };
    if given == policy.interface {
        Ok(())
    } else {
        Err(refuse(Reason::DnssecForm, element, "").detail(taken))
    }
}

fn check_ds(ds: &DsData, owner: &DomainName, policy: &DnssecPolicy) -> Result<(), Refusal> {
    check_alg(ds.alg, policy)?;
    if !policy.digests.contains(&ds.digest_type) {
        return Err(refuse(Reason::DigestTypeNotAccepted, "digestType", ds.digest_type.to_string())
            .detail(listed(&policy.digests)));
    }
    if dnskey::digest_len(ds.digest_type).is_some_and(|octets| octets * 2 != ds.digest.len()) {
        return Err(refuse(Reason::DigestLength, "digest", ds.digest.as_str()));
    }
    let Some(key) = &ds.key else { return Ok(()) };
    check_key(key, policy)?;
    if dnskey::is_signer_of(owner, ds, key) {
        return Ok(());
    }
    Err(on_record(Reason::DigestOfAnotherKey, ds, policy))
}

fn check_key(key: &KeyData, policy: &DnssecPolicy) -> Result<(), Refusal> {
    if !policy.key_flags.contains(&key.flags) {
        return Err(refuse(Reason::KeyFlagsNotAccepted, "flags", key.flags.to_string())
            .detail(listed(&policy.key_flags)));
    }
    // RFC 4034 section 2.1.2: no other value was ever used.
    if key.protocol != 3 {
        return Err(refuse(Reason::KeyProtocol, "protocol", key.protocol.to_string()));
    }
    check_alg(key.alg, policy)?;
    if dnskey::length_fits(key) {
        return Ok(());
    }
    Err(refuse(Reason::KeyLength, "pubKey", ""))
}

fn check_alg(alg: u8, policy: &DnssecPolicy) -> Result<(), Refusal> {
    if policy.algs.contains(&alg) {
        return Ok(());
    }
    Err(refuse(Reason::AlgorithmNotAccepted, "alg", alg.to_string()).detail(listed(&policy.algs)))
}

fn check_count(count: usize, policy: &DnssecPolicy) -> Result<(), Refusal> {
    if count <= policy.max_records {
        return Ok(());
    }
    Err(Refusal::new(Reason::TooManyDsRecords).detail(format!("{} at most", policy.max_records)))
}

/// `it takes 8, 13`
fn listed<T: std::fmt::Display>(values: &[T]) -> String {
    let values: Vec<_> = values.iter().map(ToString::to_string).collect();
    format!("it takes {}", values.join(", "))
}

/// A refusal that names the record by the field that tells records apart, in the form the zone takes.
fn on_record(reason: Reason, ds: &DsData, policy: &DnssecPolicy) -> Refusal {
    match (&ds.key, policy.interface) {
        (Some(key), DnssecInterface::Key) => refuse(reason, "pubKey", key.pub_key.as_str()),
        _ => refuse(reason, "digest", ds.digest.as_str()),
    }
}

fn refuse(reason: Reason, element: &'static str, text: impl Into<String>) -> Refusal {
    Refusal::new(reason).on(Ns::Ext(Ext::SecDns), element, text)
}
