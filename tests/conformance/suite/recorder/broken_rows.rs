//! Rows that were split, joined or lost their separators.

use super::record;
use super::tables::facts;

/// A description, the locale, the page and its facts.
type Case<'a> = (&'a str, &'a str, &'a str, &'a [&'a str]);

fn check(cases: &[Case<'_>]) {
    for (name, locale, page, expected) in cases {
        let recording =
            record(&format!("{locale}.v1.0.presence-sample.txt"), &format!("presence\n{page}\n\nEnd.")).recording;
        assert_eq!(facts(&recording), *expected, "{name}");
    }
}

#[test]
fn subscriptions_are_read_in_every_layout() {
    let expected: &[&str] =
        &["communications/presences/{id}: Neu", "communications/presences?$filter=id in ('{id}', '{id}', ...): Neu"];
    check(&[
        (
            "pipe_cells, unmarked rows",
            "de",
            "Art |\nURL der Ressource |\nArten |\nEin Benutzer |\ncommunications/presences/{id} |\nNeu |\nViele |\n\
             communications/presences?$filter=id in ('{id}', '{id}', ...) |\nNeu |",
            expected,
        ),
        (
            "markdown_table: last cell in a separate line",
            "de",
            "Art | URL der Ressource | Arten |\n---|---|---|\nEin Benutzer | communications/presences/{id} |\nNeu |\n\
             Viele | communications/presences?$filter=id in ('{id}', '{id}', ...) |\nNeu |\nNun folgt ein Satz.",
            expected,
        ),
        (
            "one_cell_per_line",
            "de",
            "Art\nURL der Ressource\nArten\nEin Benutzer\ncommunications/presences/{id}\nNeu\nViele\n\
             communications/presences?$filter=id in ('{id}', '{id}', ...)\nNeu\nNun folgt ein Satz.",
            expected,
        ),
        (
            "space_separated",
            "de",
            "Art URL der Ressource Arten\nEin Benutzer communications/presences/{id} Neu\n\
             Viele communications/presences?$filter=id in ('{id}', '{id}', ...) Neu\nNun folgt ein Satz.",
            expected,
        ),
        (
            "a sentence with a resource is not a row",
            "de",
            "Die URL ist leer.\n\nMan nimmt communications/presences/{id} dafür.\nGET /me/presence",
            &["GET /me/presence"],
        ),
    ]);
}

#[test]
fn states_are_read_in_every_layout() {
    let expected: &[&str] = &[
        "Frei: available/available = Available/Available",
        "Im Telefonat, nicht im Büro: busy / inACall + OOF = Busy/InACall out of office",
        "Unbekannt: presenceUnknown = PresenceUnknown",
    ];
    check(&[
        (
            "one_cell_per_line",
            "de",
            "Teams\nGraph\nFrei\navailable/available\nIm Telefonat, nicht im Büro\nbusy / inACall + OOF\nUnbekannt\npresenceUnknown\nEin Satz.",
            expected,
        ),
        (
            "space_separated",
            "de",
            "Teams Graph\nFrei available/available\nIm Telefonat, nicht im Büro busy / inACall + OOF\nUnbekannt presenceUnknown\nEin Satz.",
            expected,
        ),
        (
            "a pair in a separate line is not a state",
            "de",
            "Man ist\nOffline/Offline\n.\nDann ist man Away/Away\nGET /me/presence",
            &["GET /me/presence"],
        ),
    ]);
}

#[test]
fn descriptions_of_several_lines_are_read() {
    let message: &[&str] = &[
        "property expiryDateTime: dateTimeTimeZone = expiryDateTime: dateTimeTimeZone",
        "property message: itemBody = message: itemBody",
    ];
    check(&[
        (
            "space_separated: a description of several paragraphs",
            "es",
            "Propiedad Tipo Descripción\nexpiryDateTime dateTimeTimeZone Una palabra.\nSi falta, nunca.\n\nmessage no lo tiene.\n\n\
             message itemBody Otra.\nSolo lectura.\n\nJSON",
            message,
        ),
        (
            "space_separated: wrapped description",
            "en",
            "Parameter Type Description\nids String collection Those whose\nmessage of the day\nis not ISO standard. More.\nmood string Unknown.",
            &[
                "ids: String collection = ids: string collection",
                "mood: string = ?: string",
                "? parameters: mood | string",
            ],
        ),
        (
            "space_separated: default in a separate paragraph",
            "de",
            "Parameter Typ Beschreibung\nexpirationDuration Dauer Ein Wort.\n\nSonst sind es 5 Minuten.\n\nHinweis\n\nEs sind 9 Minuten.",
            &["expirationDuration: Dauer = expirationDuration: duration", " after PT5M"],
        ),
        (
            "one_cell_per_line: list items of the last description in separate lines",
            "pt-BR",
            "Parâmetro\nTipo\nDescrição\nexpirationDuration\nDuração\nUma palavra:\n-\nDoNotDisturb ou Busy: em 1 dia - Outros: em 7 dias",
            &[
                "expirationDuration: Duração = expirationDuration: duration",
                "Busy/DoNotDisturb after P1D",
                " after P7D",
            ],
        ),
        (
            "list items without separators",
            "fr",
            "Paramètre\nType\nDescription\nexpirationDuration\ndurée\nUn mot : DoNotDisturb ou Busy : dans 1 jour Les autres : dans 7 jours",
            &["expirationDuration: durée = expirationDuration: duration", "Busy/DoNotDisturb after P1D", " after P7D"],
        ),
        (
            "minimum and maximum are not defaults",
            "en",
            "Parameter\nType\nDescription\nexpirationDuration\nduration\nAt least 5 minutes. The longest is 4 hours.",
            &["expirationDuration: duration = expirationDuration: duration"],
        ),
        (
            "a range is not two list items",
            "en",
            "Parameter\nType\nDescription\nexpirationDuration\nduration\nFrom 1 hour to 2 days.",
            &["expirationDuration: duration = expirationDuration: duration"],
        ),
    ]);
}

#[test]
fn cells_without_separators_are_read() {
    check(&[
        (
            "space_separated: scopes without spaces between them",
            "ja",
            "権限 最小\n委任 (職場または学校のアカウント) Presence.Read、Presence.Read.All\nアプリケーション サポートされていません。",
            &[
                "delegated-work (translation): {scopes:[Presence.Read]}; {scopes:[Presence.Read.All]}",
                "application (translation): not-supported",
            ],
        ),
        (
            "space_separated: full stops without spaces after them",
            "zh",
            "类型 最低 更高\n委派(个人 Microsoft 帐户) 不支持。不支持。\n应用程序 Presence.Read.All 不可用。",
            &[
                "delegated-personal (translation): not-supported; not-supported",
                "application (translation): {scopes:[Presence.Read.All]}; not-available",
            ],
        ),
        (
            "space_separated: a first row with unknown scopes",
            "en",
            "Delegated (work or school account) Präsenz.\nApplication Presence.Read.All Not available.",
            &[
                "application (untranslated): {scopes:[Presence.Read.All]}; not-available",
                "? permissions: Delegated (work or school account) | Präsenz.",
            ],
        ),
        (
            "one_cell_per_line: versions of a scope",
            "fr",
            "Type\nAutorisations\nVersions\nDéléguée (compte professionnel ou scolaire)\nPresence.Read.All.\nV1, bêta.\nApplication\nNon prise en charge.\nNon prise en charge.\nUne phrase.",
            &[
                "delegated-work (translation): {scopes:[Presence.Read.All]} v1.0 beta",
                "application (untranslated): not-supported",
            ],
        ),
        (
            "space_separated: unknown values end where they are repeated",
            "sv",
            "availability activity Description\nLedig Ledig Blir Available.\nVid sitt bord Vid sitt bord Ett ord.\nPaus OffWork Ett ord.\nBusy Upptagen nu Blir Busy, Upptagen nu.\nEn mening.",
            &[
                "Ledig/Ledig = Available/Available",
                "? pairs: Vid sitt bord | Vid sitt bord",
                "? pairs: Paus | OffWork",
                "? pairs: Busy | Upptagen nu",
            ],
        ),
        (
            "space_separated: unknown names of clouds",
            "sv",
            "Hela världen Staten L4 Staten L5 (DOD) Kina\n✅ ❌ ✅ ❌",
            &["yes no yes no"],
        ),
        (
            "space_separated: L5 before L4",
            "sv",
            "Det finns i L5 och L4 också.\n✅ ❌ ✅ ❌\nGET /me/presence",
            &["GET /me/presence"],
        ),
        (
            "space_separated: a sentence with L4 and L5 is not a table",
            "sv",
            "Det finns i L4 och L5 också.\nGET /me/presence",
            &["GET /me/presence"],
        ),
        (
            "markdown_table: permissions by resource",
            "en",
            "Resource | Delegated (work or school account) | Delegated (personal Microsoft account) | Application |\n---|---|---|---|\n\
             chat | Chat.ReadBasic, Chat.Read | Not supported. | Chat.Read.All |\npresence | Presence.Read.All | Not supported. | Not available. |",
            &[
                "delegated-work (position+untranslated): {scopes:[Presence.Read.All]}",
                "delegated-personal (position+untranslated): not-supported",
                "application (position+untranslated): not-available",
            ],
        ),
        (
            "one_cell_per_line: scopes in a table that cannot be read",
            "xx",
            "Snur (glib)\nPresence.Read\nBlav.\nKolm\nPresence.Read.All\nBlav.",
            &["? permissions: Presence.Read"],
        ),
        (
            "space_separated: scopes in a table that cannot be read",
            "xx",
            "Snur (glib) Presence.Read Blav.\nSnur (pon) Blav. Blav.\nKolm Presence.Read.All Blav.",
            &["? permissions: Snur (glib) Presence.Read Blav."],
        ),
        (
            "sentences with scopes are not a table",
            "en",
            "It needs Presence.Read.\n```http\nGET /me/presence\n```\n## One more\nIt needs Presence.Read.All.",
            &["GET /me/presence"],
        ),
        (
            "properties under a column heading for relationships",
            "en",
            "Properties\n\n| Relationship | Type | Description |\n|--|--|--|\n| id | string | a |",
            &["property id: string = id: string"],
        ),
    ]);
}
