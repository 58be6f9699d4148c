//! An EPP client that knows sockets, TLS and lengths (RFC 5734) and nothing of the server's code.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::schema;
use crate::xml::{Node, escape};

/// Longer than any answer of a healthy server takes, on however busy a machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Extensions by the prefixes of the short form.
const EXTENSIONS: &[(&str, &str)] = &[
    ("secDNS", "urn:ietf:params:xml:ns:secDNS-1.1"),
    ("rgp", "urn:ietf:params:xml:ns:rgp-1.0"),
    ("fee", "urn:ietf:params:xml:ns:epp:fee-1.0"),
    ("addlEmail", "urn:ietf:params:xml:ns:epp:addlEmail-1.0"),
    ("allocationToken", "urn:ietf:params:xml:ns:allocationToken-1.0"),
    ("ttl", "urn:ietf:params:xml:ns:epp:ttl-1.0"),
    ("loginSec", "urn:ietf:params:xml:ns:epp:loginSec-1.0"),
    ("launch", "urn:ietf:params:xml:ns:launch-1.0"),
    ("changePoll", "urn:ietf:params:xml:ns:changePoll-1.0"),
];

/// A registrar as the server knows it, and what it connects with.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: String,
    pub password: String,
    pub cert: PathBuf,
    pub key: PathBuf,
}

/// Where a server listens, and how to trust it.
#[derive(Clone, Debug)]
pub struct Door {
    /// `host:port`
    pub address: String,
    pub ca: PathBuf,
    /// The address to come from, if not the one the system takes.
    pub from: Option<IpAddr>,
}

impl Door {
    /// The same door, entered from that address.
    pub fn from(&self, address: Option<IpAddr>) -> Self {
        Self { from: address, ..self.clone() }
    }
}

/// A connection.
pub struct Client {
    stream: TlsStream<TcpStream>,
    /// The greeting that came on connect.
    pub greeting: Reply,
}

/// One frame of the server.
#[derive(Clone, Debug)]
pub struct Reply {
    pub xml: String,
    /// The `epp` element.
    pub root: Node,
}

impl Reply {
    /// The first result code; 0 for a greeting.
    pub fn code(&self) -> u16 {
        let result = self.root.find("result").first().and_then(|r| r.attr("code")).map(str::to_owned);
        result.and_then(|c| c.parse().ok()).unwrap_or(0)
    }

    /// The text of the first element of that name.
    pub fn text(&self, qname: &str) -> Option<String> {
        self.root.find(qname).first().map(|n| n.text.clone())
    }

    /// An attribute of the first element of that name.
    pub fn attr(&self, qname: &str, attr: &str) -> Option<String> {
        self.root.find(qname).first().and_then(|n| n.attr(attr)).map(str::to_owned)
    }
}

/// The TLS side of a client with that certificate, or without one.
pub fn tls(ca: &Path, identity: Option<(&Path, &Path)>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    for cert in CertificateDer::pem_file_iter(ca).map_err(|e| format!("{}: {e}", ca.display()))? {
        roots.add(cert.map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
    }
    let builder = ClientConfig::builder().with_root_certificates(roots);
    let config = match identity {
        None => builder.with_no_client_auth(),
        Some((cert, key)) => {
            let chain = CertificateDer::pem_file_iter(cert)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(|e| format!("{}: {e}", cert.display()))?;
            let key = PrivateKeyDer::from_pem_file(key).map_err(|e| format!("{}: {e}", key.display()))?;
            builder.with_client_auth_cert(chain, key).map_err(|e| e.to_string())?
        }
    };
    Ok(Arc::new(config))
}

impl Client {
    /// Connects, shakes hands and reads the greeting.
    pub async fn connect(door: &Door, account: &Account) -> io::Result<Self> {
        let config = tls(&door.ca, Some((&account.cert, &account.key))).map_err(io::Error::other)?;
        Self::connect_with(door, config).await
    }

    /// The same with a TLS configuration of one's own.
    pub async fn connect_with(door: &Door, config: Arc<ClientConfig>) -> io::Result<Self> {
        let host = door.address.rsplit_once(':').map_or(door.address.as_str(), |(host, _)| host);
        let name =
            ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(io::Error::other)?;
        let connect = async {
            let tcp = match door.from {
                None => TcpStream::connect(&door.address).await?,
                Some(from) => {
                    let to: SocketAddr = door.address.parse().map_err(io::Error::other)?;
                    let socket = if to.is_ipv6() { TcpSocket::new_v6()? } else { TcpSocket::new_v4()? };
                    socket.bind(SocketAddr::new(from, 0))?;
                    socket.connect(to).await?
                }
            };
            tcp.set_nodelay(true)?;
            TlsConnector::from(config).connect(name, tcp).await
        };
        let mut stream = patiently(connect).await?;
        let greeting =
            receive(&mut stream).await?.ok_or_else(|| io::Error::other("closed before the greeting"))?;
        Ok(Self { stream, greeting })
    }

    /// Sends one frame.
    pub async fn send(&mut self, body: &[u8]) -> io::Result<()> {
        let length = u32::try_from(body.len() + 4).map_err(io::Error::other)?;
        let mut frame = length.to_be_bytes().to_vec();
        frame.extend_from_slice(body);
        self.send_octets(&frame).await
    }

    /// Sends octets as they are: frames that are none, or parts of one.
    pub async fn send_octets(&mut self, octets: &[u8]) -> io::Result<()> {
        patiently(async {
            self.stream.write_all(octets).await?;
            self.stream.flush().await
        })
        .await
    }

    /// The next frame; `None` after a clean end (`close_notify`).
    pub async fn receive(&mut self) -> io::Result<Option<Reply>> {
        receive(&mut self.stream).await
    }

    /// Sends one frame and waits for its answer.
    pub async fn ask(&mut self, body: &str) -> io::Result<Reply> {
        self.send(body.as_bytes()).await?;
        let reply = self.receive().await?.ok_or_else(|| io::Error::other("closed instead of an answer"))?;
        if reply.code() < 2000 {
            schema::record_sent(body.as_bytes());
        }
        Ok(reply)
    }

    /// Asks in the short form of [`command`].
    pub async fn run(&mut self, verb: &str, body: &str) -> io::Result<Reply> {
        self.ask(&command(verb, body, Some(&trid()))).await
    }

    /// Logs in with every service of the greeting.
    pub async fn login(&mut self, account: &Account) -> io::Result<Reply> {
        let body = login_body(&self.greeting, &account.id, &account.password);
        self.run("login", &body).await
    }

    /// Connects and logs in; anything but 1000 is an error.
    pub async fn enter(door: &Door, account: &Account) -> io::Result<Self> {
        let mut client = Self::connect(door, account).await?;
        let reply = client.login(account).await?;
        if reply.code() == 1000 { Ok(client) } else { Err(io::Error::other(reply.xml)) }
    }
}

/// What stands inside `<login>` when every announced service is named.
pub fn login_body(greeting: &Reply, id: &str, password: &str) -> String {
    let services = |name: &str| -> String {
        greeting.root.find(name).iter().map(|n| format!("<{name}>{}</{name}>", escape(&n.text))).collect()
    };
    let extensions = match services("extURI") {
        none if none.is_empty() => none,
        some => format!("<svcExtension>{some}</svcExtension>"),
    };
    format!(
        "<clID>{}</clID><pw>{}</pw><options><version>1.0</version><lang>en</lang></options><svcs>{}{extensions}</svcs>",
        escape(id),
        escape(password),
        services("objURI"),
    )
}

/// A command frame from a short form. `verb` is `login`, `poll op="req"`, `domain:info`,
/// `domain:transfer op="request"`; `body` is what stands inside, in the object's namespace without prefixes. What
/// begins with `<extension>` comes behind the command; the prefixes of the extensions are declared there.
pub fn command(verb: &str, body: &str, cltrid: Option<&str>) -> String {
    let (name, attrs) = verb.split_once(' ').map_or((verb, String::new()), |(n, a)| (n, format!(" {a}")));
    let (body, extension) = body.find("<extension>").map_or((body, ""), |at| body.split_at(at));
    let used = EXTENSIONS.iter().filter(|(prefix, _)| extension.contains(&format!("<{prefix}:")));
    let declared: String = used.map(|(prefix, uri)| format!(" xmlns:{prefix}=\"{uri}\"")).collect();
    let extension = extension.replacen("<extension", &format!("<extension{declared}"), 1);
    let inner = match name.split_once(':') {
        None if body.is_empty() => format!("<{name}{attrs}/>"),
        None => format!("<{name}{attrs}>{body}</{name}>"),
        Some((object, verb)) => {
            // The one object here that no RFC has.
            let uri = match object {
                "balance" => "http://www.verisign.com/epp/balance-1.0".to_owned(),
                "maintenance" => "urn:ietf:params:xml:ns:epp:maintenance-1.0".to_owned(),
                object => format!("urn:ietf:params:xml:ns:{object}-1.0"),
            };
            format!("<{verb}{attrs}><{verb} xmlns=\"{uri}\">{body}</{verb}></{verb}>")
        }
    };
    let trid = cltrid.map(|t| format!("<clTRID>{}</clTRID>", escape(t))).unwrap_or_default();
    frame(&format!("<command>{inner}{extension}{trid}</command>"))
}

/// A frame around what stands inside `<epp>`.
pub fn frame(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n\
         <epp xmlns=\"urn:ietf:params:xml:ns:epp-1.0\">{inside}</epp>"
    )
}

/// A client transaction identifier nobody used in this run.
pub fn trid() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("T-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

async fn receive(stream: &mut TlsStream<TcpStream>) -> io::Result<Option<Reply>> {
    patiently(async {
        let mut length = [0; 4];
        if stream.read(&mut length[..1]).await? == 0 {
            return Ok(None);
        }
        stream.read_exact(&mut length[1..]).await?;
        let length = u32::from_be_bytes(length) as usize;
        if !(5..=16 * 1024 * 1024).contains(&length) {
            return Err(io::Error::other(format!("a length of {length}")));
        }
        let mut body = vec![0; length - 4];
        stream.read_exact(&mut body).await?;
        let xml = String::from_utf8(body).map_err(io::Error::other)?;
        schema::record_received(xml.as_bytes());
        let root = Node::parse(&xml).map_err(io::Error::other)?;
        Ok(Some(Reply { xml, root }))
    })
    .await
}

async fn patiently<T>(work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    match timeout(PATIENCE, work).await {
        Ok(done) => done,
        Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "no answer")),
    }
}
