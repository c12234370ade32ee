//! HTTP messages within other text.

use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use crate::json::{self, Body};
use crate::lines::{Line, Role};
use crate::recording::{Header, Part, Repair};
use crate::start_line::{StartLine, start_line};

/// Header names without a hyphen that requests and responses have. One with a hyphen is never taken for prose.
const PLAIN_HEADERS: [&str; 21] = [
    "accept",
    "age",
    "allow",
    "authorization",
    "connection",
    "consistencylevel",
    "cookie",
    "date",
    "etag",
    "expires",
    "host",
    "link",
    "location",
    "origin",
    "pragma",
    "prefer",
    "referer",
    "server",
    "trailer",
    "vary",
    "via",
];

/// The names of types that samples of schemas have in the place of values.
const TYPES: [&str; 7] = ["boolean", "datetimeoffset", "edm.string", "int32", "int64", "integer", "string"];
/// The most lines between the two halves of a message.
const FARTHEST_BLOCK: usize = 20;
/// What follows a start line.
#[derive(Debug)]
pub(crate) struct Rest {
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Option<Value>,
    pub(crate) repairs: Vec<Repair>,
    /// The index of the line after the message.
    pub(crate) next: usize,
}

/// A message that cannot be read.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) what: String,
    /// The index of the line to go on with.
    pub(crate) next: usize,
}

/// Reads the headers and the body after the start line with this index.
pub(crate) fn rest(part: Part, start: usize, text: &str, lines: &[Line<'_>]) -> Result<Rest, Broken> {
    let after = |index: usize| lines.get(index..).unwrap_or_default();
    let blanks =
        |index: usize| after(index).iter().take_while(|line| line.is_blank() && line.role != Role::Fence).count();
    let first = start + 1 + blanks(start + 1);
    let headers: Vec<Header> = after(first).iter().map_while(|line| header(line.text)).collect();
    let end = if headers.is_empty() { start + 1 } else { first + headers.len() };
    let blank = blanks(end);
    let announced = field(&headers, "content-type").is_some();
    let beside = Some(end + blank).filter(|from| body(*from, text, lines).is_some());
    let split = in_next_block(end + blank, text, lines)
        .filter(|from| beside.is_none() && (announced || brings(start, lines) && is_example(*from, text, lines)));
    let Some(from) = beside.or(split) else {
        // Prose can follow a request without a body. A response that announces JSON and has none is cut off.
        if part == Part::Response && announced {
            return Err(Broken { what: "the response announces a body and has none".to_owned(), next: end });
        }
        let repairs = content_length(part, &headers, "").into_iter().collect();
        return Ok(Rest { headers, body: None, repairs, next: end });
    };
    let broken = |what: String| Broken { what, next: from + 1 };
    let Body { mut value, text: body, mended } =
        json::read(body(from, text, lines).unwrap_or_default()).map_err(broken)?;
    // Another crate may switch on insertion order for the whole build: a recording must not depend on it.
    value.sort_all_objects();

    let mut repairs: Vec<Repair> = content_length(part, &headers, body).into_iter().collect();
    let next = from + body.matches('\n').count() + 1;
    if after(start).iter().take(from + 1 - start).any(|line| line.glued) {
        repairs.push(Repair::LineBreaksLost { part });
    } else if split.is_some() {
        repairs.push(Repair::SplitFenceJoined { part });
    } else if blank == 0 {
        repairs.push(Repair::BlankLineMissing { part });
    }
    if !announced {
        repairs.push(Repair::ContentTypeMissing { part });
    }
    if is_flat(body) {
        repairs.push(Repair::IndentationLost { part });
    }
    if mended {
        repairs.push(Repair::JsonMended { part });
    }
    if names_types(&value) {
        repairs.push(Repair::TypeNamesAsValues { part });
    }
    Ok(Rest { headers, body: Some(value), repairs, next })
}

/// What may be a body in the line with this index, up to the end of its block of code.
fn body<'a>(from: usize, text: &'a str, lines: &[Line<'_>]) -> Option<&'a str> {
    let first = lines.get(from).filter(|line| line.role != Role::Fence)?;
    if !json::begins(first.text) {
        return None;
    }
    let end = match first.role {
        Role::Code => {
            let rest = lines.get(from..).unwrap_or_default();
            rest.iter().find(|line| line.role == Role::Fence).map_or(text.len(), |fence| fence.start)
        }
        _ => text.len(),
    };
    text.get(first.start..end).map(str::trim_start)
}

/// The index of the body in the block of code after the one that ends here, when nothing but words stands between them.
fn in_next_block(end: usize, text: &str, lines: &[Line<'_>]) -> Option<usize> {
    lines.get(end).filter(|line| line.role == Role::Fence)?;
    let between = lines.get(end + 1..)?.iter().take(FARTHEST_BLOCK);
    let open = between.take_while(|line| line.role != Role::Heading).position(|line| line.role == Role::Fence)?;
    let inside = end + 1 + open + 1;
    let blank = lines.get(inside..)?.iter().take_while(|line| line.is_blank() && line.role == Role::Code).count();
    Some(inside + blank).filter(|from| body(*from, text, lines).is_some())
}

/// Whether the message that begins here can have a body that it does not announce.
fn brings(start: usize, lines: &[Line<'_>]) -> bool {
    match lines.get(start).and_then(|line| start_line(line.text)) {
        Some(StartLine::Request { method, .. }) => !matches!(method, "GET" | "DELETE"),
        Some(StartLine::Status(status)) => status != StatusCode::NO_CONTENT,
        _ => false,
    }
}

/// Whether this is JSON with values, and no sample of a schema.
fn is_example(from: usize, text: &str, lines: &[Line<'_>]) -> bool {
    let read = body(from, text, lines).map(json::read);
    read.is_some_and(|read| read.is_ok_and(|body| !names_types(&body.value)))
}

/// Whether a value is the name of a type: a sample of a schema has no others.
fn names_types(body: &Value) -> bool {
    match body {
        Value::Object(members) => members.values().any(names_types),
        Value::Array(members) => members.iter().any(names_types),
        Value::String(text) => {
            let name = text.split(" (").next().unwrap_or_default();
            TYPES.iter().any(|known| known.eq_ignore_ascii_case(name))
        }
        _ => false,
    }
}

fn header(line: &str) -> Option<Header> {
    let (name, value) = line.split_once([':', '：'])?;
    let (name, value) = (name.trim(), value.trim());
    let known = name.contains('-') || PLAIN_HEADERS.iter().any(|plain| name.eq_ignore_ascii_case(plain));
    let valid = HeaderName::from_bytes(name.as_bytes()).is_ok() && HeaderValue::from_str(value).is_ok();
    (known && valid).then(|| Header { name: name.to_owned(), value: value.to_owned() })
}

fn field<'a>(headers: &'a [Header], name: &str) -> Option<&'a str> {
    let header = headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
    Some(&header.value)
}

fn content_length(part: Part, headers: &[Header], body: &str) -> Option<Repair> {
    let said = field(headers, "content-length")?.parse().ok()?;
    let has = u64::try_from(body.len()).ok()?;
    (said != has).then_some(Repair::ContentLengthWrong { part, said, has })
}

/// Whether JSON of more lines than its braces has no indentation.
fn is_flat(body: &str) -> bool {
    body.lines().nth(2).is_some() && !body.lines().any(|line| line.starts_with(char::is_whitespace))
}
