//! Places for connections: so many in one process, so many from one address, and a few more for those that are
//! told there is no place.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Connections that may be told at the same time that there is no place for them. Beyond that they are closed
/// without a word.
const COURTESIES: usize = 64;

/// The places of one listener. Cheap to clone; clones share them.
#[derive(Clone, Debug)]
pub(super) struct Seats {
    max: usize,
    max_per_address: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    seats: usize,
    courtesies: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// What an arriving connection gets.
#[derive(Debug)]
pub(super) enum Admission {
    /// A place.
    Seat(Seat),
    /// Nothing but an answer that says so; `why` for the metrics.
    Courtesy { seat: Seat, why: &'static str },
    /// Nothing.
    Full,
}

/// A place, given back when dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Seats,
    /// Whose place it is; none for a courtesy.
    address: Option<IpAddr>,
}

impl Seats {
    pub(super) fn new(max: usize, max_per_address: usize) -> Self {
        Self { max, max_per_address, taken: Arc::default() }
    }

    pub(super) fn take(&self, address: IpAddr) -> Admission {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let of_address = taken.by_address.get(&address).copied().unwrap_or_default();
        let why = if taken.seats >= self.max {
            "total"
        } else if of_address >= self.max_per_address {
            "address"
        } else {
            taken.seats += 1;
            *taken.by_address.entry(address).or_default() += 1;
            return Admission::Seat(Seat { seats: self.clone(), address: Some(address) });
        };
        if taken.courtesies >= COURTESIES {
            return Admission::Full;
        }
        taken.courtesies += 1;
        Admission::Courtesy { seat: Seat { seats: self.clone(), address: None }, why }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(address) = self.address else {
            taken.courtesies -= 1;
            return;
        };
        taken.seats -= 1;
        if let Some(count) = taken.by_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                taken.by_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn places_are_counted_in_total_and_by_address() {
        let seats = Seats::new(3, 2);
        let first = seats.take(address(1));
        let held = [seats.take(address(1)), seats.take(address(2))];
        assert!(held.iter().all(|a| matches!(a, Admission::Seat(_))));
        assert!(matches!(seats.take(address(3)), Admission::Courtesy { why: "total", .. }));
        drop(first);
        let again = seats.take(address(1));
        assert!(matches!(again, Admission::Seat(_)));
        drop(held);
        let _one = again;
        let _two = seats.take(address(1));
        assert!(matches!(seats.take(address(1)), Admission::Courtesy { why: "address", .. }));
    }

    #[test]
    fn courtesies_are_bounded_and_places_come_back() {
        let seats = Seats::new(0, 0);
        let told: Vec<_> = (0..COURTESIES).map(|_| seats.take(address(1))).collect();
        assert!(matches!(seats.take(address(1)), Admission::Full));
        drop(told);
        assert!(matches!(seats.take(address(1)), Admission::Courtesy { .. }));
        assert!(seats.taken.lock().unwrap().by_address.is_empty());
    }
}
