//! Firewall policies in front of an interface (G10–G14).
//!
//! Policies of the organisation and of folders are those above the project of the interface's network, not of its
//! instance: that matters where a network is shared. Knows no path and no rule of a network.

mod ancestry;
mod book;
mod contradiction;
mod list;
mod missing;
mod prepared;
mod source;
mod stages;
mod told;
mod view;
mod view_target;
mod whole;

use std::sync::Arc;

use cloud::{LookupMap, LookupSet};
use model::{Filter, Name, RuleList};

use crate::estate::Estate;

use super::tag_bindings::Bindings;

pub(super) use ancestry::Ancestry;
use book::Book;
use list::ListKey;
use prepared::Prepared;
use view::{ViewKey, Views};

/// The policies of the input, and what was already made of them.
#[derive(Debug)]
pub(super) struct Policies<'e> {
    book: Arc<Book<'e>>,
    /// What is bound to instances of the tags that rules ask for.
    pub(super) bindings: Arc<Bindings<'e>>,
    views: Arc<Views<'e>>,
    prepared: LookupMap<Name, Arc<Prepared<'e>>>,
    lists: LookupMap<ListKey, Option<Arc<RuleList>>>,
    /// Lists of the rules of networks that answers of effective firewalls have.
    view_lists: LookupMap<ViewKey, Arc<RuleList>>,
    /// What has been told, and of what: many classes ask for the same.
    told: LookupSet<(&'static str, Name)>,
}

/// What policies say, around the rules of the network (G10).
#[derive(Clone, Debug)]
pub(super) struct Stages {
    /// Of the organisation and its folders, from the top down, and Google's own: always first.
    pub(super) before: Vec<Filter>,
    /// Of the network: global ones, then regional ones.
    pub(super) network: Vec<Filter>,
    /// When those of the network are asked.
    pub(super) order: Orders,
}

/// When policies of a network are asked. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Orders {
    /// Behind its rules.
    After,
    /// Before its rules.
    Before,
    /// One of both, not known which.
    Either,
}

impl<'e> Policies<'e> {
    /// Networks that a policy is in force in for certain.
    pub(super) fn networks(&self) -> impl Iterator<Item = &Name> {
        self.book.networks()
    }

    pub(super) fn of(estate: &'e Estate) -> Self {
        let (book, views) = (Book::of(estate), Views::of(estate));
        let mut asked = book.tags();
        asked.extend(views.tags());
        Self {
            book: Arc::new(book),
            bindings: Arc::new(Bindings::of(estate, asked)),
            views: Arc::new(views),
            prepared: LookupMap::default(),
            lists: LookupMap::default(),
            view_lists: LookupMap::default(),
            told: LookupSet::default(),
        }
    }
}

/// What `kind` of list a policy is.
pub(super) const POLICY_KIND: &str = "firewall-policy";
