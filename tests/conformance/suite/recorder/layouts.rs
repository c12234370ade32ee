//! One page in every layout. The facts do not depend on the layout.

use super::record;
use super::tables::facts;

const CLOUDS: [[&str; 4]; 2] = [
    ["Global service", "US Government L4", "US Government L5 (DOD)", "China operated by 21Vianet"],
    ["✅", "✅", "❌", "❌"],
];
const PERMISSIONS: [[&str; 3]; 4] = [
    ["Kind of token", "Least", "More"],
    ["Delegated (work or school account)", "Presence.ReadWrite", "Not available."],
    ["Delegated (personal Microsoft account)", "Not supported.", "Not supported."],
    ["Application", "Presence.ReadWrite.All", "Not available."],
];
const PARAMETERS: [[&str; 3]; 3] = [
    ["Parameter", "Type", "Description"],
    ["sessionId", "string", "Whose session it is."],
    ["expirationDuration", "duration", "Ends after 5 minutes. Between 5 and 240 minutes (PT5M to PT4H)."],
];
const PAIRS: [[&str; 3]; 3] = [
    ["availability", "activity", "Description"],
    ["Available", "Available", "Shows as Available."],
    ["Busy", "InACall", "Shows as Busy, InACall."],
];

const FACTS: [&str; 11] = [
    "delegated-work (position+untranslated): {scopes:[Presence.ReadWrite]}; not-available",
    "delegated-personal (position+untranslated): not-supported; not-supported",
    "application (position+untranslated): {scopes:[Presence.ReadWrite.All]}; not-available",
    "yes yes no no",
    "POST /me/presence/setPresence",
    "Available/Available = Available/Available",
    "Busy/InACall = Busy/InACall",
    "sessionId: string = sessionId: string",
    "expirationDuration: duration = expirationDuration: duration",
    "PT5M to PT4H",
    " after PT5M",
];

/// Returns the page with its tables formatted by `table`, which gets the rows, starting with the header.
fn page(table: impl Fn(&[&[&str]]) -> String) -> String {
    fn rows<'a, const N: usize>(table: &'a [[&'a str; N]]) -> Vec<&'a [&'a str]> {
        table.iter().map(<[&str; N]>::as_slice).collect()
    }
    format!(
        "presence: setPresence\nWhere it is.\n{}\nPermissions\n{}\nHTTP request\nPOST /me/presence/setPresence\nRequest body\n\
         What to send.\n{}\nWhat goes with what.\n{}\nResponse\nNothing.",
        table(&rows(&CLOUDS)),
        table(&rows(&PERMISSIONS)),
        table(&rows(&PARAMETERS)),
        table(&rows(&PAIRS)),
    )
}

fn lines<'a>(rows: &[&'a [&'a str]], row: impl Fn(&'a [&'a str]) -> String) -> String {
    rows.iter().map(|cells| row(cells)).collect::<Vec<_>>().join("\n")
}

#[test]
fn facts_are_equal_in_every_layout() {
    let rule = |cells: &[&str], mark: &str| format!("{}\n", mark.repeat(cells.len()));
    let html = |rows: &[&[&str]]| {
        let row = |cells: &[&str]| cells.iter().map(|cell| format!("<td>\n<p>{cell}</p>\n")).collect::<String>();
        format!("<table>{}</table>", rows.iter().map(|cells| format!("<tr>{}", row(cells))).collect::<String>())
    };
    let in_html = page(html).lines().map(|line| format!("{line}<br>")).collect::<Vec<_>>().join("\n");
    let layouts = [
        ("pipe_cells", page(|rows| lines(rows, |cells| format!("| {} |", cells.join(" |\n"))))),
        ("pipe_cells, unmarked rows", page(|rows| lines(rows, |cells| format!("{} |", cells.join(" |\n"))))),
        (
            "markdown_table without the first pipe",
            page(|rows| {
                let table = lines(rows, |cells| format!("{} |", cells.join(" | ")));
                table.replacen('\n', &format!("\n{}", rule(rows[0], "---|")), 1)
            }),
        ),
        (
            "markdown_table",
            page(|rows| {
                let table = lines(rows, |cells| format!("| {} |", cells.join(" | ")));
                table.replacen('\n', &format!("\n|{}", rule(rows[0], ":---|")), 1)
            }),
        ),
        ("one_cell_per_line", page(|rows| lines(rows, |cells| cells.join("\n")))),
        ("space_separated", page(|rows| lines(rows, |cells| cells.join(" ")))),
        ("HTML", format!("<!DOCTYPE html><html><body>{in_html}")),
    ];
    for (layout, page) in layouts {
        let recording = record("en.v1.0.presence-setpresence.txt", &page).recording;
        assert_eq!(facts(&recording), FACTS, "{layout}:\n{page}");
    }
}

#[test]
fn facts_of_damaged_layouts_are_read() {
    let cases: [(&str, &str, &[&str]); 5] = [
        (
            "repository page: front matter as a table, unresolved includes",
            "| title | description | author | doc_type |\n|---|---|---|---|\n| presence | A page. | me | apiPageType |\n\
             [!INCLUDE [national-cloud-support](../../includes/all-clouds.md)]\n\
             POST /me/presence/setPresence| Parameter | Type | Description |\n|---|---|---|\n| ids | String collection | Whose. |",
            &[
                "POST /me/presence/setPresence",
                "ids: String collection = ids: string collection",
                "{\"kind\":\"table-not-separated\"}",
                "{\"file\":\"all-clouds.md\",\"kind\":\"include-missing\",\"name\":\"national-cloud-support\"}",
            ],
        ),
        (
            "one_cell_per_line, cut after a cell: the next section is not part of the table",
            "presence\nDelegated (work or school account)\nHTTP request\nGET /me/presence",
            &["GET /me/presence", "? permissions: Delegated (work or school account)"],
        ),
        (
            "one_cell_per_line: description of several lines",
            "presence\nParameter\nType\nDescription\nactivity\nstring\nOne word.\nMore words.\nids\nString collection\nWhose.\nResponse",
            &["activity: string = activity: string", "ids: String collection = ids: string collection"],
        ),
        (
            "markdown_table: rows without their last pipe, or continued in the next line",
            "presence\nParameter | Type | Description |\n---|---|---\nactivity | string | Some\nwords. |\nids | String collection | Whose\n\
             sessionId | string | Whose. |",
            &[
                "activity: string = activity: string",
                "ids: String collection = ids: string collection",
                "sessionId: string = sessionId: string",
            ],
        ),
        (
            "header with fewer cells than its rows",
            "presence\nProperty Description\nactivity String What they do.\navailability String Possible values are available, away, busy.",
            &[
                "property activity: String = activity: string",
                "property availability: String = availability: string",
                "availability (untranslated): Available Away Busy",
            ],
        ),
    ];
    for (name, page, expected) in cases {
        let recording = record("en.v1.0.presence-sample.txt", page).recording;
        assert_eq!(facts(&recording), expected, "{name}");
    }
}
