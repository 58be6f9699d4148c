//! Limits: rates, protected transactions, and who may come from where.

mod access;
mod protected;
mod rate;

use domesday::clock::Ts;
use domesday::epp::types::RegistrarId;
use domesday::store::Db;
use domesday::store::rate::OwnLimit;

use crate::typed::Registry;

/// Moves the clock to a moment at which a window of that many seconds, counted in UTC, has just begun.
fn to_window(registry: &Registry, seconds: i64) {
    let now = registry.gate.clock().now().0;
    registry.gate.clock().advance(seconds - now.div_euclid(Ts::SECOND).rem_euclid(seconds));
}

/// Gives a registrar a number of its own.
async fn allow(db: &Db, registrar: RegistrarId, rule: &str, max: i64) {
    let limit = OwnLimit { rule: rule.to_owned(), max };
    db.write(move |tx| {
        let (registrar, limit) = (registrar.clone(), limit.clone());
        Box::pin(async move { tx.own_limit_set(&registrar, &limit, Ts(1)).await })
    })
    .await
    .unwrap();
}
