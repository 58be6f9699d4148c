//! A client by other people (`instant-epp`, used in production by a registrar) against this server: every command it
//! has, over TLS with a client certificate.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use instant_epp::client::{Connector, EppClient};
use instant_epp::contact::{
    Address, ContactCheck, ContactCreate, ContactDelete, ContactInfo, ContactUpdate, InfoType, PostalInfo,
    Voice,
};
use instant_epp::domain::{
    self, DomainCheck, DomainContact, DomainCreate, DomainDelete, DomainInfo, DomainRenew, DomainTransfer,
    DomainUpdate, HostInfo as NameServer, HostObj, ONE_YEAR, Status, TWO_YEARS,
};
use instant_epp::host::{HostCheck, HostCreate, HostDelete, HostInfo, HostUpdate};
use instant_epp::login::Login;
use instant_epp::logout::Logout;
use instant_epp::poll::{Ack, Poll, PollData};
use instant_epp::response::ResultCode;
use instant_epp::{Error, host};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::client::{Account, Door, tls};
use crate::pg::Place;
use crate::script::Setup;
use crate::subject::{Engine, Subject};

/// How the client reaches the server: TLS is ours to bring.
struct Line {
    address: String,
    config: Arc<ClientConfig>,
}

type Connecting<'a> = Pin<Box<dyn Future<Output = Result<TlsStream<TcpStream>, Error>> + Send + 'a>>;

impl Connector for Line {
    type Connection = TlsStream<TcpStream>;

    fn connect<'a, 'b>(&'a self, _timeout: Duration) -> Connecting<'b>
    where
        'a: 'b,
    {
        Box::pin(async {
            let tcp = TcpStream::connect(&self.address).await?;
            let name = ServerName::try_from("127.0.0.1").map_err(|e| Error::Other(e.into()))?;
            Ok(TlsConnector::from(Arc::clone(&self.config)).connect(name, tcp).await?)
        })
    }
}

type Foreign = EppClient<Line>;

async fn enter(door: &Door, account: &Account) -> Foreign {
    let config = tls(&door.ca, Some((&account.cert, &account.key))).unwrap();
    let line = Line { address: door.address.clone(), config };
    let mut client = EppClient::new(line, "domesday".to_owned(), Duration::from_secs(60)).await.unwrap();
    let greeting = client.hello().await.unwrap();
    assert_eq!(greeting.svc_menu.version, "1.0");
    let login = Login::new(&account.id, &account.password, None, None);
    client.transact(&login, "login-1").await.unwrap();
    client
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> ResultCode {
    match answer {
        Err(Error::Command(status)) => status.result.code,
        other => panic!("{other:?} instead of a refusal"),
    }
}

fn postal() -> PostalInfo<'static> {
    let address =
        Address::new(&["1 Example Road"], "Dublin", Some("Leinster"), Some("D01"), "IE".parse().unwrap());
    PostalInfo::new(InfoType::International, "Ada Example", Some("Example Ltd"), address)
}

async fn contacts(client: &mut Foreign) {
    let check = client.transact(&ContactCheck { contact_ids: &["ct-1", "ct-2"] }, "contact-1").await.unwrap();
    assert!(check.res_data().unwrap().list.iter().all(|c| c.id.available));
    let voice = Voice::new("+353.15550100");
    for id in ["ct-1", "ct-2"] {
        let create = ContactCreate::new(id, "ada@ada.example", postal(), Some(voice.clone()), "Contact-Pw-1");
        assert_eq!(client.transact(&create, "contact-2").await.unwrap().res_data().unwrap().id, id);
    }
    let mut update = ContactUpdate::new("ct-1");
    update.set_info("lovelace@ada.example", postal(), voice, "Contact-Pw-2");
    client.transact(&update, "contact-3").await.unwrap();
    let info = client.transact(&ContactInfo::new("ct-1", "Contact-Pw-2"), "contact-4").await.unwrap();
    let info = info.res_data().unwrap();
    assert_eq!((info.email.as_str(), info.client_id.as_str()), ("lovelace@ada.example", "alpha"));
    assert_eq!(info.postal_info.name, "Ada Example");
    client.transact(&ContactDelete::new("ct-2"), "contact-5").await.unwrap();
    let gone = client.transact(&ContactDelete::new("ct-2"), "contact-6").await;
    assert_eq!(refused(gone), ResultCode::ObjectDoesNotExist);
}

async fn domains_and_hosts(client: &mut Foreign) {
    let check = client.transact(&DomainCheck { domains: &["foo.example"] }, "domain-1").await.unwrap();
    assert!(check.res_data().unwrap().list[0].name.available);
    let people = [DomainContact { contact_type: "admin".into(), id: "ct-1".into() }];
    let create =
        DomainCreate::new("foo.example", TWO_YEARS, None, Some("ct-1"), "Domain-Pw-1", Some(&people));
    let created = client.transact(&create, "domain-2").await.unwrap();
    let expires = created.res_data().unwrap().expiring_at.unwrap();

    let hosts = client.transact(&HostCheck { hosts: &["ns1.foo.example"] }, "host-1").await.unwrap();
    assert!(hosts.res_data().unwrap().list[0].name.available);
    let addresses: [IpAddr; 2] = ["9.9.9.9".parse().unwrap(), "2620:fe::9".parse().unwrap()];
    client.transact(&HostCreate::new("ns1.foo.example", Some(&addresses)), "host-2").await.unwrap();

    let servers = [NameServer::Obj(HostObj { name: "ns1.foo.example".into() })];
    let mut update = DomainUpdate::new("foo.example");
    update.add(domain::update::DomainAdd {
        ns: Some(domain::NameServers { ns: servers.as_slice().into() }),
        contacts: None,
        statuses: Some(&[Status::ClientHold]),
    });
    client.transact(&update, "domain-3").await.unwrap();
    let mut update = HostUpdate::new("ns1.foo.example");
    update.info(host::update::HostChangeInfo { name: "ns2.foo.example" });
    client.transact(&update, "host-3").await.unwrap();
    let host = client.transact(&HostInfo::new("ns2.foo.example"), "host-4").await.unwrap();
    assert_eq!(host.res_data().unwrap().name, "ns2.foo.example");

    let renew = DomainRenew::new("foo.example", expires.date_naive(), ONE_YEAR);
    let renewed = client.transact(&renew, "domain-4").await.unwrap();
    let later = renewed.res_data().unwrap().expiring_at.unwrap();
    assert!(later > expires);
    let info = client.transact(&DomainInfo::new("foo.example", None), "domain-5").await.unwrap();
    let info = info.res_data().unwrap();
    assert_eq!(info.expiring_at, Some(later));
    assert_eq!(info.statuses.as_deref(), Some([Status::ClientHold].as_slice()));
    assert_eq!(info.registrant.as_deref(), Some("ct-1"));
    let linked = client.transact(&HostDelete::new("ns2.foo.example"), "host-5").await;
    assert_eq!(refused(linked), ResultCode::ObjectAssociationProhibitsOperation);
}

async fn transfers(loser: &mut Foreign, winner: &mut Foreign) {
    let wrong = winner.transact(&DomainTransfer::new("foo.example", None, "Wrong-Pw-1"), "transfer-1").await;
    assert_eq!(refused(wrong), ResultCode::InvalidAuthorizationInformation);
    let ask = DomainTransfer::new("foo.example", Some(ONE_YEAR), "Domain-Pw-1");
    let asked = winner.transact(&ask, "transfer-2").await.unwrap();
    assert_eq!(asked.result.code, ResultCode::CommandCompletedSuccessfullyActionPending);
    let query =
        winner.transact(&DomainTransfer::query("foo.example", "Domain-Pw-1"), "transfer-3").await.unwrap();
    assert_eq!(query.res_data().unwrap().transfer_status, "pending");

    let message = loser.transact(&Poll, "poll-1").await.unwrap();
    assert!(matches!(message.res_data(), Some(PollData::DomainTransfer(t)) if t.requester_id == "bravo"));
    let id = message.message_queue().unwrap().id.clone();
    loser.transact(&Ack { message_id: &id }, "poll-2").await.unwrap();
    loser.transact(&DomainTransfer::approve("foo.example"), "transfer-4").await.unwrap();
    let info = winner.transact(&DomainInfo::new("foo.example", None), "transfer-5").await.unwrap();
    assert_eq!(info.res_data().unwrap().client_id, "bravo");
}

async fn leave(client: &mut Foreign) {
    // Gone within the add grace period: at once.
    let mut update = DomainUpdate::new("foo.example");
    let servers = [NameServer::Obj(HostObj { name: "ns2.foo.example".into() })];
    update.remove(domain::update::DomainRemove {
        ns: Some(domain::NameServers { ns: servers.as_slice().into() }),
        contacts: None,
        statuses: None,
    });
    client.transact(&update, "leave-1").await.unwrap();
    client.transact(&HostDelete::new("ns2.foo.example"), "leave-2").await.unwrap();
    client.transact(&DomainDelete::new("foo.example"), "leave-3").await.unwrap();
    let bye = client.transact(&Logout, "leave-4").await.unwrap();
    assert_eq!(bye.result.code, ResultCode::CommandCompletedSuccessfullyEndingSession);
}

async fn converse(subject: Subject) {
    let mut loser = enter(&subject.door, subject.account("a")).await;
    let mut winner = enter(&subject.door, subject.account("b")).await;
    contacts(&mut loser).await;
    domains_and_hosts(&mut loser).await;
    transfers(&mut loser, &mut winner).await;
    leave(&mut winner).await;
    subject.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_client_on_postgres() {
    converse(Subject::here(Engine::Postgres, &Setup::default()).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_client_and_the_real_program() {
    converse(crate::process::subject(Place::sqlite()).await).await;
}
