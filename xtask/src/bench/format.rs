//! The format of numbers in the tables.

/// Returns a value with its significant digits and its unit, if it has one.
pub(crate) fn value(value: f64, unit: &str) -> String {
    let number = number(value);
    if unit == "ratio" { number } else { format!("{number} {unit}") }
}

pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        1000.0.. => format!("{value:.0}"),
        100.0.. => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
