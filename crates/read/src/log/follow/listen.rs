//! A stream that is read by a thread as it comes.

use std::io::Read;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread;

use sha2::{Digest, Sha256};

use crate::Unread;
use crate::log::decode::Decoded;
use crate::log::framer::Framer;
use crate::log::told::{BrokenReason, LogEnd};
use crate::log::{Framing, LogLimits, LogSink};
use crate::reason::Reason;

/// A stream on its way.
pub(super) struct Listening {
    heard: Receiver<Heard>,
    framer: Framer,
    /// Of the stored bytes that were read.
    hash: Sha256,
    is_over: bool,
}

enum Heard {
    Piece(Vec<u8>, Sha256),
    Broken(BrokenReason),
    Unread(Reason),
}

impl Listening {
    pub(super) fn to(stream: impl Read + Send + 'static, framing: &Framing) -> Self {
        let (sender, heard) = sync_channel(PIECES_MAX);
        let limits = framing.limits;
        // It ends with the stream or with the receiver; a read that waits for ever ends with the process.
        thread::spawn(move || pass_on(stream, &limits, &sender));
        Self { heard, framer: Framer::new(framing), hash: Sha256::new(), is_over: false }
    }

    /// Tells what has come, and returns how many bytes.
    pub(super) fn poll(&mut self, sink: &mut dyn LogSink) -> u64 {
        let mut begun = false;
        for _ in 0..PIECES_MAX {
            match self.heard.try_recv() {
                Ok(Heard::Unread(reason)) => {
                    self.is_over = true;
                    sink.unread(Unread { path: PATH.to_owned(), reason, named: true });
                }
                Ok(heard) => {
                    if !begun {
                        sink.begin(PATH, true);
                        begun = true;
                    }
                    self.take(heard, sink);
                }
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    self.is_over = true;
                    break;
                }
            }
        }
        if begun { self.end(sink) } else { 0 }
    }

    /// Whether the stream has ended.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Tells what has not ended.
    pub(super) fn finish(&mut self, sink: &mut dyn LogSink) {
        sink.begin(PATH, true);
        while let Ok(heard) = self.heard.try_recv() {
            self.take(heard, sink);
        }
        self.framer.finish(sink, true);
        self.end(sink);
    }

    fn take(&mut self, heard: Heard, sink: &mut dyn LogSink) {
        match heard {
            Heard::Piece(piece, hash) => {
                self.hash = hash;
                self.framer.feed(&piece, sink);
            }
            Heard::Broken(reason) => {
                self.framer.finish(sink, false);
                self.framer.break_here(reason, sink);
            }
            Heard::Unread(reason) => sink.unread(Unread { path: PATH.to_owned(), reason, named: true }),
        }
    }

    fn end(&mut self, sink: &mut dyn LogSink) -> u64 {
        let sha256 = self.hash.clone().finalize().into();
        let end = LogEnd { sha256, ..self.framer.take_end() };
        sink.end(&end);
        end.bytes
    }
}

fn pass_on(stream: impl Read, limits: &LogLimits, sender: &SyncSender<Heard>) {
    let mut source = match Decoded::open(stream, limits) {
        Ok(source) => source,
        Err(reason) => {
            // Nobody listens any more: there is nobody to tell.
            let _told = sender.send(Heard::Unread(reason));
            return;
        }
    };
    loop {
        let piece = source.piece().map(<[u8]>::to_vec);
        let heard = match piece {
            Ok(piece) if piece.is_empty() => return,
            Ok(piece) => Heard::Piece(piece, source.hash()),
            Err(reason) => Heard::Broken(reason),
        };
        let ends = matches!(heard, Heard::Broken(_));
        if sender.send(heard).is_err() || ends {
            return;
        }
    }
}

const PATH: &str = "<stdin>";
/// How many pieces wait, and how many are taken at once.
const PIECES_MAX: usize = 16;
