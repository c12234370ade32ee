//! The slice of a document that `keep.yaml` names: its operations, and the components that they refer to.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Map, Value, json};

use super::json::entries;
use super::keep::Keep;
use super::normalise::{Normaliser, identity};
use super::outline::Outline;
use super::pointer::below;
use super::reference::{self, composition, references};
use super::schema_keys::Keys;
use super::source::Source;

/// The methods that a path can have operations for.
pub(crate) const METHODS: [&str; 8] = ["delete", "get", "head", "options", "patch", "post", "put", "trace"];

/// How many components may be composed of one another in a row: today's document has two.
const DEEPEST: usize = 100;

/// What was kept of a document.
pub(crate) struct Slice {
    pub(crate) document: Value,
    pub(crate) rules: Normaliser,
    /// Where `keep.yaml` and the document do not fit together.
    pub(crate) misfits: Vec<Misfit>,
}

/// A decision that the document does not know, or something in the document that lacks a decision.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Misfit {
    /// A kept operation is not in the document.
    Gone(String),
    /// An operation below a kept path is neither kept nor dropped.
    Undecided(String),
    /// A dropped operation is not in the document.
    IdleDrop(String),
    /// A dropped property is not in the document.
    IdleProperty(String),
}

impl Misfit {
    /// What is wrong, as one line that starts with where.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Gone(operation) => {
                format!("{}: keep.yaml keeps this operation, but it is gone", pointer_of(operation))
            }
            Self::Undecided(operation) => {
                format!("{}: keep.yaml neither keeps nor drops this operation", pointer_of(operation))
            }
            Self::IdleDrop(operation) => {
                format!("{}: keep.yaml drops this operation, but it is gone", pointer_of(operation))
            }
            Self::IdleProperty(property) => {
                format!("#/components/schemas: keep.yaml drops {property:?}, but it is gone")
            }
        }
    }
}

/// Where an operation, named by method and path, stands in a document.
fn pointer_of(operation: &str) -> String {
    let (method, path) = operation.split_once(' ').unwrap_or_default();
    below(&below("#/paths", path), method)
}

impl Slice {
    /// Cuts what `keep` names out of `source`.
    pub(crate) fn cut(source: &Source, keep: &Keep) -> Result<Self> {
        let outline = Outline::of(source)?;
        let mut cutter = Cutter {
            source,
            keep,
            document: Map::new(),
            wanted: Vec::new(),
            rules: Normaliser::default(),
            misfits: BTreeSet::new(),
            outline,
        };
        cutter.head()?;
        cutter.operations()?;
        cutter.components()?;
        Ok(Self {
            document: Value::Object(cutter.document),
            rules: cutter.rules,
            misfits: cutter.misfits.into_iter().collect(),
        })
    }
}

struct Cutter<'t> {
    source: &'t Source,
    keep: &'t Keep,
    outline: Outline<'t>,
    document: Map<String, Value>,
    /// References yet to follow: where each stands and what it points at.
    wanted: Vec<(String, String)>,
    rules: Normaliser,
    misfits: BTreeSet<Misfit>,
}

impl Cutter<'_> {
    fn head(&mut self) -> Result<()> {
        if self.outline.top("swagger")?.is_some() {
            bail!("{}: this is OpenAPI 2.0 (Swagger), not 3.0", self.outline.place("swagger"));
        }
        let version = self.outline.top("openapi")?;
        match version.as_ref().and_then(Value::as_str) {
            Some(version) if version.starts_with("3.0.") => {}
            Some(version) => bail!("{}: this is OpenAPI {version}, not 3.0", self.outline.place("openapi")),
            None => bail!("{}: no `openapi: 3.0.x`: this is no OpenAPI document", self.outline.place("openapi")),
        }
        let info = self.outline.top("info")?.unwrap_or_default();
        let info = json!({"title": info.get("title"), "version": info.get("version")});
        self.document.insert("openapi".to_owned(), version.unwrap_or_default());
        self.document.insert("info".to_owned(), info);
        if let Some(servers) = self.outline.top("servers")? {
            let servers = self.rules.apply(servers, Keys::Keywords);
            self.document.insert("servers".to_owned(), servers);
        }
        Ok(())
    }

    fn operations(&mut self) -> Result<()> {
        let mut missing: BTreeSet<&String> = self.keep.keep.iter().collect();
        let mut idle: BTreeSet<&String> = self.keep.dropped().collect();
        let mut paths = Map::new();
        let mut ids = BTreeMap::new();
        let judged: Vec<String> =
            self.outline.paths().filter(|path| self.keep.judges(path)).map(str::to_owned).collect();
        for path in judged {
            let at = below("#/paths", &path);
            let item = self.outline.path(&path)?.unwrap_or_default();
            let Value::Object(mut item) = item else {
                bail!("{}: {at}: a path item must be an object", self.source.name);
            };
            if item.contains_key("$ref") {
                bail!("{}: {at}: a path item that refers to another is not supported", self.source.name);
            }
            let shared = match item.remove("parameters") {
                Some(Value::Array(shared)) => shared,
                _ => Vec::new(),
            };
            let mut kept = Map::new();
            for method in METHODS {
                let Some(operation) = item.remove(method) else { continue };
                let name = format!("{method} {path}");
                if missing.remove(&name) {
                    let at = below(&at, method);
                    let operation = self.operation(operation, &shared, &at)?;
                    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
                    ids.entry(id).or_insert(at);
                    kept.insert(method.to_owned(), operation);
                } else if !idle.remove(&name) {
                    self.misfits.insert(Misfit::Undecided(name));
                }
            }
            if !kept.is_empty() {
                paths.insert(path, Value::Object(kept));
            }
        }
        self.refuse_shared_ids(&ids)?;
        self.misfits.extend(missing.into_iter().cloned().map(Misfit::Gone));
        self.misfits.extend(idle.into_iter().cloned().map(Misfit::IdleDrop));
        self.document.insert("paths".to_owned(), Value::Object(paths));
        Ok(())
    }

    /// `ids` are those of the kept operations, each with its place: no other operation may have one of them, kept or not.
    fn refuse_shared_ids(&self, ids: &BTreeMap<String, String>) -> Result<()> {
        for path in self.outline.paths_with("operationId", |id| ids.contains_key(id)) {
            let item = self.outline.path(path)?.unwrap_or_default();
            for method in METHODS {
                let Some(id) = item.get(method).and_then(|it| it.get("operationId")).and_then(Value::as_str) else {
                    continue;
                };
                let at = below(&below("#/paths", path), method);
                if let Some(other) = ids.get(id).filter(|other| **other != at) {
                    bail!("{}: {at}: the operation id {id:?} is that of {other} too", self.source.name);
                }
            }
        }
        Ok(())
    }

    fn operation(&mut self, operation: Value, shared: &[Value], at: &str) -> Result<Value> {
        let places = places(&operation, at);
        let Value::Object(mut operation) = operation else {
            bail!("{}: {at}: an operation must be an object", self.source.name);
        };
        if !operation.get("operationId").is_some_and(Value::is_string) {
            bail!("{}: {at}: an operation needs an operationId", self.source.name);
        }
        // Who may call is the token's business, not that of the generated code.
        operation.remove("security");
        let shared = self.not_its_own(&operation, shared)?;
        self.rules.push_down(&mut operation, shared);
        let operation = self.rules.apply(Value::Object(operation), Keys::Keywords);
        self.want(&operation, at, &places);
        Ok(operation)
    }

    /// The parameters of a path that an operation does not declare itself, written out or as a reference.
    fn not_its_own(&self, operation: &Map<String, Value>, shared: &[Value]) -> Result<Vec<Value>> {
        let identify = |parameter: &Value| -> Result<(String, String)> {
            let target = reference::target(parameter).and_then(|target| reference::component(target).ok());
            let component = target.map(|(kind, name)| self.outline.component(kind, &name)).transpose()?.flatten();
            Ok(identity(component.as_ref().unwrap_or(parameter)))
        };
        let own = entries(operation.get("parameters"));
        let own: BTreeSet<(String, String)> = own.map(identify).collect::<Result<_>>()?;
        let mut inherited = Vec::new();
        for parameter in shared {
            if !own.contains(&identify(parameter)?) {
                inherited.push(parameter.clone());
            }
        }
        Ok(inherited)
    }

    /// `places` are where references stood in the source, before rules were applied to what became `value`.
    fn want(&mut self, value: &Value, at: &str, places: &BTreeMap<String, String>) {
        self.wanted.extend(references(value, at, Keys::Keywords).into_iter().map(|found| {
            let target = found.target.into_owned();
            (places.get(&target).cloned().unwrap_or(found.at), target)
        }));
    }

    fn components(&mut self) -> Result<()> {
        let mut found: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
        while let Some((at, target)) = self.wanted.pop() {
            let (kind, name) =
                reference::component(&target).with_context(|| format!("{}: {at}: {target:?}", self.source.name))?;
            if found.get(kind).is_some_and(|named| named.contains_key(&name)) {
                continue;
            }
            let component = self.outline.component(kind, &name)?.ok_or_else(|| {
                let why =
                    if self.outline.has_components() { "" } else { ": no components are there, is the end cut off?" };
                anyhow!("{}: {at}: {target:?} points at nothing{why}", self.source.name)
            })?;
            let places = places(&component, &target);
            let component = self.component(component, kind, &name);
            self.want(&component, &target, &places);
            found.entry(kind.to_owned()).or_default().insert(name, component);
        }
        let schemas = found.get("schemas");
        for dropped in &self.keep.properties {
            if !schemas.is_some_and(|schemas| schemas.contains_key(&dropped.schema)) {
                self.misfits.insert(Misfit::IdleProperty(dropped.schema.clone()));
            }
        }
        refuse_cycles(&found).with_context(|| self.source.name.clone())?;
        let components = found.into_iter().map(|(kind, named)| (kind, Value::Object(named))).collect();
        self.document.insert("components".to_owned(), Value::Object(components));
        Ok(())
    }

    fn component(&mut self, mut component: Value, kind: &str, name: &str) -> Value {
        if kind == "schemas" {
            for dropped in self.keep.properties.iter().filter(|dropped| dropped.schema == name) {
                for property in &dropped.drop {
                    if !remove_property(&mut component, property) {
                        self.misfits.insert(Misfit::IdleProperty(format!("{name}.{property}")));
                    }
                }
            }
        }
        let keys = if kind == "responses" { Keys::Response } else { Keys::Keywords };
        self.rules.apply(component, keys)
    }
}

/// The first place of each reference in `value`, by its target.
fn places(value: &Value, at: &str) -> BTreeMap<String, String> {
    let mut places = BTreeMap::new();
    for found in references(value, at, Keys::Keywords) {
        places.entry(found.target.into_owned()).or_insert(found.at);
    }
    places
}

/// A reference that leads back to where it stands, without a property between, has no meaning.
fn refuse_cycles(components: &BTreeMap<String, Map<String, Value>>) -> Result<()> {
    let mut done = BTreeSet::new();
    for (kind, named) in components {
        for name in named.keys() {
            let mut way = vec![below(&format!("#/components/{kind}"), name)];
            refuse_cycle(components, &mut way, &mut done)?;
        }
    }
    Ok(())
}

/// `done` are those that lead to no circle: without it, what is reached in many ways is gone through as often.
fn refuse_cycle(
    components: &BTreeMap<String, Map<String, Value>>,
    way: &mut Vec<String>,
    done: &mut BTreeSet<String>,
) -> Result<()> {
    let component = way.last().and_then(|target| reference::component(target).ok());
    let component = component.and_then(|(kind, name)| components.get(kind)?.get(&name));
    for target in component.map(composition).unwrap_or_default() {
        if done.contains(target) {
            continue;
        }
        let turned = way.iter().any(|passed| passed == target);
        way.push(target.to_owned());
        if way.len() > DEEPEST {
            let first = way.first().map_or("", String::as_str);
            bail!("{first}: it is composed of {DEEPEST} others in a row, which nobody means");
        }
        if turned {
            bail!("{}: these references go round in a circle", way.join(" -> "));
        }
        refuse_cycle(components, way, done)?;
        done.extend(way.pop());
    }
    Ok(())
}

/// Takes a property out of a schema or of what it is composed of; whether it was there.
fn remove_property(schema: &mut Value, property: &str) -> bool {
    let mut removed = false;
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        removed |= properties.remove(property).is_some();
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name != property);
    }
    for part in schema.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        removed |= remove_property(part, property);
    }
    removed
}
