//! The tables of a zone are read with its other rules.

use std::sync::Arc;

use super::check::{Broken, that};
use super::idn::Tables;
use super::{IdnPolicy, VariantPolicy};

/// Puts a zone's tables together.
pub(super) fn read(idn: &mut IdnPolicy, tables: &Tables) -> Result<(), Broken> {
    let keys = ["zone.idn.tables"];
    let read = tables.of_zone(&idn.tables);
    that(read.is_ok(), &keys, || read.as_ref().err().cloned().unwrap_or_default())?;
    idn.read = Arc::new(read.unwrap_or_default());
    that(idn.ascii || !idn.tables.is_empty(), &["zone.idn.ascii", "zone.idn.tables"], || {
        "a zone without tables and without ASCII labels takes no name".to_owned()
    })?;
    that(
        idn.variants != VariantPolicy::Bundled || idn.max_bundled > 0,
        &["zone.idn.max_bundled", "zone.idn.variants"],
        || "bundled variants need room for one".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use crate::policy::Policies;

    #[test]
    fn tables_are_known_and_leave_names_to_take() {
        let policies = Policies::load(&[]).unwrap();
        for (rules, expected) in [
            ("idn.tables = [\"xx\"]", "line 1: there is no table \"xx\""),
            ("idn.tables = []\nidn.ascii = false", "takes no name"),
            ("idn = { variants = \"bundled\", max_bundled = 0 }", "need room for one"),
        ] {
            let fault = policies.zone("gtld", rules).unwrap_err().to_string();
            assert!(fault.contains(expected), "{rules}: {fault}");
        }
        let zone = policies.zone("gtld", "idn.tables = [\"da\"]").unwrap();
        assert!(zone.idn.read.choose("ærø", "2026-11-24").is_ok());
    }
}
