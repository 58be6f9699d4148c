//! What a domain is linked with: its contacts and its name servers, and the look-up of several at once.
//!
//! A list of values has a fixed number of places; a shorter one repeats its last value, a longer one takes
//! several statements. So each statement is prepared once, and a usual command needs it once.

use super::ns_admin::Server;
use super::{Reader, Record, StoreError, Tx, Value};
use crate::epp::command::ContactRole;
use crate::epp::types::{ContactId, DomainName, HostAddrs, HostStatus, RegistrarId, StatusSet};

crate::statements! {
    // The registrant stands in the domain's own row and has no role; at most ten of each role.
    CONTACTS = "SELECT '' AS role, c.id, c.handle FROM domain d JOIN contact c ON c.id = d.registrant WHERE d.id = ?1 \
                UNION ALL SELECT l.role, c.id, c.handle FROM domain_contact l JOIN contact c ON c.id = l.contact \
                WHERE l.domain = ?1 LIMIT 1000";
    CONTACT_AUTH = "SELECT c.auth FROM contact c WHERE c.id = ?2 AND (EXISTS (SELECT 1 FROM domain d WHERE d.id = ?1 \
                    AND d.registrant = ?2) OR EXISTS (SELECT 1 FROM domain_contact l WHERE l.domain = ?1 \
                    AND l.contact = ?2))";
    CONTACTS_INSERT = "INSERT INTO domain_contact (domain, role, contact) \
                       VALUES (?1, ?2, ?3), (?1, ?4, ?5), (?1, ?6, ?7), (?1, ?8, ?9) ON CONFLICT DO NOTHING";
    CONTACT_DELETE = "DELETE FROM domain_contact WHERE domain = ?1 AND role = ?2 AND contact = ?3";
    NAME_SERVERS = "SELECT h.id, h.name, h.addrs, h.private_to, l.position, h.registrar, h.management, c.registrar AS admin, \
                    c.management AS admin_management FROM domain_ns l JOIN host h ON h.id = l.host \
                    LEFT JOIN contact c ON c.id = h.admin WHERE l.domain = ?1 ORDER BY l.position LIMIT 1000";
    NAME_SERVERS_INSERT = "INSERT INTO domain_ns (domain, host, position) \
                           VALUES (?1, ?2, ?3), (?1, ?4, ?5), (?1, ?6, ?7), (?1, ?8, ?9) ON CONFLICT DO NOTHING";
    NAME_SERVER_DELETE = "DELETE FROM domain_ns WHERE domain = ?1 AND host = ?2";
    USERS_OF_HOST = "SELECT d.id, d.name, d.registrar FROM domain_ns l JOIN domain d ON d.id = l.domain \
                     WHERE l.host = ?1 LIMIT 10000";
    // Everything a command names, found in one statement: the kind, the number, the name, and of a host its
    // addresses, its statuses and the domain above it.
    NAMED = "SELECT 'd' AS kind, id, name, '' AS addrs, '' AS statuses, CAST(NULL AS BIGINT) AS superordinate \
             FROM domain WHERE name = ?1 \
             UNION ALL SELECT 'c', id, handle_key, '', '', CAST(NULL AS BIGINT) FROM contact \
             WHERE handle_key IN (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) \
             UNION ALL SELECT 'h', id, name, addrs, statuses, superordinate FROM host WHERE private_to = 0 \
             AND name IN (?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
}

/// A contact of a domain.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkedContact {
    /// Its role; `None` is the registrant.
    pub role: Option<ContactRole>,
    /// The contact's number.
    pub id: i64,
    /// The contact's identifier.
    pub handle: ContactId,
}

impl Record for LinkedContact {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let role = row.get::<String>()?;
        Ok(Self {
            role: ContactRole::parse(&role),
            id: row.get()?,
            handle: ContactId::parse(&row.get::<String>()?)
                .map_err(|_| StoreError::Shape("a stored handle"))?,
        })
    }
}

/// A name server of a domain.
#[derive(Clone, Debug, PartialEq)]
pub struct NameServer {
    /// The host's number.
    pub id: i64,
    /// Its name.
    pub name: DomainName,
    /// Its addresses.
    pub addrs: HostAddrs,
    /// The domain an attribute host belongs to; 0 for a host object.
    pub private_to: i64,
    /// Where it stands among the domain's name servers.
    pub position: i64,
    /// Who has it.
    pub server: Server,
}

impl Record for NameServer {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get()?,
            name: super::domain_name(&row.get::<String>()?)?,
            addrs: HostAddrs::from_text(&row.get::<String>()?),
            private_to: row.get()?,
            position: row.get()?,
            server: Server::read(row)?,
        })
    }
}

/// A domain that uses a host.
#[derive(Clone, Debug, PartialEq)]
pub struct HostUser {
    /// The domain's number.
    pub id: i64,
    /// Its name.
    pub name: DomainName,
    /// Its sponsor.
    pub registrar: RegistrarId,
}

impl Record for HostUser {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get()?,
            name: super::domain_name(&row.get::<String>()?)?,
            registrar: super::registrar_id(&row.get::<String>()?)?,
        })
    }
}

/// A host object as far as linking needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundHost {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: DomainName,
    /// Whether it has an address.
    pub has_addrs: bool,
    /// Whether it is marked for deletion.
    pub marked: bool,
    /// Whether it is yet to be created.
    pub awaited: bool,
    /// The domain above it; `None` outside the zones of this registry.
    pub superordinate: Option<i64>,
}

/// What of the names in a command exists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Named {
    /// Whether the domain does.
    pub domain: bool,
    /// Contacts by key: number.
    pub contacts: Vec<(String, i64)>,
    /// Host objects.
    pub hosts: Vec<FoundHost>,
}

impl Named {
    /// The number of the contact with that identifier.
    #[must_use]
    pub fn contact(&self, id: &ContactId) -> Option<i64> {
        let key = id.key();
        self.contacts.iter().find(|(k, _)| *k == key).map(|(_, id)| *id)
    }

    /// The host object of that name.
    #[must_use]
    pub fn host(&self, name: &DomainName) -> Option<&FoundHost> {
        self.hosts.iter().find(|h| h.name == *name)
    }
}

/// A row of [`NAMED`].
struct NamedRow(String, i64, String, String, String, Option<i64>);

impl Record for NamedRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self(row.get()?, row.get()?, row.get()?, row.get()?, row.get()?, row.get()?))
    }
}

impl Tx {
    /// A domain's registrant and contacts, by role and number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn domain_contacts(&mut self, domain: i64) -> Result<Vec<LinkedContact>, StoreError> {
        let mut all: Vec<LinkedContact> = self.all(CONTACTS, crate::args![domain]).await?;
        all.sort_by_key(|c| (c.role, c.id));
        Ok(all)
    }

    /// The stored authorization information of a contact, if it is a contact or the registrant of that domain.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn domain_contact_auth(
        &mut self,
        domain: i64,
        contact: i64,
    ) -> Result<Option<Option<String>>, StoreError> {
        self.one(CONTACT_AUTH, crate::args![domain, contact]).await
    }

    /// Links contacts, each at most once in a role.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn domain_contacts_insert(
        &mut self,
        domain: i64,
        contacts: &[(ContactRole, i64)],
    ) -> Result<(), StoreError> {
        for four in contacts.chunks(4) {
            let mut args = vec![Value::from(domain)];
            for n in 0..4 {
                let (role, contact) = four[n.min(four.len() - 1)];
                args.extend([Value::from(role.name()), Value::from(contact)]);
            }
            self.exec(CONTACTS_INSERT, &args).await?;
        }
        Ok(())
    }

    /// Takes a contact out of a role.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn domain_contact_delete(
        &mut self,
        domain: i64,
        role: ContactRole,
        contact: i64,
    ) -> Result<(), StoreError> {
        self.exec(CONTACT_DELETE, crate::args![domain, role.name(), contact]).await.map(drop)
    }

    /// A domain's name servers in their order.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn domain_name_servers(&mut self, domain: i64) -> Result<Vec<NameServer>, StoreError> {
        self.all(NAME_SERVERS, crate::args![domain]).await
    }

    /// Links name servers: number and position.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn domain_name_servers_insert(
        &mut self,
        domain: i64,
        hosts: &[(i64, i64)],
    ) -> Result<(), StoreError> {
        for four in hosts.chunks(4) {
            let mut args = vec![Value::from(domain)];
            for n in 0..4 {
                let (host, position) = four[n.min(four.len() - 1)];
                args.extend([Value::from(host), Value::from(position)]);
            }
            self.exec(NAME_SERVERS_INSERT, &args).await?;
        }
        Ok(())
    }

    /// Takes a name server off a domain.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn domain_name_server_delete(&mut self, domain: i64, host: i64) -> Result<(), StoreError> {
        self.exec(NAME_SERVER_DELETE, crate::args![domain, host]).await.map(drop)
    }

    /// The domains that use a host, at most ten thousand.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn domains_using_host(&mut self, host: i64) -> Result<Vec<HostUser>, StoreError> {
        self.all(USERS_OF_HOST, crate::args![host]).await
    }

    /// Which of the domain, contacts and host objects that a command names exist.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn domain_named(
        &mut self,
        domain: Option<&DomainName>,
        contacts: &[&ContactId],
        hosts: &[&DomainName],
    ) -> Result<Named, StoreError> {
        let mut found = Named::default();
        let keys: Vec<String> = contacts.iter().map(|c| c.key()).collect();
        let (mut keys, mut names) = (keys.chunks(8), hosts.chunks(8));
        let mut domain = domain.map(DomainName::as_str);
        loop {
            let (some_keys, some_names) = (keys.next(), names.next());
            if domain.is_none() && some_keys.is_none() && some_names.is_none() {
                return Ok(found);
            }
            let mut args = vec![Value::from(domain.take().unwrap_or(""))];
            args.extend(padded(some_keys.unwrap_or_default().iter().map(String::as_str), 8));
            args.extend(padded(some_names.unwrap_or_default().iter().map(|n| n.as_str()), 8));
            for NamedRow(kind, id, name, addrs, statuses, superordinate) in self.all(NAMED, &args).await? {
                match kind.as_str() {
                    "d" => found.domain = true,
                    "c" => found.contacts.push((name, id)),
                    _ => {
                        let statuses = StatusSet::from_text(&statuses);
                        found.hosts.push(FoundHost {
                            id,
                            name: super::domain_name(&name)?,
                            has_addrs: !addrs.is_empty(),
                            marked: statuses.has(HostStatus::PendingDelete),
                            awaited: statuses.has(HostStatus::PendingCreate),
                            superordinate,
                        });
                    }
                }
            }
        }
    }
}

/// The values for a list with that many places; the last one, or an empty text, fills what is left.
fn padded<'a>(values: impl Iterator<Item = &'a str>, places: usize) -> Vec<Value> {
    let mut all: Vec<Value> = values.map(Value::from).collect();
    let last = all.last().cloned().unwrap_or_else(|| Value::from(""));
    all.resize(places, last);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_list_repeats_its_last_value() {
        let text = |t: &str| Value::from(t);
        assert_eq!(padded(["a", "b"].into_iter(), 3), [text("a"), text("b"), text("b")]);
        assert_eq!(padded(std::iter::empty(), 2), [text(""), text("")]);
    }
}
