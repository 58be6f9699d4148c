//! The store's contract, on both engines.

mod account;
mod address;
mod contention;
mod copy;
mod crash;
mod group;
mod migration;
mod process;
mod session;
mod transaction;

use domesday::clock::Ts;
use domesday::epp::types::RegistrarId;
use domesday::store::account::{RegistrarRow, UserRow};
use domesday::store::{Db, StoreError, Tx};

/// An identifier.
fn id(text: &str) -> RegistrarId {
    RegistrarId::parse(text).unwrap()
}

/// A registrar with nothing special about it.
fn registrar(name: &str) -> RegistrarRow {
    RegistrarRow {
        id: id(name),
        name: name.to_owned(),
        email: None,
        enabled: true,
        max_sessions: None,
        profile: None,
        created_at: Ts(1),
        updated_at: Ts(1),
        auto_renew: None,
    }
}

/// A user of a registrar.
fn user(name: &str, registrar: &str) -> UserRow {
    UserRow::new(id(name), id(registrar), Ts(1))
}

/// Adds a registrar in a transaction of its own; says whether it was new.
async fn add(db: &Db, name: &str) -> Result<bool, StoreError> {
    let row = registrar(name);
    db.write(move |tx| {
        let row = row.clone();
        Box::pin(async move { tx.registrar_insert(&row).await })
    })
    .await
}

/// The registrars there are.
async fn names(db: &Db) -> Vec<String> {
    let rows = db.read(|tx| Box::pin(tx.registrars())).await.unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

/// Adds a registrar within a transaction.
async fn add_in(tx: &mut Tx, name: &str) -> Result<bool, StoreError> {
    tx.registrar_insert(&registrar(name)).await
}
