//! How a report is written.

use comfy_table::Table;
use comfy_table::presets::{ASCII_MARKDOWN, UTF8_BORDERS_ONLY};

/// A form of report.
pub(super) trait Form {
    fn table(header: Vec<String>, rows: Vec<Vec<String>>) -> String;
    fn heading(text: &str) -> String;
    fn item(text: &str) -> String;
    /// More about the item above.
    fn below(text: &str) -> String;
    fn quoted(text: &str) -> String;
    fn alarming(text: &str) -> String;
}

/// For users at a terminal.
pub(super) enum Terminal {}

impl Form for Terminal {
    fn table(header: Vec<String>, rows: Vec<Vec<String>>) -> String {
        let mut table = Table::new();
        table.load_style(UTF8_BORDERS_ONLY).set_header(header).add_rows(rows);
        table.to_string()
    }

    fn heading(text: &str) -> String {
        format!("\n{text}\n")
    }

    fn item(text: &str) -> String {
        format!("- {text}\n")
    }

    fn below(text: &str) -> String {
        format!("  {text}\n")
    }

    fn quoted(text: &str) -> String {
        text.to_owned()
    }

    fn alarming(text: &str) -> String {
        text.to_owned()
    }
}

/// For the description of a change.
pub(super) enum Markdown {}

impl Form for Markdown {
    fn table(header: Vec<String>, rows: Vec<Vec<String>>) -> String {
        let mut table = Table::new();
        table.load_style(ASCII_MARKDOWN).set_header(header).add_rows(rows);
        table.to_string()
    }

    fn heading(text: &str) -> String {
        format!("\n### {text}\n\n")
    }

    fn item(text: &str) -> String {
        format!("- {text}\n")
    }

    fn below(text: &str) -> String {
        format!("  <br>{text}\n")
    }

    /// Differences hold backticks themselves.
    fn quoted(text: &str) -> String {
        format!("`` {text} ``")
    }

    fn alarming(text: &str) -> String {
        format!("**{text}**")
    }
}
