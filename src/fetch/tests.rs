//! Addresses that are asked and not asked, and a server that misbehaves.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

use super::*;
use axum::Router;
use axum::body::{Body as Sent, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap as Asked, StatusCode as Status};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use std::io::Write as _;
use std::sync::Mutex;

#[test]
fn only_addresses_of_the_public_internet_are_asked() {
    let inside = "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.9.9.9 169.254.169.254 172.16.0.1 \
        172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.9.9 198.51.100.7 203.0.113.9 \
        168.63.129.16 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 \
        64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 \
        3fff::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 5f00::1 4000::1";
    for ip in inside.split_whitespace() {
        assert!(!address::is_public(ip.parse().unwrap()), "{ip}");
    }
    let public = "1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 198.17.0.1 223.255.255.1 \
        168.63.129.17 ::ffff:8.8.8.8 64:ff9b::808:808 2606:4700::1111 2a00:1450::1 2001:4860:4860::8888 2003::1";
    for ip in public.split_whitespace() {
        assert!(address::is_public(ip.parse().unwrap()), "{ip}");
    }
}

#[tokio::test]
async fn what_is_no_public_https_address_is_refused_before_anybody_is_asked() {
    let fetcher = Fetcher::new(&Settings::default());
    let mut told = String::new();
    for url in [
        "feed.csv",
        "ftp://shop.example/feed.csv",
        "file:///etc/passwd",
        "http://shop.example/feed.csv?key=secret",
        "https://user:secret@shop.example/feed.csv",
        "https://127.0.0.1/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://[::ffff:169.254.169.254]/latest?key=secret",
        "https://localhost/",
    ] {
        let error = fetcher.get(url, 100, None).await.unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{error:?}");
        told.push_str(&format!("{error}\n"));
    }
    insta::assert_snapshot!(told, @r"
        feed.csv: is no address; write it as https://shop.example/feed.csv
        ftp://shop.example/feed.csv: is no web address; write it as https://shop.example/feed.csv
        file:///etc/passwd: is no web address; write it as https://shop.example/feed.csv
        http://shop.example/feed.csv: is not encrypted; use https, or name the host in fetch.trusted_hosts if it is your own
        https://shop.example/feed.csv: holds a user name or password, which would end up in logs; give an address that needs none
        https://127.0.0.1/: does not lie in the public internet; name its host in fetch.trusted_hosts if it is your own server
        https://0x7f.1/: does not lie in the public internet; name its host in fetch.trusted_hosts if it is your own server
        https://2130706433/: does not lie in the public internet; name its host in fetch.trusted_hosts if it is your own server
        https://[::ffff:169.254.169.254]/latest: does not lie in the public internet; name its host in fetch.trusted_hosts if it is your own server
        https://localhost/: does not lie in the public internet; name its host in fetch.trusted_hosts if it is your own server
        ");
    assert!(!told.contains("secret"));
}

/// What the server was asked.
type Seen = Arc<Mutex<Vec<String>>>;

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

fn endless(piece: &'static [u8], pause: u64) -> Sent {
    Sent::from_stream(futures_util::stream::unfold((), move |()| async move {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        Some((Ok::<_, std::io::Error>(Bytes::from_static(piece)), ()))
    }))
}

async fn server(seen: Seen) -> String {
    let feed = async |State(seen): State<Seen>, asked: Asked| {
        let said = |name: &str| asked.get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
        seen.lock().unwrap().push(format!("{} {}", said("if-none-match"), said("if-modified-since")));
        assert!(said("user-agent").starts_with("Souk/"));
        if said("if-none-match") == "\"v1\"" {
            return Status::NOT_MODIFIED.into_response();
        }
        let head =
            [("etag", "\"v1\""), ("last-modified", "yesterday"), ("content-type", "Text/CSV; Charset=\"Latin1\"")];
        (head, "a,b").into_response()
    };
    let gzip = |bytes: Vec<u8>| ([("content-encoding", "gzip")], bytes).into_response();
    let mut torn = packed(&[b'x'; 5_000]);
    torn.truncate(torn.len() - 12);
    let router = Router::new()
        .route("/feed", get(feed))
        .route("/moved", get(async || Redirect::permanent("/feed")))
        .route("/inside", get(async || Redirect::temporary("https://169.254.169.254/latest")))
        .route("/plain", get(async || Redirect::temporary("http://shop.example/feed")))
        .route("/round", get(async || Redirect::temporary("/round")))
        .route("/packed", get(async move || gzip(packed(b"a,b"))))
        .route("/bomb", get(async move || gzip(packed(&[0; 500_000]))))
        .route("/torn", get(async move || gzip(torn)))
        .route("/brotli", get(async || ([("content-encoding", "br")], "x")))
        .route("/endless", get(async || endless(&[b'x'; 1000], 0)))
        .route("/drip", get(async || endless(b"x", 100)))
        .route("/login", get(async || (Status::FORBIDDEN, "the inner secret")))
        .route("/gone", get(async || (Status::GONE, "the inner secret")))
        .route("/down", get(async || (Status::BAD_GATEWAY, "the inner secret")))
        .with_state(seen);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    host
}

#[tokio::test]
async fn a_file_comes_once_and_is_known_the_next_time() {
    let seen = Seen::default();
    let host = server(Arc::clone(&seen)).await;
    let fetcher = Fetcher::new(&Settings { trusted_hosts: vec![host.clone()], ..Settings::default() });
    let first = fetcher.get(&format!("http://{host}/moved"), 10, None).await.unwrap().unwrap();
    assert_eq!(first.url, format!("http://{host}/feed"));
    let what = (first.bytes.as_slice(), first.content_type.as_str(), first.charset.as_str());
    assert_eq!(what, (&b"a,b"[..], "text/csv", "latin1"));
    assert_eq!(fetcher.get(&first.url, 10, Some(&first.known)).await.unwrap(), None);
    assert_eq!(*seen.lock().unwrap(), [" ", "\"v1\" yesterday"]);
    let unpacked = fetcher.get(&format!("http://{host}/packed"), 100, None).await.unwrap().unwrap();
    assert_eq!(unpacked.bytes, b"a,b");
    let elsewhere = Fetcher::new(&Settings { trusted_hosts: vec!["127.0.0.1:1".to_owned()], ..Settings::default() });
    assert!(matches!(elsewhere.get(&first.url, 10, None).await, Err(Error::Refused { .. })), "another port");
}

#[tokio::test]
async fn a_server_that_misbehaves_is_left_and_named() {
    let host = server(Seen::default()).await;
    let settings = Settings { trusted_hosts: vec!["127.0.0.1".to_owned()], timeout_seconds: 1 };
    let fetcher = Fetcher::new(&settings);
    let mut told = String::new();
    for path in
        ["inside", "plain", "round", "bomb", "torn", "brotli", "endless", "drip", "login", "gone", "down", "nowhere"]
    {
        let error = fetcher.get(&format!("http://{host}/{path}?key=secret"), 100_000, None).await.unwrap_err();
        told.push_str(&format!("{error}\n"));
    }
    assert!(!told.contains("secret"), "{told}");
    insta::assert_snapshot!(told.replace(&host, "HOST"), @r"
        https://169.254.169.254/latest: does not lie in the public internet; name its host in fetch.trusted_hosts if it is your own server
        http://shop.example/feed: is not encrypted; use https, or name the host in fetch.trusted_hosts if it is your own
        http://HOST/round: leads from page to page more than 5 times; give the last address
        http://HOST/bomb: is longer than 100000 bytes (unpacked); give a smaller file
        http://HOST/torn: breaks off or is packed wrongly; try again later
        http://HOST/brotli: comes packed in a way we did not ask for; turn that off at its server
        http://HOST/endless: is longer than 100000 bytes (unpacked); give a smaller file
        http://HOST/drip: was not here after 1 seconds; try again later, or raise fetch.timeout_seconds
        http://HOST/login: asks for a login (403); give an address that opens without one
        http://HOST/gone: nothing is there (410); check the address
        http://HOST/down: its server fails (502); try again later
        http://HOST/nowhere: nothing is there (404); check the address
        ");
}

#[test]
fn a_packed_file_is_unpacked_within_its_limit() {
    assert_eq!(gunzip(b"plain".to_vec(), 100), Ok(b"plain".to_vec()));
    assert_eq!(gunzip(packed(b"<urlset>"), 100), Ok(b"<urlset>".to_vec()));
    assert_eq!(gunzip(packed(&[0; 10_000]), 9_999), Err(body::Problem::TooLong));
    assert_eq!(gunzip(vec![0x1f, 0x8b, 1, 2, 3], 100), Err(body::Problem::Broken));
}
