//! What people would call documents to tell them apart.

/// What tells each of these paths from the others: the path behind the folder that all share, without its last
/// extension. One path alone needs nothing.
#[must_use]
pub fn labels(paths: &[&str]) -> Vec<String> {
    let [first, others @ ..] = paths else { return Vec::new() };
    if others.is_empty() {
        return vec![String::new()];
    }
    let shared = others.iter().fold(folder_end(first, first.len()), |shared, path| {
        let alike =
            first.bytes().zip(path.bytes()).take(shared).take_while(|(one, other)| one == other).count();
        folder_end(first, alike)
    });
    paths.iter().map(|path| without_extension(path.get(shared..).unwrap_or(path)).to_owned()).collect()
}

/// Where the last folder ends that lies wholly in the first bytes of a path.
fn folder_end(path: &str, bytes: usize) -> usize {
    path.as_bytes().get(..bytes).and_then(|start| memchr::memrchr(b'/', start)).map_or(0, |slash| slash + 1)
}

fn without_extension(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') && !stem.is_empty() && !stem.ends_with('/') => {
            stem
        }
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shared_folder_is_left_out() {
        assert_eq!(labels(&["infra/a/main.json"]), [""]);
        assert_eq!(labels(&["infra/a/main.json", "infra/ab/x.json"]), ["a/main", "ab/x"]);
        assert_eq!(labels(&["a.json", "infra/b.json"]), ["a", "infra/b"]);
        assert_eq!(labels(&["infra/prod", "infra/prod/net"]), ["prod", "prod/net"]);
        assert_eq!(labels(&["/x/.json", "/x/y"]), [".json", "y"]);
        assert!(labels(&[]).is_empty());
    }
}
