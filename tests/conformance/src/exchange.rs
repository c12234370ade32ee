//! HTTP exchanges: requests with their responses.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use http::StatusCode;
use serde_json::Value;
use url::Url;

use crate::diagnostic::{Diagnostics, shortened_cell};
use crate::lines::Line;
use crate::message::{MessageContent, read_content};
use crate::operation::Operations;
use crate::recording::{Caller, Exchange, MessageKind, PageElement, Repair, Request, Response, Version};
use crate::start_line::{StartLine, start_line};

/// Text that identifies a code sample, and the language of the sample.
const SNIPPET_MARKERS: [(&str, &str); 11] = [
    ("using Microsoft.Graph", "csharp"),
    ("await graphClient.", "csharp"),
    ("msgraphsdk \"", "go"),
    ("GraphServiceClient graphClient = new", "java"),
    ("Client.init(", "javascript"),
    ("[MSClientFactory", "objc"),
    ("<?php", "php"),
    ("use Microsoft\\Graph\\", "php"),
    ("Import-Module Microsoft.Graph", "powershell"),
    ("from msgraph import", "python"),
    ("mgc ", "cli"),
];

/// Reads the exchanges of a page.
#[derive(Debug)]
pub(crate) struct Exchanges<'a> {
    version: Option<Version>,
    text: &'a str,
    lines: &'a [Line<'a>],
    /// The languages of code samples, by the line number at which the markup names them.
    samples: &'a BTreeMap<usize, String>,
    operations: &'a Operations,
    diagnostics: &'a mut Diagnostics,
    exchanges: Vec<Exchange>,
    /// For each line, whether it is part of an exchange.
    consumed: Vec<bool>,
    pending: Option<PendingRequest<'a>>,
    /// The index of the exchange that set a status message, by user and message.
    status_messages: HashMap<(String, String), usize>,
}

/// A request without a response so far.
#[derive(Debug)]
struct PendingRequest<'a> {
    line: &'a Line<'a>,
    /// The index of its first line.
    first: usize,
    /// `None` if the request is damaged: its response is skipped.
    request: Option<ParsedRequest>,
    languages: BTreeSet<String>,
}

#[derive(Debug)]
struct ParsedRequest {
    request: Request,
    user: Option<TargetUser>,
    repairs: Vec<Repair>,
}

/// The user whose presence a URL addresses.
#[derive(Debug)]
struct TargetUser {
    /// The id in lower case, or `me`.
    id: String,
    /// Whether the path starts with `/users`.
    in_users_path: bool,
}

impl<'a> Exchanges<'a> {
    pub(crate) fn new(
        version: Option<Version>,
        text: &'a str,
        lines: &'a [Line<'a>],
        samples: &'a BTreeMap<usize, String>,
        operations: &'a Operations,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        let consumed = vec![false; lines.len()];
        let (exchanges, pending, status_messages) = (Vec::new(), None, HashMap::new());
        Self { version, text, lines, samples, operations, diagnostics, exchanges, consumed, pending, status_messages }
    }

    /// Returns the exchanges, and for each line whether it is part of one.
    pub(crate) fn read(mut self) -> (Vec<Exchange>, Vec<bool>) {
        let mut index = 0;
        while let Some(line) = self.lines.get(index) {
            index = match start_line(line.text) {
                None => {
                    if let Some(pending) = &mut self.pending {
                        pending.languages.extend(sample_language(line.text).map(str::to_owned));
                        pending.languages.extend(self.samples.get(&line.number).cloned());
                    }
                    index + 1
                }
                Some(StartLine::Damaged { method, target, reason }) => {
                    self.reject_request(line, index, method, target, reason);
                    index + 1
                }
                Some(StartLine::Request { method, target, url }) => {
                    self.read_request(line, index, method, target, &url)
                }
                Some(StartLine::Status(status)) => self.read_response(line, index, status),
            };
        }
        self.end_pending();
        (self.exchanges, self.consumed)
    }

    /// Reads a request and returns the index of the line after it.
    fn read_request(&mut self, line: &'a Line<'a>, first: usize, method: &str, target: &str, url: &Url) -> usize {
        let content = match read_content(MessageKind::Request, first, self.text, self.lines) {
            Ok(content) => content,
            Err(error) => {
                self.reject_request(line, first, method, target, &error.reason);
                return error.next;
            }
        };
        let MessageContent { headers, body, repairs, next } = content;
        if method == "GET" && body.is_some() {
            let reason = "a GET request has a body: the status line of its response may be missing";
            self.reject_request(line, first, method, target, reason);
            return next;
        }
        let has_content_type = headers.iter().any(|header| header.name.eq_ignore_ascii_case("content-type"));
        if method != "GET" && has_content_type && body.is_none() {
            self.reject_request(line, first, method, target, "the request has a Content-Type but no body");
            return next;
        }
        let Some((version, path)) = split_version(url) else {
            self.reject_request(line, first, method, target, "the URL does not contain a version of Microsoft Graph");
            return next;
        };
        let operation = self.operations.find(method, path).map(str::to_owned);
        if operation.is_none() {
            self.report_unknown(line, method, target, "no operation of the OpenAPI document matches the request");
        }
        let (method, url, user) = (method.to_owned(), target.to_owned(), target_user(path));
        let request = Request { method, url, version, operation, headers, body };
        // A request with a placeholder is a template, unless a response follows.
        if !is_template(target) {
            self.consume(first, next);
        }
        self.set_pending(line, first, Some(ParsedRequest { request, user, repairs }));
        next
    }

    /// Reads a response and returns the index of the line after it.
    fn read_response(&mut self, line: &'a Line<'a>, first: usize, status: StatusCode) -> usize {
        let content = read_content(MessageKind::Response, first, self.text, self.lines);
        let next = content.as_ref().map_or_else(|error| error.next, |content| content.next);
        self.consume(first, next);
        let Some(pending) = self.pending.take() else {
            self.diagnostics.report_unknown(
                PageElement::Exchange,
                line.number,
                &[&shortened_cell(line.text)],
                "request missing for the response",
            );
            return next;
        };
        let Some(parsed) = pending.request else { return next };
        match content {
            Ok(content) => {
                self.consume(pending.first, next);
                self.add_exchange(pending.line, parsed, pending.languages, status, content);
            }
            Err(error) => self.report_unknown(line, &parsed.request.method, &parsed.request.url, &error.reason),
        }
        next
    }

    fn add_exchange(
        &mut self,
        line: &Line<'_>,
        parsed: ParsedRequest,
        languages: BTreeSet<String>,
        status: StatusCode,
        content: MessageContent,
    ) {
        let ParsedRequest { request, user, mut repairs } = parsed;
        if let Some(page) = self.version.filter(|page| *page != request.version) {
            repairs.push(Repair::VersionDiffers { page, url: request.version });
        }
        if !languages.is_empty() {
            repairs.push(Repair::SnippetsSkipped { languages: languages.into_iter().collect() });
        }
        repairs.extend(content.repairs);
        repairs.sort();
        let operation = request.operation.as_deref().unwrap_or("unknown operation");
        self.diagnostics.report_read(
            line.number,
            line.text,
            format!("exchange {}: {operation}, status {status}", self.exchanges.len() + 1),
        );
        for repair in &repairs {
            self.diagnostics.report_repair(line.number, line.text, repair);
        }
        let response = Response { status: status.as_u16(), headers: content.headers, body: content.body };
        let key = |body: Option<&Value>| Some((user.as_ref()?.id.clone(), status_message(body?)?));
        let depends_on = key(response.body.as_ref()).and_then(|key| self.status_messages.get(&key).copied());
        if let Some(key) = key(request.body.as_ref()) {
            self.status_messages.insert(key, self.exchanges.len());
        }
        let caller = caller(&request, user.as_ref(), &response);
        self.exchanges.push(Exchange { request, response, repairs, caller, depends_on });
    }

    /// Reports a damaged request, and skips its response.
    fn reject_request(&mut self, line: &'a Line<'a>, first: usize, method: &str, target: &str, reason: &str) {
        self.report_unknown(line, method, target, reason);
        self.set_pending(line, first, None);
    }

    fn set_pending(&mut self, line: &'a Line<'a>, first: usize, request: Option<ParsedRequest>) {
        self.end_pending();
        self.pending = Some(PendingRequest { line, first, request, languages: BTreeSet::new() });
    }

    /// Reports the pending request as one without a response, unless it is a template.
    fn end_pending(&mut self) {
        if let Some(PendingRequest { line, request: Some(ParsedRequest { request, .. }), .. }) = self.pending.take()
            && !is_template(&request.url)
        {
            self.report_unknown(line, &request.method, &request.url, "response missing for the request");
        }
    }

    fn report_unknown(&mut self, line: &Line<'_>, method: &str, url: &str, reason: &str) {
        self.diagnostics.report_unknown(PageElement::Exchange, line.number, &[&format!("{method} {url}")], reason);
    }

    fn consume(&mut self, from: usize, to: usize) {
        self.consumed.get_mut(from..to).unwrap_or_default().fill(true);
    }
}

/// Returns the language of the code sample that the line is from.
fn sample_language(line: &str) -> Option<&'static str> {
    SNIPPET_MARKERS.iter().find(|(marker, _)| line.contains(marker)).map(|(_, language)| *language)
}

/// Returns `true` if a URL contains a placeholder.
fn is_template(url: &str) -> bool {
    url.contains('{')
}

/// Splits the path of a URL into the version and the path within it.
fn split_version(url: &Url) -> Option<(Version, &str)> {
    let version = url.path().split('/').nth(1)?;
    let path = url.path().get(version.len() + 1..)?;
    Some((Version::from_name(version)?, path))
}

fn target_user(path: &str) -> Option<TargetUser> {
    let mut segments = path.split('/').skip(1);
    let (id, in_users_path) = match (segments.next()?, segments.next()?) {
        ("me", _) => ("me", false),
        ("users", id) => (id, true),
        ("communications", "presences") => (segments.next()?, false),
        _ => return None,
    };
    Some(TargetUser { id: id.to_ascii_lowercase(), in_users_path })
}

/// Returns the status message in a body.
fn status_message(body: &Value) -> Option<String> {
    Some(body.get("statusMessage")?.get("message")?.to_string())
}

/// Returns the caller of a request, if the response shows it.
///
/// Only the owner of a presence can read the publication time of its status message.
fn caller(request: &Request, user: Option<&TargetUser>, response: &Response) -> Option<Caller> {
    let status = response.body.as_ref()?.get("statusMessage")?.as_object()?;
    let other = request.method == "GET" && user?.in_users_path && !status.contains_key("publishedDateTime");
    other.then_some(Caller::OtherUser)
}
