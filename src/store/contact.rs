//! Contact objects. Identifiers are compared by their key, without regard to case, and shown as created.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::among::among;
use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::{
    AddlEmail, ContactId, ContactStatus, Disclose, Phone, PostalInfo, RegistrarId, StatusSet,
};

macro_rules! columns {
    () => {
        "id, handle, registrar, creator, created_at, updater, updated_at, transferred_at, statuses, postal_int, \
         postal_loc, voice, fax, email, disclose, auth, identified_at, addl_email"
    };
}

crate::statements! {
    BY_HANDLE = concat!("SELECT ", columns!(), " FROM contact WHERE handle_key = ?1");
    BY_ID = concat!("SELECT ", columns!(), " FROM contact WHERE id = ?1");
    AMONG = concat!("SELECT id, handle FROM contact WHERE handle_key IN ", among!());
    LINKED = "SELECT id FROM domain WHERE registrant = ?1 \
              UNION ALL SELECT domain FROM domain_contact WHERE contact = ?1 \
              UNION ALL SELECT application FROM launch_link WHERE object = ?1 \
              UNION ALL SELECT id FROM host WHERE admin = ?1 LIMIT 1";
    INSERT = "INSERT INTO contact (id, handle, handle_key, registrar, creator, created_at, updater, updated_at, \
              transferred_at, statuses, postal_int, postal_loc, voice, fax, email, disclose, auth, \
              addl_email) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18) \
              ON CONFLICT DO NOTHING";
    UPDATE = "UPDATE contact SET registrar = ?2, updater = ?3, updated_at = ?4, transferred_at = ?5, \
              statuses = ?6, postal_int = ?7, postal_loc = ?8, voice = ?9, fax = ?10, email = ?11, \
              disclose = ?12, auth = ?13, addl_email = ?14 WHERE id = ?1";
    IDENTIFIED = "UPDATE contact SET identified_at = ?2 WHERE id = ?1";
    DELETE = "DELETE FROM contact WHERE id = ?1";
}

/// A contact as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactRow {
    /// Its number.
    pub id: i64,
    /// Its identifier as the client wrote it.
    pub handle: ContactId,
    /// The sponsor.
    pub registrar: RegistrarId,
    /// The creator.
    pub creator: RegistrarId,
    /// When it was created.
    pub created_at: Ts,
    /// Who changed it last.
    pub updater: Option<RegistrarId>,
    /// When it was changed last.
    pub updated_at: Option<Ts>,
    /// When it was transferred last.
    pub transferred_at: Option<Ts>,
    /// What was set, and pending ones.
    pub statuses: StatusSet<ContactStatus>,
    /// The internationalised postal form.
    pub postal_int: Option<PostalInfo>,
    /// The localised postal form.
    pub postal_loc: Option<PostalInfo>,
    /// Telephone.
    pub voice: Option<Phone>,
    /// Fax.
    pub fax: Option<Phone>,
    /// E-mail address.
    pub email: String,
    /// Disclose preference.
    pub disclose: Option<Disclose>,
    /// Digest of the authorization information; `None` is unset.
    pub auth: Option<String>,
    /// When the identity behind it was controlled with success.
    pub identified_at: Option<Ts>,
    /// A second e-mail address.
    pub addl_email: Option<AddlEmail>,
}

impl Record for ContactRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get()?,
            handle: handle(&row.get::<String>()?)?,
            registrar: super::registrar_id(&row.get::<String>()?)?,
            creator: super::registrar_id(&row.get::<String>()?)?,
            created_at: row.get()?,
            updater: row.get::<Option<String>>()?.as_deref().map(super::registrar_id).transpose()?,
            updated_at: row.get()?,
            transferred_at: row.get()?,
            statuses: StatusSet::from_text(&row.get::<String>()?),
            postal_int: from_json(row.get()?)?,
            postal_loc: from_json(row.get()?)?,
            voice: from_json(row.get()?)?,
            fax: from_json(row.get()?)?,
            email: row.get()?,
            disclose: from_json(row.get()?)?,
            auth: row.get()?,
            identified_at: row.get()?,
            addl_email: from_json(row.get()?)?,
        })
    }
}

/// Which contact an identifier names.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactRef {
    /// Its number.
    pub id: i64,
    /// Its identifier as created.
    pub handle: ContactId,
}

impl Record for ContactRef {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { id: row.get()?, handle: handle(&row.get::<String>()?)? })
    }
}

impl Tx {
    /// The contact of that identifier.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_by_handle(&mut self, handle: &ContactId) -> Result<Option<ContactRow>, StoreError> {
        self.one(BY_HANDLE, crate::args![handle.key()]).await
    }

    /// The contact of that number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_by_id(&mut self, id: i64) -> Result<Option<ContactRow>, StoreError> {
        self.one(BY_ID, crate::args![id]).await
    }

    /// Those of the identifiers that name a contact, in no particular order.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contacts_among(&mut self, handles: &[ContactId]) -> Result<Vec<ContactRef>, StoreError> {
        let keys: Vec<String> = handles.iter().map(ContactId::key).collect();
        self.among(AMONG, &keys).await
    }

    /// Whether any domain uses the contact.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_linked(&mut self, id: i64) -> Result<bool, StoreError> {
        Ok(self.one::<i64>(LINKED, crate::args![id]).await?.is_some())
    }

    /// Adds a contact; says whether its identifier was free.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_insert(&mut self, row: &ContactRow) -> Result<bool, StoreError> {
        let args = crate::args![
            row.id,
            row.handle.as_str(),
            row.handle.key(),
            row.registrar.as_str(),
            row.creator.as_str(),
            row.created_at,
            row.updater.as_ref().map(RegistrarId::as_str),
            row.updated_at,
            row.transferred_at,
            row.statuses.to_text(),
            to_json(row.postal_int.as_ref())?,
            to_json(row.postal_loc.as_ref())?,
            to_json(row.voice.as_ref())?,
            to_json(row.fax.as_ref())?,
            &row.email,
            to_json(row.disclose.as_ref())?,
            row.auth.as_deref(),
            to_json(row.addl_email.as_ref())?,
        ];
        Ok(self.exec(INSERT, args).await? > 0)
    }

    /// Writes a contact back. Number, identifier, creator and time of creation stay.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_update(&mut self, row: &ContactRow) -> Result<(), StoreError> {
        let args = crate::args![
            row.id,
            row.registrar.as_str(),
            row.updater.as_ref().map(RegistrarId::as_str),
            row.updated_at,
            row.transferred_at,
            row.statuses.to_text(),
            to_json(row.postal_int.as_ref())?,
            to_json(row.postal_loc.as_ref())?,
            to_json(row.voice.as_ref())?,
            to_json(row.fax.as_ref())?,
            &row.email,
            to_json(row.disclose.as_ref())?,
            row.auth.as_deref(),
            to_json(row.addl_email.as_ref())?,
        ];
        self.exec(UPDATE, args).await.map(drop)
    }

    /// Notes when the identity behind a contact was controlled with success.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_identified(&mut self, id: i64, at: Ts) -> Result<(), StoreError> {
        self.exec(IDENTIFIED, crate::args![id, at]).await.map(drop)
    }

    /// Removes a contact.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_delete(&mut self, id: i64) -> Result<(), StoreError> {
        self.contact_idle_forget(id).await?;
        self.exec(DELETE, crate::args![id]).await.map(drop)
    }
}

fn handle(text: &str) -> Result<ContactId, StoreError> {
    ContactId::parse(text).map_err(|_| StoreError::Shape("a stored contact identifier is too long"))
}

fn to_json<T: Serialize>(value: Option<&T>) -> Result<Option<String>, StoreError> {
    let text = value.map(serde_json::to_string).transpose();
    text.map_err(|_| StoreError::Shape("a contact's data cannot be written as JSON"))
}

fn from_json<T: DeserializeOwned>(text: Option<String>) -> Result<Option<T>, StoreError> {
    let value = text.map(|text| serde_json::from_str(&text)).transpose();
    value.map_err(|_| StoreError::Shape("a contact's data is not the JSON it should be"))
}
