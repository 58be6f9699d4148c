//! Management models (S114, S128-S130): who manages what is created, and what a registrar may do where the registrant
//! manages. Where a zone knows one model only, nothing is asked.

use crate::epp::command::ContactRole;
use crate::epp::ns::Ns;
use crate::epp::types::{ContactId, Management, RegistrarId};
use crate::gate::{Cx, Stop};
use crate::policy::ManagementPolicy;
use crate::refusal::{Reason, Refusal};
use crate::store::domain::DomainRow;
use crate::store::management::Managed;

/// Who manages something new: as the command says, else as the account has it, else by default.
///
/// # Errors
/// [`Reason::ManagementNotOffered`]
pub async fn of_new(
    cx: &mut Cx<'_>,
    asked: Option<Management>,
    policy: &ManagementPolicy,
) -> Result<Management, Stop> {
    if let Some(model) = asked {
        if offered(model, policy) {
            return Ok(model);
        }
        return Err(Refusal::new(Reason::ManagementNotOffered).detail(model.name()).into());
    }
    by_default(cx, cx.registrar(), policy).await
}

/// Who manages what an account creates or takes over without saying so.
///
/// # Errors
/// The database's trouble.
pub async fn by_default(
    cx: &mut Cx<'_>,
    account: &RegistrarId,
    policy: &ManagementPolicy,
) -> Result<Management, Stop> {
    let own = if knows_both(policy) { cx.tx.account_management(account).await? } else { None };
    let default = Management::parse(&policy.default).unwrap_or(Management::Registrar);
    Ok(own.filter(|model| offered(*model, policy)).unwrap_or(default))
}

/// A contact that changes hands is managed from then on as its new account has it (S115). One that a domain has stays
/// as it is: the holder is under the model of the domain (S130).
///
/// # Errors
/// The database's trouble.
pub async fn contact_moved(cx: &mut Cx<'_>, contact: i64, to: &RegistrarId) -> Result<(), Stop> {
    let policy = &cx.rules.management;
    if !knows_both(policy) || cx.tx.contact_linked(contact).await? {
        return Ok(());
    }
    let model = by_default(cx, to, policy).await?;
    Ok(cx.tx.management_set(Managed::Contact, contact, model).await?)
}

/// A registrant is under the model of its domain (S130).
///
/// # Errors
/// [`Reason::ManagementDiffers`]
pub async fn check_registrant(
    cx: &mut Cx<'_>,
    registrant: Option<(i64, &ContactId)>,
    model: Management,
    policy: &ManagementPolicy,
) -> Result<(), Stop> {
    let Some((id, handle)) = registrant.filter(|_| knows_both(policy)) else { return Ok(()) };
    if cx.tx.management(Managed::Contact, id).await? == model {
        return Ok(());
    }
    Err(Refusal::new(Reason::ManagementDiffers).on(Ns::Domain, "registrant", handle.as_str()).into())
}

/// Lets a registrar do what belongs to a role of the domain: always where it manages the domain; where the registrant
/// does, only while a contact of its own has that role (S129, S165).
///
/// # Errors
/// [`Reason::RegistrantManages`]
pub async fn permit(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    role: Option<ContactRole>,
    policy: &ManagementPolicy,
) -> Result<(), Stop> {
    if !is_registrants(cx, Managed::Domain, domain.id, policy).await? {
        return Ok(());
    }
    if let Some(role) = role
        && cx.tx.has_own_contact(domain.id, role, cx.registrar()).await?
    {
        return Ok(());
    }
    let refusal = Refusal::new(Reason::RegistrantManages).on(Ns::Domain, "name", domain.name.as_str());
    Err(match role {
        None => refusal,
        Some(role) => refusal.detail(format!(
            "a registrar may do this only while its {} contact is one of this registrar's",
            role.name()
        )),
    }
    .into())
}

/// Whether the registrant manages an object.
///
/// # Errors
/// The database's trouble.
pub async fn is_registrants(
    cx: &mut Cx<'_>,
    kind: Managed,
    id: i64,
    policy: &ManagementPolicy,
) -> Result<bool, Stop> {
    Ok(knows_both(policy) && cx.tx.management(kind, id).await? == Management::Registrant)
}

/// Stores the model of something new; a registrar's is what every object begins with.
///
/// # Errors
/// The database's trouble.
pub async fn store(cx: &mut Cx<'_>, kind: Managed, id: i64, model: Management) -> Result<(), Stop> {
    if model == Management::Registrant {
        cx.tx.management_set(kind, id, model).await?;
    }
    Ok(())
}

fn offered(model: Management, policy: &ManagementPolicy) -> bool {
    policy.models.iter().any(|name| name == model.name())
}

/// Whether a zone has domains of both models.
#[must_use]
pub fn knows_both(policy: &ManagementPolicy) -> bool {
    offered(Management::Registrant, policy)
}
