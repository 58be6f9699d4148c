//! The certificates a user may come with, several at a time so that they can roll. The login reads them with
//! [`Tx::login_facts`].

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::RegistrarId;

crate::statements! {
    INSERT = "INSERT INTO cert_pin (user_id, sha256, not_before, not_after, note, created_at) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";
    END = "UPDATE cert_pin SET not_after = ?3 WHERE user_id = ?1 AND sha256 = ?2";
    DELETE = "DELETE FROM cert_pin WHERE user_id = ?1 AND sha256 = ?2";
    LIST = "SELECT user_id, sha256, not_before, not_after, note, created_at FROM cert_pin WHERE user_id = ?1 \
            ORDER BY not_before, sha256 LIMIT 100";
}

/// A certificate of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinRow {
    /// The login name.
    pub user: RegistrarId,
    /// SHA-256 of the certificate.
    pub sha256: Vec<u8>,
    /// From when it is accepted.
    pub not_before: Ts,
    /// Until when; `None` for ever.
    pub not_after: Option<Ts>,
    /// In the operator's words.
    pub note: String,
    /// When it was added.
    pub created_at: Ts,
}

impl Record for PinRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            user: super::registrar_id(&row.get::<String>()?)?,
            sha256: row.get()?,
            not_before: row.get()?,
            not_after: row.get()?,
            note: row.get()?,
            created_at: row.get()?,
        })
    }
}

impl Tx {
    /// Adds a certificate; says whether the user did not have it yet.
    ///
    /// # Errors
    /// [`StoreError`], also when the user is not there.
    pub async fn pin_insert(&mut self, row: &PinRow) -> Result<bool, StoreError> {
        let user = row.user.as_str();
        let args =
            crate::args![user, row.sha256.clone(), row.not_before, row.not_after, &row.note, row.created_at];
        Ok(self.exec(INSERT, args).await? > 0)
    }

    /// Sets until when a certificate is accepted; says whether the user has it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pin_end(
        &mut self,
        user: &RegistrarId,
        sha256: &[u8],
        not_after: Option<Ts>,
    ) -> Result<bool, StoreError> {
        Ok(self.exec(END, crate::args![user.as_str(), sha256.to_vec(), not_after]).await? > 0)
    }

    /// Removes a certificate; says whether the user had it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pin_delete(&mut self, user: &RegistrarId, sha256: &[u8]) -> Result<bool, StoreError> {
        Ok(self.exec(DELETE, crate::args![user.as_str(), sha256.to_vec()]).await? > 0)
    }

    /// A user's certificates, also those that are not accepted yet or any more.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pins(&mut self, user: &RegistrarId) -> Result<Vec<PinRow>, StoreError> {
        self.all(LIST, crate::args![user.as_str()]).await
    }
}
