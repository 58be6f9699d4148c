//! The store's numbers.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// Works that wait for the writer (SQLite), or for a connection (Postgres).
pub(super) const QUEUE: &str = "domesday_store_queue";
/// Works of one commit (SQLite).
pub(super) const GROUP_SIZE: &str = "domesday_store_group_size";
/// A commit: of a group with its works (SQLite), of one work without them (Postgres).
pub(super) const COMMIT_SECONDS: &str = "domesday_store_commit_seconds";
/// Groups that were not committed (SQLite).
pub(super) const GROUPS_LOST: &str = "domesday_store_groups_lost_total";
/// The write-ahead log (SQLite).
pub(super) const WAL_BYTES: &str = "domesday_store_wal_bytes";
/// Works that ran again (Postgres).
pub(super) const RETRIES: &str = "domesday_store_retries_total";
/// Works that ran as often as they may and were not committed (Postgres).
pub(super) const RETRIES_EXHAUSTED: &str = "domesday_store_retries_exhausted_total";

/// Says what each number is, to whatever collects them.
pub fn describe_metrics() {
    describe_gauge!(QUEUE, "Works that wait for the writer or for a connection.");
    describe_histogram!(GROUP_SIZE, "Works of one commit; SQLite only.");
    describe_histogram!(COMMIT_SECONDS, Unit::Seconds, "A commit, on SQLite with the works of its group.");
    describe_counter!(GROUPS_LOST, "Groups of works that were not committed; SQLite only.");
    describe_gauge!(WAL_BYTES, Unit::Bytes, "The write-ahead log; SQLite only.");
    describe_counter!(RETRIES, "Works that ran again because they collided; Postgres only.");
    describe_counter!(RETRIES_EXHAUSTED, "Works that collided too often; Postgres only.");
}
