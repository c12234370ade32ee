//! Lazy access to a large OpenAPI document: one pass finds where the text of each path and component starts and ends,
//! and only the requested parts are deserialized. Microsoft's document has thousands of both, of which the trim keeps
//! dozens.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

use anyhow::{Result, anyhow, bail};
use granit_parser::{Event, Parser, Span, StrInput, StructureStyle};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::source::Source;
use crate::yaml;

/// The text ranges of the parts of a document.
#[derive(Debug)]
pub struct Outline<'t> {
    source: &'t Source,
    parts: Parts<'t>,
}

#[derive(Debug, Default)]
struct Parts<'t> {
    /// The top-level fields except `paths` and `components`.
    top: Fragments<'t>,
    paths: Fragments<'t>,
    /// By kind (`schemas`, `responses`, …), then by name.
    components: BTreeMap<Cow<'t, str>, Fragments<'t>>,
}

type Fragments<'t> = BTreeMap<Cow<'t, str>, Fragment<'t>>;

/// The text of one part.
#[derive(Debug)]
struct Fragment<'t> {
    text: &'t str,
    syntax: Syntax,
}

/// The syntax of the text of a part.
#[derive(Debug)]
enum Syntax {
    /// A JSON value.
    Json,
    /// A YAML value in flow style.
    Flow,
    /// A YAML key and its value in block style: the first line of the value cannot be parsed without the key.
    Block,
}

impl<'t> Outline<'t> {
    /// Finds the parts of `source`, which must be a single YAML or JSON mapping.
    ///
    /// # Errors
    ///
    /// Returns an error with a location if `source` is not a single mapping.
    pub fn of(source: &'t Source) -> Result<Self> {
        let parts = if source.text.trim_start().starts_with('{') {
            serde_json::from_str(&source.text).map_err(|error| json_error(source, &source.text, &error))?
        } else {
            YamlParts { source, parser: Parser::new_from_str(&source.text) }.find()?
        };
        Ok(Self { source, parts })
    }

    /// Deserializes the top-level field `key`.
    ///
    /// # Errors
    ///
    /// Returns an error with a location if the text of the part is invalid.
    pub fn top(&self, key: &str) -> Result<Option<Value>> {
        self.parts.top.get(key).map(|fragment| self.value(fragment)).transpose()
    }

    /// Returns the paths in sorted order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.parts.paths.keys().map(Cow::as_ref)
    }

    /// Deserializes the path item at `path`.
    ///
    /// # Errors
    ///
    /// Returns an error with a location if the text of the part is invalid.
    pub fn path(&self, path: &str) -> Result<Option<Value>> {
        self.parts.paths.get(path).map(|fragment| self.value(fragment)).transpose()
    }

    /// Returns the paths whose text may contain `key` with a value that satisfies `predicate`. Searching the text takes
    /// a tenth of the time that deserializing every path item takes.
    pub fn paths_with(&self, key: &str, predicate: impl Fn(&str) -> bool) -> Vec<&str> {
        let is_separator = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | ':');
        let is_end = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | ',' | '}');
        let matches = |text: &str| {
            text.match_indices(key).any(|(at, _)| {
                let value = text.get(at + key.len()..).unwrap_or_default().trim_start_matches(is_separator);
                predicate(value.split(is_end).next().unwrap_or_default())
            })
        };
        self.parts.paths.iter().filter(|(_, fragment)| matches(fragment.text)).map(|(path, _)| path.as_ref()).collect()
    }

    /// Deserializes the component of the kind `kind` that is called `name`.
    ///
    /// # Errors
    ///
    /// Returns an error with a location if the text of the part is invalid.
    pub fn component(&self, kind: &str, name: &str) -> Result<Option<Value>> {
        let fragment = self.parts.components.get(kind).and_then(|named| named.get(name));
        fragment.map(|fragment| self.value(fragment)).transpose()
    }

    /// Returns `true` if the document has components.
    #[must_use]
    pub fn has_components(&self) -> bool {
        !self.parts.components.is_empty()
    }

    /// Returns the location of the top-level field `key` as `name:line:column`.
    #[must_use]
    pub fn location(&self, key: &str) -> String {
        self.parts
            .top
            .get(key)
            .map_or_else(|| format!("{}:1:1", self.source.name), |fragment| self.source.location(fragment.text))
    }

    /// Deserializes the complete document, which needs many times the time and memory of the outline.
    ///
    /// # Errors
    ///
    /// Returns an error with a location if the text of the part is invalid.
    pub fn whole(&self) -> Result<Value> {
        let object = |fragments: &Fragments<'_>| -> Result<Map<String, Value>> {
            fragments.iter().map(|(key, fragment)| Ok((key.to_string(), self.value(fragment)?))).collect()
        };
        let mut document = object(&self.parts.top)?;
        document.insert("paths".to_owned(), Value::Object(object(&self.parts.paths)?));
        let components = self.parts.components.iter();
        let components = components.map(|(kind, named)| Ok((kind.to_string(), Value::Object(object(named)?))));
        document.insert("components".to_owned(), Value::Object(components.collect::<Result<_>>()?));
        Ok(Value::Object(document))
    }

    fn value(&self, fragment: &Fragment<'_>) -> Result<Value> {
        let text = fragment.text;
        match fragment.syntax {
            Syntax::Json => serde_json::from_str(text).map_err(|error| json_error(self.source, text, &error)),
            Syntax::Flow => yaml::parse(text).map_err(|error| yaml_error(self.source, text, &error)),
            Syntax::Block => {
                let entry: Map<String, Value> =
                    yaml::parse(text).map_err(|error| yaml_error(self.source, text, &error))?;
                Ok(entry.into_iter().next().map(|(_, value)| value).unwrap_or_default())
            }
        }
    }
}

fn yaml_error(source: &Source, fragment: &str, error: &serde_saphyr::Error) -> anyhow::Error {
    let (line, column) = yaml::location(error);
    let (before, _) = source.line_and_column(fragment);
    anyhow!("{}:{}:{column}: {}", source.name, before as u64 + line - 1, yaml::message(error))
}

fn json_error(source: &Source, fragment: &str, error: &serde_json::Error) -> anyhow::Error {
    let (line, column) = source.line_and_column(fragment);
    // Only the first line of a fragment starts in the middle of a line of the source.
    let column = if error.line() == 1 { column + error.column() - 1 } else { error.column() };
    let message = error.to_string();
    let what = message.split(" at line ").next().unwrap_or_default();
    anyhow!("{}:{}:{column}: {what}", source.name, line + error.line() - 1)
}

impl<'de> Deserialize<'de> for Parts<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Parts<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut parts = Parts::default();
                let mut seen = BTreeSet::new();
                while let Some(Key(key)) = map.next_key()? {
                    if !seen.insert(key.clone()) {
                        return Err(A::Error::custom(format_args!("duplicate key {key:?}")));
                    }
                    match key.as_ref() {
                        "paths" => parts.paths = map.next_value::<Entries<'de, _>>()?.fragments(),
                        "components" => {
                            let kinds: Entries<'de, Entries<'de, &RawValue>> = map.next_value()?;
                            parts.components =
                                kinds.0.into_iter().map(|(kind, named)| (kind, named.fragments())).collect();
                        }
                        _ => {
                            parts.top.insert(key, json_fragment(map.next_value()?));
                        }
                    }
                }
                Ok(parts)
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// A JSON object without duplicate keys.
struct Entries<'t, T>(BTreeMap<Cow<'t, str>, T>);

impl<'t> Entries<'t, &'t RawValue> {
    fn fragments(self) -> Fragments<'t> {
        self.0.into_iter().map(|(key, value)| (key, json_fragment(value))).collect()
    }
}

fn json_fragment(value: &RawValue) -> Fragment<'_> {
    Fragment { text: value.get(), syntax: Syntax::Json }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<'de, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
            type Value = Entries<'de, T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = BTreeMap::new();
                while let Some(Key(key)) = map.next_key()? {
                    if entries.contains_key(&key) {
                        return Err(A::Error::custom(format_args!("duplicate key {key:?}")));
                    }
                    entries.insert(key, map.next_value()?);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Object(PhantomData))
    }
}

/// A key, borrowed unless it contains escapes.
#[derive(Deserialize)]
struct Key<'t>(#[serde(borrow)] Cow<'t, str>);

/// Groups the events of a YAML document into the parts of an outline.
struct YamlParts<'t> {
    source: &'t Source,
    parser: Parser<'t, StrInput<'t>>,
}

impl<'t> YamlParts<'t> {
    fn find(mut self) -> Result<Parts<'t>> {
        let style = loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(..) => {}
                Event::MappingStart(style, ..) => break style,
                _ => return Err(self.error(span, "expected a mapping with the fields of an OpenAPI document")),
            }
        };
        let mut parts = Parts::default();
        let mut seen = BTreeSet::new();
        while let Some((key, span)) = self.key()? {
            if !seen.insert(key.clone()) {
                return Err(self.error(span, &format!("duplicate key {key:?}")));
            }
            match key.as_ref() {
                "paths" => parts.paths = self.entries()?,
                "components" => {
                    self.mapping_start()?;
                    while let Some(kind) = self.key()? {
                        let named = self.entries()?;
                        self.insert(&mut parts.components, kind, named)?;
                    }
                }
                _ => {
                    parts.top.insert(key, self.fragment(style, span)?);
                }
            }
        }
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::DocumentEnd => {}
                Event::StreamEnd => return Ok(parts),
                _ => return Err(self.error(span, "expected one document, found a second one")),
            }
        }
    }

    /// Returns the text of each entry of the next mapping.
    fn entries(&mut self) -> Result<Fragments<'t>> {
        let style = self.mapping_start()?;
        let mut entries = Fragments::new();
        while let Some((key, span)) = self.key()? {
            let fragment = self.fragment(style, span)?;
            self.insert(&mut entries, (key, span), fragment)?;
        }
        Ok(entries)
    }

    fn insert<T>(
        &self,
        map: &mut BTreeMap<Cow<'t, str>, T>,
        (key, span): (Cow<'t, str>, Span),
        value: T,
    ) -> Result<()> {
        if map.contains_key(&key) {
            return Err(self.error(span, &format!("duplicate key {key:?}")));
        }
        map.insert(key, value);
        Ok(())
    }

    fn mapping_start(&mut self) -> Result<StructureStyle> {
        match self.next()? {
            (Event::MappingStart(style, ..), _) => Ok(style),
            (_, span) => Err(self.error(span, "expected a mapping")),
        }
    }

    /// Returns the next key of the current mapping, or `None` at its end.
    fn key(&mut self) -> Result<Option<(Cow<'t, str>, Span)>> {
        match self.next()? {
            (Event::MappingEnd, _) => Ok(None),
            (Event::Scalar(key, ..), span) => Ok(Some((key, span))),
            (_, span) => Err(self.error(span, "expected a string as key")),
        }
    }

    /// Returns the text of the next value of a mapping in the style `style`, in block style with its key.
    fn fragment(&mut self, style: StructureStyle, key: Span) -> Result<Fragment<'t>> {
        let (mut event, first) = self.next()?;
        let (mut last, mut depth) = (first, 0_usize);
        loop {
            match event {
                Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
                Event::MappingEnd | Event::SequenceEnd => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                break;
            }
            (event, last) = self.next()?;
        }
        let (first, syntax) = match style {
            StructureStyle::Flow => (first, Syntax::Flow),
            StructureStyle::Block => (key, Syntax::Block),
        };
        let text = self.source.text.as_str();
        let text = first.start.byte_offset().zip(last.end.byte_offset()).and_then(|(start, end)| {
            let before = text.get(..start)?;
            // The text of a key includes its indentation and the `?` of an explicit key.
            let line = before.trim_end_matches(' ');
            let line = line.strip_suffix('?').map_or(line, |line| line.trim_end_matches(' '));
            let starts_line = line.is_empty() || line.ends_with('\n');
            text.get(if starts_line { line.len() } else { start }..end)
        });
        let text = text.ok_or_else(|| self.error(key, "location unknown to the YAML parser"))?;
        Ok(Fragment { text, syntax })
    }

    fn next(&mut self) -> Result<(Event<'t>, Span)> {
        let Some(next) = self.parser.next() else { bail!("{}: unexpected end of the document", self.source.name) };
        match next {
            Ok((Event::Alias(_), span)) => {
                Err(self.error(span, "aliases are not supported: replace the alias with its value"))
            }
            Ok(next) => Ok(next),
            Err(error) => {
                let mark = error.marker();
                Err(anyhow!("{}:{}:{}: {}", self.source.name, mark.line(), mark.col() + 1, error.info()))
            }
        }
    }

    fn error(&self, span: Span, what: &str) -> anyhow::Error {
        anyhow!("{}:{}:{}: {what}", self.source.name, span.start.line(), span.start.col() + 1)
    }
}
