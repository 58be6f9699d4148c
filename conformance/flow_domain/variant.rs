//! Variants of names at the same moment, before and after a zone is indexed, and with tables that change.

use super::racing::together;
use super::*;
use crate::pg::on_both;
use crate::typed::Registry;
use domesday::clock::Clock;
use domesday::store::StoreError;

const FRENCH: &str = "idn.tables = [\"fr-x-accent\"]";
const BUNDLED: &str = "idn.tables = [\"fr-x-accent\"]\nidn.variants = \"bundled\"";

/// A name as people read it, on the wire.
fn wire(read: &str) -> String {
    idna::domain_to_ascii_strict(read).unwrap()
}

/// The zone's own rules are others from now on.
async fn rule(registry: &Registry, rules: &'static str) {
    let change = registry.gate.db().write(move |tx| {
        Box::pin(async move {
            let mut zone = tx.zone_list().await?.into_iter().next().ok_or(StoreError::Shape("no zone"))?;
            zone.overrides = rules.to_owned();
            tx.zone_update(&zone).await
        })
    });
    assert!(change.await.unwrap());
}

/// Indexes, tables and bundled names of a domain.
async fn stored(registry: &Registry, domain: &str) -> (Option<String>, Option<String>, Vec<String>) {
    let domain = name(domain);
    let read = registry.gate.db().read(move |tx| {
        Box::pin(async move {
            let row = tx.domain_by_name(&domain).await?.ok_or(StoreError::Shape("no domain"))?;
            let label = tx.label_of(row.id).await?;
            let (index, table) = label.map_or((None, None), |label| (Some(label.index), label.table));
            Ok::<_, StoreError>((index, table, tx.variants_bundled(row.id).await?))
        })
    });
    read.await.unwrap()
}

on_both! {
    /// Two registrars at two gates of one database want two variants at the same moment.
    async fn of_two_who_want_variants_one_has_it(db: Db) {
        let registry = Registry::new(&db, FRENCH).await;
        let other = Registry::process(&db, 2, Clock::system(), "");
        for round in 0..8 {
            if round == 4 {
                domesday::job::pass(&registry.gate).await.unwrap();
            }
            let digits = ["one", "two", "six", "ten", "zero", "five", "nine", "eleven"][round];
            let (plain, accent) = (format!("ete{digits}.example"), wire(&format!("été{digits}.example")));
            let ask = |registry: &Registry, who: &str, domain: &str| {
                (registry.client(who), Command::DomainCreate(create(domain)))
            };
            let codes = together(vec![
                ask(&registry, "alpha", &plain),
                ask(&other, "beta", &accent),
                ask(&other, "gamma", &plain),
                ask(&registry, "alpha", &accent),
            ]).await;
            assert_eq!(codes, [1000, 2302, 2302, 2302], "round {round}");
        }
    }

    async fn a_domain_keeps_its_table_and_index(db: Db) {
        let registry = Registry::new(&db, "idn.tables = [\"de\", \"fr-x-accent\"]").await;
        let mut alpha = registry.client("alpha");
        for (read, index, table) in [
            ("müller.example", Some("muller.example"), Some("de")),
            ("été.example", Some("ete.example"), Some("fr-x-accent")),
            ("straße.example", Some("straße.example"), Some("de")),
            ("bdf.example", None, None),
        ] {
            alpha.register(&wire(read)).await;
            let (has, by, _) = stored(&registry, &wire(read)).await;
            assert_eq!((has.as_deref(), by.as_deref()), (index, table), "{read}");
        }
    }

    /// Names that were registered before a zone's tables had variants.
    async fn a_zone_is_indexed_by_its_new_tables(db: Db) {
        let registry = Registry::new(&db, "idn.tables = []").await;
        let mut alpha = registry.client("alpha");
        for nth in 0..201 {
            alpha.register(&format!("b{nth}.example")).await;
        }
        alpha.register("ete.example").await;
        assert_eq!(stored(&registry, "ete.example").await, (None, None, Vec::new()));
        rule(&registry, FRENCH).await;
        let (taken, free) = (Command::DomainCreate(create(&wire("été.example"))), wire("où.example"));
        let free = Command::DomainCreate(create(&free));
        // Until that is known, nothing that has a variant is registered; what has none is.
        assert_eq!(alpha.refused(taken.clone()).await, Reason::NameNotPermitted);
        assert_eq!(alpha.refused(free.clone()).await, Reason::NameNotPermitted);
        alpha.register("bdf.example").await;
        domesday::job::pass(&registry.gate).await.unwrap();
        assert_eq!(stored(&registry, "ete.example").await.0.as_deref(), Some("ete.example"));
        assert_eq!(alpha.refused(taken.clone()).await, Reason::VariantTaken);
        alpha.does(free).await;
        // A table that has no variants gives the names free, and takes them again when it has some.
        rule(&registry, "idn.tables = [\"fr\"]").await;
        domesday::job::pass(&registry.gate).await.unwrap();
        alpha.does(taken).await;
        rule(&registry, FRENCH).await;
        domesday::job::pass(&registry.gate).await.unwrap();
        for read in ["ete.example", "été.example"] {
            assert_eq!(stored(&registry, &wire(read)).await.0.as_deref(), Some("ete.example"), "{read}");
        }
        let third = Command::DomainCreate(create(&wire("éte.example")));
        assert_eq!(alpha.refused(third).await, Reason::VariantTaken);
    }

    /// A name that is nobody's variant any more keeps nothing from anybody.
    async fn an_index_of_former_tables_is_forgotten(db: Db) {
        let registry = Registry::new(&db, "idn.tables = [\"x-first\"]").await;
        let mut alpha = registry.client("alpha");
        domesday::job::pass(&registry.gate).await.unwrap();
        alpha.register("b.example").await;
        assert_eq!(alpha.refused(Command::DomainCreate(create("a.example"))).await, Reason::VariantTaken);
        rule(&registry, "idn.tables = [\"x-second\"]").await;
        domesday::job::pass(&registry.gate).await.unwrap();
        assert_eq!(stored(&registry, "b.example").await.0, None);
        alpha.register(&wire("à.example")).await;
        assert_eq!(alpha.refused(Command::DomainCreate(create("a.example"))).await, Reason::VariantTaken);
    }

    /// Bundled names come with their name, go to its new registrar, and go when it goes.
    async fn bundled_names_go_with_their_name(db: Db) {
        let registry = Registry::new(&db, BUNDLED).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        let accent = wire("été.example");
        alpha.register(&accent).await;
        assert_eq!(stored(&registry, &accent).await.2, ["ete.example"]);
        beta.does(Command::DomainTransferRequest(transfer(&accent, Some(PW)))).await;
        alpha.does(Command::DomainTransferApprove(transfer(&accent, None))).await;
        assert_eq!(stored(&registry, &accent).await.2, ["ete.example"]);
        let plain = Command::DomainCreate(create("ete.example"));
        assert_eq!(beta.refused(plain.clone()).await, Reason::VariantTaken);
        // Where the zone bundles no more, nothing comes with it; it keeps its variants from others.
        rule(&registry, FRENCH).await;
        domesday::job::pass(&registry.gate).await.unwrap();
        assert!(stored(&registry, &accent).await.2.is_empty());
        assert_eq!(alpha.refused(plain.clone()).await, Reason::VariantTaken);
        rule(&registry, BUNDLED).await;
        domesday::job::pass(&registry.gate).await.unwrap();
        assert_eq!(stored(&registry, &accent).await.2, ["ete.example"]);
        let operator = registry.gate.db().write({
            let accent = name(&accent);
            move |tx| {
                let accent = accent.clone();
                Box::pin(async move {
                    let row = tx.domain_by_name(&accent).await?.ok_or(StoreError::Shape("no domain"))?;
                    tx.domain_delete(row.id).await
                })
            }
        });
        operator.await.unwrap();
        alpha.does(plain).await;
    }
}
