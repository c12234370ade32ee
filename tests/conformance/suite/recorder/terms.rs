//! Translated terms, and text of the website around the page.

use super::record;
use super::tables::facts;

/// A description, the file's name, the page and its facts.
type Case<'a> = (&'a str, &'a str, &'a str, &'a [&'a str]);

fn check(cases: &[Case<'_>]) {
    for (name, file, page, expected) in cases {
        let recording = record(file, &format!("{page}\n\npresence")).recording;
        assert_eq!(facts(&recording), *expected, "{name}");
    }
}

#[test]
fn text_around_the_page_has_no_facts() {
    check(&[
        (
            "website and page in different languages",
            "hu.v1.0.presence-sample.txt",
            "Szerkesztés\nMegosztás a következőn keresztül:\n[アーティクル] 07/02/2022 3 人の共同作成者\nNote\nSign in to see more.\n\
             Sign in to see more.\nPermissions\nApplication Presence.Read.All Not available.\nGET /me/presence",
            &["application (untranslated): {scopes:[Presence.Read.All]}; not-available", "GET /me/presence"],
        ),
        (
            "order of precedence and stages of a timeout: prose has no facts",
            "ru.v1.0.presence-sample.txt",
            "* DoNotDisturb > Занят > Доступно > Нет\nA `Away/Away`, then `Available/Available`one after 5 minutes, `Available/AvailableInactive`.\n\
             GET /me/presence",
            &["GET /me/presence"],
        ),
        (
            "list items in one line",
            "de.v1.0.presence-sample.txt",
            "Unter\n/me\nPfad. - Es sind 1.500 API-Anforderungen in 30 Sekunden. - Höchstens 650 Benutzer-IDs.\nGET /me/presence",
            &["GET /me/presence", "1500 in 30 s", "650 users"],
        ),
    ]);
}

#[test]
fn translated_terms_are_understood() {
    check(&[
        (
            "translated types and names, an untranslated column heading",
            "pt-PT.v1.0.presence-sample.md",
            "| Parâmetro | Type | Descrição |\n|--|--|--|\n| Sessionid | cadeia de caracteres | a |\n| atividade | String | a |\n\
             | ids | Coleção de cadeias de caracteres | a |\n| expirationDuration | Duração | a |\n| mensagem | Booliano | a |",
            &[
                "Sessionid: cadeia de caracteres = sessionId: string",
                "atividade: String = activity: string",
                "ids: Coleção de cadeias de caracteres = ids: string collection",
                "expirationDuration: Duração = expirationDuration: duration",
                "mensagem: Booliano = message: boolean",
            ],
        ),
        (
            "unknown type",
            "en.v1.0.presence-sample.md",
            "| Parameter | Type | Description |\n|--|--|--|\n| activity | Snur | a |",
            &["activity: Snur = activity: ?", "? parameters: activity | Snur"],
        ),
        (
            "translated headers and authentication schemes",
            "ru.v1.0.presence-sample.md",
            "| Имя | Описание |\n|--|--|\n| Авторизация | Bearer {токен}. |\n\n| 名称 | 说明 |\n|--|--|\n| Autorização | 持有者 {token}。 |\n\nGET /me/presence",
            &["GET /me/presence"],
        ),
        (
            "untranslated terms in the description",
            "sv.v1.0.presence-sample.md",
            "| availability | activity | Ord |\n|--|--|--|\n| Ledig | Ledig | Blir Available. |\n| Upptagen | InACall | Blir Busy, InACall. |\n\
             | Osynlig | Dold | Blir Offline. |\n| Osynlig | OffWork | Blir Away, Offline. |",
            &[
                "Ledig/Ledig = Available/Available",
                "Upptagen/InACall = Busy/InACall",
                "? pairs: Osynlig | Dold",
                "? pairs: Osynlig | OffWork",
            ],
        ),
    ]);
}

#[test]
fn page_is_identified_by_its_operation() {
    let rows = "| availability | activity |\n|--|--|\n| Ledig | Ledig |\n| Upptagen | InACall |\n| Upptagen | InAConferenceCall |\n| Borta | Borta |\n";
    let request = "POST https://graph.microsoft.com/v1.0/users/1/presence/setPresence\nHTTP/1.1 200 OK\n";
    let page = format!("närvaro： setPresence\n{rows}{request}");
    let recording = record("sv.v1.0.presence-sample.txt", &page).recording;
    assert_eq!(
        facts(&recording),
        [
            "Ledig/Ledig = Available/Available",
            "Upptagen/InACall = Busy/InACall",
            "Upptagen/InAConferenceCall = Busy/InAConferenceCall",
            "Borta/Borta = Away/Away",
        ]
    );
}
