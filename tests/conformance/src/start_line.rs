//! The first line of HTTP messages: request lines and status lines.

use http::StatusCode;
use url::Url;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The hosts of Microsoft Graph in its clouds. Proxies of documentation pages rewrite host names.
const HOSTS: [&str; 4] =
    ["graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"];

/// The maximum length of a line that is split.
const MAX_JOINED_LENGTH: usize = 16 * 1024;
/// The headers at which a line is split if its line breaks were lost.
const JOINED_HEADERS: [&str; 3] = ["Content-Type:", "Content-Length:", "Authorization:"];

/// The first line of a message.
#[derive(Debug)]
pub(crate) enum StartLine<'a> {
    /// A request to Microsoft Graph.
    Request { method: &'a str, target: &'a str, url: Url },
    /// A request line with an absolute URL that is not a request to Microsoft Graph, or that has extra text.
    Damaged { method: &'a str, target: &'a str, reason: &'static str },
    /// A status line.
    Status(StatusCode),
}

/// Parses the first line of a message. Returns `None` for any other line.
pub(crate) fn start_line(line: &str) -> Option<StartLine<'_>> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    if is_protocol(first) {
        // Text can follow the code without a space. A digit cannot: the code would be a different one.
        let word = words.next()?;
        let (code, suffix) = word.split_at_checked(3)?;
        let status = StatusCode::from_bytes(code.as_bytes()).ok()?;
        return (!suffix.starts_with(|next: char| next.is_ascii_digit())).then_some(StartLine::Status(status));
    }
    let method = METHODS.into_iter().find(|method| *method == first)?;
    let target = words.next()?;
    // The scraper of repository pages joins the next table to the request line.
    let target = target.split('|').next()?;
    if !is_absolute(target) {
        return None;
    }
    let damaged = |reason| Some(StartLine::Damaged { method, target, reason });
    let Ok(url) = Url::parse(target) else {
        return damaged("invalid URL in the request line");
    };
    if url.scheme() != "https" || !url.host_str().is_some_and(|host| HOSTS.contains(&host)) {
        return damaged("not a host of Microsoft Graph");
    }
    match words.next() {
        Some(next) if !is_protocol(next) && !line.contains('|') => damaged("unexpected text in the request line"),
        _ => Some(StartLine::Request { method, target, url }),
    }
}

/// Returns `true` if the text begins with the start line of a message.
pub(crate) fn begins_message(text: &str) -> bool {
    let text = text.trim_start_matches([' ', '\t']);
    is_protocol(text)
        || METHODS.into_iter().any(|method| {
            text.strip_prefix(method)
                .and_then(|rest| rest.strip_prefix(' '))
                .is_some_and(|rest| is_absolute(rest.trim_start_matches(' ')))
        })
}

/// Splits a line that lost its line breaks into the first line of a message, its headers, its body and its response.
pub(crate) fn restore_line_breaks(line: &str) -> Vec<&str> {
    if !begins_message(line) || line.len() > MAX_JOINED_LENGTH {
        return vec![line];
    }
    let mut cuts: Vec<usize> =
        JOINED_HEADERS.iter().filter_map(|header| line.find(header)).filter(|cut| *cut > 0).collect();
    let response = line.match_indices(" HTTP/").map(|(index, _)| index + 1);
    cuts.extend(response.filter(|cut| line.get(*cut..).and_then(start_line).is_some()));
    let body = line.match_indices(" {").map(|(index, _)| index + 1);
    cuts.extend(
        body.take(1).filter(|cut| line.get(*cut + 1..).is_some_and(|rest| rest.trim_start().starts_with(['"', '}']))),
    );
    cuts.sort_unstable();
    let mut pieces = Vec::new();
    let mut from = 0;
    for cut in cuts.into_iter().chain([line.len()]) {
        pieces.extend(line.get(from..cut).map(str::trim).filter(|piece| !piece.is_empty()));
        from = cut;
    }
    pieces
}

fn is_protocol(text: &str) -> bool {
    text.starts_with("HTTP/")
}

fn is_absolute(target: &str) -> bool {
    target.starts_with("https://") || target.starts_with("http://")
}
