//! The text of every error and diagnostic of the crate, by the source file that creates it.

use std::fmt::{Display, Write};

use graph_presence_conformance::{
    Operations, PageName, PartialName, Recorder, RecorderError, Severity, Translations, TranslationsError,
};

use super::record;

const GET: &str = "GET https://graph.microsoft.com/v1.0/me/presence";
const POST: &str = "POST https://graph.microsoft.com/v1.0/me/presence/setManualLocation";
const JSON: &str = "Content-Type: application/json";
const OK: &str = "HTTP/1.1 200 OK";

const PAIRS: &str = "| availability | activity | Description |\n|--|--|--|\n";
const PARAMETERS: &str = "| Parameter | Type | Description |\n|--|--|--|\n";
const PERMISSIONS: &str = "| Type | Least | Higher |\n|--|--|--|\n";
const CLOUDS: &str =
    "| Global service | US Government L4 | US Government L5 (DOD) | China operated by 21Vianet |\n|--|--|--|--|\n";

/// The texts, with a heading for each source file.
#[derive(Default)]
struct Messages(String);

impl Messages {
    fn file(&mut self, path: &str) {
        let separator = if self.0.is_empty() { "" } else { "\n" };
        writeln!(self.0, "{separator}{path}").unwrap();
    }

    fn error(&mut self, error: &impl Display) {
        let text = error.to_string();
        writeln!(self.0, "  {}", text.trim_end().replace('\n', "\n  ")).unwrap();
    }

    /// Records a page and adds its diagnostics of one severity.
    fn page(&mut self, name: &str, severity: Severity, page: &str) {
        let recorded = record(name, &format!("{page}\npresence"));
        let diagnostics = recorded.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity);
        let lines: String = diagnostics.map(|diagnostic| format!("  {diagnostic}\n")).collect();
        assert!(!lines.is_empty(), "no such diagnostic: {page}");
        self.0.push_str(&lines);
    }

    fn read(&mut self, page: &str) {
        self.page("en.v1.0.presence-sample.md", Severity::Read, page);
    }

    fn repaired(&mut self, page: &str) {
        self.page("en.v1.0.presence-sample.md", Severity::Repaired, page);
    }

    fn unknown(&mut self, page: &str) {
        self.page("en.v1.0.presence-sample.md", Severity::Unknown, page);
    }
}

#[test]
fn every_error_and_diagnostic_has_this_text() {
    let mut messages = Messages::default();
    diagnostics_of_exchanges(&mut messages);
    diagnostics_of_facts(&mut messages);
    diagnostics_of_messages(&mut messages);
    errors(&mut messages);
    repairs(&mut messages);
    diagnostics_of_start_lines(&mut messages);
    errors_of_translations(&mut messages);
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("error_messages", messages.0));
}

fn diagnostics_of_exchanges(messages: &mut Messages) {
    messages.file("src/diagnostic.rs");
    messages.unknown(&format!("{GET}/{}", "a".repeat(80)));
    messages.unknown("| a\u{7} | b |\n|--|--|\n| c | d |");

    messages.file("src/exchange.rs");
    messages.unknown(&format!("{GET}\n{JSON}\n\n{{\"id\": \"1\"}}"));
    messages.unknown(&format!("{POST}\n{JSON}\n\nThe location.\n{OK}"));
    messages.unknown(&format!("GET https://graph.microsoft.com/v2.0/me/presence\n{OK}"));
    let calendar = format!("GET https://graph.microsoft.com/v1.0/me/calendar\n{OK}");
    messages.unknown(&calendar);
    messages.unknown(OK);
    messages.unknown(GET);
    messages.read(&format!("{GET}\n{OK}"));
    messages.read(&calendar);
}

fn diagnostics_of_facts(messages: &mut Messages) {
    messages.file("src/facts.rs");
    messages.unknown("| Fruit | Color |\n|--|--|\n| Apple | Red |");

    messages.file("src/facts/clouds.rs");
    messages.unknown("| US Government L4 | US Government L5 (DOD) | Moon |\n|--|--|--|\n| ✅ | ✅ | ❌ |");
    messages.unknown(&format!("{CLOUDS}| ✅ | ✅ | ❌ | ❌ |\n| ✅ | ✅ | ✅ | ✅ |"));
    messages.page(
        "en.v1.0.presence-sample.txt",
        Severity::Unknown,
        "| Global service |\nUS Government L4 |\nUS Government L5 (DOD) |\nChina operated by 21Vianet |\n| ✅ |\n✅ |\n❌ |",
    );
    messages.unknown(&format!("{CLOUDS}| ✅ | ✅ | soon | ❌ |"));
    messages.read(&format!("{CLOUDS}| ✅ | ✅ | ❌ | ❌ |"));

    messages.file("src/facts/pairs.rs");
    messages.page(
        "en.v1.0.presence-sample.txt",
        Severity::Unknown,
        "| availability |\nactivity |\nDescription |\n| Away |\n| Busy |\nInACall |\nSome text. |",
    );
    let set_presence = |last: &str| {
        format!(
            "{PAIRS}| Available | Available | a |\n| Busy | InACall | a |\n| Busy | InAConferenceCall | a |\n{last}"
        )
    };
    messages.page("en.v1.0.presence-setpresence.md", Severity::Unknown, &set_presence("| Away | Busy | a |"));
    messages.unknown(&format!("{PAIRS}| Bored | Bored | a |"));
    messages.page("en.v1.0.presence-setpresence.md", Severity::Read, &set_presence("| Away | Away | a |"));
    messages.page("de.v1.0.presence-sample.md", Severity::Read, &format!("{PAIRS}| Gebucht | InACall | a |"));
    messages.read(&format!("{PAIRS}| Bored | Bored | Shows as Away. |\n| Busy | InACall | a |"));

    messages.file("src/facts/parameters.rs");
    messages.unknown(&format!("{PARAMETERS}| ids | String collection | a |\n| mood | String | a |"));
    messages.unknown(&format!("{PARAMETERS}| activity | Snur | a |"));
    messages.read(&format!("{PARAMETERS}| activity | String | a |"));

    messages.file("src/facts/permissions.rs");
    let application = "| Application | Presence.Read.All | Not available. |\n";
    let personal = "| Delegated (personal Microsoft account) | Not supported. | Not supported. |\n";
    messages.unknown(&format!("{PERMISSIONS}{application}{personal}{application}"));
    messages.unknown(&format!("{PERMISSIONS}{application}| Robot | Presence.Read | Not available. |"));
    messages.unknown(&format!("{PERMISSIONS}| Application | maybe | maybe |"));
    messages.unknown(&format!("{PERMISSIONS}{application}| Application | Presence.Read | Not available. |"));
    messages.unknown("Snur Presence.Read Blav.\nKolm Presence.Read.All Blav.");
    messages.read(&format!("{PERMISSIONS}{application}"));

    messages.file("src/facts/states.rs");
    messages.unknown("| Teams | Graph |\n|--|--|\n| Away | `away/away` |\n| Odd | `odd` |");

    messages.file("src/facts/values.rs");
    let values =
        |list: &str| format!("| Property | Type | Description |\n|--|--|--|\n| availability | String | {list} |");
    messages.unknown(&values("Are `busy`, `dreaming`, `away`, `offline`."));
    messages.page("en.v1.0.presence-sample.md", Severity::Read, &values("Are `busy`, `away`, `offline`."));
}

fn diagnostics_of_messages(messages: &mut Messages) {
    messages.file("src/json.rs");
    let bodies = [
        "{\"activity\": \"Aw\n\"}",
        &"[{\"a\":".repeat(200),
        "{\"ids\": [}",
        &format!("{{\"activity\": \"Away\",\n{OK}"),
        "{\"activity\": \"Away\",",
        "{\"ids\": }",
    ];
    for body in bodies {
        messages.unknown(&format!("{POST}\n{JSON}\n\n{body}"));
    }

    messages.file("src/message.rs");
    messages.unknown(&format!("{GET}\n{OK}\n{JSON}\n\nEnd."));
}

fn errors(messages: &mut Messages) {
    messages.file("src/operation.rs");
    let damaged_spec = Operations::from_openapi("openapi: [").unwrap_err();
    messages.error(&damaged_spec);
    messages.error(&Operations::from_openapi("openapi: 3.0.4").unwrap_err());

    messages.file("src/page.rs");
    messages.error(&"presence-get.txt".parse::<PageName>().unwrap_err());

    messages.file("src/recorder.rs");
    let recorder = Recorder::new().unwrap();
    for page in ["", "GET https://graph.microsoft.com/v1.0/me/calendar"] {
        messages.error(&recorder.record_as(PartialName::default(), page).unwrap_err());
    }
    messages.error(&RecorderError::Spec(damaged_spec));
    messages.error(&RecorderError::Translations(translations_error("sv: [")));
    // The regular expressions are constants, so that a page cannot cause this error.
    messages.error(&RecorderError::Pattern("regex parse error".to_owned()));
}

fn repairs(messages: &mut Messages) {
    messages.file("src/recording/repair.rs");
    let respond = |body: &str| format!("{GET}\n{OK}\n{body}");
    messages.repaired(&respond(&format!("{JSON}\n{{\"id\": \"1\"}}")));
    messages.repaired(&respond(&format!("{JSON}\nContent-Length: 1574\n\n{{\"id\": \"1\"}}")));
    messages.repaired(&respond("\n{\"id\": \"1\"}"));
    messages.repaired(&respond(&format!("{JSON}\n\n{{\n\"id\": \"1\"\n}}")));
    messages.repaired(&format!("{POST}\n{JSON}\n\n{{“placeId”: “1”}}\n{OK}"));
    messages.repaired(&format!("{GET} {OK} {JSON} {{ \"id\": \"1\" }}"));
    messages.repaired(&format!("{GET}\nawait graphClient.Me;\n{OK}"));
    messages.repaired(&format!("```http\n{GET}\n```\n```http\n{OK}\n{JSON}\n```\n```json\n{{\"id\": \"1\"}}\n```"));
    messages.repaired(&format!("{POST}\n{JSON}\n\n{{\"workLocationType\": \"String\"}}\n{OK}"));
    messages.repaired(&format!("GET https://graph.microsoft.com/beta/me/presence\n{OK}"));
    let bilingual =
        "<span data-ttu-id=\"1\">词</span><span class=\"sxs-lookup\"><span data-stu-id=\"1\">Text</span></span>";
    messages.repaired(&format!("{bilingual}\n{GET}\n{OK}"));
    messages.repaired(&format!("GET /me/presence\n{CLOUDS}"));
    messages.repaired("fa8bf3dc-eca7-46b7-bad1-db199b62afc3sets it.\nGET /me/presence");
    messages.repaired("POST /me/presence/setPresence| Parameter | Type |\n|--|--|\n| ids | String collection |");
    messages.repaired("GET /me/presence\n[!INCLUDE [national-cloud-support](../../includes/all-clouds.md)]");
}

fn diagnostics_of_start_lines(messages: &mut Messages) {
    messages.file("src/start_line.rs");
    messages.unknown("GET https:///v1.0/me/presence");
    messages.unknown("GET https://graph.example.org/v1.0/me/presence");
    messages.unknown(&format!("{GET} reads it."));
}

fn errors_of_translations(messages: &mut Messages) {
    messages.file("src/vocabulary/term_group.rs");
    messages.error(&translations_error("en:\n  values:\n    Busy: [' . ']\n"));
    messages.error(&translations_error("sv:\n  values:\n    Busy: [Upptagen]\n    Away: [upptagen.]\n"));

    messages.file("src/vocabulary/translations.rs");
    messages.error(&translations_error("sv: ["));
    messages.error(&translations_error("sv:\n  colors: {}\n"));
    messages.error(&translations_error("sv:\n  permissions:\n    robot: [Robot]\n"));
    messages.error(&translations_error("sv:\n  values:\n    Bored: [Uttråkad]\n"));
}

fn translations_error(yaml: &str) -> TranslationsError {
    Translations::parse(yaml).map(drop).unwrap_err()
}
