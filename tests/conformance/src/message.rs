//! HTTP messages within other text.

use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use crate::json::{self, Body};
use crate::lines::{Line, Role};
use crate::recording::{Header, MessageKind, Repair};
use crate::start_line::{StartLine, start_line};

/// Header names without a hyphen. A name with a hyphen is always read as a header, because prose does not start with
/// one.
const HEADERS_WITHOUT_HYPHEN: [&str; 21] = [
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

/// The names of types that samples of schemas have in place of values.
const TYPE_NAMES: [&str; 7] = ["boolean", "datetimeoffset", "edm.string", "int32", "int64", "integer", "string"];
/// The maximum number of lines between the headers and a body in the next block of code.
const MAX_BLOCK_DISTANCE: usize = 20;

/// The content of a message after its start line.
#[derive(Debug)]
pub(crate) struct MessageContent {
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Option<Value>,
    pub(crate) repairs: Vec<Repair>,
    /// The index of the line after the message.
    pub(crate) next: usize,
}

/// The error of a message that cannot be read.
#[derive(Debug)]
pub(crate) struct MessageError {
    pub(crate) reason: String,
    /// The index of the line at which to continue.
    pub(crate) next: usize,
}

/// Reads the headers and the body after the start line with this index.
pub(crate) fn read_content(
    message: MessageKind,
    start: usize,
    text: &str,
    lines: &[Line<'_>],
) -> Result<MessageContent, MessageError> {
    let after = |index: usize| lines.get(index..).unwrap_or_default();
    let blanks =
        |index: usize| after(index).iter().take_while(|line| line.is_blank() && line.role != Role::Fence).count();
    let first = start + 1 + blanks(start + 1);
    let headers: Vec<Header> = after(first).iter().map_while(|line| header(line.text)).collect();
    let end = if headers.is_empty() { start + 1 } else { first + headers.len() };
    let blank = blanks(end);
    let has_content_type = header_value(&headers, "content-type").is_some();
    let adjacent = Some(end + blank).filter(|from| possible_body(*from, text, lines).is_some());
    let in_next_block = body_in_next_block(end + blank, text, lines).filter(|from| {
        adjacent.is_none() && (has_content_type || can_have_body(start, lines) && is_example(*from, text, lines))
    });
    let Some(from) = adjacent.or(in_next_block) else {
        // Prose can follow a request without a body. A response with a Content-Type but no body is cut off.
        if message == MessageKind::Response && has_content_type {
            let reason = "the response has a Content-Type but no body".to_owned();
            return Err(MessageError { reason, next: end });
        }
        let repairs = content_length(message, &headers, "").into_iter().collect();
        return Ok(MessageContent { headers, body: None, repairs, next: end });
    };
    let error = |reason: String| MessageError { reason, next: from + 1 };
    let Body { mut value, text: body, repaired } =
        json::read(possible_body(from, text, lines).unwrap_or_default()).map_err(error)?;
    // Another crate can enable insertion order for the whole build. A recording must not depend on it.
    value.sort_all_objects();

    let mut repairs: Vec<Repair> = content_length(message, &headers, body).into_iter().collect();
    let next = from + body.matches('\n').count() + 1;
    if after(start).iter().take(from + 1 - start).any(|line| line.joined) {
        repairs.push(Repair::LineBreaksLost { message });
    } else if in_next_block.is_some() {
        repairs.push(Repair::SplitFenceJoined { message });
    } else if blank == 0 {
        repairs.push(Repair::BlankLineMissing { message });
    }
    if !has_content_type {
        repairs.push(Repair::ContentTypeMissing { message });
    }
    if lost_indentation(body) {
        repairs.push(Repair::IndentationLost { message });
    }
    if repaired {
        repairs.push(Repair::JsonRepaired { message });
    }
    if contains_type_names(&value) {
        repairs.push(Repair::TypeNamesAsValues { message });
    }
    Ok(MessageContent { headers, body: Some(value), repairs, next })
}

/// Returns the text from the line with this index to the end of its block of code, if a body can start there.
fn possible_body<'a>(from: usize, text: &'a str, lines: &[Line<'_>]) -> Option<&'a str> {
    let first = lines.get(from).filter(|line| line.role != Role::Fence)?;
    if !json::starts_body(first.text) {
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

/// Returns the index of the body in the next block of code, if this line ends a block and only text is in between.
fn body_in_next_block(end: usize, text: &str, lines: &[Line<'_>]) -> Option<usize> {
    lines.get(end).filter(|line| line.role == Role::Fence)?;
    let between = lines.get(end + 1..)?.iter().take(MAX_BLOCK_DISTANCE);
    let open = between.take_while(|line| line.role != Role::Heading).position(|line| line.role == Role::Fence)?;
    let inside = end + 1 + open + 1;
    let blank = lines.get(inside..)?.iter().take_while(|line| line.is_blank() && line.role == Role::Code).count();
    Some(inside + blank).filter(|from| possible_body(*from, text, lines).is_some())
}

/// Returns `true` if the message that starts at this line can have a body without a Content-Type.
fn can_have_body(start: usize, lines: &[Line<'_>]) -> bool {
    match lines.get(start).and_then(|line| start_line(line.text)) {
        Some(StartLine::Request { method, .. }) => !matches!(method, "GET" | "DELETE"),
        Some(StartLine::Status(status)) => status != StatusCode::NO_CONTENT,
        _ => false,
    }
}

/// Returns `true` if the text at this line is JSON with values, and not a sample of a schema.
fn is_example(from: usize, text: &str, lines: &[Line<'_>]) -> bool {
    let read = possible_body(from, text, lines).map(json::read);
    read.is_some_and(|read| read.is_ok_and(|body| !contains_type_names(&body.value)))
}

/// Returns `true` if any value is the name of a type, which only samples of schemas contain.
fn contains_type_names(body: &Value) -> bool {
    match body {
        Value::Object(members) => members.values().any(contains_type_names),
        Value::Array(members) => members.iter().any(contains_type_names),
        Value::String(text) => {
            let name = text.split(" (").next().unwrap_or_default();
            TYPE_NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
        }
        _ => false,
    }
}

fn header(line: &str) -> Option<Header> {
    let (name, value) = line.split_once([':', '：'])?;
    let (name, value) = (name.trim(), value.trim());
    let known = name.contains('-') || HEADERS_WITHOUT_HYPHEN.iter().any(|plain| name.eq_ignore_ascii_case(plain));
    let valid = HeaderName::from_bytes(name.as_bytes()).is_ok() && HeaderValue::from_str(value).is_ok();
    (known && valid).then(|| Header { name: name.to_owned(), value: value.to_owned() })
}

fn header_value<'a>(headers: &'a [Header], name: &str) -> Option<&'a str> {
    let header = headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
    Some(&header.value)
}

fn content_length(message: MessageKind, headers: &[Header], body: &str) -> Option<Repair> {
    let declared: u64 = header_value(headers, "content-length")?.parse().ok()?;
    let actual = u64::try_from(body.len()).ok()?;
    (declared != actual).then_some(Repair::ContentLengthWrong { message, declared, actual })
}

/// Returns `true` if JSON with more than two lines is not indented.
fn lost_indentation(body: &str) -> bool {
    body.lines().nth(2).is_some() && !body.lines().any(|line| line.starts_with(char::is_whitespace))
}
