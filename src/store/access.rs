//! Address lists and sessions.
use std::net::IpAddr;

use super::{StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::RegistrarId;
use crate::policy::EmptyMeans;

impl Tx {
    /// Whether any account lists the address.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn address_listed_by_any(
        &mut self,
        _address: IpAddr,
        _now: Ts,
    ) -> super::Task<'_, Result<bool, StoreError>> {
        Box::pin(async { Err(StoreError::Shape("stub")) })
    }

    /// Whether an account may connect from the address.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn address_allowed(
        &mut self,
        _registrar: &RegistrarId,
        _address: IpAddr,
        _empty: EmptyMeans,
        _now: Ts,
    ) -> Result<bool, StoreError> {
        Err(StoreError::Shape("stub"))
    }
}
