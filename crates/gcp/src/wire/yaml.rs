//! What `gcloud` prints where nobody asks for JSON: `describe` prints YAML. It is not read, and that is told: somebody may
//! have written it into the folder of everything else.

/// Whether a text is YAML of Google Cloud.
pub(super) fn is_yaml(text: &str) -> bool {
    let is_json = text.trim_start().starts_with(['{', '[']);
    !is_json && text.lines().take(LINES_MAX).any(is_of_google)
}

/// Lines that a resource of an API has, at its top or as an entry of a list.
fn is_of_google(line: &str) -> bool {
    let line = line.strip_prefix("- ").unwrap_or(line);
    let line = line.strip_prefix("  ").unwrap_or(line);
    MARKS.iter().any(|mark| line.starts_with(mark))
}

const MARKS: [&str; 5] = [
    "kind: compute#",
    "kind: sql#instance",
    "selfLink: https://www.googleapis.com/",
    "selfLink: https://compute.googleapis.com/",
    "selfLink: https://container.googleapis.com/",
];
/// A resource has its marks before this.
const LINES_MAX: usize = 4096;
