//! Where resources are declared, as Terraform writes it: `module.net["a"].aws_subnet.b[0]`, and what stands behind it.

/// A piece between dots, with the brackets behind it: `b[0]` is `b` and `[0]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step<'t> {
    pub(crate) name: &'t str,
    /// With its brackets; empty where there are none.
    pub(crate) key: &'t str,
}

/// The pieces of an address or a reference. Dots in brackets and in quotes are no ends.
pub(crate) fn steps(text: &str) -> Vec<Step<'_>> {
    let mut pieces = Vec::new();
    let (mut start, mut depth, mut is_quoted, mut is_escaped) = (0, 0_usize, false, false);
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'.' if depth == 0 => {
                pieces.push(text.get(start..place).unwrap_or_default());
                start = place + 1;
            }
            _ => {}
        }
    }
    pieces.push(text.get(start..).unwrap_or_default());
    pieces.into_iter().map(step).collect()
}

fn step(piece: &str) -> Step<'_> {
    let (name, key) = piece.split_at(piece.find('[').unwrap_or(piece.len()));
    Step { name, key }
}

/// The modules of an address of a module: `module.a["k"].module.b`.
pub(crate) fn modules(text: &str) -> Vec<Step<'_>> {
    let mut modules = Vec::new();
    let mut steps = steps(text).into_iter();
    while let (Some(Step { name: "module", .. }), Some(module)) = (steps.next(), steps.next()) {
        modules.push(module);
    }
    modules
}

/// Pieces with dots between them.
pub(crate) fn joined(steps: &[Step<'_>]) -> String {
    let pieces: Vec<String> = steps.iter().map(|step| format!("{}{}", step.name, step.key)).collect();
    pieces.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_may_have_dots() {
        let text = r#"module.a["x.y\"]."].module.b[0].data.t.n["k"].id"#;
        let names: Vec<&str> = steps(text).iter().map(|step| step.name).collect();
        assert_eq!(names, ["module", "a", "module", "b", "data", "t", "n", "id"]);
        assert_eq!(
            modules(text),
            [Step { name: "a", key: r#"["x.y\"]."]"# }, Step { name: "b", key: "[0]" }]
        );
        assert_eq!(joined(&steps(text)), text);
    }
}
