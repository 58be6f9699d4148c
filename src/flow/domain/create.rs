//! `<domain:create>` (RFC 5731 section 3.2.1).

use serde_json::json;

use super::{
    application, contacts, grace, label, name, name_servers, on_name, period, renewal, sec_dns, variants,
    verification,
};
use crate::epp::command::{ContactRole, DomainCreate};
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::{ContactId, DomainName, DomainStatus, Management, StatusSet};
use crate::flow::zone::{self, Held};
use crate::flow::{allocation, auth, launch, management, money, terms, ttl, waiting};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::policy::{BillOp, CodeKind, CreateMode};
use crate::refusal::Reason;
use crate::store::domain::DomainRow;
use crate::store::life::{GraceKind, Life};
use crate::store::link::Named;
use crate::store::management::Managed;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "domain:create", login: Login::Required, access: Access::Write, object: Some(Ns::Domain) };

/// Registers a name directly below a zone, with the contacts and name servers the zone asks for. Where the zone's
/// registrations wait, the domain waits in `pendingCreate` and the answer is 1001.
///
/// # Refusals
/// - [`Reason::NotOurZone`]
/// - [`Reason::ZoneOff`]
/// - [`Reason::Exists`]
/// - [`Reason::NameReserved`]
/// - [`Reason::NameBlocked`]
/// - [`Reason::BadName`]
/// - [`Reason::NameNotPermitted`]
/// - [`Reason::VariantTaken`]
/// - [`Reason::AllocationTokenMissing`]
/// - [`Reason::AllocationTokenWrong`]
/// - [`Reason::TooManyWrongCodes`]
/// - [`Reason::TermsMissing`]
/// - [`Reason::TermsMoment`]
/// - [`Reason::PeriodUnit`]
/// - [`Reason::PeriodOutOfRange`]
/// - [`Reason::ExpiryTooFar`]
/// - [`Reason::RegistrantMissing`]
/// - [`Reason::ContactMissing`]
/// - [`Reason::ContactRoleNotUsed`]
/// - [`Reason::TooManyContacts`]
/// - [`Reason::NoSuchContact`]
/// - [`Reason::ManagementNotOffered`]
/// - [`Reason::ContactsNotTaken`]
/// - [`Reason::ManagementDiffers`]
/// - [`Reason::HostModel`]
/// - [`Reason::DuplicateInCommand`]
/// - [`Reason::TooFewNameServers`]
/// - [`Reason::TooManyNameServers`]
/// - [`Reason::NoSuchHost`]
/// - [`Reason::NameServerNotUsable`]
/// - [`Reason::NameServerMarked`]
/// - [`Reason::NameServerAwaited`]
/// - [`Reason::AddressMissing`]
/// - [`Reason::AddressNotAccepted`]
/// - [`Reason::AddressNotPublic`]
/// - [`Reason::TooManyAddresses`]
/// - [`Reason::NameOffered`]
/// - [`Reason::WrongAuthInfo`]
/// - [`Reason::TooManyWrongCodes`]
/// - [`Reason::AuthInfoPolicy`]
/// - [`Reason::MaxSigLifeNotOffered`]
/// - [`Reason::DnssecForm`]
/// - [`Reason::AlgorithmNotAccepted`]
/// - [`Reason::DigestTypeNotAccepted`]
/// - [`Reason::DigestLength`]
/// - [`Reason::DigestOfAnotherKey`]
/// - [`Reason::KeyFlagsNotAccepted`]
/// - [`Reason::KeyProtocol`]
/// - [`Reason::KeyLength`]
/// - [`Reason::TooManyDsRecords`]
/// - [`Reason::TtlTypeNotTaken`]
/// - [`Reason::TtlOutOfRange`]
/// - [`Reason::TtlNoRecord`]
/// - [`Reason::FundsShort`]
/// - [`Reason::ClassUnpriced`]
/// - [`Reason::FeeMissing`]
/// - [`Reason::FeeTooLow`]
/// - [`Reason::FeeCurrency`]
/// - [`Reason::WrongLaunchPhase`]
/// - [`Reason::NoLaunchPhase`]
/// - [`Reason::LaunchPhaseMissing`]
/// - [`Reason::NotInLaunchPhase`]
/// - [`Reason::LaunchObjectType`]
/// - [`Reason::ProofMissing`]
/// - [`Reason::ProofNotTaken`]
/// - [`Reason::TooManyMarks`]
/// - [`Reason::MarkNotOfName`]
/// - [`Reason::SignedMarkRefused`]
/// - [`Reason::SignedMarkRevoked`]
/// - [`Reason::ClaimsNotTaken`]
/// - [`Reason::ClaimsNoticeWrong`]
/// - [`Reason::ClaimsNoticeOver`]
/// - [`Reason::ClaimsAcceptance`]
/// - [`Reason::ClaimsNoticeMissing`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainCreate, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let zone = match zone::held(cx, &command.name).await? {
        Held::By(zone) => zone,
        Held::Elsewhere => return Err(on_name(Reason::NotOurZone, &command.name).into()),
        Held::SwitchedOff => return Err(on_name(Reason::ZoneOff, &command.name).into()),
    };
    let policy = &zone.policy;
    let found = look_up(command, cx).await?;
    if found.domain {
        return Err(on_name(Reason::Exists, &command.name).into());
    }
    name::registrable(Some(&zone), &command.name)?;
    let label = label::admit(&zone, &command.name, cx.now)?;
    let holder = command.registrant.as_ref().and_then(|id| found.contact(id));
    variants::free(cx, &zone, &command.name, &label, holder).await?;
    let allocation = allocation::permit(cx, &zone, command).await?;
    let offer = waiting::offer(cx, &command.name, policy).await?;
    let entry = launch::entry(cx, command, &zone).await?;
    let accepted = terms::accepted(command.terms_accepted, entry.asked_at(cx.now), &policy.terms, true)?;
    let months = period::months(command.period, &policy.period)?;
    let expires_at = period::end(cx.now, months, cx.now, &policy.period)?;

    contacts::check_named(&command.contacts, &policy.contacts)?;
    let registrant = match &command.registrant {
        None => None,
        Some(id) => Some(contacts::resolve_registrant(id, &found)?),
    };
    let linked = contacts::resolve(&command.contacts, &found)?;
    let roles: Vec<ContactRole> = linked.iter().map(|(role, _)| *role).collect();
    contacts::check_bounds(registrant.is_some(), &roles, &policy.contacts)?;

    let model = management::of_new(cx, command.management, &policy.management).await?;
    if model == Management::Registrar
        && !policy.create.registrar_managed_contacts
        && let Some((_, id)) = command.contacts.first()
    {
        return Err(contacts::on_contact(Reason::ContactsNotTaken, id).into());
    }
    let named = registrant.zip(command.registrant.as_ref());
    management::check_registrant(cx, named, model, &policy.management).await?;

    if let Some(servers) = &command.ns {
        name_servers::check_form(servers, &policy.ns)?;
    }
    name_servers::check_count(command.ns.as_ref().map_or(0, |ns| name_servers::names(ns).len()), &policy.ns)?;
    ttl::check_domain(&command.ttl, policy, command.ns.is_some())?;
    // The token of an offer is no password of the domain.
    let token = match &offer {
        None => false,
        Some(offer) => waiting::permit(cx, command, model, offer, policy).await?,
    };
    // Where the registry makes the codes, a client's opens nothing and is not kept.
    let kept = !token && policy.transfer.code.kind == CodeKind::ClientSet;
    if kept {
        auth::check(&command.auth, &policy.auth, Ns::Domain)?;
    }
    let signers = match &command.sec_dns {
        None => Vec::new(),
        Some(given) => sec_dns::accept(given, &command.name, &policy.dnssec)?,
    };

    let waits = policy.create.mode == CreateMode::Async;
    let auto_renew = renewal::default_of(cx, cx.registrar(), policy).await?;
    let mut domain = DomainRow {
        id: cx.ids.next(),
        name: command.name.clone(),
        zone: zone.name.clone(),
        registrar: cx.registrar().clone(),
        creator: cx.registrar().clone(),
        created_at: cx.now,
        updater: None,
        updated_at: None,
        transferred_at: None,
        expires_at,
        registrant,
        statuses: waits.then_some(DomainStatus::PendingCreate).into_iter().collect::<StatusSet<_>>(),
        auth: auth::stored(&command.auth.pw).filter(|_| kept),
        purge_at: None,
        delete_cltrid: None,
        delete_svtrid: None,
        life: Life { auto_renew, ..Life::default() },
    };
    renewal::reckon(&mut domain, policy);
    if let Some(applied) = launch::apply(cx, command, &domain, &found, (&entry, months)).await? {
        return Ok(applied);
    }
    // Somebody else may have been faster since the look-up.
    if !cx.tx.domain_insert(&domain).await? {
        return Err(on_name(Reason::Exists, &command.name).into());
    }
    variants::store(cx, &zone, &domain, &label).await?;
    if let Some(offer) = &offer {
        waiting::taken(cx, offer).await?;
    }
    management::store(cx, Managed::Domain, domain.id, model).await?;
    cx.tx.domain_contacts_insert(domain.id, &linked).await?;
    if let Some(servers) = &command.ns {
        let hosts = name_servers::resolve(cx, &domain, servers, &found, policy).await?;
        cx.tx.domain_name_servers_insert(domain.id, &name_servers::in_order(&hosts, 0)).await?;
    }
    cx.tx.ds_insert(domain.id, &signers, 0, cx.now).await?;
    ttl::choose(cx, domain.id, &command.ttl).await?;
    allocation::spend(cx, allocation, &domain.name).await?;
    // What an application costs was agreed to when it was made.
    let said = match &entry {
        launch::Entry::Granted(_) => money::FeeTerms::default(),
        _ => money::FeeTerms::of(command.fee.as_ref(), policy, BillOp::Create),
    };
    let charge = money::Charge { fee: said, ..application::charge(&domain, period::years(months)) };
    let fee = if waits { money::request(cx, &charge).await? } else { money::charge(cx, &charge).await? };
    if waits {
        application::begin(cx, &domain, period::years(months), accepted, policy).await?;
    } else {
        grace::begin(cx, &domain, GraceKind::Add, (months, cx.now), &policy.grace).await?;
        verification::of_new(cx, &mut domain, policy).await?;
    }
    launch::registered(cx, &mut domain, &entry).await?;
    note(command, &domain, cx);
    let created = domain.created_at;
    Ok(fee.with(Reply::DomainCreated { name: domain.name, created, expires: expires_at, pending: waits }))
}

/// Everything the command names, in one question.
async fn look_up(command: &DomainCreate, cx: &mut Cx<'_>) -> Result<Named, Stop> {
    let mut handles: Vec<&ContactId> = command.registrant.iter().collect();
    for (_, id) in &command.contacts {
        if !handles.contains(&id) {
            handles.push(id);
        }
    }
    let hosts: Vec<&DomainName> = name_servers::objects(command.ns.as_ref()).iter().collect();
    Ok(cx.tx.domain_named(Some(&command.name), &handles, &hosts).await?)
}

fn note(command: &DomainCreate, domain: &DomainRow, cx: &mut Cx<'_>) {
    let contacts: Vec<_> = command.contacts.iter().map(|(role, id)| json!([role.name(), id])).collect();
    let servers = command.ns.as_ref().map(name_servers::names);
    cx.changed(
        domain.name.as_str(),
        json!({
            "created": {
                "expires": domain.expires_at.to_string(),
                "registrant": command.registrant,
                "contacts": contacts,
                "ns": servers,
                "auth": domain.auth.is_some(),
                "ds": command.sec_dns.as_ref().map(|given| sec_dns::told(&given.records)),
                "ttl": ttl::told(&command.ttl),
            }
        }),
    );
}
