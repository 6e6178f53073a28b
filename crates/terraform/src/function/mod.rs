//! The functions of Terraform's language. One that is added is a line of the table and its function.
//!
//! A function takes values and knows no name. Where it needs a part that is not known its result is not known; where it is
//! certain all the same, or known in part, it says so.

mod collection;
mod convert;
mod encode;
mod file;
mod format;
mod hash;
mod member;
mod network;
mod number;
mod regex;
mod set;
mod text;
mod yaml;

use crate::expression::{Budget, Scope};
use crate::value::{Fault, Value, Wanted};

/// A function.
pub(crate) struct Function {
    name: &'static str,
    least: usize,
    most: usize,
    /// How it comes to its result.
    pub(crate) does: Does,
}

/// How a function comes to its result. Complete.
#[derive(Clone, Copy)]
pub(crate) enum Does {
    /// By its arguments.
    Compute(for<'a> fn(&[Value<'a>], &mut Budget) -> Wanted<'a, Value<'a>>),
    /// By its arguments and files.
    Ask(for<'a> fn(&[Value<'a>], &mut dyn Scope<'a>) -> Wanted<'a, Value<'a>>),
    /// The first argument that is not wrong.
    Try,
    /// Whether the argument is not wrong.
    Can,
    /// It is another each time.
    Change,
    /// It is not evaluated.
    Nothing,
}

impl Function {
    /// The function of a name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        let position = FUNCTIONS.binary_search_by(|function| function.name.cmp(name)).ok()?;
        FUNCTIONS.get(position)
    }

    /// Whether it takes so many arguments.
    pub(crate) fn takes<'a>(&self, count: usize) -> Wanted<'a, ()> {
        if count < self.least || count > self.most {
            return Err(Fault::Wrong(format!("`{}` does not take {count} arguments", self.name)));
        }
        Ok(())
    }
}

const fn pure(
    name: &'static str,
    least: usize,
    most: usize,
    with: for<'a> fn(&[Value<'a>], &mut Budget) -> Wanted<'a, Value<'a>>,
) -> Function {
    Function { name, least, most, does: Does::Compute(with) }
}

const fn asks(
    name: &'static str,
    least: usize,
    most: usize,
    with: for<'a> fn(&[Value<'a>], &mut dyn Scope<'a>) -> Wanted<'a, Value<'a>>,
) -> Function {
    Function { name, least, most, does: Does::Ask(with) }
}

const fn other(name: &'static str, does: Does) -> Function {
    Function { name, least: 0, most: MANY, does }
}

/// That a function has not the arguments it takes; they were counted before.
fn uncounted<'a, T>() -> Wanted<'a, T> {
    Err(Fault::Wrong("it does not take so many arguments".to_owned()))
}

const MANY: usize = usize::MAX;

/// Sorted by name.
static FUNCTIONS: &[Function] = &[
    pure("abs", 1, 1, number::abs),
    asks("abspath", 1, 1, file::absolute),
    pure("alltrue", 1, 1, collection::all_true),
    pure("anytrue", 1, 1, collection::any_true),
    pure("base64decode", 1, 1, encode::base64_decode),
    pure("base64encode", 1, 1, encode::base64_encode),
    other("base64gzip", Does::Nothing),
    pure("base64sha256", 1, 1, hash::base64_sha256),
    other("base64sha512", Does::Nothing),
    pure("basename", 1, 1, file::basename),
    other("bcrypt", Does::Change),
    other("can", Does::Can),
    pure("ceil", 1, 1, number::ceil),
    pure("chomp", 1, 1, text::chomp),
    pure("chunklist", 2, 2, collection::chunks),
    pure("cidrhost", 2, 2, network::host),
    pure("cidrnetmask", 1, 1, network::mask),
    pure("cidrsubnet", 3, 3, network::subnet),
    pure("cidrsubnets", 1, MANY, network::subnets),
    pure("coalesce", 1, MANY, collection::coalesce),
    pure("coalescelist", 1, MANY, collection::coalesce_list),
    pure("compact", 1, 1, collection::compact),
    pure("concat", 1, MANY, collection::concat),
    pure("contains", 2, 2, member::contains),
    pure("csvdecode", 1, 1, encode::csv_decode),
    pure("dirname", 1, 1, file::dirname),
    pure("distinct", 1, 1, collection::distinct),
    pure("element", 2, 2, member::element),
    pure("endswith", 2, 2, text::ends_with),
    pure("ephemeralasnull", 1, 1, convert::same),
    asks("file", 1, 1, file::file),
    asks("filebase64", 1, 1, file::base64),
    other("filebase64sha256", Does::Nothing),
    other("filebase64sha512", Does::Nothing),
    asks("fileexists", 1, 1, file::exists),
    other("filemd5", Does::Nothing),
    asks("fileset", 2, 2, file::set),
    other("filesha1", Does::Nothing),
    other("filesha256", Does::Nothing),
    other("filesha512", Does::Nothing),
    pure("flatten", 1, 1, collection::flatten),
    pure("floor", 1, 1, number::floor),
    pure("format", 1, MANY, format::format),
    other("formatdate", Does::Nothing),
    pure("formatlist", 1, MANY, format::format_list),
    pure("indent", 2, 2, text::indent),
    pure("index", 2, 2, member::index_of),
    other("issensitive", Does::Nothing),
    pure("join", 1, MANY, text::join),
    pure("jsondecode", 1, 1, encode::json_decode),
    pure("jsonencode", 1, 1, encode::json_encode),
    pure("keys", 1, 1, member::keys),
    pure("length", 1, 1, member::length),
    pure("list", 0, MANY, convert::list),
    pure("log", 2, 2, number::log),
    pure("lookup", 2, 3, member::lookup),
    pure("lower", 1, 1, text::lower),
    pure("map", 0, MANY, convert::map),
    pure("matchkeys", 3, 3, member::match_keys),
    pure("max", 1, MANY, number::max),
    pure("md5", 1, 1, hash::md5),
    pure("merge", 0, MANY, member::merge),
    pure("min", 1, MANY, number::min),
    pure("nonsensitive", 1, 1, convert::same),
    pure("one", 1, 1, member::one),
    pure("parseint", 2, 2, number::parse),
    asks("pathexpand", 1, 1, file::expand),
    other("plantimestamp", Does::Change),
    pure("pow", 2, 2, number::pow),
    pure("range", 1, 3, number::range),
    pure("regex", 2, 2, regex::regex),
    pure("regexall", 2, 2, regex::regex_all),
    pure("replace", 3, 3, regex::replace),
    pure("reverse", 1, 1, collection::reverse),
    other("rsadecrypt", Does::Nothing),
    pure("sensitive", 1, 1, convert::same),
    pure("setintersection", 1, MANY, set::intersection),
    pure("setproduct", 1, MANY, set::product),
    pure("setsubtract", 2, 2, set::subtract),
    pure("setunion", 1, MANY, set::union),
    pure("sha1", 1, 1, hash::sha1),
    pure("sha256", 1, 1, hash::sha256),
    other("sha512", Does::Nothing),
    pure("signum", 1, 1, number::signum),
    pure("slice", 3, 3, collection::slice),
    pure("sort", 1, 1, collection::sort),
    pure("split", 2, 2, text::split),
    pure("startswith", 2, 2, text::starts_with),
    pure("strcontains", 2, 2, text::contains),
    pure("strrev", 1, 1, text::reverse),
    pure("substr", 3, 3, text::part),
    pure("sum", 1, 1, number::sum),
    asks("templatefile", 2, 2, file::template),
    asks("templatestring", 2, 2, file::template_of_text),
    pure("textdecodebase64", 2, 2, encode::text_decode),
    pure("textencodebase64", 2, 2, encode::text_encode),
    other("timeadd", Does::Nothing),
    other("timecmp", Does::Nothing),
    other("timestamp", Does::Change),
    pure("title", 1, 1, text::title),
    pure("tobool", 1, 1, convert::to_flag),
    pure("tolist", 1, 1, convert::to_list),
    pure("tomap", 1, 1, convert::to_map),
    pure("tonumber", 1, 1, convert::to_number),
    pure("toset", 1, 1, convert::to_set),
    pure("tostring", 1, 1, convert::to_text),
    pure("transpose", 1, 1, member::transpose),
    pure("trim", 2, 2, text::trim),
    pure("trimprefix", 2, 2, text::trim_prefix),
    pure("trimspace", 1, 1, text::trim_space),
    pure("trimsuffix", 2, 2, text::trim_suffix),
    other("try", Does::Try),
    other("type", Does::Nothing),
    pure("upper", 1, 1, text::upper),
    pure("urlencode", 1, 1, encode::url_encode),
    other("uuid", Does::Change),
    other("uuidv5", Does::Nothing),
    pure("values", 1, 1, member::values),
    pure("yamldecode", 1, 1, yaml::decode),
    pure("yamlencode", 1, 1, encode::yaml_encode),
    pure("zipmap", 2, 2, member::zip),
];

/// The names of all functions.
#[cfg(test)]
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|function| function.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(FUNCTIONS.is_sorted_by(|one, other| one.name < other.name));
    }
}
