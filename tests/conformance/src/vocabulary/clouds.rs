//! The cells of cloud tables: clouds, and whether they support the operation.

use super::term_group::ascii;
use super::terms::Cloud;
use crate::recording::CloudSupport;

/// Returns the meaning of a mark in the cloud table.
pub(crate) fn cloud_support(cell: &str) -> CloudSupport {
    // A Unicode variation selector can follow the mark.
    match cell.trim().trim_end_matches('\u{fe0f}') {
        "✅" | "✔" | "✓" | "☑" | "Yes" => CloudSupport::Yes,
        "❌" | "✖" | "✗" | "✘" | "No" => CloudSupport::No,
        _ => CloudSupport::Unknown,
    }
}

/// Returns the US Government cloud whose level a cell names. Levels are never translated.
pub(crate) fn government_cloud(cell: &str) -> Option<Cloud> {
    let letters: String = cell.chars().map(ascii).collect();
    let mut words = letters.split(|character: char| !character.is_alphanumeric());
    words.find_map(|word| match word {
        "L4" | "l4" => Some(Cloud::L4),
        "L5" | "l5" => Some(Cloud::L5),
        // In scripts without spaces between words, the level follows the word directly.
        _ if word.ends_with("L4") => Some(Cloud::L4),
        _ if word.ends_with("L5") => Some(Cloud::L5),
        _ => None,
    })
}
