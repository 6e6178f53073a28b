//! Stored bytes to unpacked ones, by what they begin with: plain, gzip of several members, Zstandard of several frames.
//!
//! What stands before damage comes out before the damage is told. Bounded: what an archive unpacks to, in relation to what it
//! is, and the memory that takes. Knows no text.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use sha2::{Digest, Sha256};

use super::LogLimits;
use super::told::BrokenReason;

/// A stream that is unpacked as it is read.
pub(super) struct Unpacked<R> {
    state: State<R>,
    unpacked: u64,
    limits: LogLimits,
}

enum State<R> {
    Plain(Source<R>),
    Gzip(Box<Gzip<R>>),
    Zstd(Box<Zstd<R>>),
}

/// Stored bytes behind the first ones, which were looked at.
type Source<R> = BufReader<io::Chain<io::Cursor<Vec<u8>>, Counted<R>>>;

impl<R: Read> Unpacked<R> {
    /// Looks at the first bytes.
    pub(super) fn new(source: R, limits: &LogLimits) -> io::Result<Self> {
        let mut source = Counted { source, bytes: 0, hash: Sha256::new() };
        let mut start = Vec::with_capacity(MAGIC_BYTES_MAX);
        while [GZIP, ZSTD].iter().any(|magic| start.len() < magic.len() && magic.starts_with(&start)) {
            let mut byte = [0];
            if source.read(&mut byte)? == 0 {
                break;
            }
            start.extend_from_slice(&byte);
        }
        let (is_gzip, is_zstd) = (start == GZIP, start == ZSTD);
        let source = BufReader::with_capacity(PACKED_BYTES, io::Cursor::new(start).chain(source));
        let state = if is_gzip {
            State::Gzip(Box::new(Gzip::new(source)))
        } else if is_zstd {
            State::Zstd(Box::new(Zstd::new(source, limits)))
        } else {
            State::Plain(source)
        };
        Ok(Self { state, unpacked: 0, limits: *limits })
    }

    /// Unpacks some bytes; none at the end.
    pub(super) fn read(&mut self, out: &mut [u8]) -> Result<usize, BrokenReason> {
        let (length, packed) = match &mut self.state {
            State::Plain(source) => (source.read(out).map_err(BrokenReason::Io)?, None),
            State::Gzip(gzip) => (gzip.read(out)?, gzip.packed()),
            State::Zstd(zstd) => (zstd.read(out)?, Some(counted(&zstd.source))),
        };
        self.unpacked += u64::try_from(length).unwrap_or(u64::MAX);
        let unpacked = self.unpacked;
        match packed {
            Some(packed)
                if unpacked > self.limits.bomb_bytes_min
                    && unpacked / packed.max(1) > self.limits.ratio_max =>
            {
                Err(BrokenReason::Bomb { unpacked, packed })
            }
            _ if unpacked > self.limits.text_bytes_max => {
                Err(BrokenReason::TooLarge { limit: self.limits.text_bytes_max })
            }
            _ => Ok(length),
        }
    }

    /// The SHA-256 of the stored bytes that were read so far.
    pub(super) fn hash(&self) -> Sha256 {
        match &self.state {
            State::Plain(source) => hash(source),
            State::Gzip(gzip) => gzip
                .hash
                .clone()
                .or_else(|| gzip.member.as_ref().map(|member| hash(member.get_ref())))
                .unwrap_or_default(),
            State::Zstd(zstd) => hash(&zstd.source),
        }
    }

    /// Reads what stands behind damage: nothing of it is told, but it belongs to the file.
    pub(super) fn pass_over_rest(&mut self) {
        let source = match &mut self.state {
            State::Plain(_) => return,
            State::Gzip(gzip) => match &mut gzip.member {
                Some(member) => member.get_mut(),
                None => return,
            },
            State::Zstd(zstd) => &mut zstd.source,
        };
        // What cannot be read is not hashed; that it cannot be read is not told again.
        let _bytes = io::copy(source, &mut io::sink());
    }

    /// Whether it is no archive.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.state, State::Plain(_))
    }
}

fn counted<R>(source: &Source<R>) -> u64 {
    source.get_ref().get_ref().1.bytes
}

fn hash<R>(source: &Source<R>) -> Sha256 {
    source.get_ref().get_ref().1.hash.clone()
}

struct Counted<R> {
    source: R,
    bytes: u64,
    hash: Sha256,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.source.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(length) => {
                    self.bytes += u64::try_from(length).unwrap_or(u64::MAX);
                    self.hash.update(buffer.get(..length).unwrap_or_default());
                    return Ok(length);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

struct Gzip<R> {
    /// None behind the last.
    member: Option<GzDecoder<Source<R>>>,
    /// Of everything, once the last member has ended.
    hash: Option<Sha256>,
    is_first: bool,
    /// Something came out of this member.
    is_read: bool,
}

impl<R: Read> Gzip<R> {
    fn new(source: Source<R>) -> Self {
        Self { member: Some(GzDecoder::new(source)), hash: None, is_first: true, is_read: false }
    }

    fn packed(&self) -> Option<u64> {
        self.member.as_ref().map(|member| counted(member.get_ref()))
    }

    fn read(&mut self, out: &mut [u8]) -> Result<usize, BrokenReason> {
        while let Some(member) = &mut self.member {
            match member.read(out) {
                Ok(0) => self.next_member()?,
                Ok(length) => {
                    self.is_read = true;
                    return Ok(length);
                }
                Err(error) if !GZIP_DAMAGE.contains(&error.kind()) => return Err(BrokenReason::Io(error)),
                Err(_) if !self.is_first && !self.is_read && member.header().is_none() => {
                    return Err(BrokenReason::Trailing);
                }
                Err(error) => return Err(BrokenReason::BadGzip(error)),
            }
        }
        Ok(0)
    }

    /// Begins the member behind one that has ended, if there is one. Zeros behind the last are padding, as of tapes.
    fn next_member(&mut self) -> Result<(), BrokenReason> {
        let Some(mut source) = self.member.take().map(GzDecoder::into_inner) else { return Ok(()) };
        loop {
            let rest = source.fill_buf().map_err(BrokenReason::Io)?;
            let zeros = rest.iter().take_while(|byte| **byte == 0).count();
            let (is_end, is_all_zeros) = (rest.is_empty(), zeros == rest.len());
            if is_end {
                self.hash = Some(hash(&source));
                return Ok(());
            }
            source.consume(zeros);
            if !is_all_zeros {
                break;
            }
        }
        self.is_first = false;
        self.is_read = false;
        self.member = Some(GzDecoder::new(source));
        Ok(())
    }
}

struct Zstd<R> {
    source: Source<R>,
    decoder: FrameDecoder,
    is_first: bool,
    in_frame: bool,
    /// What is told when everything before it has come out.
    failed: Option<BrokenReason>,
}

impl<R: Read> Zstd<R> {
    fn new(source: Source<R>, limits: &LogLimits) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(limits.window_bytes_max);
        Self { source, decoder, is_first: true, in_frame: false, failed: None }
    }

    fn read(&mut self, out: &mut [u8]) -> Result<usize, BrokenReason> {
        loop {
            if self.in_frame && self.decoder.can_collect() > 0 {
                return self.decoder.read(out).map_err(BrokenReason::Io);
            }
            if let Some(failed) = self.failed.take() {
                self.in_frame = false;
                return Err(failed);
            }
            if self.in_frame && !self.decoder.is_finished() {
                self.next_block();
            } else if self.in_frame {
                self.in_frame = false;
                let stored = self.decoder.get_checksum_from_data();
                if stored.is_some() && stored != self.decoder.get_calculated_checksum() {
                    return Err(BrokenReason::BadZstd(io::Error::other("the checksum differs")));
                }
            } else if !self.next_frame()? {
                return Ok(0);
            }
        }
    }

    fn next_block(&mut self) {
        if let Err(error) = self.decoder.decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1))
        {
            self.failed = Some(BrokenReason::BadZstd(io::Error::other(error)));
            // The decoder keeps a window of what it unpacked until the frame ends: an empty last block ends it. If it does
            // not, what it keeps is lost, and the failure is told all the same.
            let _ended = self.decoder.decode_blocks(EMPTY_LAST_BLOCK, BlockDecodingStrategy::All);
        }
    }

    fn next_frame(&mut self) -> Result<bool, BrokenReason> {
        if self.source.fill_buf().map_err(BrokenReason::Io)?.is_empty() {
            return Ok(false);
        }
        match self.decoder.init(&mut self.source) {
            Ok(()) => self.in_frame = true,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length, ..
            })) => {
                let mut skipped = (&mut self.source).take(u64::from(length));
                io::copy(&mut skipped, &mut io::sink()).map_err(BrokenReason::Io)?;
            }
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::BadMagicNumber(_)))
                if !self.is_first =>
            {
                return Err(BrokenReason::Trailing);
            }
            Err(FrameDecoderError::WindowSizeTooBig { requested, max }) => {
                return Err(BrokenReason::Window { bytes: requested, limit: max });
            }
            Err(error) => return Err(BrokenReason::BadZstd(io::Error::other(error))),
        }
        self.is_first = false;
        Ok(true)
    }
}

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
const MAGIC_BYTES_MAX: usize = 4;

/// A block of no bytes that is the last (RFC 8878, 3.1.1.2), and room for a checksum.
const EMPTY_LAST_BLOCK: &[u8] = &[1, 0, 0, 0, 0, 0, 0];

/// What flate2 returns for an archive that is cut short or wrong.
const GZIP_DAMAGE: [io::ErrorKind; 3] =
    [io::ErrorKind::InvalidInput, io::ErrorKind::InvalidData, io::ErrorKind::UnexpectedEof];

const PACKED_BYTES: usize = 64 << 10;
