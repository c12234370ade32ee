//! Randomly damaged pages: recording them does not panic or print control characters, and is deterministic.

use graph_presence_conformance::{PartialName, Recorder};
use proptest::prelude::*;

const PAGES: [&str; 4] = [
    "---\ntitle: presence\nms.contentlocale: pt-BR\n---\n# <a name=\"sample\"></a>Amostra\n> [!NOTE] 1500 solicitações em 30 segundos\n\
     | Parâmetro | Tipo | Descrição |\n|:--|:--|:--|\n| expirationDuration | duração | Em ISO 8601.<br/>Busy: em 1 dia (PT5M a PT4H) |\n\
     ```http\nPOST https://graph.microsoft.com/v1.0/users/fa8bf3dc-eca7-46b7-bad1-db199b62afc3/presence/setPresence\n\
     Content-Type: application/json\n\n{\n  \"activity\": \"Away\"\n}\n```\n<!-- { \"blockType\": \"response\" } -->\n\
     ```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n```\n```json\n{ \"id\": \"1\" }\n```\n",
    "| availability |\nAktivität |\nBeschreibung |\n| Verfügbar |\nVerfügbar |\nEin Wort. |\n| Gebucht |\nInACall |\nEin Wort. |\n\
     GET https://graph.microsoft.com/beta/me/presence\nHTTP/1.1 200 OK\nContent-Length: 1574\n{\n\"id\": \"1\"\n}",
    "Parameter\nType\nDescription\nactivity\nstring\nSome words.\nDelegated (work or school account)\nPresence. Read. ALL\n\
     Global service US Government L4 US Government L5 (DOD) China operated by 21Vianet\n✅ ✅ ❌ ❌\n",
    "<!DOCTYPE html><html lang=\"fi-fi\"><h2 id=\"permissions\">a</h2><table><tr><td>Application<td>Presence.Read</table>\
     <pre><code class=\"lang-http\">GET https://graph.microsoft.com/v1.0/me/presence\nHTTP/1.1 200 OK</code></pre>",
];

/// Text that is inserted into a page.
const INSERTIONS: [&str; 18] = [
    "|",
    "\n",
    "```",
    "{",
    "}",
    "\"",
    "<",
    "](",
    "<!--",
    "-->",
    "\u{feff}",
    "\0",
    "：",
    "é",
    "<td>",
    "HTTP/1.1 200 OK",
    "GET ",
    "1",
];

/// Returns the offset at a fraction of the page, rounded down to a character boundary.
fn offset(page: &str, fraction: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "any offset is fine"
    )]
    let at = (page.len() as f64 * fraction) as usize;
    (0..=at).rev().find(|at| page.is_char_boundary(*at)).unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_pages_do_not_panic(
        page in 0..PAGES.len(),
        damage in proptest::collection::vec((0.0..1.0_f64, 0.0..0.2_f64, 0..INSERTIONS.len(), any::<bool>()), 0..12),
    ) {
        thread_local!(static RECORDER: Recorder = Recorder::new().unwrap());
        let mut text = PAGES[page].to_owned();
        for (at, length, insertion, duplicate) in damage {
            let from = offset(&text, at);
            let to = offset(&text, (at + length).min(1.0)).max(from);
            let cut: String = text.drain(from..to).collect();
            text.insert_str(from, INSERTIONS[insertion]);
            if duplicate {
                text.insert_str(from, &cut.repeat(2));
            }
        }
        RECORDER.with(|recorder| {
            let first = recorder.record_as(PartialName::default(), &text);
            if let Ok(recorded) = &first {
                for diagnostic in &recorded.diagnostics {
                    assert!(!diagnostic.to_string().contains(char::is_control), "{diagnostic}");
                }
                assert!(recorded.recording.to_json().is_ok());
            }
            assert_eq!(first, recorder.record_as(PartialName::default(), &text));
        });
    }
}
