//! Words: what translation and the chrome of a site put around, and in the place of, the documentation's own.

use super::record;
use super::tables::facts;

/// Damage, the file's name, the page that shows it, and its facts.
type Case<'a> = (&'a str, &'a str, &'a str, &'a [&'a str]);

fn check(cases: &[Case<'_>]) {
    for (name, file, page, expected) in cases {
        let recording = record(file, &format!("{page}\n\npresence")).recording;
        assert_eq!(facts(&recording), *expected, "{name}");
    }
}

#[test]
fn what_is_around_the_text_says_nothing() {
    check(&[
        (
            "X11 X12 a site in one language around a text in another",
            "hu.v1.0.presence-sample.txt",
            "Szerkesztés\nMegosztás a következőn keresztül:\n[アーティクル] 07/02/2022 3 人の共同作成者\nNote\nSign in to see more.\n\
             Sign in to see more.\nPermissions\nApplication Presence.Read.All Not available.\nGET /me/presence",
            &["application (untranslated): {scopes:[Presence.Read.All]}; not-available", "GET /me/presence"],
        ),
        (
            "X31 the order of precedence, X32 the stages of a timeout: no prose is a fact",
            "ru.v1.0.presence-sample.txt",
            "* DoNotDisturb > Занят > Доступно > Нет\nA `Away/Away`, then `Available/Available`one after 5 minutes, `Available/AvailableInactive`.\n\
             GET /me/presence",
            &["GET /me/presence"],
        ),
        (
            "X8 points of a list in one line",
            "de.v1.0.presence-sample.txt",
            "Unter\n/me\nPfad. - Es sind 1.500 API-Anforderungen in 30 Sekunden. - Höchstens 650 Benutzer-IDs.\nGET /me/presence",
            &["GET /me/presence", "1500 in 30 s", "650 people"],
        ),
    ]);
}

#[test]
fn words_are_told_by_the_token_file() {
    check(&[
        (
            "X20 types, X19 names, X28 a column whose name stayed as it was",
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
            "X20 an unknown type",
            "en.v1.0.presence-sample.md",
            "| Parameter | Type | Description |\n|--|--|--|\n| activity | Snur | a |",
            &["activity: Snur = activity: ?", "? parameters: activity | Snur"],
        ),
        (
            "X22 headers and schemes",
            "ru.v1.0.presence-sample.md",
            "| Имя | Описание |\n|--|--|\n| Авторизация | Bearer {токен}. |\n\n| 名称 | 说明 |\n|--|--|\n| Autorização | 持有者 {token}。 |\n\nGET /me/presence",
            &["GET /me/presence"],
        ),
        (
            "X17 the description keeps the documentation's own word",
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
fn a_page_is_told_by_its_operation_x29() {
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
