//! Waiting lists (S131-S135): a name that becomes free is offered to the first who waits for it. Accepting gives a
//! token that registers it at any registrar; the holder itself needs none where it manages the domain. Who does not
//! accept, or does not register, in time is passed over.

use data_encoding::HEXLOWER;
use rand::Rng;
use serde_json::json;

use crate::epp::command::DomainCreate;
use crate::epp::notice::{Notice, Waiting};
use crate::epp::ns::Ns;
use crate::epp::types::{ContactId, DomainName, Management, Secret};
use crate::flow::pending::{self, Decision, Stands};
use crate::flow::token::{self, Guarded};
use crate::flow::{auth, zone};
use crate::gate::{Cx, Stop};
use crate::policy::ZonePolicy;
use crate::refusal::{Reason, Refusal};
use crate::store::contact::ContactRow;
use crate::store::pending::{PendingKind, PendingRow, Waits};
use crate::store::waiting::{Place, PositionRow};

/// A name became free: it is offered to the first who waits for it and is still there.
///
/// # Errors
/// The database's trouble.
pub async fn released(cx: &mut Cx<'_>, name: &DomainName) -> Result<(), Stop> {
    let Some(zone) = zone::even_off(cx, name).await? else { return Ok(()) };
    let policy = &zone.policy.waiting_list;
    if !policy.enabled {
        return Ok(());
    }
    for position in cx.tx.waiting_of(name).await? {
        let Some(holder) = holder(cx, &position).await? else {
            cx.tx.waiting_delete(position.id).await?;
            continue;
        };
        cx.tx.waiting_move(position.id, Place::Offered, None).await?;
        let next = (Waits::Holder, cx.now.plus_days(policy.offer_days));
        let object = (position.id, name.to_string());
        let row = pending::begun(cx, PendingKind::WaitingOffer, object, next, &json!({}))?;
        cx.tx.pending_insert(&PendingRow { registrar: holder.registrar, ..row }).await?;
        cx.changed(format!("{name} waiting list"), json!({ "offered": position.holder }));
        return Ok(());
    }
    Ok(())
}

/// The contact that waits; `None` where it is gone.
async fn holder(cx: &mut Cx<'_>, position: &PositionRow) -> Result<Option<ContactRow>, Stop> {
    match ContactId::parse(&position.holder) {
        Ok(handle) => Ok(cx.tx.contact_by_handle(&handle).await?),
        Err(_) => Ok(None),
    }
}

/// The position that a name is offered to, in a zone with waiting lists.
///
/// # Errors
/// The database's trouble.
pub async fn offer(
    cx: &mut Cx<'_>,
    name: &DomainName,
    policy: &ZonePolicy,
) -> Result<Option<PositionRow>, Stop> {
    if !policy.waiting_list.enabled {
        return Ok(None);
    }
    Ok(cx.tx.waiting_offered(name).await?)
}

/// As [`check`], which is asked nothing more once too many wrong tokens were tried today.
///
/// # Errors
/// [`Reason::TooManyWrongCodes`], [`Reason::WrongAuthInfo`], [`Reason::NameOffered`]; the database's trouble.
pub async fn permit(
    cx: &mut Cx<'_>,
    command: &DomainCreate,
    model: Management,
    offer: &PositionRow,
    policy: &ZonePolicy,
) -> Result<bool, Stop> {
    if offer.state == Place::Accepted && !is_for_itself(command, model, offer) {
        token::unguessed(cx, Guarded::Domain(&command.name), policy.auth.max_wrong_per_day).await?;
    }
    check(command, model, offer)
}

/// Whether the holder registers the name for itself under its own management.
fn is_for_itself(command: &DomainCreate, model: Management, offer: &PositionRow) -> bool {
    let own = command.registrant.as_ref().is_some_and(|id| id.key() == offer.holder);
    own && model == Management::Registrant
}

/// Refuses to register an offered name without its token, unless the holder registers it for itself under its own
/// management (S134, S135). Says whether the command's password is the token, which then is no password of the domain.
///
/// # Errors
/// [`Reason::NameOffered`] while nobody has a token, then [`Reason::WrongAuthInfo`], by which guesses are counted.
pub fn check(command: &DomainCreate, model: Management, offer: &PositionRow) -> Result<bool, Stop> {
    let given = Secret::new(command.auth.pw.expose().trim().to_lowercase());
    if offer.state == Place::Accepted && auth::fits(offer.token.as_deref(), &given) {
        return Ok(true);
    }
    if is_for_itself(command, model, offer) {
        return Ok(false);
    }
    if offer.state == Place::Accepted {
        let refusal = Refusal::new(Reason::WrongAuthInfo).on(Ns::Domain, "authInfo", "");
        return Err(refusal.detail(Reason::NameOffered.text()).into());
    }
    Err(super::domain::on_name(Reason::NameOffered, &command.name).into())
}

/// An offered name is registered: the position is done with. A holder that is another registrar's contact is told.
///
/// # Errors
/// The database's trouble.
pub async fn taken(cx: &mut Cx<'_>, offer: &PositionRow) -> Result<(), Stop> {
    let holder = holder(cx, offer).await?;
    if let Some(holder) = holder.filter(|holder| holder.registrar != *cx.registrar()) {
        cx.notify(&holder.registrar, Notice::Waiting(Waiting::OfferTaken(offer.name.clone())));
    }
    cx.tx.pending_forget(offer.id).await?;
    Ok(cx.tx.waiting_delete(offer.id).await?)
}

/// The holder accepts, and has this token from now on. Says until when it is good; `None` where nothing is offered, or
/// it was accepted before.
///
/// # Errors
/// The database's trouble.
pub async fn accept(cx: &mut Cx<'_>, name: &DomainName, token: &Secret) -> Result<Option<PendingRow>, Stop> {
    let Some(zone) = zone::even_off(cx, name).await? else { return Ok(None) };
    let offered = offer(cx, name, &zone.policy).await?.filter(|offer| offer.state == Place::Offered);
    let Some(offer) = offered else { return Ok(None) };
    let Some(row) = cx.tx.pending_of(offer.id).await?.into_iter().next() else { return Ok(None) };
    let stored = auth::stored(&Secret::new(token.expose().to_lowercase()));
    cx.tx.waiting_move(offer.id, Place::Accepted, stored.as_deref()).await?;
    let deadline = cx.now.plus_days(zone.policy.waiting_list.token_days);
    let row = PendingRow { state: Waits::Registration, deadline, ..row };
    cx.tx.pending_move(&row).await?;
    cx.changed(format!("{name} waiting list"), json!({ "accepted": offer.holder }));
    Ok(Some(row))
}

/// What becomes of an offer. Accepting it is [`accept`]'s, which hands the token out; everything else ends it, and the
/// next in the list has its turn.
///
/// # Errors
/// The database's trouble.
pub(crate) async fn decide(cx: &mut Cx<'_>, row: PendingRow, decision: Decision) -> Result<Stands, Stop> {
    if matches!(decision, Decision::Accept | Decision::Complete(_)) {
        return Ok(Stands::Waits(row.state, row.deadline));
    }
    cx.tx.pending_delete(row.id).await?;
    let Some(position) = cx.tx.waiting_by_id(row.object).await? else { return Ok(Stands::Failed) };
    cx.tx.waiting_delete(position.id).await?;
    cx.changed(format!("{} waiting list", position.name), json!({ "passed_over": position.holder }));
    cx.notify(&row.registrar, Notice::Waiting(Waiting::OfferLapsed(position.name.clone())));
    released(cx, &position.name).await?;
    Ok(Stands::Failed)
}

/// A new token of that many hexadecimal digits.
#[must_use]
pub fn draw(digits: usize) -> Secret {
    let mut bytes = vec![0_u8; digits.div_ceil(2)];
    rand::rng().fill_bytes(&mut bytes);
    let text = HEXLOWER.encode(&bytes);
    Secret::new(&text[..digits])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Ts;
    use crate::epp::types::AuthInfo;

    #[test]
    fn a_token_opens_the_name_and_so_does_the_holder_for_itself() {
        let name = DomainName::parse("foo.example").unwrap();
        let auth = |pw: &str| AuthInfo { pw: Secret::new(pw), roid: None };
        let token = auth::stored(&Secret::new("1a2b3c4d"));
        let offer = PositionRow {
            id: 1,
            name: name.clone(),
            holder: "holder-1".to_owned(),
            added_at: Ts(1),
            state: Place::Accepted,
            token,
        };
        let ask = |pw: &str, registrant: &str, model, offer: &PositionRow| {
            let registrant = ContactId::parse(registrant).ok();
            let command = DomainCreate { registrant, ..DomainCreate::of(name.clone(), auth(pw)) };
            check(&command, model, offer).ok()
        };
        let (registrar, registrant) = (Management::Registrar, Management::Registrant);
        assert_eq!(
            ask("1A2B3c4d", "other-1", registrar, &offer),
            Some(true),
            "at any registrar, in any case"
        );
        assert_eq!(ask("1a2b3c4e", "other-1", registrar, &offer), None);
        assert_eq!(ask("", "HOLDER-1", registrar, &offer), None);
        assert_eq!(ask("", "HOLDER-1", registrant, &offer), Some(false));
        assert_eq!(ask("", "other-1", registrant, &offer), None);
        let offered = PositionRow { state: Place::Offered, ..offer };
        assert_eq!(ask("1a2b3c4d", "other-1", registrar, &offered), None, "nobody accepted yet");
    }

    #[test]
    fn a_token_has_its_digits() {
        for digits in [8, 9] {
            let token = draw(digits);
            assert_eq!(token.expose().len(), digits);
            assert!(token.expose().bytes().all(|b| b.is_ascii_hexdigit()));
        }
        assert_ne!(draw(16), draw(16));
    }
}
