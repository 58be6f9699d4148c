//! An EPP client over TLS (RFC 5734): connect, greeting, frames, login.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::document::Element;
use super::frame;

/// How long the server may take for one step.
const PATIENCE: Duration = Duration::from_secs(60);
/// The largest reply that is read.
const REPLY_MAX: u32 = 16 << 20;

/// Where to connect and with what.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// `host:port`.
    pub server: String,
    /// The name the server's certificate must be good for; the host when `None`.
    pub server_name: Option<String>,
    /// The authority of the server's certificate: PEM.
    pub ca: PathBuf,
    /// The client's certificate and key: PEM.
    pub identity: Option<(PathBuf, PathBuf)>,
}

/// An open connection.
#[derive(Debug)]
pub struct Client {
    stream: TlsStream<TcpStream>,
    /// The greeting the connection began with.
    pub greeting: Answer,
}

/// A frame of the server.
#[derive(Clone, Debug)]
pub struct Answer {
    /// As it came.
    pub xml: String,
    /// Its tree.
    pub document: Element,
}

impl Answer {
    fn read(xml: String) -> anyhow::Result<Self> {
        let document = Element::parse(&xml).context("the server's frame is not XML")?;
        Ok(Self { xml, document })
    }

    /// The result code; none in a greeting.
    #[must_use]
    pub fn code(&self) -> Option<u16> {
        self.document.first("result")?.attribute("code")?.parse().ok()
    }

    /// The result's text.
    #[must_use]
    pub fn message(&self) -> &str {
        let message = self.document.first("result").and_then(|result| result.first("msg"));
        message.map_or("", |m| m.text.as_str())
    }

    /// The server's transaction identifier.
    #[must_use]
    pub fn svtrid(&self) -> Option<&str> {
        self.document.first("svTRID").map(|id| id.text.as_str())
    }
}

impl Client {
    /// Connects and reads the greeting.
    ///
    /// # Errors
    /// What stood in the way.
    pub async fn connect(endpoint: &Endpoint) -> anyhow::Result<Self> {
        let config = tls(endpoint)?;
        let server = &endpoint.server;
        let host = server.rsplit_once(':').map_or(server.as_str(), |(host, _)| host);
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let name = endpoint.server_name.as_deref().unwrap_or(host).to_owned();
        let name = ServerName::try_from(name).context("the server's name is no name")?;
        let socket = within(TcpStream::connect(server)).await.with_context(|| server.clone())?;
        socket.set_nodelay(true)?;
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        let mut stream = within(connector.connect(name, socket)).await.context("TLS")?;
        let greeting = read_frame(&mut stream).await.context("no greeting came")?;
        Ok(Self { greeting: Answer::read(greeting)?, stream })
    }

    /// Sends a frame and reads the answer.
    ///
    /// # Errors
    /// When the connection ends before it.
    pub async fn exchange(&mut self, xml: &[u8]) -> anyhow::Result<Answer> {
        let length = u32::try_from(xml.len() + 4).context("the frame is too long")?;
        let mut frame = length.to_be_bytes().to_vec();
        frame.extend_from_slice(xml);
        within(async {
            self.stream.write_all(&frame).await?;
            self.stream.flush().await
        })
        .await
        .context("the frame could not be sent")?;
        Answer::read(read_frame(&mut self.stream).await.context("no answer came")?)
    }

    /// Logs in with every service the greeting names.
    ///
    /// # Errors
    /// When the connection ends; a refusal is an answer.
    pub async fn login(&mut self, user: &str, password: &str, lang: &str) -> anyhow::Result<Answer> {
        let login = frame::login(&self.greeting.document, user, password, lang);
        self.exchange(login.as_bytes()).await
    }

    /// Says goodbye.
    ///
    /// # Errors
    /// When the connection is gone already.
    pub async fn close(mut self) -> anyhow::Result<()> {
        within(self.stream.shutdown()).await?;
        Ok(())
    }
}

async fn within<T>(step: impl Future<Output = std::io::Result<T>>) -> anyhow::Result<T> {
    match tokio::time::timeout(PATIENCE, step).await {
        Ok(done) => Ok(done?),
        Err(_) => bail!("the server took longer than {} seconds", PATIENCE.as_secs()),
    }
}

async fn read_frame(stream: &mut TlsStream<TcpStream>) -> anyhow::Result<String> {
    let total = within(stream.read_u32()).await?;
    if !(5..=REPLY_MAX).contains(&total) {
        bail!("a frame length of {total} is not what an EPP server sends");
    }
    let mut body = vec![0; total as usize - 4];
    within(stream.read_exact(&mut body)).await?;
    String::from_utf8(body).context("the frame is not UTF-8")
}

fn tls(endpoint: &Endpoint) -> anyhow::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    let ca = endpoint.ca.display();
    for certificate in CertificateDer::pem_file_iter(&endpoint.ca).with_context(|| ca.to_string())? {
        roots.add(certificate.with_context(|| ca.to_string())?)?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots);
    let Some((certificate, key)) = &endpoint.identity else { return Ok(config.with_no_client_auth()) };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .with_context(|| certificate.display().to_string())?;
    let key = PrivateKeyDer::from_pem_file(key).with_context(|| key.display().to_string())?;
    Ok(config.with_client_auth_cert(chain, key)?)
}
