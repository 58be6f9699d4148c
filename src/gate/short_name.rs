//! Names without their zone: where one zone takes them so, `foo` is `foo.example` before any rule is asked.

use super::Gate;
use crate::epp::command::Command;
use crate::epp::types::DomainName;
use crate::store::StoreError;

impl Gate {
    /// Writes the names of a command on domains out in full. They stay as they are where no zone takes them short,
    /// or more than one does.
    pub(super) async fn write_out(&self, command: &mut Command) -> Result<(), StoreError> {
        let short = |name: &&mut DomainName| name.parent().is_none();
        if command.domains_mut().iter().all(|name| !short(name)) {
            return Ok(());
        }
        let Some(zone) = self.zone_of_short_names().await? else { return Ok(()) };
        for name in command.domains_mut().into_iter().filter(short) {
            // What is no name with its zone is none without it.
            if let Ok(whole) = DomainName::parse(&format!("{name}.{zone}"))
                && *name != zone
            {
                *name = whole;
            }
        }
        Ok(())
    }

    /// The one zone whose names are taken without it.
    async fn zone_of_short_names(&self) -> Result<Option<DomainName>, StoreError> {
        let rows = self.db().read(move |tx| Box::pin(async move { tx.zone_list().await })).await?;
        let takes = |row: &crate::store::zone::ZoneRow| {
            let rules = self.policies().zone(&row.profile, &row.overrides);
            row.enabled && rules.is_ok_and(|rules| rules.name.suffix_optional)
        };
        let mut zones = rows.into_iter().filter(takes).map(|row| row.name);
        Ok(zones.next().filter(|_| zones.next().is_none()))
    }
}
