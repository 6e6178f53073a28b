//! What a file is when it is not text, by its first bytes.
//!
//! Knows only signatures that no text in UTF-8 or UTF-16 starts with by chance. Everything else that is
//! binary is told by its NUL bytes, see `text`.

use std::fmt;

/// How many bytes are enough to compare every signature.
pub(crate) const HEAD_BYTES: usize = 512;

/// What a binary file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BinaryKind {
    /// An Avro object container.
    Avro,
    /// A bzip2 archive.
    Bzip2,
    /// A program in the Executable and Linkable Format.
    Elf,
    /// A GIF picture.
    Gif,
    /// A gzip archive inside another one.
    Gzip,
    /// A JPEG picture.
    Jpeg,
    /// A Parquet table.
    Parquet,
    /// A PDF document.
    Pdf,
    /// A PNG picture.
    Png,
    /// A 7-Zip archive.
    SevenZip,
    /// An SQLite database.
    Sqlite,
    /// A tar archive.
    Tar,
    /// Text in UTF-32.
    Utf32,
    /// An xz archive.
    Xz,
    /// A ZIP archive, or an office document, which is one.
    Zip,
    /// A Zstandard archive.
    Zstd,
}

impl BinaryKind {
    /// The kind whose signature stands in the first [`HEAD_BYTES`] of a file.
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        SIGNATURES
            .iter()
            .find(|(start, signature, _)| head.get(*start..).is_some_and(|rest| rest.starts_with(signature)))
            .map(|(_, _, kind)| *kind)
    }

    /// What a person can do about it.
    pub(crate) fn remedy(self) -> &'static str {
        match self {
            Self::Bzip2 | Self::Gzip | Self::SevenZip | Self::Tar | Self::Xz | Self::Zip | Self::Zstd => {
                "unpack it first"
            }
            Self::Avro | Self::Parquet | Self::Sqlite => "export it as JSON",
            Self::Utf32 => "save it as UTF-8",
            Self::Elf | Self::Gif | Self::Jpeg | Self::Pdf | Self::Png => "leave it out",
        }
    }
}

impl fmt::Display for BinaryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Avro => "an Avro file",
            Self::Bzip2 => "a bzip2 archive",
            Self::Elf => "a program",
            Self::Gif => "a GIF picture",
            Self::Gzip => "gzip inside gzip",
            Self::Jpeg => "a JPEG picture",
            Self::Parquet => "a Parquet table",
            Self::Pdf => "a PDF document",
            Self::Png => "a PNG picture",
            Self::SevenZip => "a 7-Zip archive",
            Self::Sqlite => "an SQLite database",
            Self::Tar => "a tar archive",
            Self::Utf32 => "UTF-32 text",
            Self::Xz => "an xz archive",
            Self::Zip => "a ZIP archive",
            Self::Zstd => "a Zstandard archive",
        })
    }
}

/// Where a signature starts, its bytes, and what it means.
const SIGNATURES: [(usize, &[u8], BinaryKind); 19] = [
    (0, b"Obj\x01", BinaryKind::Avro),
    // The digit between `BZh` and the block magic is the level: the magic alone is telling enough.
    (4, b"1AY&SY", BinaryKind::Bzip2),
    (0, b"\x7fELF", BinaryKind::Elf),
    (0, b"GIF87a", BinaryKind::Gif),
    (0, b"GIF89a", BinaryKind::Gif),
    (0, b"\x1f\x8b", BinaryKind::Gzip),
    (0, b"\xff\xd8\xff", BinaryKind::Jpeg),
    (0, b"PAR1", BinaryKind::Parquet),
    (0, b"%PDF-", BinaryKind::Pdf),
    (0, b"\x89PNG\r\n\x1a\n", BinaryKind::Png),
    (0, b"7z\xbc\xaf\x27\x1c", BinaryKind::SevenZip),
    (0, b"SQLite format 3\0", BinaryKind::Sqlite),
    (257, b"ustar\0", BinaryKind::Tar),
    (257, b"ustar  \0", BinaryKind::Tar),
    (0, b"\xff\xfe\0\0", BinaryKind::Utf32),
    (0, b"\0\0\xfe\xff", BinaryKind::Utf32),
    (0, b"\xfd7zXZ\0", BinaryKind::Xz),
    (0, b"PK\x03\x04", BinaryKind::Zip),
    (0, b"\x28\xb5\x2f\xfd", BinaryKind::Zstd),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signature_finds_its_kind() {
        for (start, signature, kind) in SIGNATURES {
            let mut head = vec![b'x'; start];
            head.extend_from_slice(signature);
            assert!(head.len() <= HEAD_BYTES);
            assert_eq!(BinaryKind::of(&head), Some(kind));
            head.pop();
            assert_eq!(BinaryKind::of(&head), None, "{kind} without its last byte");
        }
    }

    #[test]
    fn text_is_no_binary_kind() {
        for text in ["", "[", "{\"PK\": 1}", "version account-id", "\u{feff}{}"] {
            assert_eq!(BinaryKind::of(text.as_bytes()), None);
        }
    }
}
