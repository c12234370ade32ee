use serde_json::{Value, from_value, json};

use super::super::format::{Markdown, Terminal};
use super::*;

fn recording(locale: &str, page: &str, repairs: &Value, unknown: &Value) -> Recording {
    let none = json!({ "global": "unknown", "l4": "unknown", "l5": "unknown", "china": "unknown" });
    from_value(json!({
        "locale": locale, "version": "v1.0", "page": page, "exchanges": [],
        "facts": {
            "permissions": {}, "clouds": none, "paths": [], "pairs": [], "parameters": [],
            "limits": { "duration_ranges": [], "rate_limits": [] },
        },
        "repairs": repairs, "unknown": unknown,
    }))
    .unwrap()
}

fn page_outcome(known: &[(&str, &str)], new: &[&str], gone: &[&str]) -> Value {
    let known: Vec<_> = known.iter().map(|(differs, reason)| json!({ "differs": differs, "reason": reason })).collect();
    json!({ "compared": 2, "known": known, "new": new, "gone": gone })
}

/// Returns a report on three pages. `unknown` are the unrecognized parts of the second page.
fn report(unknown: &Value, outcomes: Value) -> Report {
    let recordings = [
        recording(
            "fi",
            "presence-get",
            &json!([{ "kind": "table-not-separated" }, { "kind": "bilingual" }]),
            &json!([]),
        ),
        recording("sv", "presence-get", &json!([{ "kind": "bilingual" }]), unknown),
        recording("sv", "presence-set", &json!([]), &json!([])),
    ];
    Report::new(&recordings, &from_value::<Vec<Outcome>>(outcomes).unwrap()).unwrap()
}

fn unrecognized() -> Value {
    json!([{ "element": "table", "found": ["x"] }])
}

fn mixed() -> Report {
    let old = ("missing `Busy`", "The page is old.");
    let outcomes = json!([
        { "check": "pairs", "column": "facts", "of": {
            "fi v1.0.presence-get": page_outcome(&[old, ("missing Away", "The page is old.")], &[], &[]),
            "sv v1.0.presence-get": page_outcome(&[old, ("missing Away", "The page is old.")], &[], &[]),
            "sv v1.0.presence-set": page_outcome(&[old], &["missing Away"], &[]),
        } },
        { "check": "limits", "column": "facts", "of": { "fi v1.0.presence-get": page_outcome(&[], &[], &[]) } },
        { "check": "raw", "column": "raw", "of": { "fi v1.0.presence-get": page_outcome(&[], &[], &[]) } },
        { "check": "schema", "column": "spec", "of": { "Dot": page_outcome(&[], &[], &["colour"]) } },
    ]);
    report(&unrecognized(), outcomes)
}

#[test]
fn terminal_report() {
    insta::assert_snapshot!(mixed().print::<Terminal>(), @r"
    ┌───────────────────────────────────────────────────────────────────────────────────────────────┐
    │ page                    recorded         raw   facade   emulator   spec     facts     locales │
    ╞═══════════════════════════════════════════════════════════════════════════════════════════════╡
    │ fi v1.0.presence-get    ok               ok                                 2 known           │
    │ sv v1.0.presence-get    1 unrecognized                                      2 known           │
    │ sv v1.0.presence-set    ok                                                  FAILED            │
    │ (types of the facade)                                              FAILED                     │
    └───────────────────────────────────────────────────────────────────────────────────────────────┘

    3 pages, 12 comparisons: 0 pages without differences, 1 with known differences, 2 failed, types of the facade failed

    Failures
    - sv v1.0.presence-get, recorded: 1 unrecognized
    - sv v1.0.presence-set, pairs: missing Away
    - Dot, schema: resolved, remove it from known_differences.yaml: colour

    Repairs
    ┌───────────────────────────────┐
    │ repair                fi   sv │
    ╞═══════════════════════════════╡
    │ bilingual             1    1  │
    │ table-not-separated   1       │
    └───────────────────────────────┘

    Known differences
    - pairs, fi v1.0.presence-get, sv v1.0.presence-get
      missing `Busy`
      missing Away
      The page is old.
    - pairs, sv v1.0.presence-set
      missing `Busy`
      The page is old.
    ");
}

#[test]
fn markdown_report() {
    insta::assert_snapshot!(mixed().print::<Markdown>(), @r"
    | page                  | recorded           | raw | facade | emulator | spec       | facts      | locales |
    |-----------------------|--------------------|-----|--------|----------|------------|------------|---------|
    | fi v1.0.presence-get  | ok                 | ok  |        |          |            | 2 known    |         |
    | sv v1.0.presence-get  | **1 unrecognized** |     |        |          |            | 2 known    |         |
    | sv v1.0.presence-set  | ok                 |     |        |          |            | **FAILED** |         |
    | (types of the facade) |                    |     |        |          | **FAILED** |            |         |

    3 pages, 12 comparisons: 0 pages without differences, 1 with known differences, 2 failed, types of the facade failed

    ### Failures

    - sv v1.0.presence-get, recorded: 1 unrecognized
    - sv v1.0.presence-set, pairs: missing Away
    - Dot, schema: resolved, remove it from known_differences.yaml: colour

    ### Repairs

    | repair              | fi | sv |
    |---------------------|----|----|
    | bilingual           | 1  | 1  |
    | table-not-separated | 1  |    |

    ### Known differences

    - pairs, fi v1.0.presence-get, sv v1.0.presence-get
      <br>`` missing `Busy` ``
      <br>`` missing Away ``
      <br>The page is old.
    - pairs, sv v1.0.presence-set
      <br>`` missing `Busy` ``
      <br>The page is old.
    ");
}

#[test]
fn unrecognized_parts_and_new_or_resolved_differences_are_failures() {
    let outcome_of = |unknown: &Value, outcome: Value| {
        let outcomes = json!([{ "check": "raw", "column": "raw", "of": { "fi v1.0.presence-get": outcome } }]);
        let report = report(unknown, outcomes);
        (report.is_success(), report.print::<Terminal>().contains("FAILED"))
    };
    let recognized = |outcome: Value| outcome_of(&json!([]), outcome);
    assert_eq!(outcome_of(&unrecognized(), page_outcome(&[], &[], &[])), (false, false));
    assert_eq!(recognized(page_outcome(&[], &[], &[])), (true, false));
    assert_eq!(recognized(page_outcome(&[("a", "b")], &[], &[])), (true, false));
    assert_eq!(recognized(page_outcome(&[("a", "b")], &["c"], &[])), (false, true));
    assert_eq!(recognized(page_outcome(&[], &[], &["c"])), (false, true));
}
