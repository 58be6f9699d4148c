//! The lists of a zone: blocked names, which nobody can register; reserved ones, which are kept back for somebody; and
//! premium ones, which have the prices of their class. An entry keeps nothing from a domain that is registered already.

use std::collections::HashMap;

use crate::epp::types::DomainName;
use crate::flow::domain::on_name;
use crate::flow::zone::Zone;
use crate::gate::{Cx, Stop};
use crate::refusal::{Reason, Refusal};
use crate::store::listed::ListedRow;

pub use crate::store::listed::ListKind;

/// Most characters of what a registrar is told of an entry, so that a check has room for it (RFC 5731 section 3.1.1).
pub const MAX_REASON: usize = 32;
/// Most characters of a class.
pub const MAX_CLASS: usize = 32;

/// What the lists say of a name at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The list that decides: blocked before reserved before premium.
    pub list: ListKind,
    /// The premium class, also of a name that is reserved as well.
    pub class: Option<String>,
    /// What a registrar is told of it; empty for the usual word.
    pub reason: String,
}

/// What the lists of a zone say of a name now.
///
/// # Errors
/// The database's trouble.
pub async fn listed(cx: &mut Cx<'_>, zone: &Zone, name: &DomainName) -> Result<Option<Listed>, Stop> {
    let mut rows = cx.tx.listed(name).await?;
    rows.retain(|row| row.zone == zone.name && row.holds(cx.now));
    Ok(said(&rows))
}

/// The same of many names at once; what is on no list is not in the answer.
///
/// # Errors
/// The database's trouble.
pub async fn among(cx: &mut Cx<'_>, names: &[DomainName]) -> Result<HashMap<DomainName, Listed>, Stop> {
    let mut of: HashMap<DomainName, Vec<ListedRow>> = HashMap::new();
    for row in cx.tx.listed_among(names).await?.into_iter().filter(|row| row.holds(cx.now)) {
        let rows = of.entry(row.name.clone()).or_default();
        // A question for many names may have an answer twice.
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    Ok(of.into_iter().filter_map(|(name, rows)| Some((name, said(&rows)?))).collect())
}

/// The class whose prices a name has now; `None` for a standard name.
///
/// # Errors
/// The database's trouble.
pub async fn class_of(cx: &mut Cx<'_>, name: &str) -> Result<Option<String>, Stop> {
    let Ok(name) = DomainName::parse(name) else { return Ok(None) };
    let mut rows = cx.tx.listed(&name).await?;
    rows.retain(|row| row.holds(cx.now));
    Ok(said(&rows).and_then(|listed| listed.class))
}

fn said(rows: &[ListedRow]) -> Option<Listed> {
    let first = rows.iter().min_by_key(|row| row.list)?;
    let premium = rows.iter().find(|row| row.list == ListKind::Premium);
    Some(Listed {
        list: first.list,
        class: premium.map(|row| row.class.clone()),
        reason: first.reason.clone(),
    })
}

impl Listed {
    /// Why the name cannot be registered; `None` where it can.
    #[must_use]
    pub fn kept_back(&self) -> Option<Reason> {
        match self.list {
            ListKind::Blocked => Some(Reason::NameBlocked),
            ListKind::Reserved => Some(Reason::NameReserved),
            ListKind::Premium => None,
        }
    }

    /// The refusal to register it, with what the entry says; `None` where it can be registered.
    #[must_use]
    pub fn refusal(&self, name: &DomainName) -> Option<Refusal> {
        let refusal = on_name(self.kept_back()?, name);
        Some(if self.reason.is_empty() { refusal } else { refusal.detail(self.reason.clone()) })
    }
}

/// What is wrong with an entry that somebody writes, in words for the operator.
///
/// # Errors
/// What is wrong.
pub fn check(row: &ListedRow) -> Result<(), String> {
    let plain = |text: &str, most: usize| {
        text.chars().count() <= most && text.trim() == text && !text.chars().any(char::is_control)
    };
    if row.name.parent().as_ref() != Some(&row.zone) {
        return Err(format!("{} is not directly below {}", row.name, row.zone));
    }
    if row.list == ListKind::Premium && row.class.is_empty() {
        return Err(format!("{} is premium and has no class", row.name));
    }
    if row.class == "standard" {
        return Err(format!("{} cannot be of class standard, which names on no list have", row.name));
    }
    if row.list != ListKind::Premium && !row.class.is_empty() {
        return Err(format!("{} is {} and has a class, which premium names have", row.name, row.list.name()));
    }
    if !plain(&row.class, MAX_CLASS) {
        return Err(format!("the class of {} has more than {MAX_CLASS} characters, or odd ones", row.name));
    }
    if !plain(&row.reason, MAX_REASON) {
        return Err(format!("the reason of {} has more than {MAX_REASON} characters, or odd ones", row.name));
    }
    match (row.from, row.until) {
        (Some(from), Some(until)) if until <= from => Err(format!("{} ends before it begins", row.name)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Ts;

    fn row(list: ListKind, class: &str, reason: &str) -> ListedRow {
        ListedRow {
            id: 1,
            zone: DomainName::parse("example").unwrap(),
            name: DomainName::parse("foo.example").unwrap(),
            list,
            class: class.to_owned(),
            reason: reason.to_owned(),
            from: None,
            until: None,
        }
    }

    #[test]
    fn the_gravest_list_decides_and_the_class_stays_known() {
        let (blocked, reserved) = (row(ListKind::Blocked, "", "Court"), row(ListKind::Reserved, "", "City"));
        let premium = row(ListKind::Premium, "gold", "");
        let of = |rows: &[ListedRow]| said(rows).map(|l| (l.list, l.class, l.reason));
        assert_eq!(of(&[]), None);
        let gold = Some("gold".to_owned());
        assert_eq!(
            of(std::slice::from_ref(&premium)),
            Some((ListKind::Premium, gold.clone(), String::new()))
        );
        let both = [premium.clone(), reserved.clone()];
        assert_eq!(of(&both), Some((ListKind::Reserved, gold.clone(), "City".to_owned())));
        let all = [premium, reserved, blocked];
        assert_eq!(of(&all), Some((ListKind::Blocked, gold, "Court".to_owned())));
        assert_eq!(said(&all).and_then(|l| l.kept_back()), Some(Reason::NameBlocked));
        assert_eq!(said(&all[..1]).and_then(|l| l.kept_back()), None);
    }

    #[test]
    fn an_entry_that_makes_no_sense_is_told() {
        let fault = |row: &ListedRow| check(row).err().unwrap_or_default();
        assert_eq!(fault(&row(ListKind::Premium, "gold", "")), "");
        assert!(fault(&row(ListKind::Premium, "", "")).contains("no class"));
        assert!(fault(&row(ListKind::Premium, "standard", "")).contains("on no list"));
        assert!(fault(&row(ListKind::Blocked, "gold", "")).contains("has a class"));
        assert!(fault(&row(ListKind::Blocked, "", &"x".repeat(33))).contains("more than 32"));
        assert!(fault(&row(ListKind::Premium, " gold", "")).contains("the class"));
        let below =
            ListedRow { name: DomainName::parse("a.foo.example").unwrap(), ..row(ListKind::Blocked, "", "") };
        assert!(fault(&below).contains("not directly below"));
        let ended = ListedRow { from: Some(Ts(2)), until: Some(Ts(2)), ..row(ListKind::Blocked, "", "") };
        assert!(fault(&ended).contains("ends before"));
    }
}
