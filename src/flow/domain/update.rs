//! `<domain:update>` (RFC 5731 section 3.2.5).

use serde_json::json;

use super::{
    change, contacts, find, find_own, name_servers, ns_admin, on_name, registrant, restore, sec_dns,
    update_code, variants, verification, zone_of,
};
use crate::epp::command::{ContactRole, DomainAddRem, DomainUpdate, NameServers};
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::{
    ChangeOperation, ContactId, DomainName, Management, SecDnsRemoval, SecDnsUpdate, Status,
};
use crate::flow::contact::cleanup;
use crate::flow::launch;
use crate::flow::management;
use crate::flow::money::{self, Charge, FeeTerms};
use crate::flow::status::Change;
use crate::flow::token;
use crate::flow::ttl;
use crate::flow::zone::{self, Zone};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::policy::{BillOp, ContactsPolicy, RegistrantChangeMode};
use crate::refusal::Reason;
use crate::store::domain::DomainRow;
use crate::store::link::{NameServer, Named};

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "domain:update", login: Login::Required, access: Access::Write, object: Some(Ns::Domain) };

/// Changes a domain's name servers, contacts, statuses and authorization information. What is removed goes
/// before anything is added, so one command can swap at a full limit.
///
/// # Refusals
/// - [`Reason::NothingToUpdate`]
/// - [`Reason::NotFound`]
/// - [`Reason::NotSponsor`]
/// - [`Reason::StatusProhibits`]
/// - [`Reason::ZoneOff`]
/// - [`Reason::RegistrantManages`]
/// - [`Reason::RegistrantByTransfer`]
/// - [`Reason::RegistrantNotAlone`]
/// - [`Reason::RegistrantOfVariants`]
/// - [`Reason::ContactNotOwn`]
/// - [`Reason::ManagementDiffers`]
/// - [`Reason::TermsMoment`]
/// - [`Reason::StatusNotSettable`]
/// - [`Reason::DuplicateInCommand`]
/// - [`Reason::NotThere`]
/// - [`Reason::AlreadyThere`]
/// - [`Reason::NoSuchContact`]
/// - [`Reason::ContactRoleNotUsed`]
/// - [`Reason::RegistrantMissing`]
/// - [`Reason::ContactMissing`]
/// - [`Reason::TooManyContacts`]
/// - [`Reason::HostModel`]
/// - [`Reason::NoSuchHost`]
/// - [`Reason::NameServerNotUsable`]
/// - [`Reason::NameServerMarked`]
/// - [`Reason::NameServerAwaited`]
/// - [`Reason::AddressMissing`]
/// - [`Reason::AddressNotAccepted`]
/// - [`Reason::AddressNotPublic`]
/// - [`Reason::TooManyAddresses`]
/// - [`Reason::TooFewNameServers`]
/// - [`Reason::TooManyNameServers`]
/// - [`Reason::AuthInfoPolicy`]
/// - [`Reason::UrgentNotOffered`]
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
/// - [`Reason::RestoreNotAlone`]
/// - [`Reason::NotOffered`]
/// - [`Reason::RestoreRequestNotTaken`]
/// - [`Reason::NotOnHold`]
/// - [`Reason::RestorePending`]
/// - [`Reason::RestoreNotRequested`]
/// - [`Reason::RestoreReportTime`]
/// - [`Reason::WrongAuthInfo`]
/// - [`Reason::TooManyWrongCodes`]
/// - [`Reason::OneTokenOnly`]
/// - [`Reason::TokenKeyword`]
/// - [`Reason::FeeMissing`]
/// - [`Reason::FeeTooLow`]
/// - [`Reason::FeeCurrency`]
/// - [`Reason::NoApplications`]
/// - [`Reason::NoSuchApplication`]
/// - [`Reason::OtherLaunchPhase`]
/// - [`Reason::ApplicationDecided`]
/// - [`Reason::NotOfApplication`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainUpdate, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let none = DomainAddRem::default();
    let (add, rem) = (command.add.as_ref().unwrap_or(&none), command.rem.as_ref().unwrap_or(&none));
    let asked = Asked { add, rem, command };
    if let Some(application) = &command.launch {
        return launch::update(cx, command, application).await;
    }
    if let Some(restore) = &command.restore {
        let domain = find_own(cx, &command.name).await?;
        let zone = zone_of(cx, &domain).await?;
        management::permit(cx, &domain, Some(ContactRole::Admin), &zone.policy.management).await?;
        if asked.anything() {
            return Err(on_name(Reason::RestoreNotAlone, &domain.name).into());
        }
        return restore::run(cx, domain, &zone, (restore, command.fee.as_ref())).await;
    }
    if !asked.anything() {
        return Err(Reason::NothingToUpdate.into());
    }
    command.sec_dns.as_ref().map_or(Ok(()), sec_dns::offered)?;
    let mut domain = find(cx, &command.name).await?;
    let own = domain.registrar == *cx.registrar();
    let zone = zone::of(cx, &domain.name).await?;
    let as_admin = match &zone {
        Some(zone) => ns_admin::gives(cx, &domain, command, &zone.policy).await?,
        None => false,
    };
    let by_token = !own && !as_admin;
    let redelegation =
        if by_token { Some(update_code::redelegation(cx, &domain, command).await?) } else { None };
    let change = change::begin(cx, &domain, ChangeOperation::Update, None).await?;
    let holder = domain.registrant;
    let statuses = Change { add: &add.statuses, rem: &rem.statuses, more: asked.more_than_statuses() };
    statuses.permit(&domain.statuses, Ns::Domain)?;
    let zone = zone.ok_or_else(|| on_name(Reason::ZoneOff, &domain.name))?;
    // A change of registrant is none of the registrar's where the registrant manages (S153).
    let role = command.registrant.is_none().then_some(ContactRole::Admin);
    if own && !as_admin {
        management::permit(cx, &domain, role, &zone.policy.management).await?;
    }
    if command.registrant.is_some() {
        match zone.policy.registrant_change.mode {
            RegistrantChangeMode::Update => {}
            RegistrantChangeMode::Transfer => {
                return Err(on_name(Reason::RegistrantByTransfer, &domain.name).into());
            }
            RegistrantChangeMode::Async if !asked.only_registrant() => {
                return Err(on_name(Reason::RegistrantNotAlone, &domain.name).into());
            }
            RegistrantChangeMode::Async => return registrant::request(cx, command, domain, &zone).await,
        }
    }
    let settable = &zone.policy.status.client_settable;
    domain.statuses =
        statuses.apply(&domain.statuses, |s| settable.iter().any(|name| name == s.name()), Ns::Domain)?;

    let found = look_up(&asked, cx).await?;
    if asked.contacts() {
        change_contacts(cx, &mut domain, &asked, &found, &zone.policy.contacts).await?;
        if let Some(new) = &command.registrant {
            let before = DomainRow { registrant: holder, ..domain.clone() };
            variants::keep_registrant(cx, &zone, &before, (domain.registrant, new.as_ref())).await?;
        }
        // Only where the registrar manages does an update name the holder, who then is under the same model (S130).
        let named = domain.registrant.zip(command.registrant.as_ref().and_then(Option::as_ref));
        management::check_registrant(cx, named, Management::Registrar, &zone.policy.management).await?;
    }
    if asked.name_servers() {
        change_name_servers(cx, &domain, &asked, &found, &zone).await?;
    }
    let dnssec = &zone.policy.dnssec;
    let flushed =
        sec_dns::change(cx, &domain, command.sec_dns.as_ref(), asked.name_servers(), dnssec).await?;
    if !command.ttl.is_empty() {
        let delegated = !cx.tx.domain_name_servers(domain.id).await?.is_empty();
        ttl::check_domain(&command.ttl, &zone.policy, delegated)?;
        ttl::choose(cx, domain.id, &command.ttl).await?;
    }
    domain.updater = Some(cx.registrar().clone());
    domain.updated_at = Some(cx.now);
    if !own && (flushed || asked.sec_dns()) {
        sec_dns::tell_changed(cx, &domain).await?;
    }
    if !own && asked.name_servers() {
        update_code::tell_redelegated(cx, &domain, (add, rem)).await?;
    }
    if let Some(used) = redelegation {
        token::spend(cx, used).await?;
    } else if asked.name_servers() || command.registrant.is_some() {
        token::end(cx, &domain).await?;
    }
    let code = match &command.auth {
        Some(change) if !by_token => Some(update_code::change(cx, &mut domain, change, &zone).await?),
        _ => None,
    };
    if domain.registrant != holder {
        verification::holder_changed(cx, &mut domain).await?;
    }
    cx.tx.domain_update(&domain).await?;
    let said = FeeTerms::of(command.fee.as_ref(), &zone.policy, BillOp::RegistrantChange);
    let fee = if domain.registrant != holder {
        money::charge(cx, &Charge { fee: said, ..registrant::cost(&domain) }).await?
    } else {
        money::agree_to_nothing(cx, command.fee.as_ref()).await?;
        money::Assessed::default()
    };
    note(&asked, code, cx);
    change::end(cx, change, &domain).await?;
    Ok(fee.with(Reply::Done))
}

/// What the command asks for, its missing parts filled in as empty.
struct Asked<'a> {
    add: &'a DomainAddRem,
    rem: &'a DomainAddRem,
    command: &'a DomainUpdate,
}

impl Asked<'_> {
    fn contacts(&self) -> bool {
        !self.add.contacts.is_empty() || !self.rem.contacts.is_empty() || self.command.registrant.is_some()
    }

    fn only_registrant(&self) -> bool {
        let (add, rem) = (self.add, self.rem);
        let parts = add.contacts.len() + rem.contacts.len() + add.statuses.len() + rem.statuses.len();
        let more = self.name_servers() || self.sec_dns() || !self.command.ttl.is_empty();
        parts == 0 && !more && self.command.auth.is_none()
    }

    fn name_servers(&self) -> bool {
        self.add.ns.is_some() || self.rem.ns.is_some()
    }

    /// An urgent change of nothing is still refused for being urgent.
    fn sec_dns(&self) -> bool {
        self.command.sec_dns.as_ref().is_some_and(|asked| asked.urgent || !asked.is_empty())
    }

    fn more_than_statuses(&self) -> bool {
        let records = self.name_servers() || self.sec_dns() || !self.command.ttl.is_empty();
        self.contacts() || records || self.command.auth.is_some()
    }

    fn anything(&self) -> bool {
        self.more_than_statuses() || !self.add.statuses.is_empty() || !self.rem.statuses.is_empty()
    }
}

/// What is to be added, in one question; what is to be removed is found among the links.
async fn look_up(asked: &Asked<'_>, cx: &mut Cx<'_>) -> Result<Named, Stop> {
    let mut handles: Vec<&ContactId> = asked.command.registrant.iter().flatten().collect();
    handles.extend(asked.add.contacts.iter().map(|(_, id)| id));
    let hosts: Vec<&DomainName> = name_servers::objects(asked.add.ns.as_ref()).iter().collect();
    Ok(cx.tx.domain_named(None, &handles, &hosts).await?)
}

async fn change_contacts(
    cx: &mut Cx<'_>,
    domain: &mut DomainRow,
    asked: &Asked<'_>,
    found: &Named,
    policy: &ContactsPolicy,
) -> Result<(), Stop> {
    let (holder, mut gone) = (domain.registrant, Vec::new());
    match &asked.command.registrant {
        None => {}
        Some(None) => domain.registrant = None,
        Some(Some(id)) => domain.registrant = Some(contacts::resolve_registrant(id, found)?),
    }
    contacts::check_named(&asked.add.contacts, policy)?;
    let linked = cx.tx.domain_contacts(domain.id).await?;
    let mut after: Vec<(ContactRole, i64)> =
        linked.iter().filter_map(|c| c.role.map(|role| (role, c.id))).collect();
    for (role, id) in &asked.rem.contacts {
        let number =
            linked.iter().find(|c| c.role == Some(*role) && c.handle.key() == id.key()).map(|c| c.id);
        let at = number.and_then(|number| after.iter().position(|link| *link == (*role, number)));
        let Some(at) = at else { return Err(contacts::on_contact(Reason::NotThere, id).into()) };
        let (role, number) = after.swap_remove(at);
        cx.tx.domain_contact_delete(domain.id, role, number).await?;
        gone.push(number);
    }
    gone.extend(holder.filter(|_| domain.registrant != holder));
    cleanup::left(cx, gone).await?;
    let added = contacts::resolve(&asked.add.contacts, found)?;
    for (link, (_, id)) in added.iter().zip(&asked.add.contacts) {
        if after.contains(link) {
            return Err(contacts::on_contact(Reason::AlreadyThere, id).into());
        }
    }
    after.extend(&added);
    let roles: Vec<ContactRole> = after.iter().map(|(role, _)| *role).collect();
    contacts::check_bounds(domain.registrant.is_some(), &roles, policy)?;
    Ok(cx.tx.domain_contacts_insert(domain.id, &added).await?)
}

async fn change_name_servers(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    asked: &Asked<'_>,
    found: &Named,
    zone: &Zone,
) -> Result<(), Stop> {
    for servers in [&asked.rem.ns, &asked.add.ns].into_iter().flatten() {
        name_servers::check_form(servers, &zone.policy.ns)?;
    }
    let mut left = cx.tx.domain_name_servers(domain.id).await?;
    if let Some(servers) = &asked.rem.ns {
        for gone in take_out(&mut left, servers)? {
            cx.tx.domain_name_server_delete(domain.id, gone.id).await?;
            if gone.private_to != 0 {
                cx.tx.host_delete(gone.id).await?;
            }
        }
    }
    let added = match &asked.add.ns {
        None => Vec::new(),
        Some(servers) => {
            let twice = name_servers::names(servers).into_iter().find(|n| left.iter().any(|s| s.name == **n));
            if let Some(name) = twice {
                return Err(name_servers::on_host(Reason::AlreadyThere, servers, name).into());
            }
            name_servers::resolve(cx, domain, servers, found, &zone.policy).await?
        }
    };
    name_servers::check_count(left.len() + added.len(), &zone.policy.ns)?;
    let first = left.last().map_or(0, |server| server.position + 1);
    Ok(cx.tx.domain_name_servers_insert(domain.id, &name_servers::in_order(&added, first)).await?)
}

/// Takes the named servers out of the list. An attribute that is named with addresses must have those.
fn take_out(left: &mut Vec<NameServer>, named: &NameServers) -> Result<Vec<NameServer>, Stop> {
    let mut gone = Vec::new();
    for (nth, name) in name_servers::names(named).into_iter().enumerate() {
        let same_addrs = |server: &NameServer| match named {
            NameServers::Objects(_) => true,
            NameServers::Attributes(hosts) => {
                let (mut given, mut has) = (hosts[nth].1.0.clone(), server.addrs.0.clone());
                given.sort_unstable();
                has.sort_unstable();
                given.is_empty() || given == has
            }
        };
        let at = left.iter().position(|server| server.name == *name && same_addrs(server));
        let Some(at) = at else { return Err(name_servers::on_host(Reason::NotThere, named, name).into()) };
        gone.push(left.remove(at));
    }
    Ok(gone)
}

fn ds_told(asked: &SecDnsUpdate) -> serde_json::Value {
    let rem = match &asked.rem {
        None => json!(null),
        Some(SecDnsRemoval::All) => json!("all"),
        Some(SecDnsRemoval::Records(records)) => sec_dns::told(records),
    };
    json!({ "rem": rem, "add": asked.add.as_ref().map(|add| sec_dns::told(&add.records)) })
}

fn note(asked: &Asked<'_>, code: Option<serde_json::Value>, cx: &mut Cx<'_>) {
    let part = |part: &DomainAddRem| {
        let contacts: Vec<_> = part.contacts.iter().map(|(role, id)| json!([role.name(), id])).collect();
        let statuses: Vec<_> = part.statuses.iter().map(|(status, _)| status.name()).collect();
        json!({ "ns": part.ns.as_ref().map(name_servers::names), "contacts": contacts, "statuses": statuses })
    };
    let registrant = asked.command.registrant.as_ref().map(|r| json!({ "after": r }));
    let detail = json!({
        "add": part(asked.add),
        "rem": part(asked.rem),
        "registrant": registrant,
        "ds": asked.command.sec_dns.as_ref().map(ds_told),
        "ttl": ttl::told(&asked.command.ttl),
        "code": code,
    });
    cx.changed(asked.command.name.as_str(), detail);
}
