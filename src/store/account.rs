//! Registrars and their EPP users.

use super::hit::HitRow;
use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::RegistrarId;
use crate::policy::{Roles, Service};

crate::statements! {
    REGISTRAR_INSERT = "INSERT INTO registrar (id, name, email, enabled, max_sessions, profile, created_at, updated_at, auto_renew) \
                        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8) ON CONFLICT DO NOTHING";
    // The columns that are not named have their defaults; nobody logs in as the registry.
    REGISTRAR_OF_REGISTRY = "INSERT INTO registrar (id, name, enabled, created_at, updated_at) \
                             VALUES (?1, ?1, 0, ?2, ?2) ON CONFLICT DO NOTHING";
    REGISTRAR_UPDATE = "UPDATE registrar SET name = ?2, email = ?3, enabled = ?4, max_sessions = ?5, profile = ?6, \
                        updated_at = ?7, auto_renew = ?8 WHERE id = ?1";
    REGISTRAR = "SELECT id, name, email, enabled, max_sessions, profile, created_at, updated_at, auto_renew FROM registrar \
                 WHERE id = ?1";
    // A registry has some hundreds of registrars, at most some thousands.
    REGISTRARS = "SELECT id, name, email, enabled, max_sessions, profile, created_at, updated_at, auto_renew FROM registrar \
                  LIMIT 10000";
    USER_INSERT = "INSERT INTO epp_user (id, registrar, password, enabled, service, roles, created_at, updated_at, password_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?7) ON CONFLICT DO NOTHING";
    USER_PASSWORD = "UPDATE epp_user SET password = ?2, updated_at = ?3, password_at = ?3 WHERE id = ?1 AND deleted_at IS NULL";
    USER_WEB_PASSWORD = "UPDATE epp_user SET web_password = ?2, updated_at = ?3 WHERE id = ?1 AND deleted_at IS NULL";
    USER_ENABLED = "UPDATE epp_user SET enabled = ?2, updated_at = ?3 WHERE id = ?1 AND deleted_at IS NULL";
    USER_DUTIES = "UPDATE epp_user SET service = ?2, roles = ?3, updated_at = ?4 WHERE id = ?1 AND deleted_at IS NULL";
    USER_DELETE = "UPDATE epp_user SET enabled = 0, password = '', web_password = '', deleted_at = ?2, updated_at = ?2 \
                   WHERE id = ?1 AND deleted_at IS NULL";
    USER = "SELECT id, registrar, enabled, service, roles, created_at, updated_at, deleted_at FROM epp_user WHERE id = ?1";
    FACTS = "SELECT r.enabled, u.enabled, u.service, u.roles, r.profile, h.version, h.day, h.points, h.day_limit, h.exceeded_at, \
             h.blocked_until, h.month, h.unblocks, h.limit_override FROM registrar r \
             LEFT JOIN epp_user u ON u.id = ?2 AND u.registrar = r.id \
             LEFT JOIN hit_state h ON h.registrar = r.id WHERE r.id = ?1";
    USERS_OF = "SELECT id, registrar, enabled, service, roles, created_at, updated_at, deleted_at FROM epp_user \
                WHERE registrar = ?1 LIMIT 1000";
}

/// What every command of a logged-in session asks first: nothing of it is kept between commands.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountRow {
    /// Whether the account may be used.
    pub registrar_enabled: bool,
    /// Whether the user may; not when it is gone, or belongs to another service now.
    pub user_enabled: bool,
    /// The user's meta-roles.
    pub roles: Roles,
    /// The profile of the account's rules; `None` for the server's.
    pub profile: Option<String>,
    /// How it stands with its hitpoints.
    pub hit: HitRow,
}

impl Record for AccountRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let (registrar_enabled, user_enabled) = (row.get()?, row.get::<Option<bool>>()?.unwrap_or(false));
        let is_epp = row.get::<Option<String>>()?.as_deref() == Some(Service::Epp.name());
        let roles = roles(&row.get::<Option<String>>()?.unwrap_or_default())?;
        let user_enabled = user_enabled && is_epp;
        let (profile, hit) = (row.get()?, HitRow::read_joined(row)?);
        Ok(Self { registrar_enabled, user_enabled, roles, profile, hit })
    }
}

/// A registrar: the account that sponsors objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrarRow {
    /// As `clID` shows it.
    pub id: RegistrarId,
    /// Its name in words.
    pub name: String,
    /// Where the registry writes to.
    pub email: Option<String>,
    /// Whether its users may log in.
    pub enabled: bool,
    /// Its own cap of sessions; `None` for the profile's.
    pub max_sessions: Option<i64>,
    /// The profile whose account rules it is under; `None` for the server's.
    pub profile: Option<String>,
    /// When it was added.
    pub created_at: Ts,
    /// When it was changed last.
    pub updated_at: Ts,
    /// Whether domains it creates or takes over are renewed by the registry; `None` for the profile's default.
    pub auto_renew: Option<bool>,
}

/// A service user: a login name of a registrar. Its password's hash is read by the login only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// The login name.
    pub id: RegistrarId,
    /// The account it acts for.
    pub registrar: RegistrarId,
    /// Whether it may log in.
    pub enabled: bool,
    /// The one service it logs in to.
    pub service: Service,
    /// Its meta-roles.
    pub roles: Roles,
    /// When it was added.
    pub created_at: Ts,
    /// When it was changed last.
    pub updated_at: Ts,
    /// When it was deleted: it never logs in again, and its name is given to nobody else.
    pub deleted_at: Option<Ts>,
}

impl UserRow {
    /// A new user of EPP with every meta-role.
    #[must_use]
    pub fn new(id: RegistrarId, registrar: RegistrarId, now: Ts) -> Self {
        Self {
            id,
            registrar,
            enabled: true,
            service: Service::Epp,
            roles: Roles::all(),
            created_at: now,
            updated_at: now,
            deleted_at: None,
        }
    }
}

impl Record for RegistrarRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: super::registrar_id(&row.get::<String>()?)?,
            name: row.get()?,
            email: row.get()?,
            enabled: row.get()?,
            max_sessions: row.get()?,
            profile: row.get()?,
            created_at: row.get()?,
            updated_at: row.get()?,
            auto_renew: row.get()?,
        })
    }
}

impl Record for UserRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: super::registrar_id(&row.get::<String>()?)?,
            registrar: super::registrar_id(&row.get::<String>()?)?,
            enabled: row.get()?,
            service: service(&row.get::<String>()?)?,
            roles: roles(&row.get::<String>()?)?,
            created_at: row.get()?,
            updated_at: row.get()?,
            deleted_at: row.get()?,
        })
    }
}

/// The service of that name.
pub(super) fn service(name: &str) -> Result<Service, StoreError> {
    Service::parse(name).ok_or(StoreError::Shape("a service of a user"))
}

/// The meta-roles of those names.
pub(super) fn roles(names: &str) -> Result<Roles, StoreError> {
    Roles::parse(names).map_err(|_| StoreError::Shape("a meta-role of a user"))
}

impl Tx {
    /// Makes sure that the registry can sponsor objects itself.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn registrar_of_registry(&mut self, registry: &RegistrarId, now: Ts) -> Result<(), StoreError> {
        self.exec(REGISTRAR_OF_REGISTRY, crate::args![registry.as_str(), now]).await.map(drop)
    }

    /// Adds a registrar; says whether the identifier was free.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn registrar_insert(&mut self, row: &RegistrarRow) -> Result<bool, StoreError> {
        let (id, email) = (row.id.as_str(), row.email.as_deref());
        let args = crate::args![
            id,
            &row.name,
            email,
            row.enabled,
            row.max_sessions,
            row.profile.as_deref(),
            row.created_at,
            row.auto_renew.map(i64::from)
        ];
        Ok(self.exec(REGISTRAR_INSERT, args).await? > 0)
    }

    /// Changes a registrar; says whether it is there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn registrar_update(&mut self, row: &RegistrarRow) -> Result<bool, StoreError> {
        let (id, email) = (row.id.as_str(), row.email.as_deref());
        let args = crate::args![
            id,
            &row.name,
            email,
            row.enabled,
            row.max_sessions,
            row.profile.as_deref(),
            row.updated_at,
            row.auto_renew.map(i64::from)
        ];
        Ok(self.exec(REGISTRAR_UPDATE, args).await? > 0)
    }

    /// The registrar of that identifier.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn registrar(&mut self, id: &RegistrarId) -> Result<Option<RegistrarRow>, StoreError> {
        self.one(REGISTRAR, crate::args![id.as_str()]).await
    }

    /// Every registrar, by identifier.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn registrars(&mut self) -> Result<Vec<RegistrarRow>, StoreError> {
        let mut rows: Vec<RegistrarRow> = self.all(REGISTRARS, &[]).await?;
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(rows)
    }

    /// Adds a user with the hash of its password; says whether the name was free. Names are unique over all
    /// registrars.
    ///
    /// # Errors
    /// [`StoreError`], also when the registrar is not there.
    pub async fn user_insert(&mut self, row: &UserRow, password: &str) -> Result<bool, StoreError> {
        let (id, registrar) = (row.id.as_str(), row.registrar.as_str());
        let (service, roles) = (row.service.name(), row.roles.to_text());
        let args = crate::args![id, registrar, password, row.enabled, service, roles, row.created_at];
        Ok(self.exec(USER_INSERT, args).await? > 0)
    }

    /// Sets the hash of a user's password; says whether the user is there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn user_password(
        &mut self,
        id: &RegistrarId,
        password: &str,
        now: Ts,
    ) -> Result<bool, StoreError> {
        Ok(self.exec(USER_PASSWORD, crate::args![id.as_str(), password, now]).await? > 0)
    }

    /// Lets a user log in, or not; says whether the user is there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn user_enabled(
        &mut self,
        id: &RegistrarId,
        enabled: bool,
        now: Ts,
    ) -> Result<bool, StoreError> {
        Ok(self.exec(USER_ENABLED, crate::args![id.as_str(), enabled, now]).await? > 0)
    }

    /// Gives a user a password for the portal, hashed; says whether the user is there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn user_web_password(
        &mut self,
        id: &RegistrarId,
        hash: &str,
        now: Ts,
    ) -> Result<bool, StoreError> {
        Ok(self.exec(USER_WEB_PASSWORD, crate::args![id.as_str(), hash, now]).await? > 0)
    }

    /// Changes a user's service and meta-roles; says whether the user is there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn user_duties(
        &mut self,
        id: &RegistrarId,
        service: Service,
        roles: &Roles,
        now: Ts,
    ) -> Result<bool, StoreError> {
        let args = crate::args![id.as_str(), service.name(), roles.to_text(), now];
        Ok(self.exec(USER_DUTIES, args).await? > 0)
    }

    /// Deletes a user, whose row stays; says whether the user is there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn user_delete(&mut self, id: &RegistrarId, now: Ts) -> Result<bool, StoreError> {
        Ok(self.exec(USER_DELETE, crate::args![id.as_str(), now]).await? > 0)
    }

    /// The user of that name, also a deleted one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn user(&mut self, id: &RegistrarId) -> Result<Option<UserRow>, StoreError> {
        self.one(USER, crate::args![id.as_str()]).await
    }

    /// What is known of an account and its user that give a command; `None` for an account that is not there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn account_facts(
        &mut self,
        registrar: &RegistrarId,
        user: &RegistrarId,
    ) -> Result<Option<AccountRow>, StoreError> {
        self.one(FACTS, crate::args![registrar.as_str(), user.as_str()]).await
    }

    /// A registrar's users by name, the deleted ones too.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn users_of(&mut self, registrar: &RegistrarId) -> Result<Vec<UserRow>, StoreError> {
        let mut rows: Vec<UserRow> = self.all(USERS_OF, crate::args![registrar.as_str()]).await?;
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(rows)
    }
}
