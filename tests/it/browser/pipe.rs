//! Chromium over `--remote-debugging-pipe`: JSON commands in, JSON answers and events out, each ended by a zero byte.

use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a page is looked at while waiting for something.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A browser with one page.
pub struct Browser {
    child: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    page: Option<String>,
    sent: u64,
    complaints: Vec<String>,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts one with an empty profile and an empty page.
    pub async fn start(chromium: &Path) -> Self {
        let profile = tempfile::tempdir().unwrap();
        // The shell gives Chromium our pipes as the two file descriptors it expects, which std cannot.
        let child = Command::new("sh")
            .arg("-c")
            .arg("exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1")
            .arg("sh")
            .arg(chromium)
            .args(["--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run"])
            .args(["--disable-dev-shm-usage", "--hide-scrollbars", "--window-size=420,860"])
            .args(["--disable-extensions", "--disable-background-networking", "--disable-component-update"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut child = child;
        let (commands, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let complaints = Vec::new();
        let mut browser = Self { child, commands, answers, page: None, sent: 0, complaints, _profile: profile };
        let target = browser.asks("Target.createTarget", json!({"url": "about:blank"})).await;
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.asks("Target.attachToTarget", attach).await;
        browser.page = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page.enable", "Runtime.enable", "Log.enable"] {
            browser.asks(domain, json!({})).await;
        }
        browser
    }

    async fn asks(&mut self, method: &str, params: Value) -> Value {
        self.sent += 1;
        let id = self.sent;
        let mut command = json!({"id": id, "method": method, "params": params});
        if let Some(page) = &self.page {
            command["sessionId"] = json!(page);
        }
        let mut bytes = command.to_string().into_bytes();
        bytes.push(0);
        self.commands.write_all(&bytes).await.unwrap();
        let answer = tokio::time::timeout(PATIENCE, self.reads(id)).await;
        let answer = answer.unwrap_or_else(|_| panic!("the browser did not answer {method}"));
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    async fn reads(&mut self, id: u64) -> Value {
        loop {
            let mut bytes = Vec::new();
            let read = self.answers.read_until(0, &mut bytes).await.unwrap();
            assert!(read > 0, "the browser has gone");
            bytes.pop();
            let message: Value = serde_json::from_slice(&bytes).unwrap();
            match message["method"].as_str() {
                Some("Runtime.exceptionThrown") => self.complaints.push(message["params"].to_string()),
                Some("Log.entryAdded") if message["params"]["entry"]["level"] == "error" => {
                    self.complaints.push(message["params"]["entry"]["text"].to_string());
                }
                _ if message["id"] == id => return message,
                _ => {}
            }
        }
    }

    /// Goes to an address.
    pub async fn open(&mut self, url: &str) {
        let answer = self.asks("Page.navigate", json!({ "url": url })).await;
        assert!(answer.get("errorText").is_none(), "{url}: {answer}");
    }

    /// What a script in the page comes to; `null` when it fails.
    pub async fn value(&mut self, script: &str) -> Value {
        let params = json!({"expression": script, "returnByValue": true});
        self.asks("Runtime.evaluate", params).await["result"]["value"].clone()
    }

    /// Waits until something is so.
    pub async fn sees(&mut self, condition: &str) {
        let looks = PATIENCE.as_millis() / LOOK_EVERY.as_millis();
        for _ in 0..looks / 2 {
            if self.value(condition).await == true {
                return;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let text = self.value("document.body.innerText").await;
        panic!("never: {condition}\nthe page says: {text}\ncomplaints: {:#?}", self.complaints);
    }

    /// Types into a field as an input method does.
    pub async fn types(&mut self, field: &str, text: &str) {
        self.sees(&format!("document.querySelector(\"{field}\") !== null")).await;
        self.value(&format!("document.querySelector(\"{field}\").focus()")).await;
        self.asks("Input.insertText", json!({ "text": text })).await;
    }

    /// The Enter key.
    pub async fn presses_enter(&mut self) {
        for kind in ["keyDown", "keyUp"] {
            let key = json!({"type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"});
            self.asks("Input.dispatchKeyEvent", key).await;
        }
    }

    /// The left mouse button in the middle of the last element that fits.
    pub async fn clicks(&mut self, element: &str) {
        let place = format!(
            "(() => {{ const e = [...document.querySelectorAll(\"{element}\")].at(-1); e.scrollIntoView({{block: 'center', \
             behavior: 'instant'}}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        );
        let place = self.value(&place).await;
        assert!(place.is_array(), "there is no {element}");
        for kind in ["mousePressed", "mouseReleased"] {
            let click = json!({"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1});
            self.asks("Input.dispatchMouseEvent", click).await;
        }
    }

    /// The page as a PNG.
    pub async fn screenshot(&mut self) -> Vec<u8> {
        let answer = self.asks("Page.captureScreenshot", json!({"format": "png"})).await;
        base64(answer["data"].as_str().unwrap())
    }

    /// Exceptions and errors in the console so far.
    pub fn complaints(&self) -> Vec<String> {
        self.complaints.clone()
    }

    /// Closes it.
    pub async fn end(mut self) {
        self.page = None;
        self.asks("Browser.close", json!({})).await;
        let _ = tokio::time::timeout(PATIENCE, self.child.wait()).await;
    }
}

fn base64(text: &str) -> Vec<u8> {
    let digit = |b: u8| match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let letters: Vec<u8> = text.bytes().filter(|b| *b != b'=').map(digit).collect();
    let four = letters.chunks(4).flat_map(|chunk| {
        let bits = chunk.iter().fold(0u32, |bits, d| (bits << 6) | u32::from(*d)) << (6 * (4 - chunk.len()));
        let bytes = bits.to_be_bytes();
        bytes[1..chunk.len()].to_vec()
    });
    four.collect()
}
