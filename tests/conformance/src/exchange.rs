//! Exchanges: requests with their responses.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use http::StatusCode;
use serde_json::Value;
use url::Url;

use crate::diagnostic::{Notes, recorded_cell};
use crate::lines::Line;
use crate::message::{Rest, rest};
use crate::operation::Operations;
use crate::recording::{Exchange, Part, Place, Reader, Repair, Request, Response, Version};
use crate::start_line::{StartLine, start_line};

/// What only a sample in a language has.
const SNIPPETS: [(&str, &str); 11] = [
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
    /// The languages of the code samples that the page's markup names, by line number.
    samples: &'a BTreeMap<usize, String>,
    operations: &'a Operations,
    notes: &'a mut Notes,
    found: Vec<Exchange>,
    taken: Vec<bool>,
    pending: Option<Pending<'a>>,
    /// The index of the exchange that set a status message, by user and message.
    set: HashMap<(String, String), usize>,
}

/// A request that waits for its response.
#[derive(Debug)]
struct Pending<'a> {
    line: &'a Line<'a>,
    /// The index of its line.
    first: usize,
    /// `None` if the request is damaged: its response is skipped.
    asked: Option<Asked>,
    languages: BTreeSet<String>,
}

#[derive(Debug)]
struct Asked {
    request: Request,
    subject: Option<Subject>,
    repairs: Vec<Repair>,
}

/// The user whose presence a URL addresses.
#[derive(Debug)]
struct Subject {
    /// The id in lower case, or `me`.
    id: String,
    is_user: bool,
}

impl<'a> Exchanges<'a> {
    pub(crate) fn new(
        version: Option<Version>,
        text: &'a str,
        lines: &'a [Line<'a>],
        samples: &'a BTreeMap<usize, String>,
        operations: &'a Operations,
        notes: &'a mut Notes,
    ) -> Self {
        let taken = vec![false; lines.len()];
        let (found, pending, set) = (Vec::new(), None, HashMap::new());
        Self { version, text, lines, samples, operations, notes, found, taken, pending, set }
    }

    /// The exchanges, and for each line whether one of them took it.
    pub(crate) fn read(mut self) -> (Vec<Exchange>, Vec<bool>) {
        let mut index = 0;
        while let Some(line) = self.lines.get(index) {
            index = match start_line(line.text) {
                None => {
                    if let Some(pending) = &mut self.pending {
                        pending.languages.extend(language(line.text).map(str::to_owned));
                        pending.languages.extend(self.samples.get(&line.number).cloned());
                    }
                    index + 1
                }
                Some(StartLine::Damaged { method, target, what }) => {
                    self.unknown(line, method, target, what);
                    self.ask(line, index, None);
                    index + 1
                }
                Some(StartLine::Request { method, target, url }) => self.request(line, index, method, target, &url),
                Some(StartLine::Status(status)) => self.response(line, index, status),
            };
        }
        self.end_pending();
        (self.found, self.taken)
    }

    fn request(&mut self, line: &'a Line<'a>, first: usize, method: &str, target: &str, url: &Url) -> usize {
        let rest = match rest(Part::Request, first, self.text, self.lines) {
            Ok(rest) => rest,
            Err(broken) => {
                self.unknown(line, method, target, &broken.what);
                self.ask(line, first, None);
                return broken.next;
            }
        };
        let Rest { headers, body, repairs, next } = rest;
        if method == "GET" && body.is_some() {
            self.unknown(line, method, target, "a GET with a body: its response's status line may be lost");
            self.ask(line, first, None);
            return next;
        }
        let announced = headers.iter().any(|header| header.name.eq_ignore_ascii_case("content-type"));
        if method != "GET" && announced && body.is_none() {
            self.unknown(line, method, target, "the request announces a body and has none");
            self.ask(line, first, None);
            return next;
        }
        let Some((version, path)) = addressed(url) else {
            self.unknown(line, method, target, "the URL names no version of Microsoft Graph");
            self.ask(line, first, None);
            return next;
        };
        let operation = self.operations.find(method, path).map(str::to_owned);
        if operation.is_none() {
            self.unknown(line, method, target, "no operation of the OpenAPI document fits the request");
        }
        let (method, url, subject) = (method.to_owned(), target.to_owned(), subject(path));
        let request = Request { method, url, version, operation, headers, body };
        // A request with a placeholder is a template, unless a response follows.
        if !is_template(target) {
            self.take(first, next);
        }
        self.ask(line, first, Some(Asked { request, subject, repairs }));
        next
    }

    fn response(&mut self, line: &'a Line<'a>, first: usize, status: StatusCode) -> usize {
        let rest = rest(Part::Response, first, self.text, self.lines);
        let next = rest.as_ref().map_or_else(|broken| broken.next, |rest| rest.next);
        self.take(first, next);
        let Some(pending) = self.pending.take() else {
            self.notes.unknown(
                Place::Exchange,
                line.number,
                &[&recorded_cell(line.text)],
                "a response without a request",
            );
            return next;
        };
        let Some(asked) = pending.asked else { return next };
        match rest {
            Ok(rest) => {
                self.take(pending.first, next);
                self.exchange(pending.line, asked, pending.languages, status, rest);
            }
            Err(broken) => self.unknown(line, &asked.request.method, &asked.request.url, &broken.what),
        }
        next
    }

    fn exchange(&mut self, line: &Line<'_>, asked: Asked, languages: BTreeSet<String>, status: StatusCode, rest: Rest) {
        let Asked { request, subject, mut repairs } = asked;
        if let Some(page) = self.version.filter(|page| *page != request.version) {
            repairs.push(Repair::VersionDiffers { page, url: request.version });
        }
        if !languages.is_empty() {
            repairs.push(Repair::SnippetsSkipped { languages: languages.into_iter().collect() });
        }
        repairs.extend(rest.repairs);
        repairs.sort();
        let operation = request.operation.as_deref().unwrap_or("no known operation");
        self.notes.read(
            line.number,
            line.text,
            format!("exchange {}: {operation}, status {status}", self.found.len() + 1),
        );
        for repair in &repairs {
            self.notes.repaired(line.number, line.text, repair);
        }
        let response = Response { status: status.as_u16(), headers: rest.headers, body: rest.body };
        let key = |body: Option<&Value>| Some((subject.as_ref()?.id.clone(), message(body?)?));
        let depends_on = key(response.body.as_ref()).and_then(|key| self.set.get(&key).copied());
        if let Some(key) = key(request.body.as_ref()) {
            self.set.insert(key, self.found.len());
        }
        let reader = reader(&request, subject.as_ref(), &response);
        self.found.push(Exchange { request, response, repairs, reader, depends_on });
    }

    /// Lets a request wait for its response.
    fn ask(&mut self, line: &'a Line<'a>, first: usize, asked: Option<Asked>) {
        self.end_pending();
        self.pending = Some(Pending { line, first, asked, languages: BTreeSet::new() });
    }

    fn end_pending(&mut self) {
        if let Some(Pending { line, asked: Some(Asked { request, .. }), .. }) = self.pending.take()
            && !is_template(&request.url)
        {
            self.unknown(line, &request.method, &request.url, "a request without a response");
        }
    }

    fn unknown(&mut self, line: &Line<'_>, method: &str, url: &str, what: &str) {
        self.notes.unknown(Place::Exchange, line.number, &[&format!("{method} {url}")], what);
    }

    fn take(&mut self, from: usize, to: usize) {
        self.taken.get_mut(from..to).unwrap_or_default().fill(true);
    }
}

fn language(line: &str) -> Option<&'static str> {
    SNIPPETS.iter().find(|(mark, _)| line.contains(mark)).map(|(_, language)| *language)
}

/// Whether a URL has a placeholder in it.
fn is_template(url: &str) -> bool {
    url.contains('{')
}

/// The version and the path that a URL addresses.
fn addressed(url: &Url) -> Option<(Version, &str)> {
    let version = url.path().split('/').nth(1)?;
    let path = url.path().get(version.len() + 1..)?;
    Some((Version::named(version)?, path))
}

fn subject(path: &str) -> Option<Subject> {
    let mut segments = path.split('/').skip(1);
    let (id, is_user) = match (segments.next()?, segments.next()?) {
        ("me", _) => ("me", false),
        ("users", id) => (id, true),
        ("communications", "presences") => (segments.next()?, false),
        _ => return None,
    };
    Some(Subject { id: id.to_ascii_lowercase(), is_user })
}

/// The status message that a body sets or shows.
fn message(body: &Value) -> Option<String> {
    Some(body.get("statusMessage")?.get("message")?.to_string())
}

/// Only the user whose presence it is can read when a status message was published.
fn reader(request: &Request, subject: Option<&Subject>, response: &Response) -> Option<Reader> {
    let status = response.body.as_ref()?.get("statusMessage")?.as_object()?;
    let other = request.method == "GET" && subject?.is_user && !status.contains_key("publishedDateTime");
    other.then_some(Reader::Other)
}
