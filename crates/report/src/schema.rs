//! The JSON Schema of the result, for programs that read it.
//!
//! Written by hand: it is the contract, and what the sinks write is held against it, not made from it.

/// The name and version of the result document.
pub const RESULT_SCHEMA_NAME: &str = "wideopen.result/1";

/// The JSON Schema (draft 2020-12) of the result document. It is strict: every field is required, no other is
/// allowed. Lines of `jsonl` are its `$defs` with a `type`.
pub const RESULT_SCHEMA: &str = include_str!("result.schema.json");
