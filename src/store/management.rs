//! Who manages an object, and what an account has its new objects managed by.

use super::{StoreError, Tx};
use crate::epp::command::ContactRole;
use crate::epp::types::{Management, RegistrarId};

crate::statements! {
    OF_DOMAIN = "SELECT management FROM domain WHERE id = ?1";
    OF_CONTACT = "SELECT management FROM contact WHERE id = ?1";
    OF_HOST = "SELECT management FROM host WHERE id = ?1";
    OF_ACCOUNT = "SELECT management FROM registrar WHERE id = ?1";
    SET_DOMAIN = "UPDATE domain SET management = ?2 WHERE id = ?1";
    SET_CONTACT = "UPDATE contact SET management = ?2 WHERE id = ?1";
    SET_HOST = "UPDATE host SET management = ?2 WHERE id = ?1";
    SET_ACCOUNT = "UPDATE registrar SET management = ?2 WHERE id = ?1";
    HAS_ROLE = "SELECT c.id FROM domain_contact l JOIN contact c ON c.id = l.contact WHERE l.domain = ?1 AND l.role = ?2 \
                AND c.registrar = ?3 AND c.management = 'registrar' LIMIT 1";
}

/// What is managed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Managed {
    /// A domain.
    Domain,
    /// A contact.
    Contact,
    /// A host.
    Host,
}

impl Tx {
    /// Who manages an object of that number. One that is not there is nobody's but a registrar's.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn management(&mut self, kind: Managed, id: i64) -> Result<Management, StoreError> {
        let sql = match kind {
            Managed::Domain => OF_DOMAIN,
            Managed::Contact => OF_CONTACT,
            Managed::Host => OF_HOST,
        };
        let name: Option<String> = self.one(sql, crate::args![id]).await?;
        Ok(name.as_deref().and_then(Management::parse).unwrap_or(Management::Registrar))
    }

    /// Stores who manages an object.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn management_set(
        &mut self,
        kind: Managed,
        id: i64,
        model: Management,
    ) -> Result<(), StoreError> {
        let sql = match kind {
            Managed::Domain => SET_DOMAIN,
            Managed::Contact => SET_CONTACT,
            Managed::Host => SET_HOST,
        };
        self.exec(sql, crate::args![id, model.name()]).await.map(drop)
    }

    /// What an account has its new objects managed by; `None` for the profile's default.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn account_management(&mut self, of: &RegistrarId) -> Result<Option<Management>, StoreError> {
        let name: Option<Option<String>> = self.one(OF_ACCOUNT, crate::args![of.as_str()]).await?;
        Ok(name.flatten().as_deref().and_then(Management::parse))
    }

    /// Stores what an account has its new objects managed by.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn account_management_set(
        &mut self,
        of: &RegistrarId,
        model: Option<Management>,
    ) -> Result<(), StoreError> {
        self.exec(SET_ACCOUNT, crate::args![of.as_str(), model.map(Management::name)]).await.map(drop)
    }

    /// Whether a contact that this registrar sponsors and manages has that role in the domain.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn has_own_contact(
        &mut self,
        domain: i64,
        role: ContactRole,
        of: &RegistrarId,
    ) -> Result<bool, StoreError> {
        let args = crate::args![domain, role.name(), of.as_str()];
        Ok(self.one::<i64>(HAS_ROLE, args).await?.is_some())
    }
}
