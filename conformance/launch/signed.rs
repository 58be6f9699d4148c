//! A sunrise with signed marks: the whole way of a create, in frames and through the gate.

use data_encoding::BASE64;
use domesday::epp::command::{Command, DomainCreate, DomainInfo, HostsFilter, Request};
use domesday::epp::decode;
use domesday::epp::reply::{MessageData, Reply};
use domesday::epp::smd::SignedMark;
use domesday::epp::types::{
    ApplicationStatus, AuthInfo, LaunchCreate, LaunchInfo, LaunchPhaseName, Launching, PhaseKind, Proof,
    Secret,
};
use domesday::flow::launch::{decide, list};
use domesday::gate::Ended;
use domesday::refusal::Reason;

use super::made::{Draft, house};
use crate::pg::on_both;
use crate::typed::{Registry, name, registrar};

const RULES: &str = "launch.phases = [{ phase = \"sunrise\", form = \"application\", proof = \"required\", \
    models = [\"signed_mark\"], from = \"2020-01-01T00:00:00Z\" }, { phase = \"custom\", name = \"first come\", \
    form = \"registration\", proof = \"required\", models = [\"signed_mark\"], from = \"2020-01-01T00:00:00Z\" }]";

fn sunrise() -> LaunchPhaseName {
    LaunchPhaseName { kind: PhaseKind::Sunrise, name: None }
}

fn first_come() -> LaunchPhaseName {
    LaunchPhaseName { kind: PhaseKind::Custom, name: Some("first come".to_owned()) }
}

fn create(domain: &str, phase: LaunchPhaseName, xml: &str) -> Command {
    let proofs = vec![Proof::Signed(SignedMark::document(xml.as_bytes()).unwrap())];
    let asked = LaunchCreate { phase, object: None, proofs, notices: Vec::new() };
    let auth = AuthInfo { pw: Secret::new("2fooBAR-open"), roid: None };
    let launch = Some(Launching::Asked(Box::new(asked)));
    Command::DomainCreate(DomainCreate { launch, ..DomainCreate::of(name(domain), auth) })
}

/// What the operator loads.
async fn load(registry: &Registry, root: &[u8], crl: &[u8], revoked: &'static str) {
    let (root, crl) = (root.to_vec(), crl.to_vec());
    let loaded = registry.gate.run_job("launch:load", String::new(), move |cx| {
        let (root, crl) = (root.clone(), crl.clone());
        Box::pin(async move {
            list::load_trust(cx, "root", &[root]).await?;
            list::load_trust(cx, "crl", &[crl]).await?;
            let marks = format!("1,2026-01-01T00:00:00.0Z\nsmd-id,insertion-datetime\n{revoked}");
            list::load_revoked(cx, &list::read_revoked(&marks).unwrap()).await?;
            Ok(true)
        })
    });
    loaded.await.unwrap();
}

fn info(domain: &str, phase: LaunchPhaseName, application: Option<String>) -> Command {
    let launch = Some(LaunchInfo { phase, application, include_mark: true });
    Command::DomainInfo(DomainInfo {
        name: name(domain),
        hosts: HostsFilter::All,
        auth: None,
        ttl: None,
        allocation: false,
        launch,
    })
}

on_both! {
    async fn a_signed_mark_makes_an_application_that_is_validated(db: Db) {
        let (registry, house) = (Registry::new(&db, RULES).await, house());
        let mut alpha = registry.client("alpha");
        let good = Draft::of("foo").signed(&house.signer, &[]);
        let asked = || create("foo.example", sunrise(), &good);
        // Nobody is trusted yet.
        assert_eq!(alpha.refused(asked()).await, Reason::SignedMarkRefused);
        load(&registry, &house.root.der, &house.crl, "").await;
        let other = create("bar.example", sunrise(), &good);
        assert_eq!(alpha.refused(other).await, Reason::MarkNotOfName);
        let revoked = create("foo.example", sunrise(), &Draft::of("foo").signed(&house.revoked, &[]));
        assert_eq!(alpha.refused(revoked).await, Reason::SignedMarkRefused);
        let Reply::Applied(applied) = alpha.does(asked()).await else { panic!("no application") };
        let shown = alpha.does(info("foo.example", sunrise(), Some(applied.id.application.clone()))).await;
        let Reply::DomainInfo(shown) = shown else { panic!("no domain") };
        let launch = shown.launch.unwrap();
        assert_eq!(launch.status.unwrap().status, ApplicationStatus::Validated);
        assert_eq!(launch.marks[0].labels, ["foo"]);
        // The registry allocates it.
        let id = applied.id.application.parse::<i64>().unwrap();
        let by = registrar("alpha");
        let allocated = registry.gate.run_for(&by, "cli", "launch:allocate", String::new(), move |cx| {
            Box::pin(async move { Ok(Ended::Keep(decide::allocate(cx, id).await?.is_ok())) })
        });
        assert!(allocated.await.unwrap());
        let message = alpha.message().await;
        let Some(MessageData::ApplicationEnded(ended)) = message.as_ref().and_then(|m| m.data.clone()) else {
            panic!("{message:?}")
        };
        assert!(ended.done.success);
        let Reply::DomainInfo(shown) = alpha.does(info("foo.example", sunrise(), None)).await else { panic!("none") };
        assert_eq!((shown.sponsor, shown.auth_set), (registrar("alpha"), true));
        assert_eq!(shown.launch.unwrap().marks.len(), 1);
    }

    async fn a_revoked_mark_registers_nothing(db: Db) {
        let (registry, house) = (Registry::new(&db, RULES).await, house());
        let mut alpha = registry.client("alpha");
        let draft = Draft { id: "1-2", ..Draft::of("foo") };
        let asked = create("foo.example", first_come(), &draft.signed(&house.signer, &[]));
        load(&registry, &house.root.der, &house.crl, "1-2,2026-01-01T00:00:00.0Z\n").await;
        assert_eq!(alpha.refused(asked.clone()).await, Reason::SignedMarkRevoked);
        // Taken off the list, it is good again, and registers at once.
        load(&registry, &house.root.der, &house.crl, "1-3,2026-01-01T00:00:00.0Z\n").await;
        assert!(matches!(alpha.does(asked).await, Reply::DomainCreated { .. }));
    }
}

/// The two forms in frames: encoded, and as an element that is taken out of its frame.
#[test]
fn a_frame_brings_a_signed_mark_in_two_forms() {
    let document = Draft::of("foo").signed(&house().signer, &[]);
    let (_, element) = document.split_once('\n').unwrap();
    // A frame with prefixes of its own around it, which the mark does not use.
    let frame = |proof: &str| {
        format!(
            "<epp xmlns='urn:ietf:params:xml:ns:epp-1.0' xmlns:mark='urn:x'><command><create><domain:create \
             xmlns:domain='urn:ietf:params:xml:ns:domain-1.0'><domain:name>foo.example</domain:name><domain:authInfo>\
             <domain:pw/></domain:authInfo></domain:create></create><extension><launch:create \
             xmlns:launch='urn:ietf:params:xml:ns:launch-1.0' xmlns:ds='http://www.w3.org/2000/09/xmldsig#'>\
             <launch:phase>sunrise</launch:phase>{proof}</launch:create></extension></command></epp>"
        )
    };
    let encoded = format!(
        "<e:encodedSignedMark xmlns:e='urn:ietf:params:xml:ns:signedMark-1.0'>\n{}\n</e:encodedSignedMark>",
        BASE64.encode(document.as_bytes())
    );
    for proof in [encoded.as_str(), element] {
        let decoded = decode(frame(proof).as_bytes());
        let Ok(Request::Command(envelope)) = decoded else { panic!("{decoded:?}") };
        let Command::DomainCreate(DomainCreate { launch: Some(Launching::Asked(asked)), .. }) =
            envelope.command
        else {
            panic!("no launch")
        };
        let [Proof::Signed(signed)] = &asked.proofs[..] else { panic!("no signed mark") };
        let trust = domesday::epp::smd::Trust {
            roots: vec![house().root.der.clone()],
            crls: vec![house().crl.clone()],
            crl_required: true,
        };
        let now = domesday::clock::Ts::from_timestamp("2026-11-24T12:00:00Z".parse().unwrap());
        let read = domesday::epp::smd::verify(signed, &trust, now).unwrap();
        assert_eq!(read.mark.labels, ["foo"]);
    }
}
