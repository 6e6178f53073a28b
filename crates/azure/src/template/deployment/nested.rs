//! Deployments that a template declares: with a template inside, or by a link to another document of the run.

use std::rc::Rc;

use model::Effect;

use cloud::Quoted;

use super::super::expression::Place;
use super::super::value::{Object, Value};
use super::Run;
use super::frame::{Frame, Given, given};
use super::identity::named;
use super::instance::Instance;
use super::source::{Source, linked, object_of};
use super::view::View;

/// The type of a deployment.
pub(super) const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";
/// What stands before the path of a document where a template asks for its own address.
pub(super) const ROOT_OF_PATHS: &str = "https://templates.invalid/";

/// What a template is deployed to, as its schema says. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    ResourceGroup,
    Subscription,
    ManagementGroup,
    Tenant,
}

/// What a template is deployed to.
pub(super) fn scope_of(template: &Object<'_>) -> Scope {
    let schema = template.own("$schema").and_then(Value::as_text).unwrap_or_default().to_ascii_lowercase();
    match schema {
        schema if schema.contains("subscriptiondeploymenttemplate") => Scope::Subscription,
        schema if schema.contains("managementgroupdeploymenttemplate") => Scope::ManagementGroup,
        schema if schema.contains("tenantdeploymenttemplate") => Scope::Tenant,
        _ => Scope::ResourceGroup,
    }
}

/// The template of a nested deployment, and the document that it stands in.
struct Found<'a> {
    template: Rc<Object<'a>>,
    source: usize,
    /// Whether it stands in the template that deploys it.
    is_inside: bool,
}

impl<'a> Run<'_, 'a> {
    /// The deployment that an instance is; `None` where it is none, or its template is not in the input.
    pub(super) fn nested(&self, instance: &Instance<'a>) -> Option<usize> {
        if let Some(known) = instance.nested.get() {
            return *known;
        }
        if !instance.is_kind(DEPLOYMENTS) || !instance.is_declared() {
            return None;
        }
        let nested = self.deeper(|| self.open(instance)).flatten();
        // Asking may have led back here: who was first counts.
        *instance.nested.get_or_init(|| nested)
    }

    fn open(&self, instance: &Instance<'a>) -> Option<usize> {
        let frame = self.frame(instance.frame)?;
        let view = View::of(self, &frame, instance.loops.clone());
        let written = instance.declared.own("properties")?;
        let evaluated;
        let properties = match written {
            Value::Object(properties) => properties,
            other => {
                evaluated = view.value(other);
                match &evaluated {
                    Value::Object(properties) => properties,
                    _ => return self.without_template(instance, None),
                }
            }
        };
        let found = match self.template_of(instance, properties, &view) {
            Ok(found) => found,
            Err(link) => return self.without_template(instance, link.as_deref()),
        };
        let options =
            object_of(properties, "expressionEvaluationOptions").and_then(|options| options.own("scope"));
        let scope = options.map(|scope| view.value(scope));
        let is_inner =
            scope.as_ref().and_then(Value::as_text).is_some_and(|text| text.eq_ignore_ascii_case("inner"));
        let place = nested_place(instance, &found.template, &view, &frame);
        let by = Given::Written(instance.frame, instance.loops.clone());
        let mut values = self.linked_parameters(&frame, properties, &view);
        values.extend(given(properties, &by));
        let nested = Frame {
            outer: (found.is_inside && !is_inner).then(|| (instance.frame, instance.loops.clone())),
            within: Some(instance.frame),
            name: Some(instance.name.clone()),
            doubt: instance.doubt().cloned(),
            ..Frame::new(found.source, found.template, place, values)
        };
        let added = self.add(nested);
        if added.is_none() {
            let message = format!(
                "{}: more deployments than are read in one: what it would add is not in the answer",
                Quoted(&instance.name)
            );
            self.tell(instance.declared.at, "too-large", Effect::Narrowed, message);
        }
        added
    }

    fn template_of(
        &self,
        instance: &Instance<'a>,
        properties: &Object<'a>,
        view: &View<'_, 'a>,
    ) -> Result<Found<'a>, Option<String>> {
        let frame = view.frame;
        match properties.own("template") {
            Some(Value::Object(template)) => {
                return Ok(Found { template: Rc::clone(template), source: frame.source, is_inside: true });
            }
            Some(written @ Value::Text(_)) => {
                if let Value::Object(template) = view.value(written) {
                    return Ok(Found { template, source: frame.source, is_inside: true });
                }
            }
            Some(_) | None => {}
        }
        let link = object_of(properties, "templateLink").ok_or(None)?;
        let keys = ["relativePath", "uri", "id"].into_iter();
        let address = keys.filter_map(|key| named(&view.value(link.own(key)?))).next().ok_or(None)?;
        let position = self.by_link(frame, &address).ok_or_else(|| Some(address.clone()))?;
        let source =
            self.sources.get(position).and_then(Source::template).ok_or_else(|| Some(address.clone()))?;
        if self.is_inside_of(instance.frame, position) {
            return Err(Some(address));
        }
        self.linked.borrow_mut().push(position);
        Ok(Found { template: Rc::clone(source), source: position, is_inside: false })
    }

    /// The document that an address leads to.
    fn by_link(&self, frame: &Frame<'a>, address: &str) -> Option<usize> {
        match address.strip_prefix(ROOT_OF_PATHS) {
            Some(path) => {
                let path = path.split('?').next().unwrap_or(path);
                let exact = self.sources.iter().position(|source| source.path == path);
                exact.or_else(|| linked(self.sources, frame.source, path))
            }
            None => linked(self.sources, frame.source, address),
        }
    }

    /// Values that stand in a file of their own.
    fn linked_parameters(
        &self,
        frame: &Frame<'a>,
        properties: &Object<'a>,
        view: &View<'_, 'a>,
    ) -> std::collections::BTreeMap<String, (Value<'a>, Given)> {
        let link = object_of(properties, "parametersLink").and_then(|link| link.own("uri"));
        let address = link.and_then(|uri| named(&view.value(uri)));
        let position = address.and_then(|address| self.by_link(frame, &address));
        let document = position.and_then(|position| self.sources.get(position)?.parameters());
        document.map(|document| given(document, &Given::Stated)).unwrap_or_default()
    }

    /// Whether a deployment is one of this template, or inside of one: such a link leads back to itself.
    fn is_inside_of(&self, frame: usize, template: usize) -> bool {
        let mut current = Some(frame);
        let mut levels = 0;
        while let Some(frame) = current.and_then(|number| self.frame(number)) {
            levels += 1;
            if frame.source == template || levels > LEVELS_MAX {
                return true;
            }
            current = frame.within;
        }
        false
    }

    fn without_template(&self, instance: &Instance<'a>, link: Option<&str>) -> Option<usize> {
        let name = Quoted(&instance.name);
        let message = match link {
            Some(link) => format!(
                "{name}: the template it deploys, {}, is not in the input: what it would add is not in the answer",
                Quoted(link.strip_prefix(ROOT_OF_PATHS).unwrap_or(link))
            ),
            None => format!(
                "{name}: which template it deploys is not said here: what it would add is not in the answer"
            ),
        };
        self.tell(instance.declared.at, "missing-template", Effect::Narrowed, message);
        None
    }
}

/// Where a nested deployment goes to.
fn nested_place<'a>(
    instance: &Instance<'a>,
    template: &Object<'a>,
    view: &View<'_, 'a>,
    frame: &Frame<'a>,
) -> Place<'a> {
    let said = |key: &str| instance.declared.own(key).map(|written| view.value(written));
    let as_text = |value: Value<'a>| match value {
        known @ (Value::Text(_) | Value::Opaque(_)) => Some(known),
        other => named(&other).map(Value::text),
    };
    let outer = &frame.place;
    let subscription = said("subscriptionId").and_then(as_text);
    let group = said("resourceGroup").and_then(as_text);
    let scope = scope_of(template);
    let unnamed = || Value::opaque(cloud::json::Cause::Existing, "resource-group");
    let to_group = group.is_some() || scope == Scope::ResourceGroup;
    Place {
        resource_group: to_group
            .then(|| group.or_else(|| outer.resource_group.clone()).unwrap_or_else(unnamed)),
        subscription: subscription.unwrap_or_else(|| outer.subscription.clone()),
        location: said("location").and_then(as_text).unwrap_or_else(|| outer.location.clone()),
        management_group: outer.management_group.clone().filter(|_| scope == Scope::ManagementGroup),
        tenant: outer.tenant.clone(),
    }
}

/// Templates that link to one another.
const LEVELS_MAX: usize = 100;
