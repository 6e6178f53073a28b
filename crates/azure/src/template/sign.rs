//! By what a template and a file of parameters are told from other JSON.
//!
//! Asked of every document of a run: exports of many megabytes are told apart by how they begin.

use memchr::memchr2;

/// What a document is. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A template.
    Template,
    /// Values for the parameters of a template.
    Parameters,
}

/// What a text is, if it is one of these.
pub(crate) fn sign(text: &str) -> Option<Sign> {
    let mut keys = RootKeys { text: text.as_bytes(), at: 0, depth: 0 };
    let mut said = Keys::default();
    while let Some((key, value_at)) = keys.next_key(said.are_of_templates) {
        if key.eq_ignore_ascii_case(b"$schema") {
            return said_by_schema(keys.text, value_at);
        }
        said.add(key);
        if said.has_content_version && said.has_resources {
            break;
        }
    }
    match said {
        Keys { has_content_version: true, has_resources: true, .. } => Some(Sign::Template),
        Keys { has_content_version: true, has_parameters: true, are_of_templates: true, .. } => {
            Some(Sign::Parameters)
        }
        Keys { .. } => None,
    }
}

/// The keys of the root that were seen.
struct Keys {
    has_content_version: bool,
    has_resources: bool,
    has_parameters: bool,
    /// Whether a template may have all of them.
    are_of_templates: bool,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            has_content_version: false,
            has_resources: false,
            has_parameters: false,
            are_of_templates: true,
        }
    }
}

impl Keys {
    fn add(&mut self, key: &[u8]) {
        self.has_content_version |= key.eq_ignore_ascii_case(b"contentVersion");
        self.has_resources |= key.eq_ignore_ascii_case(b"resources");
        self.has_parameters |= key.eq_ignore_ascii_case(b"parameters");
        self.are_of_templates &= ROOT_KEYS.iter().any(|known| key.eq_ignore_ascii_case(known.as_bytes()));
    }
}

/// What a template may have at its root.
const ROOT_KEYS: [&str; 14] = [
    "$schema",
    "apiProfile",
    "contentVersion",
    "definitions",
    "extensionConfigs",
    "extensions",
    "functions",
    "imports",
    "languageVersion",
    "metadata",
    "outputs",
    "parameters",
    "resources",
    "variables",
];

/// What the schema says that stands behind a colon: its last word, in any version, from any place.
fn said_by_schema(text: &[u8], at: usize) -> Option<Sign> {
    let rest = text.get(at..).unwrap_or_default();
    let start = rest.iter().position(|byte| *byte == b'"')? + 1;
    let rest = rest.get(start..)?;
    let schema = rest.get(..rest.iter().position(|byte| *byte == b'"')?)?;
    let schema = schema.to_ascii_lowercase();
    let name = schema.rsplit(|byte| *byte == b'/').find(|part| !part.is_empty() && *part != b"#")?;
    let name = name.split(|byte| *byte == b'#').next()?;
    if name.ends_with(b"deploymenttemplate.json") {
        Some(Sign::Template)
    } else if name.ends_with(b"deploymentparameters.json") {
        Some(Sign::Parameters)
    } else {
        None
    }
}

/// The keys of the object that a text is.
struct RootKeys<'t> {
    text: &'t [u8],
    at: usize,
    depth: usize,
}

impl<'t> RootKeys<'t> {
    /// The next key of the root, and where its value begins. Far into the text it is looked for only where that is
    /// worth it.
    fn next_key(&mut self, looks_far: bool) -> Option<(&'t [u8], usize)> {
        while let Some(&byte) = self.text.get(self.at) {
            if self.at > NEAR_BYTES && !looks_far {
                return None;
            }
            match byte {
                b'"' => {
                    let start = self.at + 1;
                    let end = self.string_end(start);
                    self.at = end + 1;
                    if self.depth == 1 && self.is_colon_next() {
                        return Some((self.text.get(start..end)?, self.at));
                    }
                    continue;
                }
                b'{' | b'[' => {
                    // A list is no template.
                    if self.depth == 0 && byte == b'[' {
                        return None;
                    }
                    self.depth += 1;
                }
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return None;
                    }
                }
                b'/' => self.comment(),
                // Text, and no object.
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' if self.depth == 0 => return None,
                _ => {}
            }
            self.at += 1;
        }
        None
    }

    fn string_end(&self, start: usize) -> usize {
        let mut at = start;
        while let Some(found) = self.text.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
            if self.text.get(at + found) == Some(&b'"') {
                return at + found;
            }
            at += found + 2;
        }
        self.text.len()
    }

    fn is_colon_next(&self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
    }

    /// Passes a comment but for its last byte.
    fn comment(&mut self) {
        let (end, own): (&[u8], usize) = match self.text.get(self.at + 1) {
            Some(b'/') => (b"\n", 1),
            Some(b'*') => (b"*/", 2),
            _ => return,
        };
        let rest = self.text.get(self.at + 2..).unwrap_or_default();
        let length = memchr::memmem::find(rest, end).map_or(rest.len(), |found| found + own);
        self.at += 1 + length;
    }
}

/// So far a document is looked at, whatever its keys are.
const NEAR_BYTES: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_of_any_version_and_scope_tell() {
        for (text, expected) in [
            (
                r#"{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"}"#,
                Some(Sign::Template),
            ),
            (
                r#"{"$SCHEMA": "http://x/2018-05-01/SubscriptionDeploymentTemplate.json"}"#,
                Some(Sign::Template),
            ),
            (
                r#"{"resources": [{"$schema": "x"}], "$schema" : "managementGroupDeploymentTemplate.json#"}"#,
                Some(Sign::Template),
            ),
            (r#"{"$schema": "https://x/tenantDeploymentTemplate.json#/"}"#, Some(Sign::Template)),
            (r#"{"$schema": "https://x/2015-01-01/deploymentParameters.json#"}"#, Some(Sign::Parameters)),
            (
                "// what it is\n{ /* \"value\": [] */ \"$schema\": \"https://x/deploymentTemplate.json#\"}",
                Some(Sign::Template),
            ),
            (r#"{"contentVersion": "1.0.0.0", "resources": []}"#, Some(Sign::Template)),
            (r#"{"contentVersion": "1.0.0.0", "parameters": {}}"#, Some(Sign::Parameters)),
            (r#"{"resources": [], "contentVersion": "1.0.0.0", "parameters": {}}"#, Some(Sign::Template)),
            (r#"{"$schema": "https://x/CreateUIDefinition.MultiVm.json#"}"#, None),
            (
                r#"{"$schema": "https://json-schema.org/draft-07/schema#", "contentVersion": 1, "resources": []}"#,
                None,
            ),
            (r#"{"resources": [], "outputs": {}}"#, None),
            (r#"{"value": [{"contentVersion": "1", "resources": []}]}"#, None),
            (r#"[{"$schema": "https://x/deploymentTemplate.json#"}]"#, None),
            (r#"{"a": "$schema"}"#, None),
            ("resource \"a\" {}", None),
            ("", None),
            ("{\"$schema", None),
        ] {
            assert_eq!(sign(text), expected, "{text}");
        }
    }

    #[test]
    fn a_template_is_found_behind_long_sections_and_an_export_is_not_read_to_its_end() {
        let long = "x".repeat(100_000);
        let template =
            format!(r#"{{"parameters": {{"a": "{long}"}}, "resources": [], "contentVersion": "1.0.0.0"}}"#);
        assert_eq!(sign(&template), Some(Sign::Template));
        let export = format!(r#"{{"value": ["{long}"], "$schema": "https://x/deploymentTemplate.json#"}}"#);
        assert_eq!(sign(&export), None);
    }
}
