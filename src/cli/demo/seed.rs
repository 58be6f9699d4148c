//! What the demo's registry begins with: a zone and registrars with users, passwords and pinned certificates. What is
//! there already stays as it is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, absolute};

use anyhow::Context;

use super::state::{Registrar, State};
use crate::certs;
use crate::cli::given;
use crate::cli::open::{Halt, Registry};
use crate::cli::{secret, zone};
use crate::epp::types::{DomainName, RegistrarId, Secret};
use crate::flow::money;
use crate::gate::{Cx, Gate};
use crate::policy::{ClientCert, EmptyMeans};
use crate::store::access::AllowEntry;
use crate::store::account::{RegistrarRow, UserRow};
use crate::store::ledger::EntryKind;
use crate::store::pin::PinRow;
use crate::store::zone::ZoneRow;

/// What each registrar has to pay with, in the smallest unit of its currency.
const PLAY_MONEY: i64 = 1_000_000;

/// What there is now.
#[derive(Debug)]
pub struct Seeded {
    /// The registrars, with their passwords as far as they are known.
    pub registrars: Vec<Registrar>,
    /// Those whose password was changed by a login since it was made.
    pub changed_passwords: Vec<String>,
}

/// Everything one registrar needs.
#[derive(Clone)]
struct Wanted {
    id: RegistrarId,
    /// The hash of a new password, where there is no user yet or nobody knows its password any more.
    hash: Option<String>,
    /// The certificate it comes with; none where the server asks for none, as then a pinned user could never come in.
    pin: Option<[u8; 32]>,
    /// Whether only listed addresses may connect.
    allow_loopback: bool,
}

/// Makes what is missing. A client is its name, certificate and key.
///
/// # Errors
/// The database's, or a certificate's that cannot be read.
pub async fn run(
    gate: &Gate,
    zone: &str,
    clients: &[(&str, &Path, &Path)],
    before: Option<&State>,
) -> anyhow::Result<Seeded> {
    let registry = Registry::of(gate.clone());
    seed_zone(&registry, zone).await?;
    let mut seeded = Seeded { registrars: Vec::new(), changed_passwords: Vec::new() };
    for (name, cert, key) in clients {
        let id = given::id(name)?;
        let kept =
            before.and_then(|b| b.registrars.iter().find(|r| r.id == *name)).map(|r| r.password.clone());
        let of = id.clone();
        let stored = registry.look(move |tx| Box::pin(async move { tx.login_facts(&of).await })).await?;
        let password = kept.clone().unwrap_or_else(|| secret::generated().to_string());
        let hash = match (&stored, &kept) {
            (Some(facts), Some(kept)) => {
                if !gate.hasher().fits(Some(&facts.password), &Secret::new(kept.as_str())).await? {
                    seeded.changed_passwords.push((*name).to_owned());
                }
                None
            }
            _ => Some(given::hash(gate, &password, None).await?),
        };
        let pem = std::fs::read(cert).with_context(|| cert.display().to_string())?;
        let allow_loopback = gate.profile().account.epp_acl.empty_means == EmptyMeans::Deny;
        let asked = gate.profile().server.tls.client_cert != ClientCert::None;
        let pin = if asked { Some(certs::fingerprint(&pem)?) } else { None };
        let pinned =
            stored.is_some_and(|facts| pin.is_none_or(|pin| facts.pins.iter().any(|p| p.sha256 == pin)));
        let wanted = Wanted { id, hash, pin, allow_loopback };
        if !pinned || wanted.hash.is_some() || wanted.allow_loopback {
            registry
                .change("demo:seed", *name, move |cx| {
                    let wanted = wanted.clone();
                    Box::pin(async move { seed_registrar(cx, &wanted).await })
                })
                .await?;
        }
        let (cert, key) = (absolute(cert)?, absolute(key)?);
        seeded.registrars.push(Registrar { id: (*name).to_owned(), password, cert, key });
    }
    Ok(seeded)
}

async fn seed_zone(registry: &Registry, name: &str) -> anyhow::Result<()> {
    let name = DomainName::parse(name)?;
    let profile = registry.gate.profile().id.clone();
    let found = registry.look(|tx| Box::pin(tx.zone_list())).await?.into_iter().find(|z| z.name == name);
    let now = registry.now();
    match found {
        None => {
            let (created_at, updated_at) = (now, now);
            let row =
                ZoneRow { name, profile, overrides: String::new(), enabled: true, created_at, updated_at };
            zone::insert(registry, row).await
        }
        Some(found) if found.profile != profile => {
            let row = ZoneRow { profile, updated_at: now, ..found };
            registry
                .change("zone:set", name.to_string(), move |cx| {
                    let row = row.clone();
                    Box::pin(async move {
                        cx.tx.zone_update(&row).await?;
                        cx.changed(row.name.to_string(), serde_json::json!({ "rules": row.profile }));
                        Ok(())
                    })
                })
                .await
        }
        Some(_) => Ok(()),
    }
}

async fn seed_registrar(cx: &mut Cx<'_>, wanted: &Wanted) -> Result<(), Halt> {
    let (id, now) = (&wanted.id, cx.now);
    let registrar = RegistrarRow {
        id: id.clone(),
        name: format!("Demo {id}"),
        email: Some(format!("{id}@example.com")),
        enabled: true,
        max_sessions: None,
        profile: None,
        created_at: now,
        updated_at: now,
        auto_renew: None,
    };
    if cx.tx.registrar_insert(&registrar).await? {
        // Where registrations are paid ahead, a first session needs something to pay with.
        money::adjust(cx, id, EntryKind::Deposit, PLAY_MONEY, "play money of the demo").await?;
    }
    if let Some(hash) = &wanted.hash {
        let user = UserRow::new(id.clone(), id.clone(), now);
        if !cx.tx.user_insert(&user, hash).await? {
            cx.tx.user_password(id, hash, now).await?;
        }
    }
    if let Some(sha256) = wanted.pin {
        let pin = PinRow {
            user: id.clone(),
            sha256: sha256.to_vec(),
            not_before: now,
            not_after: None,
            note: "made by the demo".to_owned(),
            created_at: now,
        };
        cx.tx.pin_insert(&pin).await?;
    }
    if wanted.allow_loopback {
        for address in [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)] {
            let entry = AllowEntry {
                registrar: id.clone(),
                prefix: address.into(),
                note: "made by the demo".to_owned(),
                expires_at: None,
                created_at: now,
            };
            cx.tx.allow_insert(&entry).await?;
        }
    }
    Ok(())
}
