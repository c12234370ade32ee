//! HTTP messages in the midst of other text.

use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;
use url::Url;

use crate::json;
use crate::lines::Line;
use crate::recording::{Header, Part, Repair};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The hosts of Microsoft Graph in its clouds. Proxies rewrite others; a request to those is none.
const HOSTS: [&str; 4] =
    ["graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"];

/// Header names without a hyphen that requests and responses have. One with a hyphen is never taken for prose.
const PLAIN_HEADERS: [&str; 7] = ["accept", "authorization", "consistencylevel", "date", "host", "location", "prefer"];

/// The line that begins a message.
#[derive(Debug)]
pub(crate) enum StartLine<'a> {
    /// A request to Microsoft Graph.
    Request { method: &'a str, target: &'a str, url: Url },
    /// An absolute request line that is not one to Microsoft Graph, or goes on with something else.
    Damaged { method: &'a str, target: &'a str, what: &'static str },
    /// A status line.
    Status(StatusCode),
}

/// Reads the line that begins a message, or nothing when it is any other line.
pub(crate) fn start_line(line: &str) -> Option<StartLine<'_>> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    if is_protocol(first) {
        let status = StatusCode::from_bytes(words.next()?.as_bytes()).ok()?;
        return Some(StartLine::Status(status));
    }
    let method = METHODS.into_iter().find(|method| *method == first)?;
    let target = words.next()?;
    // The scraper of repository pages glues the next table to the request line.
    let target = target.split('|').next()?;
    if !is_absolute(target) {
        return None;
    }
    let damaged = |what| Some(StartLine::Damaged { method, target, what });
    let Ok(url) = Url::parse(target) else {
        return damaged("the request's URL is no URL");
    };
    if url.scheme() != "https" || !url.host_str().is_some_and(|host| HOSTS.contains(&host)) {
        return damaged("the request is to a host that is not Microsoft Graph");
    }
    match words.next() {
        Some(next) if !is_protocol(next) && !line.contains('|') => {
            damaged("the request line goes on with something else")
        }
        _ => Some(StartLine::Request { method, target, url }),
    }
}

/// Whether the text begins with the start line of a message.
pub(crate) fn begins_message(text: &str) -> bool {
    let text = text.trim_start_matches([' ', '\t']);
    is_protocol(text)
        || METHODS.into_iter().any(|method| {
            text.strip_prefix(method)
                .and_then(|rest| rest.strip_prefix(' '))
                .is_some_and(|rest| is_absolute(rest.trim_start_matches(' ')))
        })
}

fn is_protocol(text: &str) -> bool {
    text.starts_with("HTTP/")
}

fn is_absolute(target: &str) -> bool {
    target.starts_with("https://") || target.starts_with("http://")
}

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
    let headers: Vec<Header> = after(start + 1).iter().map_while(|line| header(line.text)).collect();
    let end = start + 1 + headers.len();
    let blank = after(end).iter().take_while(|line| line.is_blank()).count();
    let from = end + blank;
    let body =
        lines.get(from).and_then(|line| text.get(line.start..)).filter(|text| json::begins(text)).map(str::trim_start);
    let Some(body) = body else {
        // Prose may follow a request without a body; an answer of JSON without any is cut.
        if part == Part::Response && value(&headers, "content-type").is_some() {
            return Err(Broken { what: "the response announces a body and has none".to_owned(), next: end });
        }
        let repairs = content_length(part, &headers, "").into_iter().collect();
        return Ok(Rest { headers, body: None, repairs, next: end });
    };
    let broken = |what: String| Broken { what, next: from + 1 };
    let body = json::balanced(body).map_err(|what| broken(what.to_owned()))?;
    let mut parsed: Value =
        serde_json::from_str(body).map_err(|error| broken(format!("the body is no JSON: {error}")))?;
    // Another crate may switch on insertion order for the whole build: a recording must not depend on it.
    parsed.sort_all_objects();

    let mut repairs: Vec<Repair> = content_length(part, &headers, body).into_iter().collect();
    if blank == 0 {
        repairs.push(Repair::BlankLineMissing { part });
    }
    if value(&headers, "content-type").is_none() {
        repairs.push(Repair::ContentTypeMissing { part });
    }
    if is_flat(body) {
        repairs.push(Repair::IndentationLost { part });
    }
    let next = from + body.matches('\n').count() + 1;
    Ok(Rest { headers, body: Some(parsed), repairs, next })
}

fn header(line: &str) -> Option<Header> {
    let (name, value) = line.trim().split_once(':')?;
    let value = value.trim();
    let known = name.contains('-') || PLAIN_HEADERS.iter().any(|plain| name.eq_ignore_ascii_case(plain));
    let valid = HeaderName::from_bytes(name.as_bytes()).is_ok() && HeaderValue::from_str(value).is_ok();
    (known && valid).then(|| Header { name: name.to_owned(), value: value.to_owned() })
}

fn value<'a>(headers: &'a [Header], name: &str) -> Option<&'a str> {
    let header = headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
    Some(&header.value)
}

fn content_length(part: Part, headers: &[Header], body: &str) -> Option<Repair> {
    let said = value(headers, "content-length")?.parse().ok()?;
    let has = u64::try_from(body.len()).ok()?;
    (said != has).then_some(Repair::ContentLengthWrong { part, said, has })
}

/// Whether JSON of more lines than its braces has no indentation.
fn is_flat(body: &str) -> bool {
    body.lines().nth(2).is_some() && !body.lines().any(|line| line.starts_with([' ', '\t']))
}
