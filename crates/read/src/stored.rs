//! One stream of stored bytes to one text: hashed as stored, unpacked if it is gzip, bounded, decoded.
//!
//! Knows nothing of paths, and does not trust a size it is told further than to reserve memory for it.

use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use crate::Limits;
use crate::binary::{BinaryKind, HEAD_BYTES};
use crate::reason::Reason;
use crate::text::Text;

/// A text and the stored bytes it came from.
pub(crate) struct Stored {
    pub(crate) text: Text,
    pub(crate) sha256: [u8; 32],
    pub(crate) bytes: u64,
}

impl Stored {
    /// Reads `source` to its end. `bytes_expected` is the size the file system tells, 0 if it tells none.
    pub(crate) fn read(source: &mut dyn Read, bytes_expected: u64, limits: &Limits) -> Result<Self, Reason> {
        let mut source = Hashing::new(source);
        let start = head(&mut source, GZIP_MAGIC.len()).map_err(Reason::of)?;
        let mut whole = start.as_slice().chain(&mut source);
        let content = if start == GZIP_MAGIC {
            content(&mut MultiGzDecoder::new(BufReader::with_capacity(PACKED_BYTES, whole)), 0, limits)
                .map_err(blame_gzip)?
        } else {
            content(&mut whole, bytes_expected, limits)?
        };
        let text = Text::decode(content, limits)?;
        Ok(Self { text, bytes: source.bytes, sha256: source.sha256() })
    }
}

/// Everything in `reader`, unless its first bytes show that it is not worth reading on.
fn content(reader: &mut dyn Read, bytes_expected: u64, limits: &Limits) -> Result<Vec<u8>, Reason> {
    let limit = limits.document_bytes_max;
    let mut bytes = head(reader, HEAD_BYTES).map_err(Reason::of)?;
    if let Some(kind) = BinaryKind::of(&bytes) {
        return Err(Reason::Binary { kind: Some(kind) });
    }
    if bytes_expected > limit {
        return Err(Reason::TooLarge { limit });
    }
    let expected = usize::try_from(bytes_expected).unwrap_or(usize::MAX);
    bytes.try_reserve_exact(expected.saturating_sub(bytes.len())).map_err(|_| out_of_memory())?;
    // One byte more than allowed is enough to know that there is more.
    let read = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    reader.take(limit.saturating_add(1).saturating_sub(read)).read_to_end(&mut bytes).map_err(Reason::of)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= limit) {
        Ok(bytes)
    } else {
        Err(Reason::TooLarge { limit })
    }
}

/// The first bytes of `reader`, fewer only where it ends.
fn head(reader: &mut (impl Read + ?Sized), bytes_max: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(bytes_max);
    reader.take(u64::try_from(bytes_max).unwrap_or(u64::MAX)).read_to_end(&mut head)?;
    Ok(head)
}

/// Tells damage inside the archive from a failure to read the archive.
fn blame_gzip(reason: Reason) -> Reason {
    match reason {
        Reason::Io(error) if GZIP_DAMAGE.contains(&error.kind()) => Reason::BadGzip(error),
        other => other,
    }
}

fn out_of_memory() -> Reason {
    Reason::Io(io::ErrorKind::OutOfMemory.into())
}

/// Passes bytes through and hashes them on their way.
struct Hashing<'a> {
    source: &'a mut dyn Read,
    hash: Sha256,
    bytes: u64,
}

impl<'a> Hashing<'a> {
    fn new(source: &'a mut dyn Read) -> Self {
        Self { source, hash: Sha256::new(), bytes: 0 }
    }

    fn sha256(self) -> [u8; 32] {
        self.hash.finalize().into()
    }
}

impl Read for Hashing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        let read = buffer.get(..length).ok_or(io::ErrorKind::InvalidData)?;
        self.hash.update(read);
        self.bytes += u64::try_from(length).unwrap_or(u64::MAX);
        Ok(length)
    }
}

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// What flate2 returns for an archive that is cut short or wrong.
const GZIP_DAMAGE: [io::ErrorKind; 3] =
    [io::ErrorKind::InvalidInput, io::ErrorKind::InvalidData, io::ErrorKind::UnexpectedEof];

const PACKED_BYTES: usize = 64 << 10;
