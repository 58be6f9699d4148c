//! Who is told of hosts that go with the domain above them (N59): who has them, and whose domains use them. One cause
//! has one message for each registrar, or as many as its hosts need.

use std::collections::{BTreeMap, BTreeSet};

use crate::epp::notice::{Gone, HostNotice, MOST_LISTED, Notice};
use crate::epp::reply::HostData;
use crate::epp::types::{DomainName, RegistrarId};
use crate::gate::Cx;
use crate::store::domain::DomainRow;
use crate::store::host::HostRow;
use crate::store::link::HostUser;

/// What registrars have to do with hosts that go.
#[derive(Default)]
pub(super) struct Told {
    hosts: BTreeMap<RegistrarId, Vec<(DomainName, Option<DomainName>)>>,
    data: BTreeMap<DomainName, HostData>,
}

impl Told {
    /// A domain uses a host.
    pub(super) fn user(&mut self, host: &HostRow, user: HostUser) {
        self.hosts.entry(user.registrar).or_default().push((host.name.clone(), Some(user.name)));
    }

    /// A host goes that those accounts have; its users were named just before. Who has it reads of it once: as a user, or
    /// else as who has it.
    pub(super) fn host(&mut self, host: HostData, having: BTreeSet<RegistrarId>) {
        for account in having {
            let all = self.hosts.entry(account).or_default();
            if all.last().is_none_or(|(name, _)| *name != host.name) {
                all.push((host.name.clone(), None));
            }
        }
        self.data.insert(host.name.clone(), host);
    }

    /// Tells them.
    pub(super) fn tell(self, cx: &mut Cx<'_>, domain: &DomainRow, what: fn(Gone) -> HostNotice) {
        for (registrar, all) in &self.hosts {
            for hosts in all.chunks(MOST_LISTED) {
                let one = hosts.first().filter(|(first, _)| hosts.iter().all(|(name, _)| name == first));
                let data = one.and_then(|(name, _)| self.data.get(name)).cloned().map(Box::new);
                let gone = Gone { domain: domain.name.clone(), hosts: hosts.to_vec(), data };
                cx.notify(registrar, Notice::Host(what(gone)));
            }
        }
    }
}
