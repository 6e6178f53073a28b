//! What `type = …` of a variable says, and what it makes of a value that is given.

use crate::expression::{Scope, evaluate};
use crate::syntax::{Expression, Form};

use super::{Fault, Kind, Object, Shape, Text, Value, Wanted};

/// A type that values are converted to.
#[derive(Clone, Debug)]
pub(crate) enum Type<'a> {
    /// Whatever is given.
    Any,
    /// `string`.
    Text,
    /// `number`.
    Number,
    /// `bool`.
    Flag,
    /// `list(…)`.
    List(Box<Type<'a>>),
    /// `set(…)`.
    Set(Box<Type<'a>>),
    /// `map(…)`.
    Map(Box<Type<'a>>),
    /// `tuple([…])`.
    Tuple(Vec<Type<'a>>),
    /// `object({…})`.
    Object(Vec<Attribute<'a>>),
}

/// An attribute of a type of objects.
#[derive(Clone, Debug)]
pub(crate) struct Attribute<'a> {
    name: Text<'a>,
    of: Type<'a>,
    /// What stands where nothing is given; nothing where something has to be.
    default: Option<Value<'a>>,
}

impl<'a> Type<'a> {
    /// The type that an expression says.
    ///
    /// # Errors
    /// Where it is no type.
    pub(crate) fn read(expression: &Expression<'a>, scope: &mut dyn Scope<'a>) -> Result<Self, String> {
        let unheard_of = || Err(format!("`{}` is no type", expression.at));
        match &expression.form {
            Form::Name(name) => Self::named(name).map_or_else(unheard_of, Ok),
            // How types were written before there were expressions.
            Form::Template(_) => expression.literal().and_then(Self::named).map_or_else(unheard_of, Ok),
            Form::Call { name, arguments, .. } => match (&**name, arguments.as_slice()) {
                ("list", [of]) => Ok(Self::List(Box::new(Self::read(of, scope)?))),
                ("set", [of]) => Ok(Self::Set(Box::new(Self::read(of, scope)?))),
                ("map", [of]) => Ok(Self::Map(Box::new(Self::read(of, scope)?))),
                ("tuple", [Expression { form: Form::List(items), .. }]) => {
                    Ok(Self::Tuple(items.iter().map(|of| Self::read(of, scope)).collect::<Result<_, _>>()?))
                }
                ("object", [Expression { form: Form::Object(entries), .. }]) => {
                    let attributes = entries.iter().map(|(name, of)| Self::attribute(name, of, scope));
                    Ok(Self::Object(attributes.collect::<Result<_, _>>()?))
                }
                _ => unheard_of(),
            },
            _ => unheard_of(),
        }
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "any" => Self::Any,
            "string" => Self::Text,
            "number" => Self::Number,
            "bool" => Self::Flag,
            "list" => Self::List(Box::new(Self::Any)),
            "set" => Self::Set(Box::new(Self::Any)),
            "map" => Self::Map(Box::new(Self::Any)),
            _ => return None,
        })
    }

    fn attribute(
        name: &Expression<'a>,
        of: &Expression<'a>,
        scope: &mut dyn Scope<'a>,
    ) -> Result<Attribute<'a>, String> {
        let name = name
            .literal()
            .map(|name| Text::from(name.to_owned()))
            .ok_or("a name of an attribute is no text")?;
        let optional = match &of.form {
            Form::Call { name, arguments, .. } if &**name == "optional" => Some(arguments.as_slice()),
            _ => None,
        };
        Ok(match optional {
            Some([of]) => Attribute { name, of: Self::read(of, scope)?, default: Some(Value::null()) },
            Some([of, default]) => {
                let of = Self::read(of, scope)?;
                let default = of.convert(evaluate(default, scope))?;
                Attribute { name, of, default: Some(default) }
            }
            Some(_) => return Err("`optional` takes a type and a value".to_owned()),
            None => Attribute { name, of: Self::read(of, scope)?, default: None },
        })
    }

    /// A value as this type. What is not known stays so.
    ///
    /// # Errors
    /// Where it cannot be of this type.
    pub(crate) fn convert(&self, value: Value<'a>) -> Result<Value<'a>, String> {
        let at = value.at;
        match self.converted(value) {
            Ok(value) => Ok(value.or_at(at)),
            Err(Fault::Wrong(what)) => Err(what),
            Err(fault) => Ok(fault.value().or_at(at)),
        }
    }

    fn converted(&self, value: Value<'a>) -> Wanted<'a, Value<'a>> {
        if value.is_unknown() || value.is_null() {
            return Ok(value);
        }
        let at = value.at;
        Ok(match self {
            Self::Any => value,
            Self::Text => match value.kind {
                Kind::Text(_) => value,
                _ => Value::text(value.to_text()?),
            },
            Self::Number => Value::new(Kind::Number(value.to_number()?)),
            Self::Flag => Value::flag(value.to_flag()?),
            Self::List(of) => {
                let items = of.each(value.to_items()?)?;
                let is_counted = value.as_sequence().is_some_and(super::Sequence::is_counted);
                Value::sequence(if is_counted { Shape::List } else { Shape::Partial }, items)
            }
            Self::Set(of) => Value::set(of.each(value.to_items()?)?),
            Self::Tuple(types) => {
                let items = value.to_counted()?;
                if items.len() != types.len() {
                    return value.not(&format!("a tuple of {}", types.len()));
                }
                let items = types.iter().zip(items).map(|(of, item)| of.member(item));
                Value::tuple(items.collect::<Result<_, _>>()?)
            }
            Self::Map(of) => {
                let entries = value.to_entries()?;
                let values: Vec<Value<'a>> = entries.iter().map(|(_, value)| value.clone()).collect();
                let values = of.each(&values)?;
                Value::map(entries.iter().map(|(key, _)| key.clone()).zip(values).collect())
            }
            Self::Object(attributes) => match &value.kind {
                Kind::Object(object) => Self::object(attributes, object)?,
                _ => return value.not("an object"),
            },
        }
        .or_at(at))
    }

    fn object(attributes: &[Attribute<'a>], given: &Object<'a>) -> Wanted<'a, Value<'a>> {
        let mut entries = Vec::with_capacity(attributes.len());
        for attribute in attributes {
            let value = match (given.find(&attribute.name), &attribute.default) {
                (None, None) => {
                    return Err(Fault::Wrong(format!("the attribute `{}` is not given", &*attribute.name)));
                }
                (None, Some(default)) => default.clone(),
                (Some(value), Some(default)) if value.is_null() => default.clone(),
                (Some(value), _) => attribute.of.member(&value)?,
            };
            entries.push((attribute.name.clone(), value));
        }
        Ok(Value::object(entries))
    }

    /// A member of a collection as this type: one that turns out not to be known is unknown by itself.
    fn member(&self, value: &Value<'a>) -> Wanted<'a, Value<'a>> {
        match self.converted(value.clone()) {
            Err(fault @ (Fault::Unknown(_) | Fault::Unsupported(_) | Fault::TooLarge)) => {
                Ok(fault.value().or_at(value.at))
            }
            converted => converted,
        }
    }

    fn each(&self, values: &[Value<'a>]) -> Wanted<'a, Vec<Value<'a>>> {
        let values: Vec<Value<'a>> =
            values.iter().map(|value| self.member(value)).collect::<Result<_, _>>()?;
        Ok(if matches!(self, Self::Any) { of_one_type(values) } else { values })
    }
}

/// Values as members of one collection: strings among numbers and booleans make all of them strings.
pub(crate) fn of_one_type<'a>(values: Vec<Value<'a>>) -> Vec<Value<'a>> {
    let is_mixed = values.iter().any(|value| matches!(value.kind, Kind::Text(_)))
        && values.iter().any(|value| matches!(value.kind, Kind::Number(_) | Kind::Flag(_)));
    if !is_mixed {
        return values;
    }
    let words = |value: Value<'a>| match value.kind {
        Kind::Number(_) | Kind::Flag(_) => {
            value.to_text().map_or_else(Fault::value, Value::text).or_at(value.at)
        }
        Kind::Null | Kind::Text(_) | Kind::Sequence(_) | Kind::Object(_) | Kind::Unknown(_) => value,
    };
    values.into_iter().map(words).collect()
}
