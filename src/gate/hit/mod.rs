//! Hitpoints (S63-S77): faulty commands cost points, and at the limit the account is blocked for a while.
//!
//! ```text
//! weigh   what a fault costs, from command, code and reason
//! count   how an account stands: days, limit, block, quota; no database
//! lift    a block that is lifted, by the registrar or the operator
//! score   the refusal, its audit row, its points and its notices in one transaction
//! ```

mod count;
mod lift;
mod score;
mod weigh;

use count::knows_limit;
pub use count::{Crossed, add, blocked, fresh, lift, limit, rolled};
pub use lift::{NotLifted, counted, standing, unblock};
pub use score::is_exempt;
pub(super) use score::{Said, barred, owing};
use weigh::rate_points;
pub use weigh::{communication, is_scored, lost_race, points};
