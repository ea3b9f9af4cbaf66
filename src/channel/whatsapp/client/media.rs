//! Files: handing one over, finding out where one lies, and fetching it, from Meta's own hosts only.

use crate::channel::whatsapp::client::{Client, Failure, failed};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, Url};
use serde_json::Value;
use std::time::Duration;

/// Until a file must be here or there.
const FILE_TIMEOUT: Duration = Duration::from_secs(120);
/// Hosts that Meta keeps files on, besides the API's own.
const FILE_HOSTS: [&str; 1] = ["lookaside.fbsbx.com"];
/// Ends of the names of such hosts.
const FILE_HOST_ENDS: [&str; 1] = [".fbcdn.net"];
/// Characters of an id that are put into an address.
const ID_CHARS_MAX: usize = 128;

/// Where a file lies, for five minutes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Its address.
    pub url: String,
    /// What kind of file it is said to be.
    pub mime: String,
    /// Base64 or hex of its SHA-256, as Meta says it.
    pub sha256: String,
    /// Its length, if told.
    pub bytes: Option<u64>,
}

impl Client {
    /// Hands a file over; answers Meta's id of it, which is good for 30 days.
    pub async fn upload(&self, bytes: &[u8], mime: &str, name: &str) -> Result<String, Failure> {
        let file = Part::bytes(bytes.to_vec()).file_name(name.to_owned()).mime_str(mime);
        let file = file.map_err(|_| Failure::File(format!("{mime} is no kind of file")))?;
        let form = Form::new().text("messaging_product", "whatsapp").text("type", mime.to_owned()).part("file", file);
        let answer = self.post_form(&format!("{}/media", self.number()), form).await?;
        let id = answer.get("id").and_then(Value::as_str).map(str::to_owned);
        id.ok_or_else(|| Failure::Lost("the answer names no file".into()))
    }

    /// Where a file of the shopper lies.
    pub async fn look_up(&self, id: &str) -> Result<Place, Failure> {
        if id.is_empty()
            || id.len() > ID_CHARS_MAX
            || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        {
            return Err(Failure::File("its id is none of Meta's".to_owned()));
        }
        let answer = self.get(id, &[("phone_number_id", self.number())]).await?;
        let word = |field: &str| answer.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let bytes = answer.get("file_size").and_then(|size| size.as_u64().or_else(|| size.as_str()?.parse().ok()));
        Ok(Place { url: word("url"), mime: word("mime_type"), sha256: word("sha256"), bytes })
    }

    /// Fetches a file, piece by piece, and stops when it is longer than `most`. Our token goes only to hosts of Meta's.
    pub async fn download(&self, url: &str, most: usize, mut piece: impl FnMut(&[u8])) -> Result<usize, Failure> {
        let url = Url::parse(url).map_err(|_| Failure::File("its address cannot be read".to_owned()))?;
        if !self.may_ask(&url) {
            let host: String = url.host_str().unwrap_or_default().chars().take(100).collect();
            return Err(Failure::File(format!("{host} is no host of Meta's")));
        }
        let request = self.authorised(Method::GET, url).timeout(FILE_TIMEOUT);
        let mut response = request.send().await.map_err(failed)?;
        if !response.status().is_success() {
            return Err(Failure::File(format!("its host answered {}", response.status().as_u16())));
        }
        let mut length = 0usize;
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            length = length.saturating_add(chunk.len());
            if length > most {
                return Err(Failure::File(format!("it is longer than {most} bytes")));
            }
            piece(&chunk);
        }
        Ok(length)
    }

    /// Whether an address is one that files are fetched from.
    pub fn may_ask(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else {
            return false;
        };
        if same_origin(url, &self.graph) {
            return true;
        }
        // A server of one's own, for tests, may keep its files on another port.
        if is_loopback(&self.graph) {
            return is_loopback(url);
        }
        let of_metas = FILE_HOSTS.contains(&host) || FILE_HOST_ENDS.iter().any(|end| host.ends_with(end));
        url.scheme() == "https" && url.port().is_none() && of_metas
    }
}

fn same_origin(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
