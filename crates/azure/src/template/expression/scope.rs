//! What an expression asks of where it stands.

use core::cell::Cell;

use super::super::value::Value;

/// Where an expression stands: the sections of its template, its loops, where it is deployed.
pub(crate) trait Scope<'a> {
    /// The value of a parameter.
    fn parameter(&self, name: &str) -> Value<'a>;

    /// The value of a variable.
    fn variable(&self, name: &str) -> Value<'a>;

    /// How often the loop of this name, or the innermost one, was passed.
    fn copy_index(&self, name: Option<&str>) -> Value<'a>;

    /// What `reference` tells of a resource: by its id, its name, its symbolic name. Whole, or its properties.
    fn reference(&self, target: &Value<'a>, is_full: bool) -> Value<'a>;

    /// What `references` tells of the resources of a loop.
    fn references(&self, symbol: &Value<'a>, is_full: bool) -> Value<'a>;

    /// What `resourceInfo` tells: id, name, type, apiVersion.
    fn resource_info(&self, symbol: &str) -> Value<'a>;

    /// Where it is deployed.
    fn place(&self) -> Place<'a>;

    /// What `deployment` tells.
    fn deployment(&self) -> Value<'a>;

    /// What a function comes to that the template defines, `namespace.name`; `None` where there is none.
    fn call(&self, name: &str, arguments: Vec<Value<'a>>) -> Option<Value<'a>>;

    /// Takes one step; `false` when no more are left.
    fn step(&self) -> bool;

    /// How deep evaluation is, across everything that is evaluated for something else. Counted here.
    fn depth(&self) -> &Cell<usize>;
}

/// Where something is deployed: texts, known or opaque.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place<'a> {
    /// The bare id.
    pub(crate) subscription: Value<'a>,
    /// The name; `None` where it is deployed to no resource group.
    pub(crate) resource_group: Option<Value<'a>>,
    /// Where the resource group lies, or what else it is deployed to.
    pub(crate) location: Value<'a>,
    /// The name; `None` where it is deployed to none.
    pub(crate) management_group: Option<Value<'a>>,
    /// The bare id.
    pub(crate) tenant: Value<'a>,
}
