//! What the pages' tables, templates and numbers state, against what the library does.

mod calls;
mod clouds;
mod limits;
mod pairs;
mod parameters;
mod permissions;
mod subscriptions;
mod values;

use graph_presence_conformance::{Clouds, Facts, Limits, Recording};

use crate::differences::{Check, Differences};
use crate::recordings;

/// Holds every page against the library that states something of what the check is about.
async fn hold(check: Check, compare: impl AsyncFn(&Recording) -> Vec<String>) {
    let mut differences = Differences::of(check);
    for recording in recordings::all().iter().filter(|recording| states(&recording.facts, check)) {
        differences.compared(&recordings::title(recording), compare(recording).await);
    }
    differences.judge();
}

/// Whether a page states something of what the check is about. Every kind of fact that recordings have is named here.
fn states(facts: &Facts, check: Check) -> bool {
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
        limits: Limits { durations, requests, people, defaults },
    } = facts;
    match check {
        Check::Permissions => !permissions.is_empty(),
        Check::Clouds => *clouds != Clouds::default(),
        Check::Paths => !paths.is_empty(),
        Check::Pairs => !pairs.is_empty(),
        // A page without a table of parameters states that there are none.
        Check::Parameters => !paths.is_empty() || !parameters.is_empty() || !properties.is_empty(),
        Check::Values => !values.is_empty(),
        Check::States => !states.is_empty(),
        Check::Subscriptions => !subscriptions.is_empty(),
        Check::Limits => !durations.is_empty() || !requests.is_empty() || !people.is_empty() || !defaults.is_empty(),
        Check::Raw | Check::Facade | Check::Emulator | Check::Spec | Check::Schema | Check::Locales => {
            panic!("{} is about no facts", check.name())
        }
    }
}

/// What only one side of two has.
fn one_sided(page: &[String], library: &[String], what: &str) -> Vec<String> {
    let lacks = page.iter().filter(|one| !library.contains(one)).map(|one| format!("only the page has {one}"));
    let more = library.iter().filter(|one| !page.contains(one)).map(|one| format!("only {what} has {one}"));
    lacks.chain(more).collect()
}

#[test]
fn what_one_side_lacks_is_told() {
    let [a, b, c] = ["a", "b", "c"].map(str::to_owned);
    let (page, library) = ([a.clone(), b.clone()], [b, c]);
    assert_eq!(one_sided(&page, &page, "the facade"), [] as [&str; 0]);
    assert_eq!(one_sided(&page, &library, "the facade"), ["only the page has a", "only the facade has c"]);
    assert_eq!(one_sided(&[a], &[], "the facade"), ["only the page has a"]);
}
