//! Paths as text: folders, and what a path comes to that is said from inside one. Opens nothing.

/// The folder of a file; empty for the working folder.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| if folder.is_empty() { "/" } else { folder })
}

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// What `path` is, said from inside of `folder`, without `.` and with `..` only where it leads out of everything.
pub(crate) fn joined(folder: &str, path: &str) -> String {
    if path.starts_with('/') {
        return normal(path);
    }
    if folder.is_empty() { normal(path) } else { normal(&format!("{folder}/{path}")) }
}

/// The same path, spelled the only way.
pub(crate) fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if path.starts_with('/') { format!("/{joined}") } else { joined }
}

/// Whether a path lies in a folder.
pub(crate) fn is_inside(path: &str, folder: &str) -> bool {
    if folder.is_empty() {
        return !path.starts_with("..") && !path.starts_with('/');
    }
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/') || folder == "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_one_spelling() {
        assert_eq!(joined("infra/prod", "../../modules/./net"), "modules/net");
        assert_eq!(joined("", "../net"), "../net");
        assert_eq!(joined("../infra", "../../net/"), "../../net");
        assert_eq!(joined("a", "/b//c"), "/b/c");
        assert_eq!(normal("./a/b/"), "a/b");
        assert_eq!((folder("a/b.tf"), folder("b.tf"), folder("/b.tf")), ("a", "", "/"));
    }

    #[test]
    fn what_leads_out_of_a_folder_is_not_inside() {
        assert!(is_inside("a/b", "a") && is_inside("a", "") && is_inside("/a", "/"));
        assert!(!is_inside("ab", "a") && !is_inside("../a", "") && !is_inside("/a", ""));
    }
}
