//! Tables of HTML as tables of Markdown.

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

    /// Writes into the last cell. What stands between cells is none of the table's.
    pub(super) fn write(&mut self, text: &str) {
        if let Some(cell) = self.0.last_mut().and_then(|(_, cells)| cells.last_mut()) {
            cell.push_str(text);
        }
    }

    pub(super) fn ends_with_space(&self) -> bool {
        self.0.last().and_then(|(_, cells)| cells.last()).is_none_or(|cell| cell.is_empty() || cell.ends_with(' '))
    }

    /// The rows with the rule under the first, each with the number of its line in the file.
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

/// A cell without the breaks and spaces around its text.
fn trimmed(cell: &str) -> &str {
    let mut cell = cell.trim();
    while let Some(rest) = cell.strip_prefix("<br/>").or_else(|| cell.strip_suffix("<br/>")) {
        cell = rest.trim();
    }
    cell
}

/// Text that is no markup, so that it is not taken for any in a cell of Markdown.
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
