//! The national cloud table.

use crate::diagnostic::Diagnostics;
use crate::recording::{CloudSupport, Clouds, PageElement, PageRepair};
use crate::source::Source;
use crate::table::Table;
use crate::vocabulary::{Cloud, cloud_support};

/// The order of the documentation's cloud table.
const ORDER: [Cloud; 4] = [Cloud::Global, Cloud::L4, Cloud::L5, Cloud::China];

/// Reads the cloud table.
pub(super) fn read(source: Source<'_>, table: &Table, clouds: &mut Clouds, diagnostics: &mut Diagnostics) {
    let header = &table.header;
    let columns: Vec<Option<Cloud>> = header.cells.iter().map(|cell| source.cloud(cell)).collect();
    // A column with an unknown name is recognized by its position, if the other columns are in order.
    let in_order = columns.len() == ORDER.len()
        && columns.iter().zip(ORDER).all(|(column, expected)| column.is_none_or(|column| column == expected));
    let columns: Vec<Option<Cloud>> = if in_order { ORDER.map(Some).into() } else { columns };
    if columns.contains(&None) {
        header.report_unknown(PageElement::Clouds, "cloud not in translations.yaml", diagnostics);
    }
    let [row] = table.rows.as_slice() else {
        if table.rows.is_empty() {
            diagnostics.record_repair(header.line, &header.cells.join(" | "), PageRepair::CloudValuesMissing);
        } else {
            header.report_unknown(PageElement::Clouds, "expected one row of marks, found more", diagnostics);
        }
        return;
    };
    if row.cells.len() != columns.len() {
        row.report_unknown(PageElement::Clouds, "the number of marks differs from the number of clouds", diagnostics);
        return;
    }
    if row.cells.iter().all(String::is_empty) {
        diagnostics.record_repair(header.line, &header.cells.join(" | "), PageRepair::CloudValuesMissing);
        return;
    }
    diagnostics.report_read(header.line, &row.cells.join(" | "), "clouds");
    for (column, cell) in columns.into_iter().zip(&row.cells) {
        let support = cloud_support(cell);
        if support == CloudSupport::Unknown {
            diagnostics.report_unknown(
                PageElement::Clouds,
                row.line,
                &[cell],
                "unknown mark: expected a mark for yes or no",
            );
        }
        match column {
            Some(Cloud::Global) => clouds.global = support,
            Some(Cloud::L4) => clouds.l4 = support,
            Some(Cloud::L5) => clouds.l5 = support,
            Some(Cloud::China) => clouds.china = support,
            None => {}
        }
    }
}
