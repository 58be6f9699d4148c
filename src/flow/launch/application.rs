//! Applications: made, shown, changed and withdrawn by whoever applies (RFC 8334 sections 2.1 and 3.2 to 3.5).
//!
//! An application holds no name. What it asks for is judged like a registration when it is made and once more when
//! it is allocated; between the two its contacts and hosts are not deleted.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::entry::Kept;
use super::proof::Proven;
use crate::clock::Ts;
use crate::epp::command::{ContactRole, DomainCreate, DomainDelete, DomainInfo, NameServers};
use crate::epp::ns::Ns;
use crate::epp::reply::{DomainData, Reply};
use crate::epp::types::{
    ApplicationStatus, Applied, AuthInfo, ClaimsNotice, ContactId, DomainName, DomainStatus, HostAddrs,
    LaunchData, LaunchId, LaunchInfo, LaunchStatus, Management, Period, SecDnsData, SecDnsRecords, Secret,
    Ttl,
};
use crate::flow::domain::{Application as Rules, on_name};
use crate::flow::money::{self, Charge};
use crate::flow::{auth, zone};
use crate::gate::{Cx, Stop};
use crate::policy::{BillOp, LaunchForm, LaunchPolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::domain::DomainRow;
use crate::store::launch::ApplicationRow;
use crate::store::link::Named;
use crate::store::{RoidKind, StoreError};

/// What is to be registered, and what came with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Wanted {
    pub(super) period: Option<Period>,
    pub(super) registrant: Option<ContactId>,
    pub(super) contacts: Vec<(ContactRole, ContactId)>,
    pub(super) ns_objects: Vec<DomainName>,
    pub(super) ns_attributes: Vec<(DomainName, HostAddrs)>,
    pub(super) sec_dns: Option<SecDnsRecords>,
    pub(super) management: Option<Management>,
    pub(super) terms_accepted: Option<Ts>,
    pub(super) ttl: Vec<Ttl>,
    /// Years that were charged for.
    pub(super) years: u8,
    pub(super) proofs: Vec<Proven>,
    pub(super) notices: Vec<ClaimsNotice>,
}

impl Wanted {
    fn ns(&self) -> Option<NameServers> {
        if !self.ns_attributes.is_empty() {
            return Some(NameServers::Attributes(self.ns_attributes.clone()));
        }
        (!self.ns_objects.is_empty()).then(|| NameServers::Objects(self.ns_objects.clone()))
    }

    /// As the create that it was, or is to be.
    pub(super) fn create(&self, name: &DomainName) -> DomainCreate {
        let none = AuthInfo { pw: Secret::default(), roid: None };
        DomainCreate {
            period: self.period,
            ns: self.ns(),
            registrant: self.registrant.clone(),
            contacts: self.contacts.clone(),
            sec_dns: self.sec_dns.clone().map(|records| SecDnsData { max_sig_life: None, records }),
            management: self.management,
            terms_accepted: self.terms_accepted,
            ttl: self.ttl.clone(),
            ..DomainCreate::of(name.clone(), none)
        }
    }
}

/// JSON of ours.
pub(super) fn written<T: Serialize>(value: &T) -> Result<String, Stop> {
    Ok(serde_json::to_string(value).map_err(|_| StoreError::Shape("data of an application"))?)
}

/// What an application asks for.
pub(super) fn data(row: &ApplicationRow) -> Result<Wanted, Stop> {
    Ok(serde_json::from_str(&row.data).map_err(|_| StoreError::Shape("data of an application"))?)
}

/// What an application reserves until it is decided.
pub(super) fn charge<'a>(row: &'a ApplicationRow, years: u8, object: &'a str) -> Charge<'a> {
    let (account, zone, fee) = (&row.registrar, row.zone.as_str(), money::FeeTerms::default());
    Charge { account, op: BillOp::Create, zone, units: years, object, fee }
}

/// The name of an application in the ledger, which is not that of a domain.
pub(super) fn object(row: &ApplicationRow) -> String {
    format!("{} application {}", row.name, row.id)
}

/// Makes an application of a create that was judged like a registration.
pub(super) async fn apply(
    cx: &mut Cx<'_>,
    command: &DomainCreate,
    domain: &DomainRow,
    found: &Named,
    (kept, months): (&Kept, i32),
) -> Result<Reply, Stop> {
    // What a token opens, and what it costs then, is a registration's.
    if command.allocation.is_some() {
        let refusal = on_name(Reason::AllocationTokenWrong, &command.name);
        return Err(refusal.detail("an application takes none").into());
    }
    let years = u8::try_from((months + 11) / 12).unwrap_or(0);
    let (ns_objects, ns_attributes) = split(command.ns.clone());
    let wanted = Wanted {
        period: command.period,
        registrant: command.registrant.clone(),
        contacts: command.contacts.clone(),
        ns_objects,
        ns_attributes,
        sec_dns: command.sec_dns.as_ref().map(|given| given.records.clone()),
        management: command.management,
        terms_accepted: command.terms_accepted,
        ttl: command.ttl.clone(),
        years,
        proofs: kept.proofs.clone(),
        notices: kept.notices.clone(),
    };
    // What nobody signed somebody has to look at; what was signed was verified; without a proof nothing is to be.
    let status = if wanted.proofs.iter().any(|proof| proof.signed.is_none()) {
        ApplicationStatus::PendingValidation
    } else if wanted.proofs.is_empty() {
        ApplicationStatus::PendingAllocation
    } else {
        ApplicationStatus::Validated
    };
    let row = ApplicationRow {
        id: cx.ids.next(),
        name: command.name.clone(),
        zone: domain.zone.clone(),
        registrar: cx.registrar().clone(),
        created_at: cx.now,
        updater: None,
        updated_at: None,
        phase: kept.phase.clone(),
        status: LaunchStatus { status, name: None, note: None },
        auth: domain.auth.clone(),
        cltrid: cx.cltrid.map(ToString::to_string),
        svtrid: cx.svtrid.to_owned(),
        data: written(&wanted)?,
    };
    let zone = zone::registered_in(cx, &row.name).await?;
    Rules::name_servers(&row.name, command.ns.as_ref(), found, &zone.policy)?;
    cx.tx.application_insert(&row).await?;
    cx.tx.application_link(row.id, &linked(&wanted, found)).await?;
    // What the client says of the fee is of the name; what is reserved, of the application.
    let terms = money::FeeTerms::of(command.fee.as_ref(), &zone.policy, BillOp::Create);
    let named = Charge { object: row.name.as_str(), ..charge(&row, years, "") };
    money::agree_to(cx, &[named], &terms).await?;
    let said = money::FeeTerms { required: Default::default(), ..terms };
    let fee = money::request(cx, &Charge { fee: said, ..charge(&row, years, &object(&row)) }).await?;
    let marks: Vec<_> =
        wanted.proofs.iter().filter_map(|proof| proof.signed.as_ref().map(|(id, _)| id)).collect();
    cx.changed(
        object(&row),
        json!({ "applied": { "phase": row.phase.to_string(), "status": status.name(), "marks": marks,
                             "notices": wanted.notices.iter().map(|notice| &notice.id).collect::<Vec<_>>() } }),
    );
    let applied = Applied { name: row.name.clone(), created: row.created_at, id: id_of(&row) };
    Ok(fee.with(Reply::Applied(Box::new(applied))))
}

fn id_of(row: &ApplicationRow) -> LaunchId {
    LaunchId { phase: row.phase.clone(), application: row.id.to_string() }
}

pub(super) fn split(ns: Option<NameServers>) -> (Vec<DomainName>, Vec<(DomainName, HostAddrs)>) {
    match ns {
        None => (Vec::new(), Vec::new()),
        Some(NameServers::Objects(names)) => (names, Vec::new()),
        Some(NameServers::Attributes(hosts)) => (Vec::new(), hosts),
    }
}

/// The numbers of contacts and hosts it names.
pub(super) fn linked(wanted: &Wanted, found: &Named) -> Vec<i64> {
    let contacts = wanted.registrant.iter().chain(wanted.contacts.iter().map(|(_, id)| id));
    let contacts = contacts.filter_map(|id| found.contact(id));
    let hosts = wanted.ns_objects.iter().filter_map(|name| found.host(name).map(|host| host.id));
    let mut all: Vec<i64> = contacts.chain(hosts).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The application that a command names.
///
/// # Errors
/// [`Reason::NoSuchApplication`], [`Reason::OtherLaunchPhase`]
async fn find(cx: &mut Cx<'_>, name: &DomainName, id: &LaunchId) -> Result<ApplicationRow, Stop> {
    let row = match id.application.parse() {
        Ok(number) => cx.tx.application_by_id(number).await?,
        Err(_) => None,
    };
    let Some(row) = row.filter(|row| row.name == *name && row.id.to_string() == id.application) else {
        return Err(super::on(Reason::NoSuchApplication, "applicationID", id.application.as_str()).into());
    };
    if row.phase != id.phase {
        return Err(super::on_phase(Reason::OtherLaunchPhase, &id.phase).into());
    }
    Ok(row)
}

/// The application that a command changes: one's own, which is not decided.
pub(super) async fn find_open(
    cx: &mut Cx<'_>,
    name: &DomainName,
    id: &LaunchId,
) -> Result<ApplicationRow, Stop> {
    let zone = zone::of(cx, name).await?;
    // RFC 8334 sections 3.4 and 3.5.
    if !zone.is_some_and(|zone| takes_applications(&zone.policy.launch)) {
        return Err(super::on(Reason::NoApplications, "applicationID", id.application.as_str()).into());
    }
    let row = find(cx, name, id).await?;
    if row.registrar != *cx.registrar() {
        return Err(super::on(Reason::NotSponsor, "applicationID", id.application.as_str()).into());
    }
    if row.status.status.is_final() {
        let decided = super::on(Reason::ApplicationDecided, "applicationID", id.application.as_str());
        return Err(decided.detail(row.status.status.name()).into());
    }
    Ok(row)
}

fn takes_applications(policy: &LaunchPolicy) -> bool {
    policy.phases.iter().any(|phase| phase.form == LaunchForm::Application)
}

/// Shows an application to whoever applies, and to whoever has its authorization information.
///
/// # Refusals
/// - [`Reason::NoSuchApplication`]
/// - [`Reason::OtherLaunchPhase`]
/// - [`Reason::WrongAuthInfo`]
/// - [`Reason::NotSponsor`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn info(cx: &mut Cx<'_>, command: &DomainInfo, asked: &LaunchInfo) -> Result<Reply, Stop> {
    let application = asked.application.clone().unwrap_or_default();
    let row = find(cx, &command.name, &LaunchId { phase: asked.phase.clone(), application }).await?;
    if let Some(given) = &command.auth
        && !auth::fits(row.auth.as_deref(), &given.pw)
    {
        return Err(Refusal::new(Reason::WrongAuthInfo).on(Ns::Domain, "pw", "").into());
    }
    let own = row.registrar == *cx.registrar();
    if !own && command.auth.is_none() {
        return Err(super::on(Reason::NotSponsor, "applicationID", row.id.to_string()).into());
    }
    let mut shown = shown(cx, &row)?;
    shown.auth_set = own && row.auth.is_some();
    if asked.include_mark
        && let Some(launch) = &mut shown.launch
    {
        launch.marks = data(&row)?.proofs.into_iter().filter_map(|proof| proof.mark).collect();
    }
    Ok(Reply::DomainInfo(Box::new(shown)))
}

/// An application as a domain that is to be.
pub(super) fn shown(cx: &Cx<'_>, row: &ApplicationRow) -> Result<DomainData, Stop> {
    let wanted = data(row)?;
    let waits = (!row.status.status.is_final()).then_some(DomainStatus::PendingCreate);
    Ok(DomainData {
        name: row.name.clone(),
        roid: cx.roid(RoidKind::Domain, row.id)?,
        statuses: waits.into_iter().collect(),
        registrant: wanted.registrant,
        contacts: wanted.contacts,
        ns_objects: wanted.ns_objects,
        ns_attributes: wanted.ns_attributes,
        hosts: Vec::new(),
        sponsor: row.registrar.clone(),
        creator: Some(row.registrar.clone()),
        created: Some(row.created_at),
        updater: row.updater.clone(),
        updated: row.updated_at,
        expires: None,
        transferred: None,
        auth_set: false,
        sec_dns: wanted.sec_dns,
        rgp: Vec::new(),
        ttl: Vec::new(),
        token: None,
        launch: Some(launch_of(row)),
    })
}

/// What an answer or a message says of an application.
pub(super) fn launch_of(row: &ApplicationRow) -> LaunchData {
    LaunchData {
        phase: row.phase.clone(),
        application: Some(row.id.to_string()),
        status: Some(row.status.clone()),
        marks: Vec::new(),
    }
}

/// What a registered domain has to do with the phase that is asked of, with its marks where they may be seen.
///
/// # Errors
/// [`Reason::OtherLaunchPhase`]
pub async fn registration(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    asked: &LaunchInfo,
    may_see: bool,
) -> Result<LaunchData, Stop> {
    let row = cx.tx.launch_registration(domain.id).await?;
    let Some(row) = row.filter(|row| row.phase == asked.phase) else {
        return Err(super::on_phase(Reason::OtherLaunchPhase, &asked.phase).into());
    };
    let marks = if asked.include_mark && may_see {
        let proofs: Vec<Proven> =
            serde_json::from_str(&row.proofs).map_err(|_| StoreError::Shape("proofs"))?;
        proofs.into_iter().filter_map(|proof| proof.mark).collect()
    } else {
        Vec::new()
    };
    let status = LaunchStatus { status: ApplicationStatus::Allocated, name: None, note: None };
    Ok(LaunchData { phase: row.phase, application: None, status: Some(status), marks })
}

/// Withdraws an application; what it reserved is free again.
///
/// # Refusals
/// - [`Reason::NoApplications`]
/// - [`Reason::NoSuchApplication`]
/// - [`Reason::OtherLaunchPhase`]
/// - [`Reason::NotSponsor`]
/// - [`Reason::ApplicationDecided`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn delete(cx: &mut Cx<'_>, command: &DomainDelete, id: &LaunchId) -> Result<Reply, Stop> {
    let row = find_open(cx, &command.name, id).await?;
    money::failure(cx, &charge(&row, 0, &object(&row)), row.created_at).await?;
    cx.tx.application_delete(row.id).await?;
    cx.changed(object(&row), json!({ "withdrawn": true }));
    Ok(Reply::Done)
}
