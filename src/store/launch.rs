//! Applications for names (RFC 8334), and what registrations of a launch were proven by.

use super::{Reader, Record, Row, StoreError, Tx, Value};
use crate::clock::Ts;
use crate::epp::types::{
    ApplicationStatus, DomainName, LaunchPhaseName, LaunchStatus, PhaseKind, RegistrarId,
};

macro_rules! columns {
    () => {
        "id, name, zone, registrar, created_at, updater, updated_at, phase, phase_name, status, status_name, note, \
         auth, cltrid, svtrid, data"
    };
}

crate::statements! {
    INSERT = concat!(
        "INSERT INTO launch_application (", columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, \
         ?14, ?15, ?16)"
    );
    BY_ID = concat!("SELECT ", columns!(), " FROM launch_application WHERE id = ?1");
    OF_NAME = concat!("SELECT ", columns!(), " FROM launch_application WHERE name = ?1 ORDER BY id LIMIT 1000");
    LIST = concat!("SELECT ", columns!(), " FROM launch_application ORDER BY id LIMIT ?1");
    OF_STATUS = concat!("SELECT ", columns!(), " FROM launch_application WHERE status = ?1 ORDER BY id LIMIT ?2");
    UPDATE = "UPDATE launch_application SET updater = ?2, updated_at = ?3, status = ?4, status_name = ?5, note = ?6, \
              auth = ?7, data = ?8 WHERE id = ?1";
    DELETE = "DELETE FROM launch_application WHERE id = ?1";
    LINK = "INSERT INTO launch_link (application, object) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    UNLINK = "DELETE FROM launch_link WHERE application = ?1";
    REGISTERED = "INSERT INTO launch_registration (domain, phase, phase_name, application, proofs) \
                  VALUES (?1, ?2, ?3, ?4, ?5)";
    REGISTRATION = "SELECT phase, phase_name, application, proofs FROM launch_registration WHERE domain = ?1";
    FORGET = "DELETE FROM launch_registration WHERE domain = ?1";
}

/// An application as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct ApplicationRow {
    /// Its number, which is its identifier on the wire.
    pub id: i64,
    /// The name it is for.
    pub name: DomainName,
    /// The zone.
    pub zone: DomainName,
    /// Who applies.
    pub registrar: RegistrarId,
    /// When.
    pub created_at: Ts,
    /// Who changed it last.
    pub updater: Option<RegistrarId>,
    /// When.
    pub updated_at: Option<Ts>,
    /// The phase it was made in.
    pub phase: LaunchPhaseName,
    /// How it stands.
    pub status: LaunchStatus,
    /// Digest of the authorization information.
    pub auth: Option<String>,
    /// The clTRID of the command that made it.
    pub cltrid: Option<String>,
    /// The svTRID of the command that made it.
    pub svtrid: String,
    /// What is to be registered, and by what proofs, as JSON.
    pub data: String,
}

fn phase(kind: &str, name: Option<String>) -> Result<LaunchPhaseName, StoreError> {
    let kind = PhaseKind::parse(kind).ok_or(StoreError::Shape("a kind of phase"))?;
    Ok(LaunchPhaseName { kind, name })
}

impl Record for ApplicationRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let status = |text: String| ApplicationStatus::parse(&text);
        Ok(Self {
            id: row.get()?,
            name: super::domain_name(&row.get::<String>()?)?,
            zone: super::domain_name(&row.get::<String>()?)?,
            registrar: super::registrar_id(&row.get::<String>()?)?,
            created_at: row.get()?,
            updater: row.get::<Option<String>>()?.as_deref().map(super::registrar_id).transpose()?,
            updated_at: row.get()?,
            phase: phase(&row.get::<String>()?, row.get()?)?,
            status: LaunchStatus {
                status: status(row.get()?).ok_or(StoreError::Shape("a status of an application"))?,
                name: row.get()?,
                note: row.get()?,
            },
            auth: row.get()?,
            cltrid: row.get()?,
            svtrid: row.get()?,
            data: row.get()?,
        })
    }
}

/// In which phase a domain was registered.
#[derive(Clone, Debug, PartialEq)]
pub struct RegistrationRow {
    /// The phase.
    pub phase: LaunchPhaseName,
    /// The application that was allocated, if it was one.
    pub application: Option<i64>,
    /// The proofs, as JSON.
    pub proofs: String,
}

impl Record for RegistrationRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            phase: phase(&row.get::<String>()?, row.get()?)?,
            application: row.get()?,
            proofs: row.get()?,
        })
    }
}

impl Tx {
    /// Adds an application.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn application_insert(&mut self, row: &ApplicationRow) -> Result<(), StoreError> {
        let args = crate::args![
            row.id,
            row.name.as_str(),
            row.zone.as_str(),
            row.registrar.as_str(),
            row.created_at,
            row.updater.as_ref().map(RegistrarId::as_str),
            row.updated_at,
            row.phase.kind.name(),
            row.phase.name.as_deref(),
            row.status.status.name(),
            row.status.name.as_deref(),
            row.status.note.as_deref(),
            row.auth.as_deref(),
            row.cltrid.as_deref(),
            &row.svtrid,
            &row.data,
        ];
        self.exec(INSERT, args).await.map(drop)
    }

    /// The application of that number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn application_by_id(&mut self, id: i64) -> Result<Option<ApplicationRow>, StoreError> {
        self.one(BY_ID, crate::args![id]).await
    }

    /// The applications for a name, first come first; at most a thousand.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn applications_of(&mut self, name: &DomainName) -> Result<Vec<ApplicationRow>, StoreError> {
        self.all(OF_NAME, crate::args![name.as_str()]).await
    }

    /// Applications, first come first: all, or those of a status.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn application_list(
        &mut self,
        status: Option<ApplicationStatus>,
        limit: i64,
    ) -> Result<Vec<ApplicationRow>, StoreError> {
        match status {
            None => self.all(LIST, crate::args![limit]).await,
            Some(status) => self.all(OF_STATUS, crate::args![status.name(), limit]).await,
        }
    }

    /// Stores what of an application can change.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn application_update(&mut self, row: &ApplicationRow) -> Result<(), StoreError> {
        let args = crate::args![
            row.id,
            row.updater.as_ref().map(RegistrarId::as_str),
            row.updated_at,
            row.status.status.name(),
            row.status.name.as_deref(),
            row.status.note.as_deref(),
            row.auth.as_deref(),
            &row.data,
        ];
        self.exec(UPDATE, args).await.map(drop)
    }

    /// Removes an application that was withdrawn.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn application_delete(&mut self, id: i64) -> Result<(), StoreError> {
        self.exec(UNLINK, crate::args![id]).await?;
        self.exec(DELETE, crate::args![id]).await.map(drop)
    }

    /// The contacts and hosts an application names, in the place of those it named before.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn application_link(&mut self, id: i64, objects: &[i64]) -> Result<(), StoreError> {
        self.exec(UNLINK, crate::args![id]).await?;
        let rows: Vec<Row> =
            objects.iter().map(|object| Row(vec![Value::from(id), Value::from(*object)])).collect();
        self.exec_each(LINK, &rows).await.map(drop)
    }

    /// Notes in which phase a domain was registered.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn launch_registered(&mut self, domain: i64, row: &RegistrationRow) -> Result<(), StoreError> {
        let args = crate::args![
            domain,
            row.phase.kind.name(),
            row.phase.name.as_deref(),
            row.application,
            &row.proofs,
        ];
        self.exec(REGISTERED, args).await.map(drop)
    }

    /// In which phase a domain was registered, if it was in one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn launch_registration(&mut self, domain: i64) -> Result<Option<RegistrationRow>, StoreError> {
        self.one(REGISTRATION, crate::args![domain]).await
    }

    /// Forgets that of a domain that is gone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn launch_forget(&mut self, domain: i64) -> Result<(), StoreError> {
        self.exec(FORGET, crate::args![domain]).await.map(drop)
    }
}
