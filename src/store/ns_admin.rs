//! Who administers name servers: their sponsor, or who a contact stands for.

use super::{Reader, Record, StoreError, Tx};
use crate::epp::types::{ContactId, Management, RegistrarId};

crate::statements! {
    // What a host's row does not say of itself when it is shown.
    SHOWN = "SELECT h.management, c.handle, (SELECT l.domain FROM domain_ns l WHERE l.host = h.id LIMIT 1) AS linked \
             FROM host h LEFT JOIN contact c ON c.id = h.admin WHERE h.id = ?1";
    OF_HOST = "SELECT h.registrar, h.management, c.registrar AS admin, c.management AS admin_management \
               FROM host h LEFT JOIN contact c ON c.id = h.admin WHERE h.id = ?1";
}

/// What is shown of a host beside its row.
#[derive(Clone, Debug, PartialEq)]
pub struct HostBeside {
    /// Who manages it.
    pub management: Management,
    /// The contact that administers it.
    pub admin: Option<ContactId>,
    /// Whether a domain uses it.
    pub linked: bool,
}

impl Record for HostBeside {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let handle = |text: String| ContactId::parse(&text).map_err(|_| StoreError::Shape("a stored handle"));
        Ok(Self {
            management: model(&row.get::<String>()?),
            admin: row.get::<Option<String>>()?.map(handle).transpose()?,
            linked: row.get::<Option<i64>>()?.is_some(),
        })
    }
}

/// A name server, as far as it matters who administers it.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// Its sponsor.
    pub sponsor: RegistrarId,
    /// Who manages it.
    pub management: Management,
    /// The sponsor of the contact that administers it, and who manages that contact; `None` where none was appointed.
    pub admin: Option<(RegistrarId, Management)>,
}

impl Server {
    /// The account that administers it: the sponsor while nobody was appointed, else the one that manages the contact;
    /// `None` where the person behind the contact does.
    #[must_use]
    pub fn run_by(&self) -> Option<&RegistrarId> {
        match &self.admin {
            None => Some(&self.sponsor),
            Some((registrar, Management::Registrar)) => Some(registrar),
            Some((_, Management::Registrant)) => None,
        }
    }
}

impl Record for Server {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let (sponsor, management) =
            (super::registrar_id(&row.get::<String>()?)?, model(&row.get::<String>()?));
        let (admin, of_admin) = (row.get::<Option<String>>()?, row.get::<Option<String>>()?);
        let admin = match admin {
            None => None,
            Some(id) => Some((super::registrar_id(&id)?, model(of_admin.as_deref().unwrap_or("")))),
        };
        Ok(Self { sponsor, management, admin })
    }
}

fn model(name: &str) -> Management {
    Management::parse(name).unwrap_or(Management::Registrar)
}

impl Tx {
    /// What is shown of a host beside its row; `None` where there is no such host.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn host_beside(&mut self, host: i64) -> Result<Option<HostBeside>, StoreError> {
        self.one(SHOWN, crate::args![host]).await
    }

    /// Who administers a host; `None` where there is no such host.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn server(&mut self, host: i64) -> Result<Option<Server>, StoreError> {
        self.one(OF_HOST, crate::args![host]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_stands_for_who_manages_it() {
        let id = |text| RegistrarId::parse(text).unwrap();
        let server = |admin| Server { sponsor: id("alpha"), management: Management::Registrar, admin };
        assert_eq!(server(None).run_by(), Some(&id("alpha")));
        assert_eq!(server(Some((id("beta"), Management::Registrar))).run_by(), Some(&id("beta")));
        assert_eq!(server(Some((id("alpha"), Management::Registrant))).run_by(), None);
    }
}
