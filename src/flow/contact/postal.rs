//! Postal information in the form and with the characters the registry takes.

use crate::epp::ns::Ns;
use crate::epp::types::{PostalForm, PostalInfo};
use crate::policy::{ContactPolicy, PostalRule};
use crate::refusal::{Reason, Refusal};

/// Refuses the form the registry does not take for that address, and characters it does not write.
///
/// # Errors
/// [`Reason::PostalFormNotTaken`], [`Reason::CharNotAccepted`]
pub(super) fn check(form: PostalForm, info: &PostalInfo, policy: &ContactPolicy) -> Result<(), Refusal> {
    let taken = match &policy.postal {
        PostalRule::Both => form,
        PostalRule::Int => PostalForm::Int,
        PostalRule::Loc => PostalForm::Loc,
        PostalRule::Home { home } if info.addr.cc == *home => PostalForm::Loc,
        PostalRule::Home { .. } => PostalForm::Int,
    };
    if form != taken {
        let refusal = Refusal::new(Reason::PostalFormNotTaken).on(Ns::Contact, "postalInfo", form.name());
        return Err(refusal.detail(format!("use {}", taken.name())));
    }
    for (element, text) in texts(info) {
        let strange = |c: &char| !policy.charset.has(*c) || policy.banned_chars.contains(c);
        if let Some(c) = text.chars().find(strange) {
            return Err(Refusal::new(Reason::CharNotAccepted)
                .on(Ns::Contact, element, text)
                .detail(format!("U+{:04X}", u32::from(c))));
        }
    }
    Ok(())
}

/// The texts of it, by element.
fn texts(info: &PostalInfo) -> impl Iterator<Item = (&'static str, &str)> {
    let addr = &info.addr;
    let street = addr.street.iter().map(|line| ("street", line.as_str()));
    [("name", info.name.as_str()), ("city", addr.city.as_str())]
        .into_iter()
        .chain(info.org.as_deref().map(|org| ("org", org)))
        .chain(street)
        .chain(addr.sp.as_deref().map(|sp| ("sp", sp)))
        .chain(addr.pc.as_deref().map(|pc| ("pc", pc)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epp::types::Postal;
    use crate::policy::{Charset, Policies};

    fn reason(form: PostalForm, name: &str, cc: &str, policy: &ContactPolicy) -> Option<Reason> {
        let addr = Postal { city: "Ghent".to_owned(), cc: cc.to_owned(), ..Postal::default() };
        let info = PostalInfo { name: name.to_owned(), org: None, addr };
        check(form, &info, policy).err().map(|refusal| refusal.reason)
    }

    #[test]
    fn the_country_may_decide_the_form() {
        let mut policy = Policies::load(&[]).unwrap().profile("gtld").unwrap().zone.contact.clone();
        assert_eq!(reason(PostalForm::Loc, "Ada", "BE", &policy), None);
        policy.postal = PostalRule::Home { home: "BE".to_owned() };
        let other = Some(Reason::PostalFormNotTaken);
        assert_eq!(reason(PostalForm::Loc, "Ada", "BE", &policy), None);
        assert_eq!(reason(PostalForm::Int, "Ada", "BE", &policy), other);
        assert_eq!(reason(PostalForm::Loc, "Ada", "FR", &policy), other);
        assert_eq!(reason(PostalForm::Int, "Ada", "FR", &policy), None);
    }

    #[test]
    fn characters_are_those_of_the_registry() {
        let mut policy = Policies::load(&[]).unwrap().profile("gtld").unwrap().zone.contact.clone();
        assert_eq!(reason(PostalForm::Loc, "Łukasz", "PL", &policy), None);
        policy.charset = Charset::Latin;
        policy.banned_chars = vec!['@'];
        assert_eq!(reason(PostalForm::Loc, "Zoë", "BE", &policy), None);
        assert_eq!(reason(PostalForm::Loc, "Łukasz", "PL", &policy), Some(Reason::CharNotAccepted));
        assert_eq!(reason(PostalForm::Loc, "A@B", "BE", &policy), Some(Reason::CharNotAccepted));
    }
}
