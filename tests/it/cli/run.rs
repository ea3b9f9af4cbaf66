//! The real program in a folder of its own: run once, or started as a server.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long anything may take on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// The program, with nothing of this machine's settings.
pub fn souk(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_souk"));
    command.env_clear().env("PATH", "/usr/bin:/bin").env("SOUK_SHOP__DEMO", "false");
    command.env("SOUK_HTTP__BIND", "127.0.0.1:0").env("SOUK_DATA", data);
    // The small model, so that a hundred commands need not load the large one; one story takes the default.
    command.env("SOUK_EMBED__MODEL", "static");
    command
}

/// Runs a command to its end.
pub fn run(data: &Path, arguments: &[&str]) -> Output {
    souk(data).args(arguments).stdin(Stdio::null()).output().unwrap()
}

/// Runs a command with an input.
pub fn pipe(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child =
        souk(data).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A shop of three products in a new data folder.
pub fn small_shop(data: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "shop.toml",
        "id = \"corner\"\nname = \"Corner Shop\"\ncurrency = \"EUR\"\ngreeting = \"Welcome.\"\n\
         [shipping]\nstandard = \"4.90\"\n",
    );
    write(
        "products.csv",
        "handle,title,sku,price,stock,category,description\n\
         tent,Rain Tent,TENT,120.00,5,Tents,A tent for two in the rain\n\
         mat,Sleeping Mat,MAT,35.50,9,Mats,A warm mat\n\
         stove,Gas Stove,STOVE,59.00,3,Stoves,A small stove for hikes\n",
    );
    write("returns.md", "# Returns\n\nYou can return anything within 30 days.\n");
    let done = run(data, &["ingest", folder.path().to_str().unwrap()]);
    assert!(done.status.success(), "{}", err(&done));
    folder
}

/// A running server; it is killed when dropped.
pub struct Server {
    pub child: Child,
    pub url: String,
    _stdout: BufReader<std::process::ChildStdout>,
}

impl Server {
    pub fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    /// The same with more of an environment.
    pub fn start_with(data: &Path, variables: &[(&str, &str)]) -> Self {
        let mut command = souk(data);
        command.envs(variables.iter().copied());
        let mut child = command.arg("serve").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let url = loop {
            line.clear();
            assert!(stdout.read_line(&mut line).unwrap() > 0, "the server ended before it was open");
            if let Some(url) = line.trim().strip_prefix("Chat ") {
                break url.trim().trim_end_matches("/chat").to_owned();
            }
        };
        Self { child, url, _stdout: stdout }
    }

    /// Ends it the hard way.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until it has ended by itself.
    pub fn ended(&mut self) -> std::process::ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < DEADLINE, "it did not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A shopper's browser, over a plain socket: no client library between the test and the wire.
pub struct Browser {
    cookie: String,
}

impl Browser {
    pub fn open(server: &Server) -> Self {
        let answer = http(&server.url, "GET", "/chat", "", None);
        let cookie = answer.lines().find_map(|l| l.strip_prefix("set-cookie: ")).expect("a session");
        Self { cookie: cookie.split(';').next().unwrap().to_owned() }
    }

    pub fn write(&self, server: &Server, text: &str) {
        let body = json!({ "text": text }).to_string();
        let answer = http(&server.url, "POST", "/chat/messages", &self.cookie, Some(&body));
        assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    }

    /// Taps a button; nobody cares whether the server lives long enough to answer.
    pub fn tap(&self, server: &Server, id: &str) {
        let body = json!({ "tap": id }).to_string();
        http(&server.url, "POST", "/chat/messages", &self.cookie, Some(&body));
    }

    /// The messages as the page reads them.
    pub fn messages(&self, server: &Server) -> Vec<Value> {
        let answer = http(&server.url, "GET", "/chat/messages", &self.cookie, None);
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        let body: Value = serde_json::from_str(body).unwrap();
        body["messages"].as_array().unwrap().clone()
    }

    /// Everything said so far: who and what.
    pub fn history(&self, server: &Server) -> Vec<(String, String)> {
        let text = |m: &Value, key: &str| m[key].as_str().unwrap_or_default().to_owned();
        self.messages(server).iter().map(|m| (text(m, "from"), text(m, "text"))).collect()
    }

    /// The history, once it is as wanted.
    pub fn until(&self, server: &Server, wanted: impl Fn(&[(String, String)]) -> bool) -> Vec<(String, String)> {
        let begun = Instant::now();
        loop {
            let history = self.history(server);
            if wanted(&history) {
                return history;
            }
            assert!(begun.elapsed() < DEADLINE, "it did not come: {history:?}");
            std::thread::sleep(Duration::from_millis(30));
        }
    }
}

/// Sends a filled-in form; answers the first line, or nothing when the server died over it.
pub fn form(server: &Server, path: &str, fields: &str) -> String {
    exchange(&server.url, "POST", path, "", "application/x-www-form-urlencoded", fields)
}

fn http(url: &str, method: &str, path: &str, cookie: &str, body: Option<&str>) -> String {
    exchange(url, method, path, cookie, "application/json", body.unwrap_or_default())
}

fn exchange(url: &str, method: &str, path: &str, cookie: &str, kind: &str, body: &str) -> String {
    let host = url.strip_prefix("http://").unwrap();
    let mut socket = std::net::TcpStream::connect(host).unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\ncontent-type: {kind}\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    // A server that is killed in the middle says nothing, which is an answer too.
    let _ = socket.read_to_string(&mut answer);
    answer
}
