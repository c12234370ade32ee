//! Markdown and HTML.

use super::tables::facts;
use super::{outline, record, unknown};

const URL: &str = "https://graph.microsoft.com/v1.0/me/presence";
const ME_OUTLINE: &str = "v1.0 GET /me/presence";

/// A description, the file's name, the page, its exchanges and its facts.
type Case<'a> = (&'a str, &'a str, String, &'a [&'a [&'a str]], &'a [&'a str]);

fn check(cases: &[Case<'_>]) {
    for (name, file, page, exchanges, expected_facts) in cases {
        let recording = record(file, &format!("{page}\n\npresence")).recording;
        let outlines: Vec<_> = recording.exchanges.iter().map(outline).collect();
        assert_eq!(outlines, *exchanges, "{name}");
        assert_eq!(facts(&recording), *expected_facts, "{name}");
    }
}

const MARKDOWN: &str = "en.v1.0.presence-sample.md";

#[test]
fn code_blocks_are_read_as_messages() {
    let get = format!("```http\nGET {URL}\n```\n");
    let response = "HTTP/1.1 200 OK\nContent-Type: application/json\n";
    check(&[
        (
            "front matter, comments, slugs and tabs",
            "ru.v1.0.presence-sample.md",
            format!(
                "---\ntitle: Слово\nms.contentlocale: ru-RU\n---\n# <a name=\"sample\"></a>Слово\n\
                 ## <a name=\"request-headers\"></a>Неизвестно\n| Имя | Слово |\n|:--|:--|\n| Жетон | Слово. |\n\
                 # [HTTP](#tab/http)\n<!-- {{\n  \"blockType\": \"request\",\n  \"name\": \"sample\"\n}}-->\n\
                 ``` msgraph-interactive\nGET {URL}\n```\n# [C#](#tab/csharp)\n[!INCLUDE [sample-code](a.md)]\n\n---\n\
                 <!-- {{ \"blockType\": \"response\" }} -->\n```http\n{response}\n{{\n  \"id\": \"1\"\n}}\n```\n"
            ),
            &[&[ME_OUTLINE, r#"200 {"id":"1"}"#]],
            &[],
        ),
        (
            "headers and body of a response in two code blocks",
            MARKDOWN,
            format!("{get}Words.\n```http\n{response}```\n\nMore words.\n\n```json\n{{\n  \"id\": \"1\"\n}}\n```\n"),
            &[&[ME_OUTLINE, r#"200 {"id":"1"}"#, "split-fence-joined: message response"]],
            &[],
        ),
        (
            "a heading ends a response",
            MARKDOWN,
            format!("{get}```http\n{response}```\n## Another\n```json\n{{\"id\": \"1\"}}\n```\n"),
            &[],
            &["? exchange: GET https://graph.microsoft.com/v1.0/me/presence"],
        ),
        (
            "samples in tabs and in code blocks with a language",
            MARKDOWN,
            format!(
                "{get}# [Go](#tab/go)\n```\n{response}{{}}\n```\n# [C#](#tab/csharp)\n```csharp\nGET {URL}\n```\n---\n\
                 ```http\nHTTP/1.1 204 No Content\n```\n"
            ),
            &[&[ME_OUTLINE, "204", "snippets-skipped: languages [csharp,go]"]],
            &[],
        ),
        (
            "a schema sample is not an exchange",
            MARKDOWN,
            "## JSON representation\n```json\n{ \"id\": \"string\", \"availability\": \"String\" }\n```\nGET /me/presence".to_owned(),
            &[],
            &["GET /me/presence"],
        ),
        (
            "type names in place of values",
            MARKDOWN,
            format!("```http\nPOST {URL}/setManualLocation\nContent-Type: application/json\n\n{{\"workLocationType\": \"String\"}}\n```\n```http\nHTTP/1.1 204 No Content\n```"),
            &[&[
                r#"v1.0 POST /me/presence/setManualLocation {"workLocationType":"String"}"#,
                "204",
                "type-names-as-values: message request",
            ]],
            &[],
        ),
        (
            "template with a host",
            MARKDOWN,
            "```http\nGET https://graph.microsoft.com/v1.0/users/{id}/presence\n```\n".to_owned(),
            &[],
            &["GET /users/{id}/presence"],
        ),
        (
            "unclosed code block, code block in a quotation, code block in a list",
            MARKDOWN,
            format!("```http\nGET {URL}\n\n```http\nHTTP/1.1 200 OK\n```\n> ```http\n> GET {URL}\n> ```\n- See\n\n  ~~~\n  HTTP/1.1 404 Not Found\n  ~~~\n"),
            &[&[ME_OUTLINE, "200"], &[ME_OUTLINE, "404"]],
            &[],
        ),
        (
            "message without line breaks",
            MARKDOWN,
            format!("GET {URL} HTTP/1.1 200 OK Content-Type: application/json {{ \"id\": \"1\" }}"),
            &[&[ME_OUTLINE, r#"200 {"id":"1"}"#, "line-breaks-lost: message response"]],
            &[],
        ),
        (
            "bilingual text",
            "zh.v1.0.presence-sample.md",
            format!(
                "class=\"sxs-lookup\"\n| <span data-ttu-id=\"1\">词</span><span class=\"sxs-lookup\"><span data-stu-id=\"1\">Parameter</span></span> | \
                 <span data-ttu-id=\"2\">型</span><span class=\"sxs-lookup\"><span data-stu-id=\"2\">Type</span></span> |\n|--|--|\n\
                 | <span data-ttu-id=\"3\">\n会话</span><span class=\"sxs-lookup\"><span data-stu-id=\"3\">sessionId</span></span> | string |\n{get}```http\nHTTP/1.1 200 OK\n```"
            )
            .replace("class=\"sxs-lookup\"\n| ", "| ")
            .replace("<span data-ttu-id=\"3\">\n会话", "<span data-ttu-id=\"3\">会话"),
            &[&[ME_OUTLINE, "200"]],
            &["sessionId: string = sessionId: string", r#"{"kind":"bilingual"}"#],
        ),
    ]);
}

#[test]
fn markup_is_removed_from_cells() {
    check(&[
        (
            "missing cell, unpaired emphasis, adjacent code spans",
            MARKDOWN,
            "| Property | Type | Description |\n|:--|:--|:--|\n| **activity | [String](a.md) | One of `busy``away`、、`doNotDisturb`. |\n| id | String |\n".to_owned(),
            &[],
            &[
                "property activity: String = activity: string",
                "property id: String = id: string",
                "activity (untranslated): Away Busy DoNotDisturb",
            ],
        ),
        (
            "values without separators, in another order",
            MARKDOWN,
            "| Property | Type | Description |\n|--|--|--|\n| availability | String | Are busyofflinedoNotDisturb, inACall. |".to_owned(),
            &[],
            &["property availability: String = availability: string", "availability (untranslated): Busy DoNotDisturb InACall Offline"],
        ),
        (
            "unknown value",
            MARKDOWN,
            "| Property | Type | Description |\n|--|--|--|\n| availability | String | Are `busy`, `dreaming`, `away`, `offline`. |".to_owned(),
            &[],
            &[
                "property availability: String = availability: string",
                "availability (untranslated): Away Busy Offline",
                "? values: availability | dreaming",
            ],
        ),
        (
            "default expirations in sentences and list items without separators",
            "pt.v1.0.presence-sample.md",
            "| Parâmetro | Tipo | Descrição |\n|--|--|--|\n| expirationDuration | duração | Fim em ISO 8601.Se falta:<br/>DoNotDisturb ou Ocupado: em 1 dia - Os outros: em 7 dias |".to_owned(),
            &[],
            &[
                "expirationDuration: duração = expirationDuration: duration",
                "Busy/DoNotDisturb after P1D",
                " after P7D",
            ],
        ),
        (
            "range in minutes",
            "zh.v1.0.presence-sample.md",
            "presence\n有效期为 5 ~ 240 分钟。 最多 650 个用户 ID。 30 秒内 1,500 个请求。".to_owned(),
            &[],
            &["PT5M to PT4H", "1500 in 30 s", "650 users"],
        ),
        (
            "states that Teams shows",
            MARKDOWN,
            "| Teams | Graph |\n|--|--|\n| In a call | `busy / inACall + OOF` |\n| Away | `away/away` |\n| Out | `outOfOffice` |\n| Odd | `odd` |".to_owned(),
            &[],
            &[
                "In a call: busy / inACall + OOF = Busy/InACall out of office",
                "Away: away/away = Away/Away",
                "Out: outOfOffice = OutOfOffice",
                "? pairs: Odd | odd",
            ],
        ),
        (
            "column of versions, and resources of subscriptions",
            MARKDOWN,
            "| Kind | Scopes | Versions |\n|--|--|--|\n| Application | Not supported. | Not supported. |\n| Delegated (work or school account) | Presence.Read.All. | V1, beta. |\n\n\
             | Kind | Resource | Changes |\n|--|--|--|\n| Bulk (maximum 650 user IDs) | `communications/presences?$filter=…` | Updated |".to_owned(),
            &[],
            &[
                "delegated-work (untranslated): {scopes:[Presence.Read.All]} v1.0 beta",
                "application (untranslated): not-supported",
                "communications/presences?$filter=…: Updated",
                "650 users",
            ],
        ),
        (
            "unknown headings with known slugs",
            "xx.v1.0.presence-sample.md",
            "presence\n## <a name=\"methods\"></a>Vägar\n| Väg | Svar |\n|--|--|\n| Läs | x |\n## <a name=\"properties\"></a>Drag\n| Drag | Slag | Ord |\n|--|--|--|\n| humör | String | Ord. |".to_owned(),
            &[],
            &["property humör: String = ?: string", "? properties: humör | String"],
        ),
    ]);
}

#[test]
fn html_is_read_as_text() {
    check(&[
        (
            "page saved by a browser",
            "en.v1.0.presence-sample.html",
            format!(
                "<!DOCTYPE html>\n<!-- saved from url=(0042)https://learn.microsoft.com/fi-fi/graph/api/presence-get -->\n\
                 <html lang=\"fi-fi\"><head><title>presence</title><style>a{{}}</style><script>\nif (1 < 2) x = \"GET {URL}\";\n</script></head>\n\
                 <body><h2 id=\"permissions\">Luvat</h2><table><thead><tr><th>A</th><th>B</th></tr></thead>\n\
                 <tbody><tr><td>Application</td><td>Presence.Read, <code>Presence.Read.All</code></td></tr></tbody></table>\n\
                 <section data-tab=\"http\"><pre><code class=\"lang-http\" data-interactive=\"msgraph\">GET {URL}\n</code></pre></section>\n\
                 <section data-tab=\"csharp\"><pre><code class=\"lang-csharp\">await graphClient.Me;\nGET {URL}\n</code></pre></section>\n\
                 <pre><code class=\"lang-http\"><span>HTTP/1.1</span> 200 OK\nContent-Type: application/json\n\n{{\n  &quot;id&quot;: &quot;1&quot;\n}}\n</code></pre>"
            ),
            &[&[ME_OUTLINE, r#"200 {"id":"1"}"#, "snippets-skipped: languages [csharp]"]],
            &["application (untranslated): {scopes:[Presence.Read]}; {scopes:[Presence.Read.All]}"],
        ),
        (
            "unclosed elements, cells with check marks and images",
            "en.v1.0.presence-sample.html",
            "<body><p>presence<table><tr><td>Global service<td>US Government L4<td>US Government L5 (DOD)<td>China operated by 21Vianet\
             <tr><td><img alt=\"✅\"><td>\n❌\n<td>❌<td>❌</table><p>GET&nbsp;<pre>GET /me/presence"
                .to_owned(),
            &[],
            &["yes no no no", "GET /me/presence"],
        ),
        (
            "text that starts like HTML",
            "en.v1.0.presence-sample.txt",
            format!("<graph>\nGET {URL}\nHTTP/1.1 200 OK"),
            &[&[ME_OUTLINE, "200"]],
            &[],
        ),
    ]);
}

#[test]
fn diagnostics_have_the_line_numbers_of_the_file() {
    let cases = [
        ("en.v1.0.presence-sample.md", "---\ntitle: a\n---\n\n| a | b |\n|--|--|\n| c | d |\npresence\n", 5),
        (
            "en.v1.0.presence-sample.html",
            "<html>\n<body>\n<p>presence\n<table>\n<tr><td>a<td>b\n<tr><td>c<td>d\n</table>",
            5,
        ),
    ];
    for (file, page, line) in cases {
        let recorded = record(file, page);
        assert_eq!(unknown(&recorded.recording), ["table: a | b"], "{file}");
        assert_eq!(recorded.diagnostics.iter().map(|diagnostic| diagnostic.line).collect::<Vec<_>>(), [line], "{file}");
    }
}
