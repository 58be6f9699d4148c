//! Renewals to come, and for which month it was looked whether an account can pay them.

use crate::clock::Ts;
use crate::epp::types::{DomainName, RegistrarId};
use crate::policy::Currency;
use crate::store::{Reader, Record, StoreError, Tx};

crate::statements! {
    // Those of one profile; a registry has some thousands of registrars at most.
    UNSEEN = "SELECT r.id FROM registrar r LEFT JOIN shortfall s ON s.registrar = r.id AND s.currency = ?3 \
              WHERE COALESCE(r.profile, ?2) = ?1 AND COALESCE(s.month, 0) < ?4 LIMIT ?5";
    SEEN = "INSERT INTO shortfall (registrar, currency, month) VALUES (?1, ?2, ?3) ON CONFLICT (registrar, currency) \
            DO UPDATE SET month = excluded.month WHERE shortfall.month < excluded.month";
    // A registry has few zones, and they few classes of premium names.
    RENEWALS = "SELECT d.zone, COALESCE(l.class, ''), COUNT(*) FROM domain d LEFT JOIN listed_name l ON l.name = d.name \
                AND l.list = 'premium' AND COALESCE(l.from_at, ?3) <= ?3 AND COALESCE(l.until_at, ?3 + 1) > ?3 \
                WHERE d.registrar = ?1 AND d.due_at <= ?2 AND d.auto_renew = 1 AND d.hold_cause IS NULL \
                AND d.purge_at IS NULL AND (d.delete_at IS NULL OR d.delete_at > d.due_at) \
                GROUP BY d.zone, COALESCE(l.class, '') LIMIT 10000";
}

/// How many domains of a zone and a class are renewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewals {
    /// The zone.
    pub zone: DomainName,
    /// Their class; empty for standard names.
    pub class: String,
    /// How many.
    pub count: i64,
}

impl Record for Renewals {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let zone = crate::store::domain_name(&row.get::<String>()?)?;
        Ok(Self { zone, class: row.get()?, count: row.get()? })
    }
}

impl Tx {
    /// Registrars under that profile, or without one if it is the server's, for which nobody looked that month yet.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn shortfall_unseen(
        &mut self,
        profile: &str,
        server: &str,
        currency: &Currency,
        month: i64,
        limit: i64,
    ) -> Result<Vec<RegistrarId>, StoreError> {
        let args = crate::args![profile, server, currency.as_str(), month, limit];
        let rows: Vec<String> = self.all(UNSEEN, args).await?;
        rows.iter().map(|id| crate::store::registrar_id(id)).collect()
    }

    /// Notes that it is looked for that month; says whether nobody did before.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn shortfall_seen(
        &mut self,
        of: &RegistrarId,
        currency: &Currency,
        month: i64,
    ) -> Result<bool, StoreError> {
        Ok(self.exec(SEEN, crate::args![of.as_str(), currency.as_str(), month]).await? > 0)
    }

    /// How many domains of a registrar the registry renews up to that moment, by zone and the class they have now.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn renewals_until(
        &mut self,
        of: &RegistrarId,
        until: Ts,
        now: Ts,
    ) -> Result<Vec<Renewals>, StoreError> {
        self.all(RENEWALS, crate::args![of.as_str(), until, now]).await
    }
}
