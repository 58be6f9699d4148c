//! RFC 5734 section 4: a frame is a 32-bit big-endian length that counts itself, and a document.
//!
//! The length is judged before an octet of the document is read, and memory grows with what has arrived, never
//! with what was announced.

use std::io;
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant as Deadline, timeout_at};

/// Octets of the length field.
const HEADER: usize = 4;

/// What is set aside before the first octet of a document is there; an ordinary command fits.
const FIRST_CHUNK: usize = 4096;

/// A frame as it arrived.
#[derive(Debug)]
pub struct Frame {
    /// The document; empty when the length said 4.
    pub body: Vec<u8>,
    /// When its first octet was there.
    pub begun: Instant,
}

/// Why there is no frame.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The peer closed between two frames.
    #[error("closed by the peer")]
    Closed,
    /// The peer closed inside a frame.
    #[error("closed by the peer inside a frame")]
    Cut,
    /// A length that does not even count itself.
    #[error("a frame length of {0}")]
    Short(u32),
    /// A length above the cap.
    #[error("a frame length of {0}, above the cap")]
    Oversize(u32),
    /// The rest of the frame did not come in time.
    #[error("a frame that did not end in time")]
    Slow,
    /// The connection broke.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The beginning of a frame: up to four octets of its length.
#[derive(Debug)]
pub struct Begun {
    header: [u8; HEADER],
    have: usize,
    at: Instant,
}

impl Begun {
    /// When the first octet was there.
    #[must_use]
    pub fn at(&self) -> Instant {
        self.at
    }
}

/// Waits, as long as it takes, for a frame to begin. It may be dropped at any moment without losing an octet.
///
/// # Errors
/// [`ReadError::Closed`] or [`ReadError::Io`].
pub async fn begin<R: AsyncRead + Unpin>(reader: &mut R) -> Result<Begun, ReadError> {
    let mut header = [0; HEADER];
    let have = reader.read(&mut header).await.map_err(broken)?;
    if have == 0 {
        return Err(ReadError::Closed);
    }
    Ok(Begun { header, have, at: Instant::now() })
}

/// Reads what follows the beginning: a frame of at most `max` octets, its length field included.
///
/// # Errors
/// [`ReadError`]
pub async fn finish<R: AsyncRead + Unpin>(
    reader: &mut R,
    begun: Begun,
    max: u32,
    deadline: Option<Deadline>,
) -> Result<Frame, ReadError> {
    within(deadline, rest(reader, begun, max)).await.unwrap_or(Err(ReadError::Slow))
}

/// Writes a document as one frame, in one piece, and waits until the system has taken all of it.
///
/// # Errors
/// When the connection breaks, or the peer does not take the frame in time.
pub async fn write<W: AsyncWrite + Unpin>(
    writer: &mut W,
    document: &str,
    deadline: Option<Deadline>,
) -> io::Result<()> {
    let whole = document.len() + HEADER;
    let length = u32::try_from(whole).map_err(|_| io::Error::other("a document too long for a frame"))?;
    let mut frame = Vec::with_capacity(whole);
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(document.as_bytes());
    let sent = within(deadline, async {
        writer.write_all(&frame).await?;
        writer.flush().await
    });
    sent.await.unwrap_or_else(|| Err(io::ErrorKind::TimedOut.into()))
}

/// The work's result, or none when the deadline came first.
pub async fn within<T>(deadline: Option<Deadline>, work: impl Future<Output = T>) -> Option<T> {
    match deadline {
        Some(deadline) => timeout_at(deadline, work).await.ok(),
        None => Some(work.await),
    }
}

async fn rest<R: AsyncRead + Unpin>(reader: &mut R, begun: Begun, max: u32) -> Result<Frame, ReadError> {
    let Begun { mut header, have, at } = begun;
    reader.read_exact(&mut header[have..]).await.map_err(broken)?;
    let length = u32::from_be_bytes(header);
    if length < HEADER as u32 {
        return Err(ReadError::Short(length));
    }
    if length > max {
        return Err(ReadError::Oversize(length));
    }
    let expected = length as usize - HEADER;
    let mut body = Vec::with_capacity(expected.min(FIRST_CHUNK));
    reader.take(expected as u64).read_to_end(&mut body).await.map_err(broken)?;
    if body.len() < expected {
        return Err(ReadError::Cut);
    }
    Ok(Frame { body, begun: at })
}

/// A peer that leaves without close_notify shows as an unexpected end.
fn broken(error: io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ReadError::Cut,
        _ => ReadError::Io(error),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::duplex;

    use super::*;

    const MAX: u32 = 64;

    async fn read<R: AsyncRead + Unpin>(reader: &mut R) -> Result<Frame, ReadError> {
        let begun = begin(reader).await?;
        let deadline = Some(Deadline::now() + Duration::from_secs(30));
        finish(reader, begun, MAX, deadline).await
    }

    fn frame(document: &str) -> Vec<u8> {
        let mut frame = ((document.len() + 4) as u32).to_be_bytes().to_vec();
        frame.extend_from_slice(document.as_bytes());
        frame
    }

    #[tokio::test(start_paused = true)]
    async fn a_frame_in_pieces_is_read_as_if_whole() {
        for piece in 1..8 {
            let (mut near, mut far) = duplex(256);
            let send = tokio::spawn(async move {
                for part in frame("<hello/>").chunks(piece) {
                    near.write_all(part).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            });
            assert_eq!(read(&mut far).await.unwrap().body, b"<hello/>");
            send.await.unwrap();
        }
    }

    #[tokio::test]
    async fn frames_in_one_piece_come_out_one_by_one() {
        let (mut near, mut far) = duplex(4096);
        let many: Vec<u8> = (0..20).flat_map(|n| frame(&format!("<a n='{n}'/>"))).collect();
        near.write_all(&many).await.unwrap();
        for n in 0..20 {
            assert_eq!(read(&mut far).await.unwrap().body, format!("<a n='{n}'/>").into_bytes());
        }
        drop(near);
        assert!(matches!(read(&mut far).await, Err(ReadError::Closed)));
    }

    #[tokio::test]
    async fn lengths_at_the_edges() {
        for (length, expected) in [(0, None), (1, None), (3, None), (4, Some(0)), (MAX, Some(60))] {
            let (mut near, mut far) = duplex(256);
            near.write_all(&u32::to_be_bytes(length)).await.unwrap();
            near.write_all(&[b'x'; 60]).await.unwrap();
            match (read(&mut far).await, expected) {
                (Ok(frame), Some(size)) => assert_eq!(frame.body.len(), size),
                (Err(ReadError::Short(n)), None) => assert_eq!(n, length),
                (other, _) => panic!("{length}: {other:?}"),
            }
        }
    }

    #[tokio::test]
    async fn a_frame_above_the_cap_is_refused_by_its_length_alone() {
        for length in [MAX + 1, 0x7FFF_FFFF, 0xFFFF_FFFF] {
            let (mut near, mut far) = duplex(256);
            near.write_all(&length.to_be_bytes()).await.unwrap();
            assert!(matches!(read(&mut far).await, Err(ReadError::Oversize(n)) if n == length));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn half_a_frame_and_silence_ends_at_the_deadline() {
        let (mut near, mut far) = duplex(256);
        near.write_all(&frame("<hello/>")[..7]).await.unwrap();
        assert!(matches!(read(&mut far).await, Err(ReadError::Slow)));
    }

    #[tokio::test]
    async fn a_peer_that_leaves_inside_a_frame() {
        let (mut near, mut far) = duplex(256);
        near.write_all(&frame("<hello/>")[..7]).await.unwrap();
        drop(near);
        assert!(matches!(read(&mut far).await, Err(ReadError::Cut)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_does_not_read_is_given_up() {
        let (mut near, _far) = duplex(16);
        let deadline = Some(Deadline::now() + Duration::from_secs(30));
        let error = write(&mut near, &"x".repeat(100), deadline).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn the_length_counts_itself() {
        let (mut near, mut far) = duplex(256);
        write(&mut near, "<a>é</a>", None).await.unwrap();
        let mut got = vec![0; 13];
        far.read_exact(&mut got).await.unwrap();
        assert_eq!(got, frame("<a>é</a>"));
        assert_eq!(got[..4], [0, 0, 0, 13]);
    }
}
