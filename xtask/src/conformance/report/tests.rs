use serde_json::{Value, from_value, json};

use super::super::form::{Markdown, Terminal};
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

fn verdict(known: &[(&str, &str)], new: &[&str], gone: &[&str]) -> Value {
    let known: Vec<_> = known.iter().map(|(differs, reason)| json!({ "differs": differs, "reason": reason })).collect();
    json!({ "compared": 2, "known": known, "new": new, "gone": gone })
}

/// A report on three pages, of one of which something is `unknown`.
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

fn not_understood() -> Value {
    json!([{ "element": "table", "found": ["x"] }])
}

fn mixed() -> Report {
    let old = ("lacks `Busy`", "The page is old.");
    let outcomes = json!([
        { "check": "pairs", "column": "facts", "of": {
            "fi v1.0.presence-get": verdict(&[old, ("lacks Away", "The page is old.")], &[], &[]),
            "sv v1.0.presence-get": verdict(&[old, ("lacks Away", "The page is old.")], &[], &[]),
            "sv v1.0.presence-set": verdict(&[old], &["lacks Away"], &[]),
        } },
        { "check": "limits", "column": "facts", "of": { "fi v1.0.presence-get": verdict(&[], &[], &[]) } },
        { "check": "raw", "column": "raw", "of": { "fi v1.0.presence-get": verdict(&[], &[], &[]) } },
        { "check": "schema", "column": "spec", "of": { "Dot": verdict(&[], &[], &["colour"]) } },
    ]);
    report(&not_understood(), outcomes)
}

#[test]
fn a_report_for_the_terminal() {
    insta::assert_snapshot!(mixed().print::<Terminal>(), @r"
    ┌──────────────────────────────────────────────────────────────────────────────────────────┐
    │ page                    recorded    raw   facade   emulator   spec     facts     locales │
    ╞══════════════════════════════════════════════════════════════════════════════════════════╡
    │ fi v1.0.presence-get    ok          ok                                 2 known           │
    │ sv v1.0.presence-get    1 unknown                                      2 known           │
    │ sv v1.0.presence-set    ok                                             FAILED            │
    │ (types of the facade)                                         FAILED                     │
    └──────────────────────────────────────────────────────────────────────────────────────────┘

    3 pages, 12 comparisons: 0 pages agree, 1 differ as is known, 2 failed, and the types of the facade

    Failed
    - sv v1.0.presence-get, recorded: 1 not understood
    - sv v1.0.presence-set, pairs: lacks Away
    - Dot, schema: no longer so, and still in known_differences.yaml: colour

    Repaired while recording
    ┌───────────────────────────────┐
    │ repair                fi   sv │
    ╞═══════════════════════════════╡
    │ bilingual             1    1  │
    │ table-not-separated   1       │
    └───────────────────────────────┘

    Known differences
    - pairs, fi v1.0.presence-get, sv v1.0.presence-get
      lacks `Busy`
      lacks Away
      The page is old.
    - pairs, sv v1.0.presence-set
      lacks `Busy`
      The page is old.
    ");
}

#[test]
fn a_report_in_markdown() {
    insta::assert_snapshot!(mixed().print::<Markdown>(), @r"
    | page                  | recorded      | raw | facade | emulator | spec       | facts      | locales |
    |-----------------------|---------------|-----|--------|----------|------------|------------|---------|
    | fi v1.0.presence-get  | ok            | ok  |        |          |            | 2 known    |         |
    | sv v1.0.presence-get  | **1 unknown** |     |        |          |            | 2 known    |         |
    | sv v1.0.presence-set  | ok            |     |        |          |            | **FAILED** |         |
    | (types of the facade) |               |     |        |          | **FAILED** |            |         |

    3 pages, 12 comparisons: 0 pages agree, 1 differ as is known, 2 failed, and the types of the facade

    ### Failed

    - sv v1.0.presence-get, recorded: 1 not understood
    - sv v1.0.presence-set, pairs: lacks Away
    - Dot, schema: no longer so, and still in known_differences.yaml: colour

    ### Repaired while recording

    | repair              | fi | sv |
    |---------------------|----|----|
    | bilingual           | 1  | 1  |
    | table-not-separated | 1  |    |

    ### Known differences

    - pairs, fi v1.0.presence-get, sv v1.0.presence-get
      <br>`` lacks `Busy` ``
      <br>`` lacks Away ``
      <br>The page is old.
    - pairs, sv v1.0.presence-set
      <br>`` lacks `Busy` ``
      <br>The page is old.
    ");
}

#[test]
fn only_what_is_known_is_good() {
    let of = |unknown: &Value, verdict: Value| {
        let outcomes = json!([{ "check": "raw", "column": "raw", "of": { "fi v1.0.presence-get": verdict } }]);
        let report = report(unknown, outcomes);
        (report.is_good(), report.print::<Terminal>().contains("FAILED"))
    };
    let good = |verdict: Value| of(&json!([]), verdict);
    assert_eq!(of(&not_understood(), verdict(&[], &[], &[])), (false, false));
    assert_eq!(good(verdict(&[], &[], &[])), (true, false));
    assert_eq!(good(verdict(&[("a", "b")], &[], &[])), (true, false));
    assert_eq!(good(verdict(&[("a", "b")], &["c"], &[])), (false, true));
    assert_eq!(good(verdict(&[], &[], &["c"])), (false, true));
}
