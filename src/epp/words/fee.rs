//! The fee that a command agrees to, in words (RFC 8748).

use super::{Words, WordsFault, fault};
use crate::epp::types::{FeeAmount, FeeGiven};
use crate::epp::xml::simple::Simple;

impl Words {
    /// The fee that is agreed to.
    pub(super) fn fee(&mut self) -> Result<Option<FeeGiven>, WordsFault> {
        let currency = self.maybe("currency", |text| match Simple::Currency.check(text) {
            Ok(()) => Ok(text.to_owned()),
            Err(_) => fault("currency= is three letters, such as EUR"),
        })?;
        let given = self.maybe("fee", |text| match FeeAmount::parse(text).filter(|fee| fee.0 >= 0) {
            Some(total) => Ok((total, text.chars().take(64).collect())),
            None => fault("fee= is an amount, such as 10.00"),
        })?;
        match (given, &currency) {
            (None, Some(_)) => fault("currency= is that of fee="),
            (given, _) => Ok(given.map(|(total, written)| FeeGiven { currency, total, written })),
        }
    }
}
