//! An OpenAPI document as slices of its text: one pass finds where each path and component is, and only what is asked
//! for becomes a value. Microsoft's document has thousands of both and we keep dozens.

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

use super::source::Source;
use super::yaml;

/// Where the parts of a document are.
pub(crate) struct Outline<'t> {
    source: &'t Source,
    parts: Parts<'t>,
}

#[derive(Default)]
struct Parts<'t> {
    /// `openapi`, `info`, `servers` and what else stands beside `paths` and `components`.
    top: Slices<'t>,
    paths: Slices<'t>,
    /// By kind (`schemas`, `responses` ...), then by name.
    components: BTreeMap<Cow<'t, str>, Slices<'t>>,
}

type Slices<'t> = BTreeMap<Cow<'t, str>, Slice<'t>>;

/// The text of one part.
struct Slice<'t> {
    text: &'t str,
    form: Form,
}

/// What the text of a part is.
enum Form {
    /// A value of JSON.
    Json,
    /// A value of YAML, as it stands between braces.
    Flow,
    /// A key and a value of YAML, because what the value's first line is depends on the key before it.
    Block,
}

impl<'t> Outline<'t> {
    /// The parts of `source`, which must be one mapping of YAML or JSON.
    pub(crate) fn of(source: &'t Source) -> Result<Self> {
        let parts = if source.text.trim_start().starts_with('{') {
            serde_json::from_str(&source.text).map_err(|error| json_error(source, &source.text, &error))?
        } else {
            YamlParts { source, parser: Parser::new_from_str(&source.text) }.find()?
        };
        Ok(Self { source, parts })
    }

    /// What stands at the top of the document under `key`.
    pub(crate) fn top(&self, key: &str) -> Result<Option<Value>> {
        self.parts.top.get(key).map(|slice| self.value(slice)).transpose()
    }

    /// The paths, sorted.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.parts.paths.keys().map(Cow::as_ref)
    }

    /// The path item at `path`.
    pub(crate) fn path(&self, path: &str) -> Result<Option<Value>> {
        self.parts.paths.get(path).map(|slice| self.value(slice)).transpose()
    }

    /// The paths in whose text `key` may stand with a value that is `wanted`: a look at the text takes a tenth of the time
    /// of making values of them all.
    pub(crate) fn paths_with(&self, key: &str, wanted: impl Fn(&str) -> bool) -> Vec<&str> {
        let between = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | ':');
        let after = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | ',' | '}');
        let holds = |text: &str| {
            text.match_indices(key).any(|(at, _)| {
                let value = text.get(at + key.len()..).unwrap_or_default().trim_start_matches(between);
                wanted(value.split(after).next().unwrap_or_default())
            })
        };
        self.parts.paths.iter().filter(|(_, slice)| holds(slice.text)).map(|(path, _)| path.as_ref()).collect()
    }

    /// The component called `name` among those of its `kind`.
    pub(crate) fn component(&self, kind: &str, name: &str) -> Result<Option<Value>> {
        let slice = self.parts.components.get(kind).and_then(|named| named.get(name));
        slice.map(|slice| self.value(slice)).transpose()
    }

    pub(crate) fn has_components(&self) -> bool {
        !self.parts.components.is_empty()
    }

    /// `name:line:column` of what stands at the top under `key`.
    pub(crate) fn place(&self, key: &str) -> String {
        self.parts
            .top
            .get(key)
            .map_or_else(|| format!("{}:1:1", self.source.name), |slice| self.source.place_of(slice.text))
    }

    /// All of the document, which takes many times the time and the memory of its outline.
    pub(crate) fn whole(&self) -> Result<Value> {
        let object = |slices: &Slices<'_>| -> Result<Map<String, Value>> {
            slices.iter().map(|(key, slice)| Ok((key.to_string(), self.value(slice)?))).collect()
        };
        let mut whole = object(&self.parts.top)?;
        whole.insert("paths".to_owned(), Value::Object(object(&self.parts.paths)?));
        let components = self.parts.components.iter();
        let components = components.map(|(kind, named)| Ok((kind.to_string(), Value::Object(object(named)?))));
        whole.insert("components".to_owned(), Value::Object(components.collect::<Result<_>>()?));
        Ok(Value::Object(whole))
    }

    fn value(&self, slice: &Slice<'_>) -> Result<Value> {
        let text = slice.text;
        match slice.form {
            Form::Json => serde_json::from_str(text).map_err(|error| json_error(self.source, text, &error)),
            Form::Flow => yaml::parse(text).map_err(|error| yaml_error(self.source, text, &error)),
            Form::Block => {
                let entry: Map<String, Value> =
                    yaml::parse(text).map_err(|error| yaml_error(self.source, text, &error))?;
                Ok(entry.into_iter().next().map(|(_, value)| value).unwrap_or_default())
            }
        }
    }
}

fn yaml_error(source: &Source, slice: &str, error: &serde_saphyr::Error) -> anyhow::Error {
    let (line, column) = yaml::place(error);
    let (before, _) = source.line_and_column(slice);
    anyhow!("{}:{}:{column}: {}", source.name, before as u64 + line - 1, yaml::message(error))
}

fn json_error(source: &Source, slice: &str, error: &serde_json::Error) -> anyhow::Error {
    let (line, column) = source.line_and_column(slice);
    // Only the first line of a slice starts within a line of the source.
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
                        return Err(A::Error::custom(format_args!("the key {key:?} stands twice")));
                    }
                    match key.as_ref() {
                        "paths" => parts.paths = map.next_value::<Entries<'de, _>>()?.slices(),
                        "components" => {
                            let kinds: Entries<'de, Entries<'de, &RawValue>> = map.next_value()?;
                            parts.components =
                                kinds.0.into_iter().map(|(kind, named)| (kind, named.slices())).collect();
                        }
                        _ => {
                            parts.top.insert(key, json_slice(map.next_value()?));
                        }
                    }
                }
                Ok(parts)
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// A JSON object in which no key stands twice.
struct Entries<'t, T>(BTreeMap<Cow<'t, str>, T>);

impl<'t> Entries<'t, &'t RawValue> {
    fn slices(self) -> Slices<'t> {
        self.0.into_iter().map(|(key, value)| (key, json_slice(value))).collect()
    }
}

fn json_slice(value: &RawValue) -> Slice<'_> {
    Slice { text: value.get(), form: Form::Json }
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
                        return Err(A::Error::custom(format_args!("the key {key:?} stands twice")));
                    }
                    entries.insert(key, map.next_value()?);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Object(PhantomData))
    }
}

/// A key that is borrowed when it holds no escapes.
#[derive(Deserialize)]
struct Key<'t>(#[serde(borrow)] Cow<'t, str>);

/// The events of a YAML document, grouped into the parts of an outline.
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
                _ => return Err(self.error(span, "an OpenAPI document is a mapping")),
            }
        };
        let mut parts = Parts::default();
        let mut seen = BTreeSet::new();
        while let Some((key, span)) = self.key()? {
            if !seen.insert(key.clone()) {
                return Err(self.error(span, &format!("the key {key:?} stands twice")));
            }
            match key.as_ref() {
                "paths" => parts.paths = self.named()?,
                "components" => {
                    self.open()?;
                    while let Some(kind) = self.key()? {
                        let named = self.named()?;
                        self.insert(&mut parts.components, kind, named)?;
                    }
                }
                _ => {
                    parts.top.insert(key, self.slice(style, span)?);
                }
            }
        }
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::DocumentEnd => {}
                Event::StreamEnd => return Ok(parts),
                _ => return Err(self.error(span, "a second document starts here")),
            }
        }
    }

    /// The entries of a mapping, each as its text.
    fn named(&mut self) -> Result<Slices<'t>> {
        let style = self.open()?;
        let mut named = Slices::new();
        while let Some((key, span)) = self.key()? {
            let slice = self.slice(style, span)?;
            self.insert(&mut named, (key, span), slice)?;
        }
        Ok(named)
    }

    fn insert<T>(
        &self,
        map: &mut BTreeMap<Cow<'t, str>, T>,
        (key, span): (Cow<'t, str>, Span),
        value: T,
    ) -> Result<()> {
        if map.contains_key(&key) {
            return Err(self.error(span, &format!("the key {key:?} stands twice")));
        }
        map.insert(key, value);
        Ok(())
    }

    fn open(&mut self) -> Result<StructureStyle> {
        match self.next()? {
            (Event::MappingStart(style, ..), _) => Ok(style),
            (_, span) => Err(self.error(span, "a mapping must stand here")),
        }
    }

    /// The next key of the mapping that is open, or `None` at its end.
    fn key(&mut self) -> Result<Option<(Cow<'t, str>, Span)>> {
        match self.next()? {
            (Event::MappingEnd, _) => Ok(None),
            (Event::Scalar(key, ..), span) => Ok(Some((key, span))),
            (_, span) => Err(self.error(span, "a key must be a text")),
        }
    }

    /// The text of the next value of a mapping of that style, and of its key where that matters.
    fn slice(&mut self, style: StructureStyle, key: Span) -> Result<Slice<'t>> {
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
        let (first, form) = match style {
            StructureStyle::Flow => (first, Form::Flow),
            StructureStyle::Block => (key, Form::Block),
        };
        let text = self.source.text.as_str();
        let text = first.start.byte_offset().zip(last.end.byte_offset()).and_then(|(start, end)| {
            let before = text.get(..start)?;
            // The indentation belongs to a key, and so does the question mark that a long one may have.
            let line = before.trim_end_matches(' ');
            let line = line.strip_suffix('?').map_or(line, |line| line.trim_end_matches(' '));
            let starts_line = line.is_empty() || line.ends_with('\n');
            text.get(if starts_line { line.len() } else { start }..end)
        });
        let text = text.ok_or_else(|| self.error(key, "this has no place in the text"))?;
        Ok(Slice { text, form })
    }

    fn next(&mut self) -> Result<(Event<'t>, Span)> {
        let Some(next) = self.parser.next() else { bail!("{}: ends too early", self.source.name) };
        match next {
            Ok((Event::Alias(_), span)) => Err(self.error(span, "an alias; write out what it stands for")),
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
