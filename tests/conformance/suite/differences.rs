//! The known differences: where a page contradicts the others, or itself.

use std::fmt::Write;

use serde::Deserialize;

const KNOWN: &str = include_str!("../known_differences.yaml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    /// The recording's title: `en v1.0.presence-get`.
    page: String,
    /// The number of the exchange on its page, from one; none for a fact.
    exchange: Option<usize>,
    /// The test that finds it.
    check: String,
    /// Why it is as it is.
    reason: String,
}

/// What one test finds, against what is known.
#[derive(Debug)]
pub(crate) struct Differences {
    known: Vec<(Known, bool)>,
    new: String,
}

impl Differences {
    /// The differences that are known of this test.
    pub(crate) fn of(check: &str) -> Self {
        let known: Vec<Known> = serde_saphyr::from_str(KNOWN).unwrap();
        assert!(known.iter().all(|known| !known.reason.is_empty()), "a known difference has a reason");
        let known = known.into_iter().filter(|known| known.check == check);
        Self { known: known.map(|known| (known, false)).collect(), new: String::new() }
    }

    /// Notes what was found.
    pub(crate) fn found(&mut self, page: &str, exchange: Option<usize>, difference: &str) {
        let known = self.known.iter_mut().find(|(known, _)| known.page == page && known.exchange == exchange);
        match known {
            Some((_, seen)) => *seen = true,
            None => {
                let exchange = exchange.map(|number| format!(", exchange {number}")).unwrap_or_default();
                writeln!(self.new, "{page}{exchange}: {difference}").unwrap();
            }
        }
    }

    /// Fails for what is new, and for what is known and no longer there.
    pub(crate) fn judge(self) {
        assert!(self.new.is_empty(), "not in known_differences.yaml:\n{}", self.new);
        let gone = self.known.iter().filter(|(_, seen)| !seen).map(|(known, _)| known).collect::<Vec<_>>();
        assert!(gone.is_empty(), "in known_differences.yaml, and no longer so: {gone:#?}");
    }
}
