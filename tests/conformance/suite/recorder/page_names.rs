//! The locale, version and name of a page, from the file name, the folders or the page's content.

use std::path::Path;

use graph_presence_conformance::{PageName, PartialName, Recorder};

const EXCHANGE: &str = "GET https://graph.microsoft.com/beta/me/presence\nHTTP/1.1 200 OK\n";

#[test]
fn page_name_is_completed_from_folders_and_content() {
    let plain = EXCHANGE.to_owned();
    let cases = [
        ("sv.v1.0.presence-get.txt", &plain, "sv/v1.0.presence-get.json"),
        ("pt-BR.concept.presence-state.md", &plain, "pt-BR/concept.presence-state.json"),
        ("presence-get.txt", &plain, "en/beta.presence-get.json"),
        ("ja-presence-get-3.txt", &plain, "ja/beta.presence-get-3.json"),
        ("pt-pt-setpresence-1.txt", &plain, "pt-PT/beta.setpresence-1.json"),
        ("docs/zh-CN/v1.0/presence-get.md", &plain, "zh-CN/v1.0.presence-get.json"),
        ("docs/concepts/presence-state.md", &plain, "en/concept.presence-state.json"),
        ("zh-CN/beta/history/presence-get@2019-12-05-ab.md", &plain, "zh-CN/beta.presence-get.json"),
        ("presence.txt", &format!("---\nms.contentlocale: ru-RU\n---\n{EXCHANGE}"), "ru-RU/beta.presence.json"),
        ("presence.txt", &format!("---\nms.contentlocale: /etc\n---\n{EXCHANGE}"), "en/beta.presence.json"),
        ("presence.txt", &format!("---\nms.contentlocale: ../../up\n---\n{EXCHANGE}"), "en/beta.presence.json"),
        ("presence.html", &format!("<html lang=\"..\\..\\up\"><pre>{EXCHANGE}</pre>"), "en/beta.presence.json"),
        ("presence.txt", &format!("Berechtigungen\nBeispiele\n{EXCHANGE}"), "de/beta.presence.json"),
        ("presence.txt", &format!("アクセス許可\n要求本文\nPermissions\n{EXCHANGE}"), "ja/beta.presence.json"),
        (
            "index.html",
            &format!(
                "<html><link rel=canonical href=\"https://learn.microsoft.com/fi-fi/graph/api/presence-get?view=graph-rest-1.0\"><pre>{EXCHANGE}"
            ),
            "fi-FI/v1.0.index.json",
        ),
    ];
    let recorder = Recorder::new().unwrap();
    for (path, page, expected) in cases {
        let name = PartialName::of_path(Path::new(path)).unwrap();
        let recorded = recorder.record_as(name, page).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(recorded.recording.file(), Path::new(expected), "{path}");
    }
}

#[test]
fn incomplete_page_names_are_rejected() {
    for name in
        ["presence-get.txt", "sv.presence-get.txt", "v1.0.presence-get.md", "sv.v1.0.presence-get.pdf", "sv.v1.0.md"]
    {
        assert!(name.parse::<PageName>().is_err(), "{name}");
    }
    assert_eq!(PartialName::of_path(Path::new("presence.pdf")), None);
}
