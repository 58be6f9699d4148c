//! Everything `epp::encode` can be asked to write, with the worst texts that can reach it.
//!
//! Length: one list of answers with the values they share.

use domesday::clock::Ts;
use domesday::epp::command::ContactRole;
use domesday::epp::encode;
use domesday::epp::ext::Ext;
use domesday::epp::notice::maintenance_sample;
use domesday::epp::ns::{Ns, Services};
use domesday::epp::reply::{
    ApplicationEnd, BalanceData, Checked, ContactData, DomainData, Greeting, HostData, Message, MessageData,
    Outcome, PendingData, Reply, Response, TransferData, TransferStatus,
};
use domesday::epp::types::{
    AddlEmail, Applied, ClTrid, ContactId, ContactStatus, Disclose, DiscloseField, DomainName, DomainStatus,
    DsData, HostAddrs, HostStatus, KeyData, Lang, Maintenance, MaintenanceEnvironment, MaintenancePoll,
    Management, Note, Phone, Postal, PostalForm, PostalInfo, RecordType, RegistrarId, RgpStatus, RoId,
    SecDnsRecords, Status, StatusSet, TtlShown,
};
use domesday::refusal::{Offender, Reason, Refusal};

use super::assert_valid;
use super::launch_answers::{claims_checked, launch_data, launch_id};
use super::told::{changes, security};

#[test]
fn every_answer_is_schema_valid() {
    let mut frames = greetings();
    let mut cltrids = cltrids().into_iter().cycle();
    for lang in [Lang::En, Lang::Fr] {
        for (label, outcome) in outcomes() {
            let code = match &outcome {
                Outcome::Done(reply) => reply.code(),
                Outcome::Refused(refusal) => refusal.code(),
            };
            let cltrid = cltrids.next().flatten();
            let services = Services::of(Ns::OBJECTS, Ext::ALL);
            let svtrid = "DD-1-0000001".to_owned();
            let response = Response { outcome, code, cltrid, svtrid, lang, services };
            frames.push((format!("{label} in {lang:?}"), encode::response(&response).into_bytes()));
        }
    }
    // The x5xx form ends the session whatever the refusal was.
    for code in [2500, 2501, 2502] {
        let outcome = Outcome::Refused(Refusal::new(Reason::BadCredentials));
        let (svtrid, services) = ("abc".to_owned(), Services::default());
        let response = Response { outcome, code, cltrid: None, svtrid, lang: Lang::Fr, services };
        frames.push((format!("ends with {code}"), encode::response(&response).into_bytes()));
    }
    assert_valid(&frames);
}

fn greetings() -> Vec<(String, Vec<u8>)> {
    let objects: Vec<_> = Ns::OBJECTS.iter().map(|ns| ns.uri()).collect();
    let servers = ["dom", "Example & <Sons>", "\u{1}\u{2}\u{3}\u{4}", &"é".repeat(64)];
    let mut frames = Vec::new();
    for server in servers {
        for extensions in [Vec::new(), Ext::ALL.iter().map(|ext| ext.uri()).collect()] {
            let greeting = Greeting {
                server: server.to_owned(),
                at: NOW,
                langs: Lang::ALL.to_vec(),
                objects: objects.clone(),
                extensions,
            };
            frames.push((format!("greeting of {server}"), encode::greeting(&greeting).into_bytes()));
        }
    }
    frames
}

fn outcomes() -> Vec<(String, Outcome)> {
    let refused = refusals().into_iter().map(|r| (format!("{r:?}"), Outcome::Refused(r)));
    let done = replies().into_iter().map(|r| (format!("{r:?}"), Outcome::Done(r)));
    refused.chain(done).collect()
}

pub(super) const NOW: Ts = Ts(1_795_514_400_123_456);

/// Texts that are hard on a writer of XML; all have 3 to 16 characters after collapse, so they are identifiers too.
pub(super) const HARD: &[&str] = &[
    "abc",
    "]]>",
    "<a>&b;",
    "\"'`",
    "a\u{a0}\u{2028}\u{85}b",
    "🦀é\u{301}",
    "&#0;",
    "<!---->",
    "<?x?>",
    "a\u{7f}b",
    "\u{fffd}\u{e000}x",
];

/// Texts that only a fault elsewhere could let through: no XML can hold them.
const IMPOSSIBLE: &[&str] = &["a\0b\u{1}c", "\u{fffe}\u{ffff}a", "\u{b}\u{1f}x", "\t\r\n \t"];

fn texts() -> impl Iterator<Item = String> {
    let long = [" two  blanks ".to_owned(), "line\r\nline\ttab".to_owned(), "é".repeat(255), String::new()];
    HARD.iter().chain(IMPOSSIBLE).map(|t| (*t).to_owned()).chain(long)
}

fn cltrids() -> Vec<Option<ClTrid>> {
    let all = ["<&>\"']]>", "a b c", &"🦀".repeat(64)];
    std::iter::once(None).chain(all.iter().map(|t| ClTrid::parse(t).ok())).collect()
}

fn refusals() -> Vec<Refusal> {
    let mut all: Vec<_> = Reason::ALL.iter().map(|reason| Refusal::new(*reason)).collect();
    for reason in Reason::ALL {
        all.push(Refusal::new(*reason).on(Ns::Domain, "name", "x.example").detail("a detail"));
    }
    all.push(Refusal::new(Reason::PasswordExpired).telling(security()));
    for text in texts() {
        for ns in Ns::CORE.iter().copied().chain(Ext::ALL.iter().map(|ext| Ns::Ext(*ext))) {
            all.push(Refusal::new(Reason::BadValue).on(ns, "name", text.clone()).detail(text.clone()));
        }
        // Names and namespaces come from the client as well.
        let at = |uri: &str, name: &str| Offender {
            uri: uri.to_owned().into(),
            name: name.to_owned().into(),
            text: text.clone(),
        };
        all.push(Refusal::new(Reason::UnexpectedElement).at(at(&text, "element")));
        all.push(Refusal::new(Reason::UnexpectedElement).at(at("urn:example:unknown", &text)));
    }
    for uri in [
        "",
        "http://www.w3.org/XML/1998/namespace",
        "http://www.w3.org/2000/xmlns/",
        "relative",
        "http://[bad",
        "a b",
    ] {
        for name in ["a", "é", "a.b-c", "1", "a:b", "xml", "xmlns", ""] {
            all.push(Refusal::new(Reason::UnexpectedElement).at(Offender {
                uri: uri.into(),
                name: name.into(),
                text: "text".to_owned(),
            }));
        }
    }
    all
}

fn replies() -> Vec<Reply> {
    let mut all = vec![
        Reply::Done,
        Reply::LoggedIn(Vec::new()),
        Reply::LoggedIn(security()),
        Reply::MaintenanceList(Vec::new()),
        Reply::MaintenanceList(vec![maintenance_sample(NOW), hard_maintenance()]),
        Reply::MaintenanceItem(Box::new(maintenance_sample(NOW))),
        Reply::MaintenanceItem(Box::new(hard_maintenance())),
        Reply::BalanceInfo(BalanceData {
            credit_limit: "0.00".to_owned(),
            balance: "-12.345".to_owned(),
            available: "1000000000000".to_owned(),
            threshold: "500.00".to_owned(),
        }),
        Reply::Pending,
        Reply::LoggedOut,
        Reply::NoMessages,
        Reply::Acknowledged { id: "12".to_owned(), count: 0 },
        Reply::Acknowledged { id: "12".to_owned(), count: u64::MAX },
        Reply::DomainCreated { name: name(), created: NOW, expires: NOW.plus_days(365), pending: false },
        Reply::HostCreated { name: long_name(), created: NOW, pending: false },
        Reply::HostCreated { name: long_name(), created: NOW, pending: true },
        Reply::DomainRestored { name: name(), rgp: vec![RgpStatus::PendingRestore] },
        Reply::DomainRestored { name: name(), rgp: Vec::new() },
        Reply::Applied(Box::new(Applied { name: name(), created: NOW, id: launch_id() })),
        claims_checked(HARD),
        Reply::DomainRenewed { name: long_name(), expires: Ts(253_402_300_799_999_999) },
    ];
    for at in [Ts(0), Ts(-62_135_596_800_000_000), Ts(i64::MAX), Ts(NOW.0 - NOW.0 % Ts::SECOND)] {
        all.push(Reply::ContactCreated { id: handle("abc"), created: at });
    }
    for text in HARD {
        all.push(Reply::ContactCreated { id: handle(text), created: NOW });
    }
    all.extend(checks());
    all.extend(super::fee_answers::replies());
    all.extend(domains().into_iter().map(|d| Reply::DomainInfo(Box::new(d))));
    all.extend(contacts().into_iter().map(|c| Reply::ContactInfo(Box::new(c))));
    all.extend(hosts().into_iter().map(|h| Reply::HostInfo(Box::new(h))));
    for status in TransferStatus::ALL {
        for answer in [true, false] {
            all.push(Reply::DomainTransfer(transfer(name(), *status, answer)));
            all.push(Reply::ContactTransfer(transfer(handle("<&>"), *status, answer)));
        }
    }
    all.extend(messages().into_iter().map(|m| Reply::Message(Box::new(m))));
    all
}

fn checks() -> Vec<Reply> {
    let reasons = [
        None,
        Some("In use"),
        Some("éééééééééééééééééééééééééééééééé"),
        Some("longer than what the schema has room for"),
        Some(" "),
        Some("<&>"),
    ];
    let named = |names: &[&str]| -> Vec<_> {
        let checked = |name: &&str| {
            reasons.map(|r| Checked { name: (*name).to_owned(), unavailable: r.map(str::to_owned) })
        };
        names.iter().flat_map(checked).collect()
    };
    let long = "a".repeat(255);
    // A name that is none is echoed as it was asked.
    let names = [HARD, &["x", "a.b", &long, "a b"]].concat();
    vec![
        Reply::DomainChecked(named(&names)),
        Reply::HostChecked(named(&names)),
        Reply::ContactChecked(named(HARD)),
    ]
}

fn key() -> KeyData {
    KeyData { flags: u16::MAX, protocol: 3, alg: u8::MAX, pub_key: "AQ==".to_owned() }
}

fn ds(key: Option<KeyData>) -> DsData {
    DsData { key_tag: u16::MAX, alg: u8::MAX, digest_type: 2, digest: "0A".to_owned(), key }
}

fn hard_maintenance() -> Maintenance {
    Maintenance {
        name: Some("<&>\"'".to_owned()),
        types: vec!["]]>".to_owned(), String::new()],
        environment: MaintenanceEnvironment::Custom("🦀".to_owned()),
        emergency: true,
        detail: None,
        descriptions: Vec::new(),
        tlds: vec![name(), long_name()],
        intervention: None,
        updated: Some(NOW),
        ..maintenance_sample(NOW)
    }
}

fn ttls() -> Vec<TtlShown> {
    let ttl =
        |record, seconds, bounds| TtlShown { record: RecordType::parse(record).unwrap(), seconds, bounds };
    vec![
        ttl("NS", Some(0), None),
        ttl("DS", None, Some((0, 1, 2_147_483_647))),
        ttl("A", Some(2_147_483_647), Some((0, 1, 2_147_483_647))),
        ttl("AAAA", None, None),
        ttl("DELEG", Some(1), None),
    ]
}

fn domains() -> Vec<DomainData> {
    let bare = DomainData {
        name: long_name(),
        roid: roid(),
        statuses: StatusSet::default(),
        registrant: None,
        contacts: Vec::new(),
        ns_objects: Vec::new(),
        ns_attributes: Vec::new(),
        hosts: Vec::new(),
        sponsor: registrar("abc"),
        creator: None,
        created: None,
        updater: None,
        updated: None,
        expires: None,
        transferred: None,
        auth_set: false,
        sec_dns: None,
        rgp: Vec::new(),
        ttl: Vec::new(),
        token: None,
        launch: None,
    };
    let full = DomainData {
        name: name(),
        statuses: noted(),
        registrant: Some(handle("]]>")),
        contacts: ContactRole::ALL
            .iter()
            .flat_map(|role| HARD.iter().map(|id| (*role, handle(id))))
            .collect(),
        ns_objects: vec![name(), long_name()],
        hosts: vec![name(), long_name()],
        sponsor: registrar("<&>\"'"),
        creator: Some(registrar("🦀🦀🦀")),
        created: Some(NOW),
        updater: Some(registrar("sixteen-letters1")),
        updated: Some(NOW),
        expires: Some(NOW),
        transferred: Some(NOW),
        auth_set: true,
        sec_dns: Some(SecDnsRecords::Ds(vec![ds(None), ds(Some(key()))])),
        rgp: RgpStatus::ALL.to_vec(),
        ttl: ttls(),
        token: None,
        launch: Some(launch_data("]]>")),
        ..bare.clone()
    };
    let attributes = vec![(name(), addresses()), (long_name(), HostAddrs::default())];
    let sec_dns = Some(SecDnsRecords::Keys(vec![key(), key()]));
    let by_attributes =
        DomainData { ns_objects: Vec::new(), ns_attributes: attributes, sec_dns, ..full.clone() };
    let statuses =
        DomainStatus::ALL.iter().map(|s| DomainData { statuses: [*s].into_iter().collect(), ..bare.clone() });
    let every = DomainData { statuses: DomainStatus::ALL.iter().copied().collect(), ..bare.clone() };
    statuses.chain([bare.clone(), full, by_attributes, every]).collect()
}

fn contacts() -> Vec<ContactData> {
    let bare = ContactData {
        id: handle("abc"),
        roid: roid(),
        statuses: [ContactStatus::Ok].into_iter().collect(),
        postal: vec![(PostalForm::Int, card("John Doe"))],
        voice: None,
        fax: None,
        email: "a@b.example".to_owned(),
        sponsor: registrar("abc"),
        creator: registrar("abc"),
        created: NOW,
        updater: None,
        updated: None,
        transferred: None,
        auth_set: false,
        disclose: None,
        addl_email: None,
    };
    let phone =
        |number: &str, x: Option<&str>| Some(Phone { number: number.to_owned(), x: x.map(str::to_owned) });
    let fields = |forms: &[PostalForm]| -> Vec<_> {
        let of_form = |make: fn(PostalForm) -> DiscloseField| forms.iter().map(move |form| make(*form));
        of_form(DiscloseField::Name)
            .chain(of_form(DiscloseField::Org))
            .chain(of_form(DiscloseField::Addr))
            .chain([DiscloseField::Voice, DiscloseField::Fax, DiscloseField::Email])
            .collect()
    };
    let mut all = Vec::new();
    for (flag, fields) in
        [(true, fields(&[PostalForm::Int, PostalForm::Loc])), (false, fields(&[])), (true, Vec::new())]
    {
        all.push(ContactData {
            statuses: noted(),
            voice: phone("+1.7035555555", Some("<&>\"'")),
            fax: phone("", Some("")),
            updater: Some(registrar("]]>")),
            updated: Some(NOW),
            transferred: Some(NOW),
            auth_set: true,
            disclose: Some(Disclose { flag, fields }),
            addl_email: Some(AddlEmail { email: "]]>&".to_owned(), primary: flag }),
            ..bare.clone()
        });
    }
    for text in texts().filter(|text| !text.is_empty() && !IMPOSSIBLE.contains(&text.as_str())) {
        let postal = vec![(PostalForm::Loc, card(&text)), (PostalForm::Int, card("x"))];
        all.push(ContactData { postal, email: text.clone(), ..bare.clone() });
    }
    for status in ContactStatus::ALL {
        all.push(ContactData { statuses: [*status].into_iter().collect(), ..bare.clone() });
    }
    all.push(ContactData { statuses: ContactStatus::ALL.iter().copied().collect(), ..bare.clone() });
    all.push(bare);
    all
}

fn hosts() -> Vec<HostData> {
    let bare = HostData {
        name: long_name(),
        roid: roid(),
        statuses: [HostStatus::Ok].into_iter().collect(),
        addrs: HostAddrs::default(),
        sponsor: registrar("abc"),
        creator: registrar("abc"),
        created: NOW,
        updater: None,
        updated: None,
        transferred: None,
        ttl: Vec::new(),
        admin: None,
        management: Management::Registrar,
    };
    let full = HostData {
        statuses: noted(),
        addrs: addresses(),
        updater: Some(registrar("<&>")),
        updated: Some(NOW),
        transferred: Some(NOW),
        ttl: ttls(),
        ..bare.clone()
    };
    let statuses =
        HostStatus::ALL.iter().map(|s| HostData { statuses: [*s].into_iter().collect(), ..bare.clone() });
    let every = HostData { statuses: HostStatus::ALL.iter().copied().collect(), ..bare.clone() };
    statuses.chain([bare.clone(), full, every]).collect()
}

fn messages() -> Vec<Message> {
    let message = |text: &str, data| Message {
        id: "42".to_owned(),
        count: 3,
        queued: NOW,
        text: text.to_owned(),
        data,
        change: None,
    };
    let mut all: Vec<_> = texts().map(|text| message(&text, None)).collect();
    for status in TransferStatus::ALL {
        all.push(message("t", Some(MessageData::DomainTransfer(transfer(name(), *status, false)))));
        all.push(message("t", Some(MessageData::ContactTransfer(transfer(handle("abc"), *status, true)))));
    }
    for success in [true, false] {
        for cltrid in [None, Some("<&>"), Some("🦀🦀🦀")] {
            all.push(message("t", Some(MessageData::DomainPending(pending(name(), success, cltrid)))));
            all.push(message(
                "t",
                Some(MessageData::ContactPending(pending(handle("]]>"), success, cltrid))),
            ));
            all.push(message("t", Some(MessageData::HostPending(pending(long_name(), success, cltrid)))));
        }
    }
    for text in texts() {
        let (done, launch) = (pending(name(), true, None), launch_data(&text));
        let ended = ApplicationEnd { done, launch };
        all.push(message("t", Some(MessageData::ApplicationEnded(Box::new(ended)))));
    }
    for (change, data) in changes().into_iter().zip(domains().into_iter().cycle()) {
        let shown = message("t", Some(MessageData::DomainInfo(Box::new(data))));
        all.push(Message { change: Some(Box::new(change)), ..shown });
    }
    all.extend(domains().into_iter().map(|d| message("t", Some(MessageData::DomainInfo(Box::new(d))))));
    all.extend(contacts().into_iter().map(|c| message("t", Some(MessageData::ContactInfo(Box::new(c))))));
    for poll in MaintenancePoll::ALL {
        all.push(message("t", Some(MessageData::Maintenance(Box::new(hard_maintenance()), *poll))));
    }
    all.extend(hosts().into_iter().map(|h| message("t", Some(MessageData::HostInfo(Box::new(h))))));
    all
}

fn transfer<N>(name: N, status: TransferStatus, answer_to_request: bool) -> TransferData<N> {
    TransferData {
        name,
        status,
        requester: registrar("<&>\"'"),
        requested: NOW,
        actor: registrar("]]>"),
        acted: NOW.plus_days(5),
        expires: answer_to_request.then_some(NOW),
        answer_to_request,
    }
}

fn pending<N>(name: N, success: bool, cltrid: Option<&str>) -> PendingData<N> {
    PendingData { name, success, cltrid: cltrid.map(str::to_owned), svtrid: "DD-1-2".to_owned(), at: NOW }
}

/// Seven statuses of any kind of object, which is what all of them have room for, with hard notes.
fn noted<S: Status>() -> StatusSet<S> {
    let mut set = StatusSet::default();
    for (status, text) in S::ALL.iter().zip(texts()).take(7) {
        set.insert(*status, Some(Note { lang: "fr-CA".to_owned(), text }));
    }
    set
}

fn card(text: &str) -> PostalInfo {
    let line = || text.to_owned();
    let addr = Postal {
        street: vec![line(), String::new(), line()],
        city: line(),
        sp: Some(line()),
        pc: Some("<&> 1".to_owned()),
        cc: "FR".to_owned(),
    };
    PostalInfo { name: line(), org: Some(line()), addr }
}

fn addresses() -> HostAddrs {
    let all = [
        "192.0.2.1",
        "255.255.255.255",
        "2001:db8::1",
        "::",
        "::ffff:192.0.2.1",
        "2001:db8:1111:2222:3333:4444:5555:6666",
    ];
    HostAddrs(all.iter().map(|a| a.parse().unwrap()).collect())
}

fn name() -> DomainName {
    DomainName::parse("xn--exmple-cua.example").unwrap()
}

fn long_name() -> DomainName {
    let label = "a".repeat(63);
    DomainName::parse(&format!("{label}.{label}.{label}.{}", "b".repeat(61))).unwrap()
}

fn handle(text: &str) -> ContactId {
    ContactId::parse(text).unwrap()
}

fn registrar(text: &str) -> RegistrarId {
    RegistrarId::parse(text).unwrap()
}

fn roid() -> RoId {
    RoId::parse("EXAMPLE1_x-DOMESDAY").unwrap()
}
