//! Compares the facts of the pages (tables, templates and numbers) with the library.

mod calls;
mod clouds;
mod limits;
mod pairs;
mod parameters;
mod permissions;
mod subscriptions;
mod values;

use graph_presence_conformance::{Clouds, Facts, Limits, Recording};

use crate::check::Check;
use crate::differences::Differences;
use crate::recordings;

/// Runs a check on every recording that has facts for it.
async fn run(check: Check, compare: impl AsyncFn(&Recording) -> Vec<String>) {
    let mut differences = Differences::new(check);
    for recording in recordings::all().iter().filter(|recording| has_facts(&recording.facts, check)) {
        differences.record(&recordings::title(recording), compare(recording).await);
    }
    differences.finish();
}

/// Returns `true` if a page has facts for a check. A new kind of fact does not compile until it is added here.
fn has_facts(facts: &Facts, check: Check) -> bool {
    let Facts {
        permissions,
        clouds,
        paths,
        pairs,
        parameters,
        properties,
        values,
        states,
        subscriptions,
        limits: Limits { duration_ranges, rate_limits, max_users, default_expirations },
    } = facts;
    match check {
        Check::Permissions => !permissions.is_empty(),
        Check::Clouds => *clouds != Clouds::default(),
        Check::Paths => !paths.is_empty(),
        Check::Pairs => !pairs.is_empty(),
        // A page without a table of parameters means that the operation does not have any.
        Check::Parameters => !paths.is_empty() || !parameters.is_empty() || !properties.is_empty(),
        Check::Values => !values.is_empty(),
        Check::States => !states.is_empty(),
        Check::Subscriptions => !subscriptions.is_empty(),
        Check::Limits => {
            !duration_ranges.is_empty()
                || !rate_limits.is_empty()
                || !max_users.is_empty()
                || !default_expirations.is_empty()
        }
        Check::Raw | Check::Facade | Check::Emulator | Check::Spec | Check::Schema | Check::Locales => {
            panic!("the check {} does not use facts", check.name())
        }
    }
}

/// Returns the items that only the page or only the library (`facade` or `spec`) has.
fn symmetric_difference(page: &[String], library: &[String], library_name: &str) -> Vec<String> {
    let page_only = page.iter().filter(|item| !library.contains(item)).map(|item| format!("only on the page: {item}"));
    let library_only = library.iter().filter(|item| !page.contains(item));
    page_only.chain(library_only.map(|item| format!("only in the {library_name}: {item}"))).collect()
}

#[test]
fn items_of_only_one_list_are_reported() {
    let [a, b, c] = ["a", "b", "c"].map(str::to_owned);
    let (page, library) = ([a.clone(), b.clone()], [b, c]);
    assert_eq!(symmetric_difference(&page, &page, "facade"), [] as [&str; 0]);
    assert_eq!(symmetric_difference(&page, &library, "facade"), ["only on the page: a", "only in the facade: c"]);
    assert_eq!(symmetric_difference(&[a], &[], "facade"), ["only on the page: a"]);
}
