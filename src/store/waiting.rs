//! Waiting lists: who waits for a name, first come first.

use super::among::among;
use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::DomainName;

macro_rules! columns {
    () => {
        "id, name, holder, added_at, state, token"
    };
}

crate::statements! {
    INSERT = concat!(
        "INSERT INTO waiting_position (", columns!(), ") VALUES (?1, ?2, ?3, ?4, 'waiting', NULL) ON CONFLICT DO NOTHING"
    );
    OF_NAME = concat!("SELECT ", columns!(), " FROM waiting_position WHERE name = ?1 ORDER BY id LIMIT 1000");
    BY_ID = concat!("SELECT ", columns!(), " FROM waiting_position WHERE id = ?1");
    OFFERED = concat!(
        "SELECT ", columns!(), " FROM waiting_position WHERE name = ?1 AND state <> 'waiting' LIMIT 1"
    );
    OFFERED_AMONG = concat!("SELECT name FROM waiting_position WHERE state <> 'waiting' AND name IN ", among!());
    LIST = concat!("SELECT ", columns!(), " FROM waiting_position ORDER BY id LIMIT ?1");
    HAS = "SELECT id FROM waiting_position WHERE holder = ?1 LIMIT 1";
    MOVE = "UPDATE waiting_position SET state = ?2, token = ?3 WHERE id = ?1";
    DELETE = "DELETE FROM waiting_position WHERE id = ?1";
}

/// How a position stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Others come first, or the name is taken.
    Waiting,
    /// The name is offered to it.
    Offered,
    /// It accepted, and has a token.
    Accepted,
}

impl Place {
    const ALL: &'static [Self] = &[Self::Waiting, Self::Offered, Self::Accepted];

    /// The name in the database and to operators.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Offered => "offered",
            Self::Accepted => "accepted",
        }
    }
}

/// A position on the list of a name.
#[derive(Clone, Debug, PartialEq)]
pub struct PositionRow {
    /// Its number, which is also its place in the order.
    pub id: i64,
    /// The name that is waited for.
    pub name: DomainName,
    /// The contact that waits: its handle as handles are compared.
    pub holder: String,
    /// Since when.
    pub added_at: Ts,
    /// How it stands.
    pub state: Place,
    /// Digest of its token.
    pub token: Option<String>,
}

impl Record for PositionRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let state = |text: String| Place::ALL.iter().copied().find(|place| place.name() == text);
        Ok(Self {
            id: row.get()?,
            name: super::domain_name(&row.get::<String>()?)?,
            holder: row.get()?,
            added_at: row.get()?,
            state: state(row.get()?).ok_or(StoreError::Shape("a state of a waiting position"))?,
            token: row.get()?,
        })
    }
}

impl Tx {
    /// Puts a holder at the end of a name's list; says whether it was not on it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn waiting_insert(
        &mut self,
        id: i64,
        name: &DomainName,
        holder: &str,
        at: Ts,
    ) -> Result<bool, StoreError> {
        Ok(self.exec(INSERT, crate::args![id, name.as_str(), holder, at]).await? > 0)
    }

    /// Whether a contact waits for any name, by its handle as handles are compared.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn waiting_has(&mut self, holder: &str) -> Result<bool, StoreError> {
        Ok(self.one::<i64>(HAS, crate::args![holder]).await?.is_some())
    }

    /// The list of a name, first come first; at most a thousand.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn waiting_of(&mut self, name: &DomainName) -> Result<Vec<PositionRow>, StoreError> {
        self.all(OF_NAME, crate::args![name.as_str()]).await
    }

    /// The position of that number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn waiting_by_id(&mut self, id: i64) -> Result<Option<PositionRow>, StoreError> {
        self.one(BY_ID, crate::args![id]).await
    }

    /// The position a name is offered to, if it is.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn waiting_offered(&mut self, name: &DomainName) -> Result<Option<PositionRow>, StoreError> {
        self.one(OFFERED, crate::args![name.as_str()]).await
    }

    /// Which of these names are offered to somebody.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn waiting_offered_among(&mut self, names: &[DomainName]) -> Result<Vec<String>, StoreError> {
        let keys: Vec<String> = names.iter().map(ToString::to_string).collect();
        self.among(OFFERED_AMONG, &keys).await
    }

    /// Every position, first come first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn waiting_list(&mut self, limit: i64) -> Result<Vec<PositionRow>, StoreError> {
        self.all(LIST, crate::args![limit]).await
    }

    /// Stores how a position stands.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn waiting_move(
        &mut self,
        id: i64,
        state: Place,
        token: Option<&str>,
    ) -> Result<(), StoreError> {
        self.exec(MOVE, crate::args![id, state.name(), token]).await.map(drop)
    }

    /// Takes a position off its list.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn waiting_delete(&mut self, id: i64) -> Result<(), StoreError> {
        self.exec(DELETE, crate::args![id]).await.map(drop)
    }
}
