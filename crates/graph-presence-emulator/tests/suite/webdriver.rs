//! A browser without a window, by WebDriver.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};

const ARGUMENTS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// The name by which WebDriver says that something is an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// After which a browser is taken to be broken.
const PATIENCE: Duration = Duration::from_secs(60);

static BROWSERS: AtomicUsize = AtomicUsize::new(0);

pub(crate) struct Browser {
    driver: Child,
    /// Kept, for the browser writes to it as well, and would end if it could not.
    _output: BufReader<ChildStdout>,
    address: String,
    session: String,
    profile: PathBuf,
    http: Client,
}

impl Browser {
    /// `None`, and a line that says so, where there is no browser to be had.
    pub(crate) async fn start(test: &str) -> Option<Self> {
        let driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut driver) = driver else {
            // Written past the test's captured output, so that it is seen.
            std::io::stderr().write_all(format!("SKIPPED {test}: there is no chromedriver\n").as_bytes()).unwrap();
            return None;
        };
        let mut output = BufReader::new(driver.stdout.take().unwrap());
        let mut lines = output.by_ref().lines().map(Result::unwrap);
        let port = lines.find_map(|line| Some(line.split_once("started successfully on port ")?.1.to_owned())).unwrap();
        let number = BROWSERS.fetch_add(1, Ordering::Relaxed);
        let profile = std::env::temp_dir().join(format!("presence-board-{}-{number}", std::process::id()));
        fs::create_dir_all(&profile).unwrap();
        let mut browser = Self {
            driver,
            _output: output,
            address: format!("127.0.0.1:{}", port.trim_end_matches('.')),
            session: String::new(),
            http: Client::builder().no_proxy().timeout(PATIENCE).build().unwrap(),
            profile,
        };
        let arguments: Vec<_> =
            ARGUMENTS.iter().map(|argument| (*argument).to_owned()).chain([browser.profile_argument()]).collect();
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let session = browser.call(Method::POST, "/session", capabilities).await;
        browser.session = session["sessionId"].as_str().unwrap().to_owned();
        Some(browser)
    }

    fn profile_argument(&self) -> String {
        format!("--user-data-dir={}", self.profile.display())
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> Value {
        let request = self.http.request(method.clone(), format!("http://{}{path}", self.address));
        let request = if method == Method::POST { request.json(&body) } else { request };
        let mut answer: Value = request.send().await.unwrap().json().await.unwrap();
        let value = answer["value"].take();
        assert!(value.get("error").is_none(), "{path} {body}: {value}");
        value
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.call(Method::POST, &format!("/session/{}{path}", self.session), body).await
    }

    pub(crate) async fn open(&self, url: &str) {
        self.post("/url", json!({ "url": url })).await;
    }

    /// What a script returns.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", json!({"script": script, "args": []})).await
    }

    /// Waits until an expression is true. It is looked at whenever the page changes.
    pub(crate) async fn until(&self, condition: &str) {
        let script = format!(
            "const done = arguments[0];
             const look = () => {{ const isTrue = {condition}; if (isTrue) done(); return isTrue; }};
             if (look()) return;
             const everything = {{subtree: true, childList: true, attributes: true, characterData: true}};
             new MutationObserver((_, observer) => look() && observer.disconnect()).observe(document, everything);"
        );
        self.post("/execute/async", json!({"script": script, "args": []})).await;
    }

    async fn find(&self, selector: &str) -> String {
        let element = self.post("/element", json!({"using": "css selector", "value": selector})).await;
        element[ELEMENT].as_str().unwrap().to_owned()
    }

    /// As a user does it: it must be there to be seen, and nothing may lie on it.
    pub(crate) async fn click(&self, selector: &str) {
        let element = self.find(selector).await;
        self.post(&format!("/element/{element}/click"), json!({})).await;
    }

    pub(crate) async fn write(&self, selector: &str, text: &str) {
        let element = self.find(selector).await;
        self.post(&format!("/element/{element}/value"), json!({ "text": text })).await;
    }

    /// Types into whatever has the focus.
    pub(crate) async fn press(&self, key: &str) {
        let keys = json!([{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]);
        self.post("/actions", json!({"actions": [{"type": "key", "id": "keyboard", "actions": keys}]})).await;
    }

    /// Role and name of every element that is meant, as a screen reader says them.
    pub(crate) async fn names(&self, selector: &str) -> Vec<(String, String)> {
        let elements = self.post("/elements", json!({"using": "css selector", "value": selector})).await;
        let mut names = Vec::new();
        for element in elements.as_array().unwrap() {
            let path = format!("/session/{}/element/{}", self.session, element[ELEMENT].as_str().unwrap());
            if self.call(Method::GET, &format!("{path}/displayed"), Value::Null).await != true {
                continue;
            }
            let text = async |what: &str| {
                self.call(Method::GET, &format!("{path}/{what}"), Value::Null).await.as_str().unwrap().to_owned()
            };
            names.push((text("computedrole").await, text("computedlabel").await));
        }
        names
    }

    /// A window of this width, and a user who likes it dark or light, and still.
    pub(crate) async fn emulate(&self, width: u32, scheme: &str) {
        let metrics = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        let media = json!({"features": [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]});
        for (command, parameters) in
            [("Emulation.setDeviceMetricsOverride", metrics), ("Emulation.setEmulatedMedia", media)]
        {
            self.post("/goog/cdp/execute", json!({"cmd": command, "params": parameters})).await;
        }
    }

    /// What the browser complained of so far.
    pub(crate) async fn complaints(&self) -> Value {
        self.post("/se/log", json!({"type": "browser"})).await
    }
}

impl Drop for Browser {
    /// The driver ends the browser when the session ends.
    fn drop(&mut self) {
        let end = || -> std::io::Result<()> {
            let mut stream = TcpStream::connect(&self.address)?;
            let (session, address) = (&self.session, &self.address);
            write!(stream, "DELETE /session/{session} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
            // The driver answers when it is done, and does not hang up.
            stream.read_exact(&mut [0])
        };
        let _ = end();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}
