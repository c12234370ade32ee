//! The markup that a page was saved with.

use crate::document::Document;
use crate::html;
use crate::lines::normalised;
use crate::markdown;

/// Returns the page as a document, whether its text is HTML, Markdown or plain text.
pub(crate) fn read(text: &str) -> Document {
    let text = normalised(text);
    if html::is_html(&text) {
        let page = html::read(&text);
        let mut document = markdown::read(&page.text, &page.numbers);
        document.hints = page.hints;
        document
    } else {
        markdown::read(&text, &[])
    }
}
