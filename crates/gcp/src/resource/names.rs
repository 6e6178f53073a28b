//! Lists of network tags and service accounts, of rules and of instances.
//!
//! Knows no rule.

use cloud::{Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;

/// The names of a list in lower case, as the API has them. An empty list is nothing: the API leaves it out.
pub(super) fn names<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Vec<Name>> {
    let texts = match stated.texts(key, intake) {
        Said::This(texts) => texts,
        Said::Nothing => return Said::Nothing,
        Said::Unreadable => return Said::Unreadable,
    };
    // What `list()` makes of a list in a projection has commas.
    let names: Vec<&str> = texts.iter().flat_map(|text| text.split(',')).map(str::trim).collect();
    if names.iter().any(|name| name.is_empty()) {
        let sentence = format!("`{key}` has a name that is empty: any name is possible");
        stated.tell("empty-name", Effect::Undecided, &sentence, intake);
        return Said::Unreadable;
    }
    if names.is_empty() {
        return Said::Nothing;
    }
    Said::This(names.into_iter().map(|name| intake.name(&name.to_ascii_lowercase())).collect())
}
