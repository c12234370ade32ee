//! A headless browser, controlled through WebDriver.

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

/// The key of an element reference in WebDriver.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Limit for a request to the driver.
const TIMEOUT: Duration = Duration::from_secs(60);

static BROWSERS: AtomicUsize = AtomicUsize::new(0);

pub(crate) struct Browser {
    driver: Child,
    /// Keeps the pipe open: the browser writes to it as well, and exits if it cannot.
    _output: BufReader<ChildStdout>,
    address: String,
    session: String,
    profile: PathBuf,
    http: Client,
}

impl Browser {
    /// Starts a browser. Returns `None` and prints a line to stderr if chromedriver is not installed.
    pub(crate) async fn start(test: &str) -> Option<Self> {
        let driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut driver) = driver else {
            // Written to the real stderr, because the output of a passing test is captured.
            std::io::stderr().write_all(format!("SKIPPED {test}: chromedriver is not installed\n").as_bytes()).unwrap();
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
            http: Client::builder().no_proxy().timeout(TIMEOUT).build().unwrap(),
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
        let mut response: Value = request.send().await.unwrap().json().await.unwrap();
        let value = response["value"].take();
        assert!(value.get("error").is_none(), "{path} {body}: {value}");
        value
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.call(Method::POST, &format!("/session/{}{path}", self.session), body).await
    }

    pub(crate) async fn open(&self, url: &str) {
        self.post("/url", json!({ "url": url })).await;
    }

    /// Runs a script and returns its result.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", json!({"script": script, "args": []})).await
    }

    /// Waits until an expression is true. It is evaluated whenever the page changes.
    pub(crate) async fn until(&self, condition: &str) {
        let script = format!(
            "const done = arguments[0];
             const check = () => {{ const isTrue = {condition}; if (isTrue) done(); return isTrue; }};
             if (check()) return;
             const options = {{subtree: true, childList: true, attributes: true, characterData: true}};
             new MutationObserver((_, observer) => check() && observer.disconnect()).observe(document, options);"
        );
        self.post("/execute/async", json!({"script": script, "args": []})).await;
    }

    async fn find(&self, selector: &str) -> String {
        let element = self.post("/element", json!({"using": "css selector", "value": selector})).await;
        element[ELEMENT].as_str().unwrap().to_owned()
    }

    /// Clicks an element, which must be visible and not covered.
    pub(crate) async fn click(&self, selector: &str) {
        let element = self.find(selector).await;
        self.post(&format!("/element/{element}/click"), json!({})).await;
    }

    pub(crate) async fn write(&self, selector: &str, text: &str) {
        let element = self.find(selector).await;
        self.post(&format!("/element/{element}/value"), json!({ "text": text })).await;
    }

    /// Presses a key in the focused element.
    pub(crate) async fn press(&self, key: &str) {
        let keys = json!([{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]);
        self.post("/actions", json!({"actions": [{"type": "key", "id": "keyboard", "actions": keys}]})).await;
    }

    /// Returns the computed role and name of every displayed element that matches, as a screen reader announces them.
    pub(crate) async fn names(&self, selector: &str) -> Vec<(String, String)> {
        let elements = self.post("/elements", json!({"using": "css selector", "value": selector})).await;
        let mut names = Vec::new();
        for element in elements.as_array().unwrap() {
            let path = format!("/session/{}/element/{}", self.session, element[ELEMENT].as_str().unwrap());
            if self.call(Method::GET, &format!("{path}/displayed"), Value::Null).await != true {
                continue;
            }
            let text = async |property: &str| {
                self.call(Method::GET, &format!("{path}/{property}"), Value::Null).await.as_str().unwrap().to_owned()
            };
            names.push((text("computedrole").await, text("computedlabel").await));
        }
        names
    }

    /// Emulates a window of this width, a preferred colour scheme and reduced motion.
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

    /// Returns the messages in the console of the browser.
    pub(crate) async fn console_messages(&self) -> Value {
        self.post("/se/log", json!({"type": "browser"})).await
    }
}

impl Drop for Browser {
    /// Deletes the session, with which the driver ends the browser, and stops the driver.
    fn drop(&mut self) {
        let end = || -> std::io::Result<()> {
            let mut stream = TcpStream::connect(&self.address)?;
            let (session, address) = (&self.session, &self.address);
            write!(stream, "DELETE /session/{session} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
            // The driver responds after the browser has ended, and does not close the connection.
            stream.read_exact(&mut [0])
        };
        let _ = end();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}
