//! Rules of the knobs of what waits for somebody.

use super::check::{Broken, that};
use super::{Checked, ZonePolicy};

/// The first rule the rules of a zone break.
pub(super) fn zone(zone: &ZonePolicy) -> Result<(), Broken> {
    let ZonePolicy { terms, verification, create, .. } = zone;
    that(create.complete_after_s >= 0, &["zone.create.complete_after_s"], || {
        format!("complete_after_s = {} lies before the request", create.complete_after_s)
    })?;
    let models = &zone.management.models;
    that(models.iter().any(|m| m == "registrar"), &["zone.management.models"], || {
        "registrars manage what they create; \"registrar\" is one of the models".to_owned()
    })?;
    for model in models {
        that(["registrar", "registrant"].contains(&model.as_str()), &["zone.management.models"], || {
            format!("unknown model {model:?}; there are registrar and registrant")
        })?;
    }
    that(models.contains(&zone.management.default), &["zone.management.default"], || {
        format!("the default {:?} is none of the models", zone.management.default)
    })?;
    let list = &zone.waiting_list;
    for (key, value) in [("offer_days", list.offer_days), ("token_days", list.token_days)] {
        that(value > 0, &[&format!("zone.waiting_list.{key}")], || {
            format!("{key} = {value} leaves nobody any time")
        })?;
    }
    that((8..=16).contains(&list.token_digits), &["zone.waiting_list.token_digits"], || {
        format!("a token of {} digits; 8 cannot be guessed, and a password has 16 at most", list.token_digits)
    })?;
    for (key, value) in [("past_days", terms.past_days), ("future_hours", terms.future_hours)] {
        that(value >= 0, &[&format!("zone.terms.{key}")], || {
            format!("{key} = {value} lets no moment through")
        })?;
    }
    for (key, value) in [("terms.accept_days", terms.accept_days), ("verification.days", verification.days)] {
        that(value > 0, &[&format!("zone.{key}")], || format!("{key} = {value} leaves nobody any time"))?;
    }
    that(
        verification.checked != Checked::Home || is_country(&verification.home_country),
        &["zone.verification.home_country", "zone.verification.checked"],
        || format!("checked = \"home\" needs a country of two letters, not {:?}", verification.home_country),
    )
}

/// Whether it has the form of a country's letters (ISO 3166-1 alpha-2).
pub(super) fn is_country(code: &str) -> bool {
    code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use crate::policy::Policies;

    #[test]
    fn whoever_is_asked_has_time_and_a_country() {
        for (text, expected) in [
            ("zone.verification.checked = \"home\"", "needs a country of two letters, not \"\""),
            ("zone.terms.accept_days = 0", "accept_days = 0 leaves nobody any time"),
            ("zone.terms.past_days = -1", "past_days = -1 lets no moment through"),
        ] {
            let own = [("own".to_owned(), format!("id = \"own\"\nextends = \"gtld\"\n{text}"))];
            let fault = Policies::load(&own).unwrap_err().to_string();
            assert!(fault.contains(expected), "{fault}");
        }
    }
}
