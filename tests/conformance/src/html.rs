//! Conversion of HTML, as a browser saves it, to Markdown.
//!
//! Tables, headings and blocks of code become those of Markdown, which the rest of the recorder reads. The converter
//! does not build a tree, so unclosed and deeply nested elements are not a problem.

mod cells;

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use crate::document::Metadata;
use cells::{Table, escaped};

/// The elements that a page, or a part of a page, can start with.
const START_ELEMENTS: [&str; 14] = [
    "!doctype", "article", "body", "div", "h1", "h2", "head", "header", "html", "main", "p", "pre", "section", "table",
];
/// The elements that start and end a line.
const BLOCKS: [&str; 27] = [
    "article",
    "aside",
    "blockquote",
    "br",
    "button",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "section",
    "ul",
    "title",
];
/// A fence that is longer than any fence in a page's code.
const FENCE: &str = "~~~~~~~~";

/// A page converted to Markdown.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) text: String,
    /// The line number in the file of each line.
    pub(crate) numbers: Vec<usize>,
    pub(crate) metadata: Metadata,
}

/// Returns `true` if the text is HTML, not other text that contains some HTML.
pub(crate) fn is_html(text: &str) -> bool {
    let mut rest = text.trim_start();
    while let Some((_, after)) = rest.strip_prefix("<!--").and_then(|rest| rest.split_once("-->")) {
        rest = after.trim_start();
    }
    let Some(tag) = rest.strip_prefix('<') else { return false };
    let name: String = tag.chars().take_while(|character| character.is_alphanumeric() || *character == '!').collect();
    START_ELEMENTS.contains(&name.to_ascii_lowercase().as_str())
}

/// Converts a page.
pub(crate) fn read(text: &str) -> Page {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(text));
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut writer = tokenizer.sink.0.into_inner();
    writer.end_table();
    writer.end_code();
    writer.end_line();
    writer.page
}

/// The sink of the tokenizer, which gets only a shared reference to it.
#[derive(Debug, Default)]
struct Sink(RefCell<Writer>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut writer = self.0.borrow_mut();
        let line = usize::try_from(line).unwrap_or(usize::MAX);
        match token {
            Token::TagToken(tag) => {
                let name = &*tag.name;
                match tag.kind {
                    TagKind::StartTag => writer.start_element(name, &tag, line),
                    TagKind::EndTag => writer.end_element(name),
                }
                if tag.kind == TagKind::StartTag {
                    return match name {
                        "script" => TokenSinkResult::RawData(ScriptData),
                        "style" => TokenSinkResult::RawData(Rawtext),
                        "textarea" => TokenSinkResult::RawData(Rcdata),
                        _ => TokenSinkResult::Continue,
                    };
                }
            }
            Token::CharacterTokens(text) => writer.characters(&text, line),
            Token::CommentToken(comment) => writer.comment(&comment),
            Token::DoctypeToken(_) | Token::NullCharacterToken | Token::EOFToken | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

#[derive(Debug, Default)]
struct Writer {
    page: Page,
    /// The line that is being written, and its number in the file.
    line: String,
    number: usize,
    /// Whether the current element's text is not part of the page, such as a script's.
    hidden: bool,
    code: Option<Code>,
    table: Option<Table>,
    /// The number of open tables within the table.
    nested: usize,
}

/// A block of code.
#[derive(Debug, Default)]
struct Code {
    language: String,
    text: String,
    number: usize,
}

impl Writer {
    fn start_element(&mut self, name: &str, tag: &Tag, line: usize) {
        match name {
            "html" => self.page.metadata.locale = self.page.metadata.locale.take().or_else(|| attribute(tag, "lang")),
            "link" if attribute(tag, "rel").as_deref() == Some("canonical") => {
                self.page.metadata.address = attribute(tag, "href");
            }
            "script" | "style" | "textarea" => self.hidden = true,
            "pre" if self.table.is_none() => {
                self.end_line();
                self.code = Some(Code { language: language(tag).unwrap_or_default(), number: 0, text: String::new() });
            }
            "code" => match &mut self.code {
                Some(code) => code.language = language(tag).unwrap_or_else(|| std::mem::take(&mut code.language)),
                None => self.write("`", line),
            },
            "table" if self.table.is_some() => self.nested += 1,
            "table" => {
                self.end_line();
                self.table = Some(Table::default());
            }
            "tr" | "td" | "th" if self.nested == 0 => self.cell(name, line),
            "img" => {
                if let (Some(table), Some(text)) = (&mut self.table, attribute(tag, "alt")) {
                    table.write(&escaped(&text));
                }
            }
            "br" => match &mut self.code {
                Some(code) => code.text.push('\n'),
                None => self.break_line(),
            },
            "li" => {
                self.break_line();
                self.write("- ", line);
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.break_line();
                let name = attribute(tag, "id").filter(|id| !id.contains('"')).unwrap_or_default();
                if self.table.is_none() && self.code.is_none() {
                    self.write(&format!("# <a name=\"{name}\"></a>"), line);
                }
            }
            _ if BLOCKS.contains(&name) => self.break_line(),
            _ => {}
        }
    }

    fn end_element(&mut self, name: &str) {
        match name {
            "script" | "style" | "textarea" => self.hidden = false,
            "pre" => self.end_code(),
            "code" if self.code.is_none() => self.write("`", 0),
            "table" if self.nested > 0 => self.nested -= 1,
            "table" => self.end_table(),
            "tr" | "td" | "th" | "br" | "li" => {}
            _ if BLOCKS.contains(&name) => self.break_line(),
            _ => {}
        }
    }

    fn characters(&mut self, text: &str, line: usize) {
        if self.hidden {
            return;
        }
        if let Some(code) = &mut self.code {
            if code.text.is_empty() {
                code.number = line.saturating_sub(text.matches('\n').count());
            }
            code.text.push_str(text);
            return;
        }
        let mut is_first = true;
        for word in text.split(|character: char| character.is_ascii_whitespace()) {
            if !is_first && !self.ends_with_space() {
                self.write(" ", line);
            }
            is_first = false;
            if !word.is_empty() {
                let escaped = self.table.as_ref().map(|_| escaped(word));
                self.write(escaped.as_deref().unwrap_or(word), line);
            }
        }
    }

    fn comment(&mut self, comment: &str) {
        if let Some((_, address)) = comment.split_once("saved from url=(").and_then(|(_, rest)| rest.split_once(')')) {
            self.page.metadata.address.get_or_insert_with(|| address.trim().to_owned());
        }
    }

    fn ends_with_space(&self) -> bool {
        match &self.table {
            Some(table) => table.ends_with_space(),
            None => self.line.is_empty() || self.line.ends_with(' '),
        }
    }

    fn write(&mut self, text: &str, line: usize) {
        match &mut self.table {
            Some(table) => table.write(text),
            None => {
                if self.line.is_empty() {
                    self.number = line;
                }
                self.line.push_str(text);
            }
        }
    }

    fn cell(&mut self, name: &str, line: usize) {
        if let Some(table) = &mut self.table {
            if name == "tr" { table.row(line) } else { table.cell(line) }
        }
    }

    fn break_line(&mut self) {
        match (&mut self.code, &mut self.table) {
            (Some(code), _) if code.text.is_empty() || code.text.ends_with('\n') => {}
            (Some(code), _) => code.text.push('\n'),
            (None, Some(table)) => table.write("<br/>"),
            (None, None) => self.end_line(),
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !line.trim().is_empty() {
            self.push(line.trim_end(), self.number);
        }
    }

    fn end_code(&mut self) {
        let Some(code) = self.code.take() else { return };
        self.push(&format!("{FENCE}{}", code.language), code.number);
        for (index, line) in code.text.trim_matches('\n').split('\n').enumerate() {
            self.push(line, code.number + index);
        }
        self.push(FENCE, code.number);
    }

    fn end_table(&mut self) {
        self.nested = 0;
        let Some(table) = self.table.take() else { return };
        self.push("", 0);
        for (number, row) in table.rows() {
            self.push(&row, number);
        }
        self.push("", 0);
    }

    fn push(&mut self, line: &str, number: usize) {
        if !self.page.numbers.is_empty() {
            self.page.text.push('\n');
        }
        self.page.text.push_str(line);
        let last = self.page.numbers.last().copied().unwrap_or(1);
        self.page.numbers.push(if number == 0 { last } else { number });
    }
}

fn attribute(tag: &Tag, name: &str) -> Option<String> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| attribute.value.to_string())
}

/// Returns the language in the class of a block of code.
fn language(tag: &Tag) -> Option<String> {
    let class = attribute(tag, "class")?;
    let mut names = class.split_ascii_whitespace();
    names.find_map(|name| name.strip_prefix("lang-").or_else(|| name.strip_prefix("language-"))).map(str::to_owned)
}
