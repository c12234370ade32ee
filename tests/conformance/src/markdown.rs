//! Parsing of Markdown, as documentation repositories have it.
//!
//! Plain text is read in the same way: it contains little of this markup, and remains almost unchanged.

use crate::document::{Document, Include, LineInfo, Metadata};
use crate::lines::{Role, remove_invisible_characters};

/// The maximum number of lines of front matter.
const MAX_FRONT_MATTER_LINES: usize = 80;
/// The minimum number of lines of a page whose blank lines are ignored. In a short page they can be intended.
const MIN_SPACED_LINES: usize = 20;
/// In a page whose blank lines are ignored, fewer than one in this number of lines directly follows another line.
const MIN_LINES_PER_ADJACENT: usize = 8;
/// The info strings of fences whose blocks are code samples, not HTTP, and the names of their languages.
const LANGUAGES: [(&str, &str); 22] = [
    ("bash", "cli"),
    ("c#", "csharp"),
    ("cli", "cli"),
    ("cs", "csharp"),
    ("csharp", "csharp"),
    ("go", "go"),
    ("golang", "go"),
    ("java", "java"),
    ("javascript", "javascript"),
    ("js", "javascript"),
    ("objc", "objc"),
    ("objective-c", "objc"),
    ("objectivec", "objc"),
    ("php", "php"),
    ("powershell", "powershell"),
    ("ps", "powershell"),
    ("py", "python"),
    ("python", "python"),
    ("ruby", "ruby"),
    ("swift", "swift"),
    ("ts", "typescript"),
    ("typescript", "typescript"),
];

/// Parses a page. `numbers` are the line numbers in the file; if empty, the lines are numbered from 1.
pub(crate) fn read(text: &str, numbers: &[usize]) -> Document {
    let (text, bilingual) = original_text(&remove_invisible_characters(text));
    let mut parser = Parser::default();
    parser.document.bilingual = bilingual;
    let lines: Vec<&str> = text.split('\n').collect();
    let front = front_matter(&lines, &mut parser.document.metadata);
    let spaced = has_alternating_blank_lines(&lines);
    for (index, line) in lines.iter().enumerate() {
        if spaced && line.trim().is_empty() {
            continue;
        }
        let number = numbers.get(index).copied().unwrap_or(index + 1);
        if index < front { parser.push(number, "", Role::Text) } else { parser.line(number, line) }
    }
    parser.document
}

/// Returns `true` if almost all lines have a blank line between them, which then does not separate paragraphs.
fn has_alternating_blank_lines(lines: &[&str]) -> bool {
    let is_blank = |line: &&&str| line.trim().is_empty();
    let non_blank = lines.iter().filter(|line| !is_blank(line)).count();
    let adjacent = lines.windows(2).filter(|pair| !pair.iter().any(|line| is_blank(&line))).count();
    non_blank >= MIN_SPACED_LINES && adjacent * MIN_LINES_PER_ADJACENT < non_blank
}

#[derive(Debug, Default)]
struct Parser {
    document: Document,
    block: Block,
    /// The language of the open tab, if it is not HTTP.
    tab: Option<String>,
}

/// The block that a line is in.
#[derive(Debug, Default)]
enum Block {
    #[default]
    Text,
    Comment,
    Fence {
        mark: char,
        length: usize,
        skipped: bool,
    },
}

impl Parser {
    fn push(&mut self, number: usize, text: &str, role: Role) {
        self.document.push(text, &LineInfo { number, role, ..LineInfo::default() });
    }

    fn line(&mut self, number: usize, line: &str) {
        match &self.block {
            Block::Comment => self.comment(number, line),
            Block::Fence { mark, length, skipped } => {
                let (mark, length, skipped) = (*mark, *length, *skipped);
                match fence(line) {
                    Some((other, other_length, "")) if other == mark && other_length >= length => {
                        self.block = Block::Text;
                        self.push(number, "", Role::Fence);
                    }
                    // A fence with an info string within a block: the block's closing fence is missing.
                    Some((other, other_length, info)) if other == mark && other_length >= length => {
                        self.open_fence(number, mark, other_length, info);
                    }
                    _ if skipped => self.push(number, "", Role::Text),
                    _ => self.push(number, line, Role::Code),
                }
            }
            Block::Text => match fence(line) {
                Some((mark, length, info)) => self.open_fence(number, mark, length, info),
                None => self.text(number, line),
            },
        }
    }

    fn open_fence(&mut self, number: usize, mark: char, length: usize, info: &str) {
        let info = info.to_ascii_lowercase();
        let language = LANGUAGES.iter().find(|(name, _)| *name == info).map(|(_, language)| (*language).to_owned());
        let sample = language.or_else(|| self.tab.clone().filter(|_| !is_http(&info)));
        let skipped = sample.is_some();
        self.document.samples.extend(sample.map(|language| (number, language)));
        self.block = Block::Fence { mark, length, skipped };
        self.push(number, "", Role::Fence);
    }

    fn text(&mut self, number: usize, line: &str) {
        let line = unquoted(line);
        if let Some((before, _)) = line.split_once("<!--") {
            let before = before.trim_end();
            self.block = Block::Comment;
            let rest = line.get(before.len()..).unwrap_or_default();
            if rest.contains("-->") {
                self.block = Block::Text;
                let after = rest.split_once("-->").map_or("", |(_, after)| after);
                return self.plain(number, &format!("{before}{after}"));
            }
            return self.plain(number, before);
        }
        self.plain(number, line);
    }

    fn comment(&mut self, number: usize, line: &str) {
        // The blocks after the tabs have such comments too, so the tabs have ended.
        if line.contains("\"blockType\"") {
            self.tab = None;
        }
        match line.split_once("-->") {
            Some((_, after)) => {
                self.block = Block::Text;
                self.plain(number, after);
            }
            None => self.push(number, "", Role::Text),
        }
    }

    fn plain(&mut self, number: usize, line: &str) {
        if let Some(tab) = tab(line) {
            self.tab = (!is_http(tab)).then(|| tab.to_owned());
            return self.push(number, "", Role::Heading);
        }
        if line.trim() == "---" {
            self.tab = None;
            return self.push(number, "", Role::Text);
        }
        if let Some(include) = include(number, line) {
            self.document.includes.push(include);
            return self.push(number, "", Role::Text);
        }
        let Some((slug, title)) = heading(line) else { return self.push(number, line, Role::Text) };
        self.tab = None;
        self.document.push(&title, &LineInfo { number, role: Role::Heading, slug, ..LineInfo::default() });
    }
}

fn is_http(language: &str) -> bool {
    language.starts_with("http") || language.starts_with("msgraph")
}

/// Returns the character of a fence, its length, and its info string.
fn fence(line: &str) -> Option<(char, usize, &str)> {
    let line = line.trim();
    let mark = line.chars().next().filter(|first| matches!(first, '`' | '~'))?;
    let info = line.trim_start_matches(mark);
    let length = line.len() - info.len();
    (length >= 3 && !info.contains('`')).then(|| (mark, length, info.trim()))
}

/// Removes the markers of a block quote.
fn unquoted(line: &str) -> &str {
    let trimmed = line.trim_start();
    if trimmed.starts_with('>') { trimmed.trim_start_matches(['>', ' ']) } else { line }
}

/// Returns the language of a tab: `# [C#](#tab/csharp)`.
fn tab(line: &str) -> Option<&str> {
    let (_, target) = line.trim().strip_prefix('#')?.split_once("](#tab/")?;
    target.split([')', '/']).next()
}

fn include(line: usize, text: &str) -> Option<Include> {
    let (_, rest) = text.split_once("[!").or_else(|| text.split_once("[！"))?;
    let rest = rest.trim_start();
    let rest = rest.get("INCLUDE".len()..).filter(|_| rest.to_ascii_uppercase().starts_with("INCLUDE"))?;
    let (name, rest) = rest.trim_start().strip_prefix('[')?.split_once(']')?;
    let (path, _) = rest.trim_start().strip_prefix('(')?.split_once(')')?;
    Some(Include { line, name: name.to_owned(), path: path.to_owned() })
}

/// Returns the anchor and the title of a heading.
fn heading(line: &str) -> Option<(Option<String>, String)> {
    let title = line.strip_prefix('#')?.trim_start_matches('#').strip_prefix(' ')?.trim();
    let anchor = title.strip_prefix("<a name=\"").and_then(|rest| rest.split_once("\"></a>"));
    Some(match anchor {
        Some((name, title)) => (Some(name.to_owned()), title.trim().to_owned()),
        None => (None, title.to_owned()),
    })
}

/// Reads the locale from the front matter. Returns the number of lines of the front matter.
fn front_matter(lines: &[&str], metadata: &mut Metadata) -> usize {
    let begin = lines.iter().take_while(|line| line.trim().is_empty()).count();
    if lines.get(begin).is_none_or(|line| line.trim() != "---") {
        return 0;
    }
    let inside = lines.get(begin + 1..).unwrap_or_default();
    let Some(length) = inside.iter().take(MAX_FRONT_MATTER_LINES).position(|line| line.trim() == "---") else {
        return 0;
    };
    for line in inside.iter().take(length) {
        if let Some(locale) = line.strip_prefix("ms.contentlocale:") {
            metadata.locale = Some(locale.trim().trim_matches(['"', '\'']).to_owned());
        }
    }
    begin + length + 2
}

/// Returns the documentation's own text of a page in two languages, and the line where the bilingual part starts.
///
/// Other pages are returned unchanged.
fn original_text(text: &str) -> (String, Option<usize>) {
    const TRANSLATION: &str = "<span data-ttu-id=";
    const END: &str = "</span>";
    if !text.contains("class=\"sxs-lookup\"") {
        return (text.to_owned(), None);
    }
    let mut without_translation = String::with_capacity(text.len());
    let mut parts = text.split(TRANSLATION);
    let first = parts.next().unwrap_or_default();
    without_translation.push_str(first);
    for part in parts {
        let (translation, rest) = part.split_once(END).unwrap_or((part, ""));
        without_translation.extend(translation.chars().filter(|character| *character == '\n'));
        without_translation.push_str(rest);
    }
    let parts = without_translation.split("<span class=\"sxs-lookup\"><span data-stu-id=\"");
    let mut original_text = String::with_capacity(text.len());
    for (index, part) in parts.enumerate() {
        if index == 0 {
            original_text.push_str(part);
            continue;
        }
        let original = part.split_once("\">").map_or(part, |(_, original)| original);
        match original.split_once("</span></span>") {
            Some((original, rest)) => original_text.extend([original, rest]),
            None => original_text.push_str(original),
        }
    }
    (original_text, Some(first.matches('\n').count() + 1))
}
