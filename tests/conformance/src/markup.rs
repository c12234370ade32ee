//! Detection of the markup that a page was saved with.

use crate::document::Document;
use crate::html;
use crate::lines::normalize_line_endings;
use crate::markdown;

/// Parses a page in HTML, Markdown or plain text.
pub(crate) fn read(text: &str) -> Document {
    let text = normalize_line_endings(text);
    if html::is_html(&text) {
        let page = html::read(&text);
        let mut document = markdown::read(&page.text, &page.numbers);
        document.metadata = page.metadata;
        document
    } else {
        markdown::read(&text, &[])
    }
}
