//! `<domain:info>` (RFC 5731 section 3.1.2).

use super::{authority, grace, ns_admin, on_name, sec_dns, status, update_code};
use crate::epp::command::{DomainInfo, HostsFilter};
use crate::epp::ext::Ext;
use crate::epp::ns::Ns;
use crate::epp::reply::{DomainData, Reply, ShownToken};
use crate::epp::types::{DomainName, TokenOperation};
use crate::flow::{launch, token, ttl, waiting, zone};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::policy::CodeKind;
use crate::refusal::{Reason, Refusal};
use crate::store::RoidKind;
use crate::store::domain::DomainRow;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "domain:info", login: Login::Required, access: Access::Read, object: Some(Ns::Domain) };

/// How much of a domain the asker sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    /// The sponsor: everything, and whether authorization information is set.
    Sponsor,
    /// Who has the authorization information: everything else.
    Authorized,
    /// Anybody: what a public directory tells. No contacts, no creator, no notes.
    Stranger,
}

/// Shows a domain: whole to its sponsor and to whoever has its authorization information, else its public part.
/// Authorization information that is given must fit, also the sponsor's, who can so find out whether the one at
/// hand is the one that is set.
///
/// # Refusals
/// - [`Reason::NotFound`]
/// - [`Reason::WrongAuthInfo`]
/// - [`Reason::TooManyWrongCodes`]
/// - [`Reason::AllocationTokenNotShown`]
/// - [`Reason::NoAllocationToken`]
/// - [`Reason::NoSuchApplication`]
/// - [`Reason::OtherLaunchPhase`]
/// - [`Reason::NotSponsor`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainInfo, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    if let Some(asked) = command.launch.as_ref().filter(|asked| asked.application.is_some()) {
        return launch::info(cx, command, asked).await;
    }
    let Some(domain) = cx.tx.domain_by_name(&command.name).await? else {
        return Err(not_found(cx, &command.name).await?.into());
    };
    if let Some(given) = &command.auth {
        authority::check(cx, &domain, given).await?;
    }
    let view = if domain.registrar == *cx.registrar() {
        View::Sponsor
    } else if command.auth.is_some() {
        View::Authorized
    } else {
        View::Stranger
    };
    if command.allocation {
        // RFC 8495 section 3.1.2: who may not have it is told another thing than who could, if there were one.
        let own = view == View::Sponsor;
        let reason = if own { Reason::NoAllocationToken } else { Reason::AllocationTokenNotShown };
        return Err(Refusal::new(reason).on(Ns::Ext(Ext::AllocationToken), "info", "").into());
    }
    let mut data = basic(cx, &domain).await?;
    let serves = add_hosts(cx, &domain, command.hosts, &mut data).await?;
    // What the zone publishes is no secret to anybody.
    data.sec_dns = sec_dns::shown(cx, &domain).await?;
    if let Some(asked) = command.ttl {
        let zone = zone::even_off(cx, &domain.name).await?;
        let taken = zone.as_ref().map(|zone| &zone.policy.ttl.domain);
        data.ttl = ttl::shown(cx, domain.id, asked, taken).await?;
    }
    if view == View::Stranger {
        data.statuses = status::without_notes(&data.statuses);
    } else {
        add_details(cx, &domain, &mut data).await?;
    }
    match view {
        View::Sponsor => add_code(cx, &domain, &mut data).await?,
        // Who may have a token for name servers made sees it.
        _ if serves => add_redelegation(cx, &domain, &mut data).await?,
        _ => {}
    }
    if let Some(asked) = &command.launch {
        data.launch = Some(launch::registration(cx, &domain, asked, view != View::Stranger).await?);
    }
    Ok(Reply::DomainInfo(Box::new(data)))
}

/// A name that nobody has, and what keeps it from being had.
async fn not_found(cx: &mut Cx<'_>, name: &DomainName) -> Result<Refusal, Stop> {
    let refusal = on_name(Reason::NotFound, name);
    let Some(zone) = zone::of(cx, name).await? else { return Ok(refusal) };
    match waiting::offer(cx, name, &zone.policy).await? {
        None => Ok(refusal),
        Some(_) => Ok(refusal.detail("the name is offered on the waiting list")),
    }
}

/// A domain as its sponsor sees it now, for messages.
///
/// # Errors
/// Only the database's troubles.
pub(super) async fn as_sponsor(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<DomainData, Stop> {
    let mut data = basic(cx, domain).await?;
    add_hosts(cx, domain, HostsFilter::All, &mut data).await?;
    add_details(cx, domain, &mut data).await?;
    data.sec_dns = sec_dns::shown(cx, domain).await?;
    data.auth_set = domain.auth.is_some();
    Ok(data)
}

async fn basic(cx: &mut Cx<'_>, domain: &DomainRow) -> Result<DomainData, Stop> {
    Ok(DomainData {
        name: domain.name.clone(),
        roid: cx.roid(RoidKind::Domain, domain.id)?,
        statuses: domain.statuses.clone(),
        registrant: None,
        contacts: Vec::new(),
        ns_objects: Vec::new(),
        ns_attributes: Vec::new(),
        hosts: Vec::new(),
        sponsor: domain.registrar.clone(),
        creator: None,
        created: Some(domain.created_at),
        updater: None,
        updated: domain.updated_at,
        expires: Some(domain.expires_at),
        transferred: None,
        auth_set: false,
        sec_dns: None,
        rgp: grace::periods(cx, domain).await?,
        ttl: Vec::new(),
        token: None,
        launch: None,
    })
}

/// Name servers and subordinate hosts as far as asked for, and the statuses that follow from the former. Says whether all
/// of the name servers are administered by who asks.
async fn add_hosts(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    filter: HostsFilter,
    data: &mut DomainData,
) -> Result<bool, Stop> {
    let servers = cx.tx.domain_name_servers(domain.id).await?;
    let serves = ns_admin::runs(cx, &servers, true);
    data.statuses = status::shown(&domain.statuses, !servers.is_empty());
    if matches!(filter, HostsFilter::All | HostsFilter::Delegated) {
        for server in servers {
            if server.private_to == 0 {
                data.ns_objects.push(server.name);
            } else {
                data.ns_attributes.push((server.name, server.addrs));
            }
        }
    }
    if matches!(filter, HostsFilter::All | HostsFilter::Subordinate) {
        let mut below: Vec<DomainName> =
            cx.tx.hosts_below(domain.id).await?.into_iter().map(|host| host.name).collect();
        below.sort_unstable();
        data.hosts = below;
    }
    Ok(serves)
}

async fn add_details(cx: &mut Cx<'_>, domain: &DomainRow, data: &mut DomainData) -> Result<(), Stop> {
    for contact in cx.tx.domain_contacts(domain.id).await? {
        match contact.role {
            None => data.registrant = Some(contact.handle),
            Some(role) => data.contacts.push((role, contact.handle)),
        }
    }
    data.creator = Some(domain.creator.clone());
    data.updater.clone_from(&domain.updater);
    data.transferred = domain.transferred_at;
    Ok(())
}

/// Tells the sponsor that a code is set; shows a token of the registry's making to a user who may have one made.
async fn add_code(cx: &mut Cx<'_>, domain: &DomainRow, data: &mut DomainData) -> Result<(), Stop> {
    data.auth_set = domain.auth.is_some();
    if data.auth_set {
        return Ok(());
    }
    let Some(row) = token::alive(cx, domain.id).await? else { return Ok(()) };
    data.auth_set = true;
    let Some(zone) = zone::of(cx, &domain.name).await? else { return Ok(()) };
    let policy = &zone.policy.transfer.code;
    if policy.kind == CodeKind::RegistryToken && cx.may(update_code::kind(row.operation)) {
        let shown = |pw| ShownToken { pw, operation: row.operation, expires: row.expires_at };
        data.token = token::text(cx, &row, policy).map(shown);
    }
    Ok(())
}

/// Shows a token for name servers to their administrator.
async fn add_redelegation(cx: &mut Cx<'_>, domain: &DomainRow, data: &mut DomainData) -> Result<(), Stop> {
    let token = token::alive(cx, domain.id).await?;
    if token.is_none_or(|row| row.operation != TokenOperation::Redelegation) {
        return Ok(());
    }
    let zone = zone::of(cx, &domain.name).await?;
    if zone.is_some_and(|zone| zone.policy.host.ns_admin) && domain.auth.is_none() {
        add_code(cx, domain, data).await?;
    }
    Ok(())
}
