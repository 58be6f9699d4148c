//! The lists of a zone: names that are reserved, blocked, or sold at the prices of a class.

use super::among::among;
use super::{Reader, Record, Row, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::DomainName;

macro_rules! columns {
    () => {
        "id, zone, name, list, class, reason, from_at, until_at"
    };
}

crate::statements! {
    // A name stands on each list once.
    OF = concat!("SELECT ", columns!(), " FROM listed_name WHERE name = ?1 LIMIT 10");
    AMONG = concat!("SELECT ", columns!(), " FROM listed_name WHERE name IN ", among!());
    PAGE = concat!(
        "SELECT ", columns!(), " FROM listed_name WHERE zone = ?1 AND id > ?2 ORDER BY id LIMIT ?3"
    );
    PUT = concat!(
        "INSERT INTO listed_name (", columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (name, list) DO UPDATE \
         SET class = excluded.class, reason = excluded.reason, from_at = excluded.from_at, until_at = excluded.until_at"
    );
    DELETE = "DELETE FROM listed_name WHERE name = ?1 AND list = ?2";
}

/// A list of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListKind {
    /// Nobody can register them.
    Blocked,
    /// They are kept back: who is given leave can register them.
    Reserved,
    /// They have the prices of their class.
    Premium,
}

impl ListKind {
    /// Every list; a name on several is dealt with by the first of them.
    pub const ALL: &'static [Self] = &[Self::Blocked, Self::Reserved, Self::Premium];

    /// The name in the database and to operators.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Reserved => "reserved",
            Self::Premium => "premium",
        }
    }

    /// The list of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|list| list.name() == name)
    }
}

/// An entry of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedRow {
    /// Its number. An entry that takes another's place keeps the other's.
    pub id: i64,
    /// The zone whose list it is.
    pub zone: DomainName,
    /// The name, directly below the zone.
    pub name: DomainName,
    /// The list.
    pub list: ListKind,
    /// The class of a premium name; empty on other lists.
    pub class: String,
    /// What a registrar is told; empty for the usual word.
    pub reason: String,
    /// From when on it holds; always without it.
    pub from: Option<Ts>,
    /// Until when; for ever without it.
    pub until: Option<Ts>,
}

impl Record for ListedRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get()?,
            zone: super::domain_name(&row.get::<String>()?)?,
            name: super::domain_name(&row.get::<String>()?)?,
            list: ListKind::parse(&row.get::<String>()?).ok_or(StoreError::Shape("a list of names"))?,
            class: row.get()?,
            reason: row.get()?,
            from: row.get()?,
            until: row.get()?,
        })
    }
}

impl ListedRow {
    /// Whether it holds at that moment.
    #[must_use]
    pub fn holds(&self, now: Ts) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}

impl Tx {
    /// The entries of a name, whenever they hold.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn listed(&mut self, name: &DomainName) -> Result<Vec<ListedRow>, StoreError> {
        self.all(OF, crate::args![name.as_str()]).await
    }

    /// The entries of these names, whenever they hold.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn listed_among(&mut self, names: &[DomainName]) -> Result<Vec<ListedRow>, StoreError> {
        let keys: Vec<String> = names.iter().map(ToString::to_string).collect();
        self.among(AMONG, &keys).await
    }

    /// Entries of a zone after that number, by number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn listed_page(
        &mut self,
        zone: &DomainName,
        after: i64,
        limit: i64,
    ) -> Result<Vec<ListedRow>, StoreError> {
        self.all(PAGE, crate::args![zone.as_str(), after, limit]).await
    }

    /// Puts entries on their lists, in the place of those of the same names there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn listed_put(&mut self, rows: &[ListedRow]) -> Result<(), StoreError> {
        let args = |row: &ListedRow| {
            let (zone, name) = (row.zone.as_str(), row.name.as_str());
            let values = crate::args![
                row.id,
                zone,
                name,
                row.list.name(),
                &row.class,
                &row.reason,
                row.from,
                row.until
            ];
            Row(values.to_vec())
        };
        let rows: Vec<Row> = rows.iter().map(args).collect();
        self.exec_each(PUT, &rows).await.map(drop)
    }

    /// Takes names off lists; says how many were there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn listed_delete(&mut self, names: &[(DomainName, ListKind)]) -> Result<u64, StoreError> {
        let row =
            |(name, list): &(DomainName, ListKind)| Row(crate::args![name.as_str(), list.name()].to_vec());
        let rows: Vec<Row> = names.iter().map(row).collect();
        self.exec_each(DELETE, &rows).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_holds_from_its_beginning_until_before_its_end() {
        let name = DomainName::parse("foo.example").unwrap();
        let zone = DomainName::parse("example").unwrap();
        let row = |from, until| ListedRow {
            id: 1,
            zone: zone.clone(),
            name: name.clone(),
            list: ListKind::Blocked,
            class: String::new(),
            reason: String::new(),
            from,
            until,
        };
        assert!(row(None, None).holds(Ts(5)));
        let (from, until) = (Some(Ts(5)), Some(Ts(7)));
        for (now, holds) in [(4, false), (5, true), (6, true), (7, false)] {
            assert_eq!(row(from, until).holds(Ts(now)), holds, "{now}");
        }
    }
}
