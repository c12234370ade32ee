//! Markdown, as documentation repositories have it.
//!
//! Text of other origins goes through here too: it has little of what is looked for, and stays as it is.

use crate::document::{Document, Hints, Include, Mark};
use crate::lines::{Role, tidied};

/// The most lines of a front matter.
const LONGEST_FRONT_MATTER: usize = 80;
/// Fewer lines with a blank one after each may mean what they look like.
const FEWEST_SPACED_LINES: usize = 20;
/// One line in so many may follow another at once.
const MOST_BESIDE: usize = 8;
/// The words behind a fence that tell a language, whose block is no HTTP whatever it looks like, and the language's name.
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

/// Reads a page. The numbers are those that its lines have in the file; none are given where they are counted.
pub(crate) fn read(text: &str, numbers: &[usize]) -> Document {
    let (text, bilingual) = one_side(&tidied(text));
    let mut parser = Parser::default();
    parser.document.bilingual = bilingual;
    let lines: Vec<&str> = text.split('\n').collect();
    let front = front_matter(&lines, &mut parser.document.hints);
    let spaced = is_spaced(&lines);
    for (index, line) in lines.iter().enumerate() {
        if spaced && line.trim().is_empty() {
            continue;
        }
        let number = numbers.get(index).copied().unwrap_or(index + 1);
        if index < front { parser.push(number, "", Role::Text) } else { parser.line(number, line) }
    }
    parser.document
}

/// Whether a blank line stands between any two others: it parts nothing.
fn is_spaced(lines: &[&str]) -> bool {
    let is_blank = |line: &&&str| line.trim().is_empty();
    let full = lines.iter().filter(|line| !is_blank(line)).count();
    let beside = lines.windows(2).filter(|pair| !pair.iter().any(|line| is_blank(&line))).count();
    full >= FEWEST_SPACED_LINES && beside * MOST_BESIDE < full
}

#[derive(Debug, Default)]
struct Parser {
    document: Document,
    block: Block,
    /// The language of the tab, unless it is the one of HTTP.
    tab: Option<String>,
}

/// What the lines are in the midst of.
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
        self.document.push(text, &Mark { number, role, ..Mark::default() });
    }

    fn line(&mut self, number: usize, line: &str) {
        match &self.block {
            Block::Comment => self.comment(number, line),
            Block::Fence { mark, length, skipped } => {
                let (mark, length, skipped) = (*mark, *length, *skipped);
                match fence(line) {
                    Some((other, its, "")) if other == mark && its >= length => {
                        self.block = Block::Text;
                        self.push(number, "", Role::Fence);
                    }
                    // A fence that begins within another: that one lost its end.
                    Some((other, its, info)) if other == mark && its >= length => self.open(number, mark, its, info),
                    _ if skipped => self.push(number, "", Role::Text),
                    _ => self.push(number, line, Role::Code),
                }
            }
            Block::Text => match fence(line) {
                Some((mark, length, info)) => self.open(number, mark, length, info),
                None => self.text(number, line),
            },
        }
    }

    fn open(&mut self, number: usize, mark: char, length: usize, info: &str) {
        let info = info.to_ascii_lowercase();
        let foreign = LANGUAGES.iter().find(|(name, _)| *name == info).map(|(_, language)| (*language).to_owned());
        let sample = foreign.or_else(|| self.tab.clone().filter(|_| !is_http(&info)));
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
        // The blocks after the tabs have such comments too: the samples are over.
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
        self.document.push(&title, &Mark { number, role: Role::Heading, slug, ..Mark::default() });
    }
}

fn is_http(language: &str) -> bool {
    language.starts_with("http") || language.starts_with("msgraph")
}

/// The mark of a fence, its length, and the word behind it.
fn fence(line: &str) -> Option<(char, usize, &str)> {
    let line = line.trim();
    let mark = line.chars().next().filter(|first| matches!(first, '`' | '~'))?;
    let info = line.trim_start_matches(mark);
    let length = line.len() - info.len();
    (length >= 3 && !info.contains('`')).then(|| (mark, length, info.trim()))
}

/// The line without the marks of a quotation.
fn unquoted(line: &str) -> &str {
    let trimmed = line.trim_start();
    if trimmed.starts_with('>') { trimmed.trim_start_matches(['>', ' ']) } else { line }
}

/// The language of a tab: `# [C#](#tab/csharp)`.
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

/// The name and the title of a heading.
fn heading(line: &str) -> Option<(Option<String>, String)> {
    let title = line.strip_prefix('#')?.trim_start_matches('#').strip_prefix(' ')?.trim();
    let anchor = title.strip_prefix("<a name=\"").and_then(|rest| rest.split_once("\"></a>"));
    Some(match anchor {
        Some((name, title)) => (Some(name.to_owned()), title.trim().to_owned()),
        None => (None, title.to_owned()),
    })
}

/// The number of lines of the front matter. It says which locale the page is of.
fn front_matter(lines: &[&str], hints: &mut Hints) -> usize {
    let begin = lines.iter().take_while(|line| line.trim().is_empty()).count();
    if lines.get(begin).is_none_or(|line| line.trim() != "---") {
        return 0;
    }
    let inside = lines.get(begin + 1..).unwrap_or_default();
    let Some(length) = inside.iter().take(LONGEST_FRONT_MATTER).position(|line| line.trim() == "---") else { return 0 };
    for line in inside.iter().take(length) {
        if let Some(locale) = line.strip_prefix("ms.contentlocale:") {
            hints.locale = Some(locale.trim().trim_matches(['"', '\'']).to_owned());
        }
    }
    begin + length + 2
}

/// One side of a page that has each text twice, the documentation's own, and the line where that begins.
fn one_side(text: &str) -> (String, Option<usize>) {
    const TRANSLATION: &str = "<span data-ttu-id=";
    const END: &str = "</span>";
    if !text.contains("class=\"sxs-lookup\"") {
        return (text.to_owned(), None);
    }
    let mut side = String::with_capacity(text.len());
    let mut parts = text.split(TRANSLATION);
    let first = parts.next().unwrap_or_default();
    side.push_str(first);
    for part in parts {
        let (translation, rest) = part.split_once(END).unwrap_or((part, ""));
        side.extend(translation.chars().filter(|character| *character == '\n'));
        side.push_str(rest);
    }
    let side = side.split("<span class=\"sxs-lookup\"><span data-stu-id=\"");
    let mut whole = String::with_capacity(text.len());
    for (index, part) in side.enumerate() {
        if index == 0 {
            whole.push_str(part);
            continue;
        }
        let original = part.split_once("\">").map_or(part, |(_, original)| original);
        match original.split_once("</span></span>") {
            Some((original, rest)) => whole.extend([original, rest]),
            None => whole.push_str(original),
        }
    }
    (whole, Some(first.matches('\n').count() + 1))
}
