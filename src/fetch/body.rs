//! A body as it comes in, unpacked on the way and stopped at its limit.

use flate2::write::MultiGzDecoder;
use std::io::{self, Write};

/// Why a body is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It has more bytes than it may.
    TooLong,
    /// It cannot be unpacked.
    Broken,
}

/// What has come so far.
pub struct Body {
    way: Way,
    most: u64,
    came: u64,
}

enum Way {
    Plain(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
}

/// Bytes up to a limit. A few bytes can unpack to very many, so it is asked at every write.
struct Bounded {
    bytes: Vec<u8>,
    most: u64,
    full: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len().saturating_add(bytes.len()) as u64 > self.most {
            self.full = true;
            return Err(io::Error::other("too long"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Body {
    /// An empty one, packed as the server says; none when that is a way we do not know.
    pub fn new(packed: &str, most: u64) -> Option<Self> {
        let bounded = Bounded { bytes: Vec::new(), most, full: false };
        let way = match packed {
            "" | "identity" => Way::Plain(bounded),
            "gzip" | "x-gzip" => Way::Gzip(Box::new(MultiGzDecoder::new(bounded))),
            _ => return None,
        };
        Some(Self { way, most, came: 0 })
    }

    /// Takes the next bytes.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.came = self.came.saturating_add(bytes.len() as u64);
        if self.came > self.most {
            return Err(Problem::TooLong);
        }
        let (written, full) = match &mut self.way {
            Way::Plain(plain) => (plain.write_all(bytes), plain.full),
            Way::Gzip(gzip) => (gzip.write_all(bytes), gzip.get_ref().full),
        };
        match written {
            Ok(()) => Ok(()),
            Err(_) if full => Err(Problem::TooLong),
            Err(_) => Err(Problem::Broken),
        }
    }

    /// The whole of it.
    pub fn done(self) -> Result<Vec<u8>, Problem> {
        match self.way {
            Way::Plain(plain) => Ok(plain.bytes),
            Way::Gzip(mut gzip) => {
                let ended = gzip.try_finish();
                let full = gzip.get_ref().full;
                match ended {
                    Ok(()) => Ok(std::mem::take(&mut gzip.get_mut().bytes)),
                    Err(_) if full => Err(Problem::TooLong),
                    Err(_) => Err(Problem::Broken),
                }
            }
        }
    }
}

/// Unpacks a file that was packed by gzip; other bytes are answered as they are.
pub fn gunzip(bytes: Vec<u8>, most: u64) -> Result<Vec<u8>, Problem> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut body = Body::new("gzip", most).ok_or(Problem::Broken)?;
    body.take(&bytes)?;
    body.done()
}
