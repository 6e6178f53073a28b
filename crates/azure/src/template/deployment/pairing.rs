//! Which templates are deployed, and with which values: each file of parameters makes one deployment of its template.
//!
//! Knows names of files and of parameters, no value.

use super::source::{Source, object_of};

/// A template that is deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::template) struct Root {
    /// Positions of the template, and of the document with values for its parameters.
    pub(in crate::template) template: usize,
    pub(in crate::template) parameters: Option<usize>,
    /// What tells it from the others of the run; empty where it is the only one.
    pub(in crate::template) label: String,
    /// Whether its template is deployed with other values too.
    pub(in crate::template) is_variant: bool,
}

/// What is deployed, and the files of parameters whose template is not in the input. `linked` templates are deployed by
/// others.
pub(in crate::template) fn roots(sources: &[Source<'_>], linked: &[usize]) -> (Vec<Root>, Vec<usize>) {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut alone = Vec::new();
    for (position, source) in sources.iter().enumerate().filter(|(_, source)| source.parameters().is_some()) {
        match template_of(sources, source) {
            Some(template) => pairs.push((template, position)),
            None => alone.push(position),
        }
    }
    let mut roots = Vec::new();
    for (template, _) in sources.iter().enumerate().filter(|(_, source)| source.template().is_some()) {
        let files: Vec<usize> =
            pairs.iter().filter(|(of, _)| *of == template).map(|(_, parameters)| *parameters).collect();
        let is_variant = files.len() > 1;
        if files.is_empty() && !linked.contains(&template) {
            roots.push(Root { template, parameters: None, label: String::new(), is_variant });
        }
        let with = |file: usize| Root { template, parameters: Some(file), label: String::new(), is_variant };
        roots.extend(files.into_iter().map(with));
    }
    label(sources, &mut roots);
    (roots, alone)
}

/// A deployment is called by its template, or by its parameters where there are several of one template.
fn label(sources: &[Source<'_>], roots: &mut [Root]) {
    let path = |root: &Root| {
        let by = root.parameters.filter(|_| root.is_variant).unwrap_or(root.template);
        sources.get(by).map_or("", |source| source.path)
    };
    let paths: Vec<&str> = roots.iter().map(path).collect();
    for (root, label) in roots.iter_mut().zip(cloud::labels(&paths)) {
        // A name in an id has no slash.
        root.label = label.replace('/', ":");
    }
}

/// The template that a file of parameters is for: of its folder, or the one above, the one whose name it bears, else the
/// only one that has all of its parameters.
fn template_of(sources: &[Source<'_>], parameters: &Source<'_>) -> Option<usize> {
    let given = parameters.parameters().and_then(|root| object_of(root, "parameters"));
    let names: Vec<&str> =
        given.map(|given| given.entries().iter().map(|(name, _)| &**name).collect()).unwrap_or_default();
    let fits = |template: &Source<'_>| names.iter().all(|name| template.declares(name));
    let folder = parameters.folder();
    let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
    for folder in [folder, above] {
        let here: Vec<(usize, &Source<'_>)> = sources
            .iter()
            .enumerate()
            .filter(|(_, source)| source.template().is_some() && source.folder() == folder)
            .collect();
        let stem = parameters.stem();
        let named = here.iter().filter(|(_, template)| bears(&stem, &template.stem()));
        if let Some((position, _)) = named.max_by_key(|(_, template)| template.stem().len()) {
            return Some(*position);
        }
        let mut fitting = here.iter().filter(|(_, template)| !names.is_empty() && fits(template));
        if let (Some((position, _)), None) = (fitting.next(), fitting.next()) {
            return Some(*position);
        }
    }
    None
}

/// Whether the file of parameters is called after the template: `web.parameters.json`, `web.prod.parameters.json`,
/// `web-parameters.json`; `parameters.json` after `template.json`.
fn bears(parameters: &str, template: &str) -> bool {
    let words = |name: &str| name.split(['.', '-', '_']).map(str::to_owned).collect::<Vec<_>>();
    let is_word = |word: &String| ["parameters", "parameter", "params", "param"].contains(&word.as_str());
    let (own, of) = (words(parameters), words(template));
    if !own.iter().any(is_word) {
        return false;
    }
    own.starts_with(&of) && own.len() > of.len()
        || (template == "template" && is_word(&parameters.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_parameters_are_called_after_their_template() {
        for (parameters, template) in [
            ("azuredeploy.parameters", "azuredeploy"),
            ("azuredeploy.parameters.us", "azuredeploy"),
            ("web-params", "web"),
            ("prereq.azuredeploy.parameters", "prereq.azuredeploy"),
            ("main.prod.parameters", "main"),
            ("parameters", "template"),
        ] {
            assert!(bears(parameters, template), "{parameters} {template}");
        }
        for (parameters, template) in
            [("prereq.azuredeploy.parameters", "azuredeploy"), ("main", "main"), ("web2.parameters", "web")]
        {
            assert!(!bears(parameters, template), "{parameters} {template}");
        }
    }
}
