//! A server with prepared responses. It runs in a separate process, so that only the client's work is measured.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;

use crate::report::Outcome;

/// Ends the process when dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) url: String,
}

impl Server {
    /// Starts a server that responds immediately.
    pub(crate) fn start() -> Outcome<Self> {
        Self::start_with_delay(Duration::ZERO)
    }

    /// Starts a server that waits before each response.
    pub(crate) fn start_with_delay(delay: Duration) -> Outcome<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["serve", &delay.as_millis().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = process.stdout.take();
        let mut server = Self { process, url: String::new() };
        BufReader::new(stdout.ok_or("the server has no output")?).read_line(&mut server.url)?;
        server.url.truncate(server.url.trim_end().len());
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Prints the server's URL and serves until standard input is closed, as it is when the parent process ends.
pub(crate) fn serve(delay: Duration) -> Outcome<()> {
    thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0)
    });
    runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("http://{}", listener.local_addr()?);
        loop {
            let (connection, _) = listener.accept().await?;
            // A connection ends when the client closes it.
            tokio::spawn(async move { connection.set_nodelay(true).and(serve_connection(connection, delay).await) });
        }
    })
}

async fn serve_connection(connection: TcpStream, delay: Duration) -> io::Result<()> {
    let templates = ["/minimal", "/typical", "/full"].map(|path| (path, template(path)));
    let mut connection = tokio::io::BufReader::new(connection);
    let mut head = String::new();
    let mut body = Vec::new();
    while connection.read_line(&mut head).await? > 0 {
        if !head.ends_with("\r\n\r\n") {
            continue;
        }
        body.resize(content_length(&head)?, 0);
        connection.read_exact(&mut body).await?;
        let template = templates.iter().find(|(path, _)| head.contains(path)).map_or("", |(_, template)| template);
        let response = response(&head, &body, template);
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        connection.write_all(response.as_bytes()).await?;
        head.clear();
    }
    Ok(())
}

fn content_length(head: &str) -> io::Result<usize> {
    let fields = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = fields.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    lengths.next().map_or(Ok(0), |(_, value)| value.trim().parse().map_err(io::Error::other))
}

fn response(head: &str, body: &[u8], template: &str) -> String {
    let target = head.split(' ').nth(1).unwrap_or_default();
    let mut content = String::new();
    if target.ends_with("/getPresencesByUserId") {
        let texts = body.split(|byte| *byte == b'"').filter(|text| text.len() == 36);
        for id in texts.filter_map(|text| std::str::from_utf8(text).ok()) {
            content.push_str(if content.is_empty() { r#"{"value":["# } else { "," });
            push_presence(&mut content, id, template);
        }
        content.push_str("]}");
    } else if target.ends_with("/presence") {
        push_presence(&mut content, target.rsplit('/').nth(1).unwrap_or_default(), template);
    }
    let length = content.len();
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{content}")
}

fn push_presence(content: &mut String, id: &str, template: &str) {
    for part in [r#"{"id":""#, id, r#"","#, template] {
        content.push_str(part);
    }
}

/// Returns the JSON of a presence after its id.
fn template(path: &str) -> String {
    let presence = match path {
        "/minimal" => json!({"availability": "Busy", "activity": "InACall"}),
        "/typical" => typical(),
        _ => full(),
    };
    presence.to_string().split_off(1)
}

fn typical() -> Value {
    json!({
        "availability": "Busy",
        "activity": "InAMeeting",
        "outOfOfficeSettings": {"message": null, "isOutOfOffice": false},
        "statusMessage": null,
        "sequenceNumber": "A0000000001",
        "workLocation": {"placeId": null, "source": "none", "workLocationType": "unspecified"},
    })
}

fn full() -> Value {
    json!({
        "@odata.type": "#microsoft.graph.presence",
        "availability": "Busy",
        "activity": "InAConferenceCall",
        "sequenceNumber": "A0129311063",
        "outOfOfficeSettings": {"isOutOfOffice": false, "message": null},
        "statusMessage": {
            "message": {"content": "In a call until five, write to me rather than ring", "contentType": "text"},
            "expiryDateTime": {"dateTime": "2026-11-20T17:00:00.0000000", "timeZone": "Pacific Standard Time"},
            "publishedDateTime": "2026-11-20T12:00:00.0000000Z",
        },
        "workLocation": {
            "workLocationType": "office",
            "source": "manual",
            "placeId": "eb706f15-137e-4722-b4d1-b601481d9251",
        },
    })
}
