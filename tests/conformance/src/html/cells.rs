//! Conversion of HTML tables to Markdown tables.

/// The cells of a table, row by row.
#[derive(Debug, Default)]
pub(super) struct Table(Vec<(usize, Vec<String>)>);

impl Table {
    pub(super) fn row(&mut self, line: usize) {
        self.0.push((line, Vec::new()));
    }

    pub(super) fn cell(&mut self, line: usize) {
        if self.0.is_empty() {
            self.row(line);
        }
        if let Some((_, cells)) = self.0.last_mut() {
            cells.push(String::new());
        }
    }

    /// Appends text to the last cell. Text outside of cells is not part of the table.
    pub(super) fn write(&mut self, text: &str) {
        if let Some(cell) = self.0.last_mut().and_then(|(_, cells)| cells.last_mut()) {
            cell.push_str(text);
        }
    }

    pub(super) fn ends_with_space(&self) -> bool {
        self.0.last().and_then(|(_, cells)| cells.last()).is_none_or(|cell| cell.is_empty() || cell.ends_with(' '))
    }

    /// Returns the rows, with the delimiter row after the first, each with its line number in the file.
    pub(super) fn rows(&self) -> Vec<(usize, String)> {
        let mut rows = Vec::new();
        for (line, cells) in self.0.iter().filter(|(_, cells)| !cells.is_empty()) {
            let cells: Vec<&str> = cells.iter().map(|cell| trimmed(cell)).collect();
            rows.push((*line, format!("| {} |", cells.join(" | "))));
            if rows.len() == 1 {
                rows.push((*line, format!("|{}", "---|".repeat(cells.len()))));
            }
        }
        rows
    }
}

/// Removes line breaks and spaces at both ends of a cell.
fn trimmed(cell: &str) -> &str {
    let mut cell = cell.trim();
    while let Some(rest) = cell.strip_prefix("<br/>").or_else(|| cell.strip_suffix("<br/>")) {
        cell = rest.trim();
    }
    cell
}

/// Escapes text, so that it is not read as markup in a Markdown cell.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '|' | '<' | '[' | '*' | '&' | '`') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
