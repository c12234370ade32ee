//! Tables in their layouts, and facts that are found by patterns.

use graph_presence_conformance::{Evidence, Facts, Recorded, Recording};

use super::{name, record, unknown};

/// Formats the facts, the repairs and the unknown content of a recording, one per line.
pub(super) fn facts(recording: &Recording) -> Vec<String> {
    let Facts { permissions, clouds, paths, pairs, parameters, properties, values, states, subscriptions, limits } =
        &recording.facts;
    let mut lines = Vec::new();
    for (kind, permission) in permissions {
        let cells = [Some(&permission.least_privileged), permission.higher_privileged.as_ref()];
        let cells: Vec<String> = cells.into_iter().flatten().map(name).collect();
        let mut line = format!("{} ({}): {}", name(kind), evidence(&permission.evidence), cells.join("; "));
        line.extend(permission.versions.iter().map(|version| format!(" {version}")));
        lines.push(line.replace('"', ""));
    }
    if *clouds != graph_presence_conformance::Clouds::default() {
        lines.push([clouds.global, clouds.l4, clouds.l5, clouds.china].map(|offered| name(&offered)).join(" "));
    }
    lines.extend(paths.iter().cloned());
    lines
        .extend(pairs.iter().map(|pair| format!("{} = {}/{}", pair.found.join("/"), pair.availability, pair.activity)));
    for (kind, parameter) in parameters
        .iter()
        .map(|parameter| ("", parameter))
        .chain(properties.iter().map(|property| ("property ", property)))
    {
        let known = [&parameter.name, &parameter.type_name].map(|known| known.as_deref().unwrap_or("?"));
        lines.push(format!("{kind}{} = {}", parameter.found.join(": "), known.join(": ")));
    }
    for list in values {
        lines.push(format!("{} ({}): {}", list.property, evidence(&list.evidence), list.values.join(" ")));
    }
    for state in states {
        let suffix = if state.out_of_office { " out of office" } else { "" };
        lines.push(format!("{} = {}{suffix}", state.found.join(": "), state.values.join("/")));
    }
    lines.extend(subscriptions.iter().map(|resource| format!("{}: {}", resource.resource, resource.change_types)));
    lines.extend(limits.duration_ranges.iter().map(|range| format!("{} to {}", range.from, range.to)));
    lines.extend(limits.rate_limits.iter().map(|rate| format!("{} in {} s", rate.requests, rate.seconds)));
    lines.extend(limits.max_users.iter().map(|users| format!("{users} users")));
    lines.extend(
        limits
            .default_expirations
            .iter()
            .map(|expiry| format!("{} after {}", expiry.availabilities.join("/"), expiry.duration)),
    );
    lines.extend(recording.repairs.iter().map(name));
    lines.extend(unknown(recording).into_iter().map(|unknown| format!("? {unknown}")));
    lines
}

fn evidence(evidence: &[Evidence]) -> String {
    evidence.iter().map(name).collect::<Vec<_>>().join("+")
}

/// A description, the locale, the page and its facts.
type Case<'a> = (&'a str, &'a str, &'a str, &'a [&'a str]);

fn check(cases: &[Case<'_>]) {
    for (name, locale, page, expected) in cases {
        let Recorded { recording, .. } =
            record(&format!("{locale}.v1.0.presence-sample.txt"), &format!("presence\n{page}\nEnd."));
        assert_eq!(facts(&recording), *expected, "{name}");
    }
}

const WORK: &str = "delegated-work (position+translation): {scopes:[Presence.Read]}; {scopes:[Presence.Read.All]}";
const PERSONAL: &str = "delegated-personal (position+translation): not-supported; not-supported";
const APPLICATION: &str = "application (position+untranslated): {scopes:[Presence.Read.All]}; not-available";

#[test]
fn permissions_tables_are_read() {
    check(&[
        (
            "pipe_cells: a pipe starts a row",
            "de",
            "| Berechtigungstyp |\nWenigste |\nMehr |\n| Delegiert (Geschäfts-, Schul- oder Unikonto) |\nPresence.Read |\n\
             Presence.Read.All |\n| Delegiert (persönliches Microsoft-Konto) |\nNicht unterstützt |\nNicht unterstützt. |\n\
             | Application |\nPresence.Read.All |\nNicht verfügbar. |",
            &[WORK, PERSONAL, APPLICATION],
        ),
        (
            "pipe_cells, unmarked rows",
            "es",
            "Tipo |\nMenos |\nMás |\nDelegado (cuenta profesional o educativa) |\nPresence.Read |\nPresence.Read.All |\n\
             Delegado (cuenta personal de Microsoft) |\nNo admitida. |\nNo admitida |\nApplication |\nPresence.Read.All |\n\
             No disponible. |",
            &[WORK, PERSONAL, APPLICATION],
        ),
        (
            "pipe_cells, unmarked rows, unknown labels: number of columns by the scopes, kinds by the position",
            "sv",
            "Typ |\nMinst |\nMer |\nDelegerad (arbete) |\nPresence.Read |\nPresence.Read.All |\nDelegerad (privat) |\n\
             Not supported. |\nNot supported. |\nProgram |\nPresence.Read.All |\nNot available. |",
            &[
                "delegated-work (position): {scopes:[Presence.Read]}; {scopes:[Presence.Read.All]}",
                "delegated-personal (position): not-supported; not-supported",
                "application (position): {scopes:[Presence.Read.All]}; not-available",
            ],
        ),
        (
            "space_separated",
            "fi",
            "Permission type Least privileged permissions Higher privileged permissions\n\
             Delegated (work or school account) Presence.Read Presence.Read.All, Presence.ReadWrite\n\
             Delegated (personal Microsoft account) Not supported. Not supported.\nApplication Presence.Read.All Not available.",
            &[
                "delegated-work (position+untranslated): {scopes:[Presence.Read]}; \
                 {scopes:[Presence.Read.All,Presence.ReadWrite]}",
                "delegated-personal (position+untranslated): not-supported; not-supported",
                APPLICATION,
            ],
        ),
        (
            "space_separated: a sentence that starts like a row is not a row",
            "fi",
            "Application permissions are not needed.\nDelegated (work or school account) is what to use.\nGET /me/presence",
            &["GET /me/presence"],
        ),
        (
            "cell of several lines",
            "de",
            "| Typ |\nWenigste |\n| Delegiert\n(Geschäfts-, Schul- oder Unikonto) |\nPresence.\nRead |\n| Application |\nPresence.Read.All |",
            &[
                "delegated-work (translation): {scopes:[Presence.Read]}",
                "application (untranslated): {scopes:[Presence.Read.All]}",
            ],
        ),
        (
            "cell of several lines, unmarked rows",
            "es",
            "Tipo |\nMenos |\nMás |\nAplicación |\nPresence.Read.All |\nNo\ndisponible. |",
            &["application (translation): {scopes:[Presence.Read.All]}; not-available"],
        ),
        (
            "table that is cut after its first cell",
            "ru",
            "| Тип |\nМеньше |\nБольше |\n| Приложение |\nThe next section.",
            &["? permissions: Приложение"],
        ),
        (
            "scopes with spaces, other case and full-width punctuation",
            "zh",
            "| 权限类型 |\n权限 |\n| 应用 |\nPresence. Read、Presence. Read. ALL。 |",
            &["application (translation): {scopes:[Presence.Read]}; {scopes:[Presence.Read.All]}"],
        ),
        (
            "unrecognizable scope",
            "zh",
            "| 权限类型 |\n权限 |\n| 应用 |\n\"状态\"： \"已读\"、\"状态\"。 |",
            &["? permissions: 应用 | \"状态\"： \"已读\"、\"状态\"。"],
        ),
        (
            "translated scopes",
            "zh",
            "| 权限类型 |\n权限 |\n| 应用 |\n状态.阅读，状态.阅读.全部 |\n| 委派（工作或学校帐户） |\n状态：已读。所有 |",
            &[
                "delegated-work (translation): {scopes:[Presence.Read.All]}",
                "application (translation): {scopes:[Presence.Read]}; {scopes:[Presence.Read.All]}",
            ],
        ),
        (
            "scope with a translated resource",
            "ru",
            "| Тип |\nРазрешения |\n| Приложение |\nПрисутствие. Read. ALL |",
            &["application (translation): {scopes:[Presence.Read.All]}"],
        ),
        (
            "one translated scope",
            "zh",
            "| 权限类型 |\n权限 |\n| 应用 |\n状态.阅读 |",
            &["application (translation): {scopes:[Presence.Read]}"],
        ),
        (
            "words in place of scopes",
            "ja",
            "| 種類 |\n最小 |\n上位 |\n| Application |\nサポートされていません。 |\n注意事項なし。 |",
            &["application (untranslated): not-supported; not-available"],
        ),
        (
            "two columns, the least privileged scope first",
            "pt-BR",
            "| Tipo |\nPermissões |\n| Delegada (conta corporativa ou de estudante) |\nPresence.Read, Presence.Read.All |\n\
             | Aplicativo |\nSem suporte. |",
            &[
                "delegated-work (translation): {scopes:[Presence.Read]}; {scopes:[Presence.Read.All]}",
                "application (translation): not-supported",
            ],
        ),
        (
            "kind of access token in the wrong position",
            "en",
            "| Type |\nLeast |\n| Application |\nPresence.Read.All |\n| Delegated (personal Microsoft account) |\nNot supported. |\n\
             | Roboter |\nPresence.Read |",
            &[
                "delegated-personal (untranslated): not-supported",
                "? permissions: Application | Presence.Read.All",
                "? permissions: Roboter | Presence.Read",
            ],
        ),
        (
            "contradictory rows",
            "en",
            "| Type |\nLeast |\n| Application |\nPresence.Read.All |\n| Application |\nPresence.Read |",
            &["application (untranslated): {scopes:[Presence.Read.All]}", "? permissions: Application | Presence.Read"],
        ),
    ]);
}

#[test]
fn cloud_tables_are_read() {
    check(&[
        (
            "pipe_cells",
            "de",
            "| Weltweiter Service |\nUS Government L4 |\nUS Government L5 (DOD) |\nChina, betrieben von 21Vianet |\n| ✅ |\n✅ |\n❌ |\n❌ |",
            &["yes yes no no"],
        ),
        (
            "pipe_cells, unmarked rows, partial translation",
            "es",
            "Servicio global |\nGobierno de EE. UU. L4 |\nUs Government L5 (DOD) |\nChina operada por 21Vianet |\n✅ |\n❌ |\n❌ |\n✅ |",
            &["yes no no yes"],
        ),
        (
            "space_separated: marks with a variation selector",
            "fi",
            "Global service US Government L4 US Government L5 (DOD) China operated by 21Vianet\n\n✅ ✔\u{fe0f} ❌ ❌",
            &["yes yes no no"],
        ),
        (
            "space_separated: missing marks do not mean no",
            "fi",
            "Global service US Government L4 US Government L5 (DOD) China operated by 21Vianet\n\nPermissions\nGET /me/presence",
            &["GET /me/presence", r#"{"kind":"cloud-values-missing"}"#],
        ),
        (
            "pipe_cells, unmarked rows: missing marks do not mean no",
            "es",
            "Servicio global |\nGobierno de EE. UU. L4 |\nUs Government L5 (DOD) |\nChina operada por 21Vianet |\nGET /me/presence\nGET /me/presence",
            &["GET /me/presence", r#"{"kind":"cloud-values-missing"}"#],
        ),
        (
            "unknown names are recognized by their position",
            "sv",
            "| Global tjänst |\nStaten L4 |\nStaten L5 |\nKina |\n| ✅ |\n❌ |\n✅ |\n❌ |",
            &["yes no yes no"],
        ),
        (
            "names out of order",
            "sv",
            "| Staten L4 |\nStaten L5 |\nGlobal service |\nKina |\n| ❌ |\n❌ |\n✅ |\n❌ |",
            &["yes no no unknown", "? clouds: Staten L4 | Staten L5 | Global service | Kina"],
        ),
        (
            "unknown mark",
            "de",
            "| Weltweiter Service |\nUS Government L4 |\nUS Government L5 (DOD) |\nChina, betrieben von 21Vianet |\n| ✅ |\n✅ |\nbald |\n❌ |",
            &["yes yes unknown no", "? clouds: bald"],
        ),
        (
            "missing mark",
            "de",
            "| Weltweiter Service |\nUS Government L4 |\nUS Government L5 (DOD) |\nChina, betrieben von 21Vianet |\n| ✅ |\n✅ |\n❌ |",
            &["? clouds: ✅ | ✅ | ❌"],
        ),
    ]);
}

#[test]
fn parameters_and_pairs_are_read_in_every_layout() {
    check(&[
        (
            "pipe_cells, sentences without a space between them, translated names",
            "de",
            "| Parameter |\nTyp |\nBeschreibung |\n| Sessionid |\nstring |\nEin Wort.Noch eins. |\n| Aktivität |\nDauer |\nEin Wort. |",
            &["Sessionid: string = sessionId: string", "Aktivität: Dauer = activity: duration"],
        ),
        (
            "pipe_cells, unmarked rows",
            "es",
            "Parámetro |\nTipo |\nDescripción |\nactividad |\nCadena |\nUna palabra. |\nids |\nString collection |\nUna palabra. |",
            &["actividad: Cadena = activity: string", "ids: String collection = ids: string collection"],
        ),
        (
            "space_separated: types of one word and of several",
            "fi",
            "Parameter Type Description\nids String collection The ids.\nstatusMessage microsoft.graph.presenceStatusMessage A message.\n\nEnd.",
            &[
                "ids: String collection = ids: string collection",
                "statusMessage: microsoft.graph.presenceStatusMessage = statusMessage: presenceStatusMessage",
            ],
        ),
        (
            "unknown name",
            "de",
            "| Parameter |\nTyp |\nBeschreibung |\n| sessionId |\nstring |\nEin Wort. |\n| Laune |\nstring |\nEin Wort. |",
            &["sessionId: string = sessionId: string", "Laune: string = ?: string", "? parameters: Laune | string"],
        ),
        (
            "pipe_cells, unmarked rows: pairs",
            "es",
            "availability |\nactividad |\nDescripción |\nDisponible |\nDisponible |\nUna palabra. |\nBusy |\nInACall |\nUna palabra. |",
            &["Disponible/Disponible = Available/Available", "Busy/InACall = Busy/InACall"],
        ),
        (
            "space_separated: pairs, with values of several words",
            "fr",
            "availability activité Description\nDisponible Disponible Un mot.\nHors connexion OffWork Un mot.\nInconnu OffWork Un mot.\n",
            &[
                "Disponible/Disponible = Available/Available",
                "Hors connexion/OffWork = Offline/OffWork",
                "? pairs: Inconnu | OffWork",
            ],
        ),
        (
            "the table of request headers has no facts",
            "pt-BR",
            "| Nome |\nDescrição |\n| Content-Type |\napplication/json |\nGET /me/presence",
            &["GET /me/presence"],
        ),
        ("unknown table", "en", "| Fruit |\nColour |\n| Apple |\nRed |", &["? table: Fruit | Colour"]),
        (
            "markdown_table: unknown tables",
            "ja",
            "| a | b |\n|:--|---|\n| c | d |\n\n| e | f |\n|---|---|",
            &["? table: a | b", "? table: e | f"],
        ),
        (
            "markdown_table: a sentence with a pipe is not a table",
            "en",
            "C# | Go\n\nGET /me/presence",
            &["GET /me/presence"],
        ),
        (
            "prose in a cell is not recorded",
            "en",
            "| Fruit |\nColour |\n| Apple |\nRed |\n\n| An apple is the fruit of a tree that was first grown in the mountains of Central Asia, they say. |\nRed |\n| a |\nb |",
            &["? table: Fruit | Colour", "? table: … | Red"],
        ),
    ]);
}

#[test]
fn paths_ranges_rates_and_guids_are_found() {
    check(&[
        (
            "path without an id",
            "es",
            "GET /communications/presences\nGET /communications/presences",
            &["GET /communications/presences"],
        ),
        (
            "table in the line of the path",
            "en",
            "POST /me/presence/setPresence| Parameter | Type |\n|:---|:---|\n| ids | String collection |",
            &[
                "POST /me/presence/setPresence",
                "ids: String collection = ids: string collection",
                r#"{"kind":"table-not-separated"}"#,
            ],
        ),
        ("a sentence is not a path", "en", "GET /me/presence reads it.\nPATCH /me/presence", &["PATCH /me/presence"]),
        (
            "range of durations",
            "de",
            "Ein Wort (PT5M bis PT4H).\n(PT5M bis PT4H)\n(PT5M) PT1H to PT2H",
            &["PT5M to PT4H"],
        ),
        ("range of durations in full-width text", "zh", "5 到 240 分钟(PT5M 到 PT4H)。", &["PT5M to PT4H"]),
        ("rate limit", "es", "Se aceptan 1500 solicitudes en cada periodo de 30 segundos.", &["1500 in 30 s"]),
        ("rate limit with grouped digits", "de", "Es sind 1.500 API-Anforderungen in 30 Sekunden.", &["1500 in 30 s"]),
        (
            "rate limit with the period first",
            "en",
            "In each 30-second period 1,500 requests are allowed.",
            &["1500 in 30 s"],
        ),
        (
            "unrelated numbers",
            "en",
            "GET /me\nIn 30 seconds 1500 apples fall.\n1500 requests of 650 ids in 30 seconds",
            &["GET /me", "650 users"],
        ),
        (
            "GUID without a space after it",
            "de",
            "GET /me\nBenutzer fa8bf3dc-eca7-46b7-bad1-db199b62afc3festlegt, FA8BF3DC-ECA7-46B7-BAD1-DB199B62AFC3festlegt.",
            &["GET /me", r#"{"guid":"fa8bf3dc-eca7-46b7-bad1-db199b62afc3","kind":"guid-not-separated"}"#],
        ),
        (
            "a space between a GUID and a comma is not damage",
            "de",
            "GET /me/presence\n22553876-f5ab-4529-bffb-cfe50aa89f87 , x",
            &["GET /me/presence"],
        ),
    ]);
}

#[test]
fn content_of_exchanges_is_not_searched_for_facts() {
    let page = "POST https://graph.microsoft.com/v1.0/users/fa8bf3dc-eca7-46b7-bad1-db199b62afc3x/presence/setPresence\n\
                {\"a\": \"(PT5M to PT4H) 1500 requests in 30 seconds\"}\nx | y |\nHTTP/1.1 200 OK";
    let recording = record("en.v1.0.presence-sample.txt", page).recording;
    assert_eq!(facts(&recording), [""; 0]);
}
