//! A change of an application (RFC 8334 section 3.4): what it asks for then is judged anew as a whole.

use serde_json::json;

use super::application::{Wanted, data, find_open, linked, object, split, written};
use crate::epp::command::{AuthChange, ContactRole, DomainAddRem, DomainUpdate};
use crate::epp::ext::Ext;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::{
    ApplicationStatus, ContactId, DomainName, LaunchId, LaunchStatus, SecDnsRecords, SecDnsRemoval,
    SecDnsUpdate, Status as _,
};
use crate::flow::domain::{Application as Rules, on_name};
use crate::flow::{auth, zone};
use crate::gate::{Cx, Stop};
use crate::policy::AuthPolicy;
use crate::refusal::{Reason, Refusal};

/// Changes what an application asks for. One that was found invalid is looked at again.
///
/// # Refusals
/// - [`Reason::NoApplications`]
/// - [`Reason::NoSuchApplication`]
/// - [`Reason::OtherLaunchPhase`]
/// - [`Reason::NotSponsor`]
/// - [`Reason::ApplicationDecided`]
/// - [`Reason::NothingToUpdate`]
/// - [`Reason::NotOfApplication`]
/// - [`Reason::NotThere`]
/// - [`Reason::AlreadyThere`]
///
/// What a registration of the changed kind would be refused for.
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn update(cx: &mut Cx<'_>, command: &DomainUpdate, id: &LaunchId) -> Result<Reply, Stop> {
    let mut row = find_open(cx, &command.name, id).await?;
    let before = data(&row)?;
    let mut wanted = before.clone();
    let none = DomainAddRem::default();
    let (add, rem) = (command.add.as_ref().unwrap_or(&none), command.rem.as_ref().unwrap_or(&none));
    if let Some((status, _)) = add.statuses.first().or(rem.statuses.first()) {
        return Err(Refusal::new(Reason::NotOfApplication).on(Ns::Domain, "status", status.name()).into());
    }
    // How long resolvers keep its records is chosen anew once there are some.
    if command.restore.is_some() || !command.ttl.is_empty() {
        return Err(on_name(Reason::NotOfApplication, &command.name).into());
    }
    rem_contacts(&mut wanted.contacts, rem)?;
    add_contacts(&mut wanted.contacts, add)?;
    if let Some(registrant) = &command.registrant {
        wanted.registrant.clone_from(registrant);
    }
    name_servers(&mut wanted, add, rem)?;
    if let Some(change) = &command.sec_dns {
        wanted.sec_dns = signers(wanted.sec_dns, change)?;
    }
    let zone = zone::registered_in(cx, &row.name).await?;
    let found = Rules::judge(cx, &wanted.create(&row.name), &zone).await?;
    if let Some(change) = &command.auth {
        row.auth = changed_auth(change, &zone.policy.auth)?;
    } else if json!(before) == json!(wanted) {
        return Err(Reason::NothingToUpdate.into());
    }
    if row.status.status == ApplicationStatus::Invalid {
        row.status = LaunchStatus { status: ApplicationStatus::PendingValidation, name: None, note: None };
    }
    row.updater = Some(cx.registrar().clone());
    row.updated_at = Some(cx.now);
    row.data = written(&wanted)?;
    cx.tx.application_update(&row).await?;
    cx.tx.application_link(row.id, &linked(&wanted, &found)).await?;
    cx.changed(
        object(&row),
        json!({ "changed": { "contacts": wanted.contacts, "registrant": wanted.registrant, "ns": wanted.ns_objects,
                             "auth": command.auth.is_some(), "status": row.status.status.name() } }),
    );
    Ok(Reply::Done)
}

fn changed_auth(change: &AuthChange, policy: &AuthPolicy) -> Result<Option<String>, Refusal> {
    let Some(given) = change else { return Ok(None) };
    auth::check(given, policy, Ns::Domain)?;
    Ok(auth::stored(&given.pw))
}

fn on_contact(reason: Reason, id: &ContactId) -> Refusal {
    Refusal::new(reason).on(Ns::Domain, "contact", id.as_str())
}

fn rem_contacts(contacts: &mut Vec<(ContactRole, ContactId)>, rem: &DomainAddRem) -> Result<(), Refusal> {
    for (role, id) in &rem.contacts {
        let at = contacts.iter().position(|(r, other)| r == role && other.key() == id.key());
        contacts.remove(at.ok_or_else(|| on_contact(Reason::NotThere, id))?);
    }
    Ok(())
}

fn add_contacts(contacts: &mut Vec<(ContactRole, ContactId)>, add: &DomainAddRem) -> Result<(), Refusal> {
    for (role, id) in &add.contacts {
        if contacts.iter().any(|(r, other)| r == role && other.key() == id.key()) {
            return Err(on_contact(Reason::AlreadyThere, id));
        }
        contacts.push((*role, id.clone()));
    }
    Ok(())
}

fn name_servers(wanted: &mut Wanted, add: &DomainAddRem, rem: &DomainAddRem) -> Result<(), Refusal> {
    let on_host = |reason, name: &DomainName| Refusal::new(reason).on(Ns::Domain, "hostObj", name.as_str());
    let (objects, attributes) = split(rem.ns.clone());
    for name in objects.iter().chain(attributes.iter().map(|(name, _)| name)) {
        let (objects, attributes) = (wanted.ns_objects.len(), wanted.ns_attributes.len());
        wanted.ns_objects.retain(|other| other != name);
        wanted.ns_attributes.retain(|(other, _)| other != name);
        if (objects, attributes) == (wanted.ns_objects.len(), wanted.ns_attributes.len()) {
            return Err(on_host(Reason::NotThere, name));
        }
    }
    let (objects, attributes) = split(add.ns.clone());
    for name in objects.iter().chain(attributes.iter().map(|(name, _)| name)) {
        if wanted.ns_objects.contains(name) || wanted.ns_attributes.iter().any(|(other, _)| other == name) {
            return Err(on_host(Reason::AlreadyThere, name));
        }
    }
    wanted.ns_objects.extend(objects);
    wanted.ns_attributes.extend(attributes);
    Ok(())
}

/// What is removed goes first (RFC 5910 section 5.2.5).
fn signers(there: Option<SecDnsRecords>, change: &SecDnsUpdate) -> Result<Option<SecDnsRecords>, Refusal> {
    let mut there = there;
    match &change.rem {
        None => {}
        Some(SecDnsRemoval::All) => there = None,
        Some(SecDnsRemoval::Records(gone)) => {
            let missing = || Refusal::new(Reason::NotThere).on(Ns::Ext(Ext::SecDns), "rem", "");
            let left = there.ok_or_else(missing)?;
            there = Some(match (left, gone) {
                (SecDnsRecords::Ds(mut all), SecDnsRecords::Ds(gone)) => {
                    for ds in gone {
                        let at = all.iter().position(|other| other.is_same(ds)).ok_or_else(missing)?;
                        all.remove(at);
                    }
                    SecDnsRecords::Ds(all)
                }
                (SecDnsRecords::Keys(mut all), SecDnsRecords::Keys(gone)) => {
                    for key in gone {
                        let at = all.iter().position(|other| other == key).ok_or_else(missing)?;
                        all.remove(at);
                    }
                    SecDnsRecords::Keys(all)
                }
                _ => return Err(missing()),
            });
        }
    }
    let there = there.filter(|records| !records.is_empty());
    Ok(match (there, change.add.as_ref().map(|add| add.records.clone())) {
        (there, None) => there,
        (None, added) => added,
        (Some(SecDnsRecords::Ds(mut all)), Some(SecDnsRecords::Ds(added))) => {
            all.extend(added);
            Some(SecDnsRecords::Ds(all))
        }
        (Some(SecDnsRecords::Keys(mut all)), Some(SecDnsRecords::Keys(added))) => {
            all.extend(added);
            Some(SecDnsRecords::Keys(all))
        }
        // The form that the zone does not take, which is told when the whole is judged.
        (_, added) => added,
    })
}
