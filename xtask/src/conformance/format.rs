//! Output formats of a report.

use comfy_table::Table;
use comfy_table::presets::{ASCII_MARKDOWN, UTF8_BORDERS_ONLY};

/// An output format.
pub(super) trait Format {
    fn table(header: Vec<String>, rows: Vec<Vec<String>>) -> String;
    fn heading(text: &str) -> String;
    fn list_item(text: &str) -> String;
    /// Details of the preceding list item.
    fn detail(text: &str) -> String;
    fn code(text: &str) -> String;
    fn strong(text: &str) -> String;
}

/// Plain text.
pub(super) enum Terminal {}

impl Format for Terminal {
    fn table(header: Vec<String>, rows: Vec<Vec<String>>) -> String {
        let mut table = Table::new();
        table.load_style(UTF8_BORDERS_ONLY).set_header(header).add_rows(rows);
        table.to_string()
    }

    fn heading(text: &str) -> String {
        format!("\n{text}\n")
    }

    fn list_item(text: &str) -> String {
        format!("- {text}\n")
    }

    fn detail(text: &str) -> String {
        format!("  {text}\n")
    }

    fn code(text: &str) -> String {
        text.to_owned()
    }

    fn strong(text: &str) -> String {
        text.to_owned()
    }
}

/// GitHub-flavored Markdown.
pub(super) enum Markdown {}

impl Format for Markdown {
    fn table(header: Vec<String>, rows: Vec<Vec<String>>) -> String {
        let mut table = Table::new();
        table.load_style(ASCII_MARKDOWN).set_header(header).add_rows(rows);
        table.to_string()
    }

    fn heading(text: &str) -> String {
        format!("\n### {text}\n\n")
    }

    fn list_item(text: &str) -> String {
        format!("- {text}\n")
    }

    fn detail(text: &str) -> String {
        format!("  <br>{text}\n")
    }

    /// Uses two backticks, because the text can contain backticks.
    fn code(text: &str) -> String {
        format!("`` {text} ``")
    }

    fn strong(text: &str) -> String {
        format!("**{text}**")
    }
}
