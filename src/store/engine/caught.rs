//! A panic in a work is that work's failure, not the server's.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use crate::store::{StoreError, Task};

/// Runs the task that `make` returns. After a panic, in either, nothing of it is polled again, so what it left
/// half done is seen by nobody: the caller rolls the transaction back.
pub(super) async fn caught<'a, T>(
    make: impl FnOnce() -> Task<'a, Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let Ok(mut task) = catch_unwind(AssertUnwindSafe(make)) else { return Err(PANICKED) };
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| task.as_mut().poll(cx))) {
        Ok(poll) => poll,
        Err(_) => Poll::Ready(Err(PANICKED)),
    })
    .await
}

/// The panic's own message was printed by the panic hook, and may hold what nobody should read in a log line.
const PANICKED: StoreError = StoreError::Shape("the work panicked");
