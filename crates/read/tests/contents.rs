//! What becomes of the bytes: every encoding, every reason, every bound.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod folder;

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use folder::{Folder, read_from};
use proptest::prelude::*;
use read::{BinaryKind, Event, Limits, Reason};
use sha2::{Digest, Sha256};

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(content).unwrap();
    packer.finish().unwrap()
}

/// Reads these bytes once as a file and once as standard input, and gives the one outcome of both.
fn outcome(bytes: &[u8], limits: &Limits) -> Result<read::Document, Reason> {
    let folder = Folder::with(&[]);
    folder.write("x", bytes);
    let mut events = folder.read_within(&["x"], limits).0;
    read::read(&["-"], &mut &*bytes, limits, &mut |event| events.push(event));
    let piped = events.pop().unwrap();
    match (events.pop().unwrap(), piped) {
        (Event::Document(stored), Event::Document(piped)) => {
            assert_eq!((&stored.text, stored.sha256, stored.bytes), (&piped.text, piped.sha256, piped.bytes));
            Ok(stored)
        }
        (Event::Unread(stored), Event::Unread(piped)) => {
            assert_eq!(stored.reason.to_string(), piped.reason.to_string());
            assert!(stored.named && piped.named);
            Err(stored.reason)
        }
        (stored, piped) => panic!("{stored:?} as a file, {piped:?} as standard input"),
    }
}

fn text(bytes: &[u8]) -> String {
    outcome(bytes, &Limits::STANDARD).unwrap().text.into_string()
}

fn reason(bytes: &[u8]) -> Reason {
    outcome(bytes, &Limits::STANDARD).unwrap_err()
}

fn reason_within(document_bytes_max: u64, bytes: &[u8]) -> Reason {
    outcome(bytes, &Limits { document_bytes_max }).unwrap_err()
}

#[test]
fn every_encoding_packed_or_not_gives_the_same_text() {
    let expected = "[\"Zürich 🔥\"]\n";
    let marked = format!("\u{feff}{expected}");
    let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    for stored in [
        expected.as_bytes().to_vec(),
        marked.as_bytes().to_vec(),
        little(expected),
        little(&marked),
        big(expected),
        big(&marked),
    ] {
        assert_eq!(text(&stored), expected);
        assert_eq!(text(&gzip(&stored)), expected);
    }
}

#[test]
fn gzip_is_told_by_its_content_and_not_by_its_name() {
    let folder = Folder::with(&[("plain.json.gz", "1")]);
    folder.write("packed.json", &gzip(b"2"));
    assert_eq!(folder.summary(&["."]), ["./packed.json 2", "./plain.json.gz 1"]);
}

#[test]
fn the_members_of_a_gzip_file_are_one_text() {
    let members = [gzip(b"[1"), gzip(b""), gzip(b",2]")].concat();
    assert_eq!(text(&members), "[1,2]");
}

#[test]
fn the_hash_and_the_size_are_those_of_the_stored_bytes() {
    for stored in [
        b"[1]".to_vec(),
        gzip(b"[1]"),
        b"\xff\xfe[\0]\0".to_vec(),
        vec![b' '; 100_000].into_iter().chain(*b"1").collect(),
    ] {
        let document = outcome(&stored, &Limits::STANDARD).unwrap();
        assert_eq!(document.sha256, <[u8; 32]>::from(Sha256::digest(&stored)));
        assert_eq!(document.bytes, u64::try_from(stored.len()).unwrap());
    }
}

#[test]
fn a_missing_file_is_missing() {
    let folder = Folder::with(&[("x", "1")]);
    for name in ["y", "x/y", "y/"] {
        let unread = folder.unread(&[name]);
        assert!(matches!(unread.reason, Reason::Missing), "{unread:?}");
        assert!(unread.named && unread.path == name);
    }
    let (events, tally) = read_from(&[""], b"");
    assert!(matches!(&events[..], [Event::Unread(unread)] if matches!(unread.reason, Reason::Missing)));
    assert_eq!(tally.unread, 1);
}

#[test]
fn one_unreadable_input_does_not_stop_the_others() {
    let folder = Folder::with(&[("a.json", "1"), ("c.json", "")]);
    let (events, tally) = folder.read(&["a.json", "b.json", "c.json", "d/*"]);
    assert_eq!((events.len(), tally.documents, tally.unread), (4, 1, 3));
}

#[test]
fn folders_and_globs_without_a_file_are_told() {
    let folder = Folder::with(&[("a/readme.txt", "no"), ("b/.x.json", "no")]);
    for name in ["a", "b"] {
        let unread = folder.unread(&[name]);
        assert!(matches!(unread.reason, Reason::EmptyFolder { .. }) && unread.named, "{unread:?}");
    }
    for glob in ["*.json", "a/*.json", "z/*", "a/readme.txt/*", "**/*.gz", "a*", "z/**"] {
        let unread = folder.unread(&[glob]);
        assert!(matches!(unread.reason, Reason::NoMatch) && unread.named, "{unread:?}");
        assert_eq!(unread.path, glob);
    }
}

#[test]
fn nothing_is_empty_in_every_wrapping() {
    for stored in [
        b"".to_vec(),
        b"\n".to_vec(),
        b"\xef\xbb\xbf".to_vec(),
        b"\xff\xfe".to_vec(),
        gzip(b""),
        gzip(b" \n"),
    ] {
        assert!(matches!(reason(&stored), Reason::Empty), "{stored:?}");
    }
}

#[test]
fn binary_says_which_kind_it_is() {
    let kinds: [(&[u8], Option<BinaryKind>); 6] = [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Some(BinaryKind::Png)),
        (b"PK\x03\x04\x14\0", Some(BinaryKind::Zip)),
        (b"\x28\xb5\x2f\xfd\x04\0", Some(BinaryKind::Zstd)),
        (b"PAR1\x15\x04", Some(BinaryKind::Parquet)),
        (b"[\"text\0with a NUL\"]", None),
        (b"\xca\xfe\xba\xbe\0\0\0\x3d", None),
    ];
    for (stored, expected) in kinds {
        for stored in [stored.to_vec(), gzip(stored)] {
            assert!(matches!(reason(&stored), Reason::Binary { kind } if kind == expected), "{stored:?}");
        }
    }
    assert!(matches!(reason(&gzip(&gzip(b"1"))), Reason::Binary { kind: Some(BinaryKind::Gzip) }));
}

#[test]
fn a_wrong_byte_is_reported_with_its_place_after_unpacking() {
    let stored = b"[\n  \"Z\xfcrich\"\n]";
    for stored in [stored.to_vec(), gzip(stored)] {
        assert!(matches!(reason(&stored), Reason::NotUtf8 { line: 2, column: 5, offset: 6 }));
    }
    assert!(matches!(reason(b"[\0\n\0\x00\xd8"), Reason::NotUtf8 { line: 2, column: 1, offset: 4 }));
}

#[test]
fn damaged_gzip_gives_no_text_at_all() {
    let packed = gzip("[1, 2, 3, 4, 5, 6, 7, 8]".repeat(100).as_bytes());
    for length in 2..packed.len() {
        assert!(matches!(reason(&packed[..length]), Reason::BadGzip(_)), "{length} of {}", packed.len());
    }
    let mut wrong = packed.clone();
    let checksum = wrong.len() - 8;
    wrong[checksum] ^= 1;
    assert!(matches!(reason(&wrong), Reason::BadGzip(_)));
    for rest in [&b"\0"[..], b"rest", b"\x1f\x8b"] {
        assert!(matches!(reason(&[&packed, rest].concat()), Reason::BadGzip(_)), "{rest:?}");
    }
}

#[test]
fn the_limit_is_a_size_that_is_still_read() {
    for stored in [b"[1,2]".to_vec(), gzip(b"[1,2]")] {
        assert!(outcome(&stored, &Limits { document_bytes_max: 5 }).is_ok());
        assert!(matches!(reason_within(4, &stored), Reason::TooLarge { limit: 4 }));
        assert!(outcome(&stored, &Limits { document_bytes_max: u64::MAX }).is_ok());
    }
    assert!(matches!(reason_within(0, b"1"), Reason::TooLarge { limit: 0 }));
    // Nothing to read fits every limit.
    assert!(matches!(reason_within(0, b""), Reason::Empty));
}

#[test]
fn a_bomb_is_stopped_at_the_limit() {
    // 64 MiB of spaces in 64 KiB; with the limit the rest of it is never unpacked.
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    io::copy(&mut io::repeat(b' ').take(64 << 20), &mut packer).unwrap();
    let bomb = packer.finish().unwrap();
    assert!(bomb.len() < 128 << 10);
    assert!(matches!(reason_within(1 << 20, &bomb), Reason::TooLarge { limit: 1_048_576 }));
}

#[test]
fn an_endless_stream_is_stopped_at_the_limit() {
    let limits = Limits { document_bytes_max: 1 << 20 };
    let mut events = Vec::new();
    read::read(&["-"], &mut io::repeat(b'1'), &limits, &mut |event| events.push(event));
    assert!(
        matches!(&events[..], [Event::Unread(unread)] if matches!(unread.reason, Reason::TooLarge { .. }))
    );
}

#[test]
fn a_huge_file_is_refused_by_its_size_without_reading_it() {
    let folder = Folder::with(&[("x.json", "[")]);
    // A hole: a terabyte long, and a few kilobytes on disk.
    let file = std::fs::OpenOptions::new().write(true).open(folder.path().join("x.json")).unwrap();
    if file.set_len(1 << 40).is_err() {
        eprintln!("this file system has no files of a terabyte: not tested");
        return;
    }
    assert!(matches!(folder.unread(&["x.json"]).reason, Reason::TooLarge { limit: 4_294_967_296 }));
}

#[test]
fn a_stream_that_fails_is_told_and_its_beginning_is_dropped() {
    struct Failing(usize);
    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::Error::other("the cable is out"));
            }
            self.0 -= 1;
            buffer[0] = b'1';
            Ok(1)
        }
    }
    for bytes_before in [0, 1, 2, 600, 5000] {
        let mut events = Vec::new();
        read::read(&["-"], &mut Failing(bytes_before), &Limits::STANDARD, &mut |event| events.push(event));
        let [Event::Unread(unread)] = &events[..] else { panic!("{events:?}") };
        assert_eq!(unread.reason.to_string(), "cannot be read: the cable is out");
    }
}

#[test]
fn a_failing_stream_inside_gzip_is_not_called_damaged() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the cable is out"))
        }
    }
    let packed = gzip(b"[1]");
    let mut events = Vec::new();
    let mut stream = packed[..8].chain(Failing);
    read::read(&["-"], &mut stream, &Limits::STANDARD, &mut |event| events.push(event));
    assert!(
        matches!(&events[..], [Event::Unread(unread)] if matches!(unread.reason, Reason::Io(_))),
        "{events:?}"
    );
}

#[cfg(unix)]
#[test]
fn unreadable_files_and_folders_are_told() {
    use std::fs::{File, Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::with(&[("a.json", "1"), ("d/b.json", "2"), ("e/c.json", "3")]);
    let shut =
        |name: &str, mode| set_permissions(folder.path().join(name), Permissions::from_mode(mode)).unwrap();
    shut("a.json", 0o000);
    shut("d", 0o000);
    if File::open(folder.path().join("a.json")).is_ok() {
        eprintln!("running as root, whom nothing is denied: not tested");
        return;
    }
    let is_denied = |inputs: &[&str]| {
        let unread = folder.unread(inputs);
        assert!(matches!(unread.reason, Reason::Denied), "{unread:?}");
        (unread.path, unread.named)
    };
    assert_eq!(is_denied(&["a.json"]), ("a.json".into(), true));
    assert_eq!(is_denied(&["a.*"]), ("a.json".into(), false));
    assert_eq!(is_denied(&["d"]), ("d".into(), true));
    assert_eq!(is_denied(&["d/b.json"]), ("d/b.json".into(), true));
    assert_eq!(is_denied(&["d/*.json"]), ("d".into(), false));
    assert_eq!(is_denied(&["d/**/*.json"]), ("d".into(), false));
    let whole = folder.summary(&["."]);
    assert!(whole[0].starts_with("./a.json: permission denied"), "{whole:?}");
    assert!(whole[1].starts_with("./d: permission denied"), "{whole:?}");
    assert_eq!(whole[2], "./e/c.json 3");
    shut("d", 0o700);
}

proptest! {
    #[test]
    fn any_stream_is_one_text_or_one_reason(bytes: Vec<u8>, packed: bool, limit in 0_u64..200) {
        let stored = if packed { gzip(&bytes) } else { bytes };
        let _ = outcome(&stored, &Limits { document_bytes_max: limit });
    }

    #[test]
    fn any_input_name_ends_in_events(name in "[a*?\\[\\]!./\\-é\\n]{0,12}") {
        let folder = Folder::with(&[("a/a.json", "1")]);
        // Inside the folder only: a name that climbs out of it would read somebody else's files.
        prop_assume!(!name.split('/').any(|component| component.starts_with('.')));
        let input = format!("{}/{name}", folder.path().to_str().unwrap());
        prop_assert!(!read_from(&[input], b"").0.is_empty());
    }
}
