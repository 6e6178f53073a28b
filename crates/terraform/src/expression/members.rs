//! `for`: lists and objects made of the members of others.

use cloud::json::Cause;

use super::Evaluator;
use crate::syntax::{Expression, For};
use crate::value::{Fault, Kind, Shape, Text, Value, Wanted};

/// The members of a collection, to be gone through.
pub(super) struct Members<'a> {
    /// Keys and values. What is not known of a collection whose size is not known has no key.
    pub(super) each: Vec<(Option<Value<'a>>, Value<'a>)>,
    /// Whether it is known how many they are.
    pub(super) is_counted: bool,
    /// Whether it is one that stands for all of a resource.
    stands_in: bool,
}

impl<'a> Members<'a> {
    pub(super) fn of(value: &Value<'a>) -> Wanted<'a, Self> {
        match &value.kind {
            Kind::Sequence(sequence) => {
                let is_counted = sequence.is_counted();
                let stands_in = sequence.stand_in().is_some();
                let key = |position: usize, item: &Value<'a>| match sequence.shape() {
                    _ if !is_counted && item.is_unknown() && !stands_in => None,
                    Shape::Tuple | Shape::List => Some(Value::count(position)),
                    Shape::Set => Some(item.clone()),
                    Shape::Partial => Some(Value::unknown(Cause::Unsupported, "where it stands")),
                };
                let items = sequence.items().iter().enumerate();
                let each = items.map(|(position, item)| (key(position, item), item.clone())).collect();
                Ok(Self { each, is_counted, stands_in })
            }
            Kind::Object(_) => {
                let entries = value.to_entries()?.iter();
                let each = entries
                    .map(|(key, value)| (Some(Value::text(key.clone()).with_at(value.at)), value.clone()));
                Ok(Self { each: each.collect(), is_counted: true, stands_in: false })
            }
            Kind::Null | Kind::Flag(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => {
                value.not("a collection")
            }
        }
    }
}

impl<'e, 'a> Evaluator<'_, 'e, 'a> {
    pub(super) fn members(&mut self, all: &'e For<'a>) -> Value<'a> {
        let of = self.value(&all.of);
        let made = Members::of(&of).and_then(|members| match &all.made_key {
            Some(key) => self.object_of(all, key, members),
            None => self.list_of(all, members),
        });
        self.settle(made, all.of.at)
    }

    fn list_of(&mut self, all: &'e For<'a>, members: Members<'a>) -> Wanted<'a, Value<'a>> {
        let (mut items, mut is_counted) = (Vec::new(), members.is_counted);
        for (key, value) in members.each {
            let Some(key) = key else {
                items.push(value.because());
                continue;
            };
            let place = value.at;
            let made = self.binding(all.key.as_deref(), &all.value, key, value, |this| {
                match this.counts(all.condition.as_ref()) {
                    Ok(true) => Some(this.value(&all.made)),
                    Ok(false) => None,
                    Err(fault) => {
                        is_counted = false;
                        Some(this.settle(Err(fault), all.made.at))
                    }
                }
            })?;
            let made = made.map(|item| placed(item, place, &all.made));
            items.extend(if members.stands_in { made.map(Value::perhaps) } else { made });
        }
        Ok(Value::sequence(if is_counted { Shape::Tuple } else { Shape::Partial }, items))
    }

    fn object_of(
        &mut self,
        all: &'e For<'a>,
        made_key: &'e Expression<'a>,
        members: Members<'a>,
    ) -> Wanted<'a, Value<'a>> {
        let mut entries: Vec<(Text<'a>, Value<'a>)> = Vec::new();
        for (key, value) in members.each {
            let Some(key) = key else { return Err(Fault::Unknown(value)) };
            let place = value.at;
            let made = self.binding(all.key.as_deref(), &all.value, key, value, |this| {
                if !this.counts(all.condition.as_ref())? {
                    return Ok(None);
                }
                let key = this.value(made_key).to_text()?;
                Ok(Some((key, this.value(&all.made))))
            })??;
            entries.extend(made.map(|(key, item)| (key, placed(item, place, &all.made))));
        }
        if !members.is_counted {
            return Err(Fault::Unknown(Value::unknown(Cause::Unsupported, all.of.at)));
        }
        // In the order in which they come: members of one key stay in it.
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        if all.is_grouped {
            let groups = entries.chunk_by(|(one, _), (other, _)| one == other);
            let groups = groups.filter_map(|group| {
                let (key, _) = group.first()?;
                Some((key.clone(), Value::tuple(group.iter().map(|(_, item)| item.clone()).collect())))
            });
            return Ok(Value::object(groups.collect()));
        }
        let twice = entries.windows(2).find_map(|pair| match pair {
            [(one, _), (other, _)] if one == other => Some(one.to_string()),
            _ => None,
        });
        match twice {
            Some(key) => Err(Fault::Wrong(format!("two members have the key `{key}`"))),
            None => Ok(Value::object(entries)),
        }
    }

    fn counts(&mut self, condition: Option<&'e Expression<'a>>) -> Wanted<'a, bool> {
        condition.map_or(Ok(true), |condition| self.value(condition).to_flag())
    }

    /// Does something with the names of one member.
    pub(super) fn binding<T>(
        &mut self,
        key_name: Option<&'e str>,
        value_name: &'e str,
        key: Value<'a>,
        value: Value<'a>,
        with: impl FnOnce(&mut Self) -> T,
    ) -> Wanted<'a, T> {
        if !self.scope.budget().spend(1) {
            return Err(Fault::TooLarge);
        }
        let before = self.names.len();
        self.names.extend(key_name.map(|name| (name, key)));
        self.names.push((value_name, value));
        let made = with(self);
        self.names.truncate(before);
        Ok(made)
    }
}

/// What is made of a member by what is written once for all of them stands where the member does.
fn placed<'a>(made: Value<'a>, place: Option<&'a str>, by: &Expression<'a>) -> Value<'a> {
    let is_inside = |at: &str| by.at.as_bytes().as_ptr_range().contains(&at.as_ptr());
    match (place, made.at) {
        (Some(_), Some(at)) if is_inside(at) => made.with_at(place),
        (Some(_) | None, _) => made.or_at(place),
    }
}
