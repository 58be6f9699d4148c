//! Postgres.
use super::{Row, Value};
use crate::store::{StoreError, Task, Tx};

/// The embedded database.
#[derive(Clone, Debug)]
pub struct Postgres {}
/// A transaction.
#[derive(Debug)]
pub struct PostgresTx {}

impl PostgresTx {
    pub(crate) async fn query(
        &mut self,
        _sql: &'static str,
        _args: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        Err(StoreError::Shape("stub"))
    }
    pub(crate) async fn exec(&mut self, _sql: &'static str, _args: &[Value]) -> Result<u64, StoreError> {
        Err(StoreError::Shape("stub"))
    }
    pub(crate) async fn undo(&mut self) -> Result<(), StoreError> {
        Err(StoreError::Shape("stub"))
    }
}
impl Postgres {
    pub(crate) async fn open(_path: &str) -> Result<Self, StoreError> {
        Err(StoreError::Shape("stub"))
    }
    pub(crate) async fn write<T, F>(&self, _work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a mut Tx) -> Task<'a, Result<T, StoreError>> + Send + Sync + 'static,
    {
        Err(StoreError::Shape("stub"))
    }
    pub(crate) async fn read<T, F>(&self, _work: F) -> Result<T, StoreError>
    where
        T: Send,
        F: for<'a> FnOnce(&'a mut Tx) -> Task<'a, Result<T, StoreError>> + Send,
    {
        Err(StoreError::Shape("stub"))
    }
}
