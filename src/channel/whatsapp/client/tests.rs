//! Against a server of our own that answers well, badly and not at all.

use super::*;
use crate::channel::whatsapp::refusal::Class;
use wiremock::matchers::{body_partial_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn account(url: &str) -> Account {
    Account {
        access_token: "s3cret-token".into(),
        phone_number_id: "42".into(),
        graph_url: url.to_owned(),
        ..Account::default()
    }
}

async fn answering(template: ResponseTemplate) -> (MockServer, Client) {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path(format!("/{GRAPH_VERSION}/42/messages")))
        .respond_with(template)
        .mount(&server)
        .await;
    let client = Client::new(&account(&server.uri())).unwrap();
    (server, client)
}

#[tokio::test]
async fn a_message_is_handed_over_with_the_token_and_its_id_comes_back() {
    let server = MockServer::start().await;
    let answer = json!({"messaging_product": "whatsapp", "messages": [{"id": "wamid.1"}],
        "contacts": [{"input": "+5511988887777", "wa_id": "551188887777", "user_id": "BR.8Qx1"}]});
    Mock::given(method("POST"))
        .and(path(format!("/{GRAPH_VERSION}/42/messages")))
        .and(header("authorization", "Bearer s3cret-token"))
        .and(body_partial_json(json!({"messaging_product": "whatsapp", "to": "+5511988887777"})))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer))
        .mount(&server)
        .await;
    let client = Client::new(&account(&server.uri())).unwrap();
    let taken = client.send(json!({"to": "+5511988887777", "type": "text", "text": {"body": "hi"}})).await.unwrap();
    let expected = Taken { id: "wamid.1".into(), wa_id: Some("551188887777".into()), user_id: Some("BR.8Qx1".into()) };
    assert_eq!(taken, expected);
    assert!(!format!("{client:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_refusal_is_read_and_whatever_else_leaves_the_fate_open() {
    let error = json!({"error": {"code": 131_056, "message": "pair", "fbtrace_id": "A"}});
    let template = ResponseTemplate::new(400).set_body_json(error).insert_header("retry-after", "9");
    let (_server, client) = answering(template).await;
    match client.send(json!({})).await {
        Err(Failure::Refused(refusal)) => {
            assert_eq!(refusal.class, Class::Pair);
            assert_eq!(refusal.retry_after.map(|wait| wait.as_secs()), Some(9));
        }
        other => panic!("{other:?}"),
    }
    for template in [
        ResponseTemplate::new(502).set_body_string("<html>"),
        ResponseTemplate::new(200).set_body_string("{\"messages\": [{\"id\""),
        ResponseTemplate::new(200).set_body_json(json!({"messages": []})),
        ResponseTemplate::new(200).set_body_bytes(vec![b' '; ANSWER_BYTES_MAX + 1]),
        ResponseTemplate::new(302).insert_header("location", "http://127.0.0.1:1/"),
    ] {
        let (_server, client) = answering(template).await;
        let failure = client.send(json!({})).await.unwrap_err();
        assert!(matches!(failure, Failure::Lost(_)), "{failure:?}");
        assert!(!format!("{failure} {failure:?}").contains("s3cret"));
    }
}

#[tokio::test]
async fn where_nobody_listens_nothing_left() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let failure = Client::new(&account(&url)).unwrap().send(json!({})).await.unwrap_err();
    assert!(matches!(failure, Failure::NotReached(_)), "{failure:?}");
}

#[test]
fn files_are_fetched_from_metas_hosts_only() {
    let may = |graph: &str, url: &str| Client::new(&account(graph)).unwrap().may_ask(&Url::parse(url).unwrap());
    let meta = "https://graph.facebook.com";
    for good in [
        "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1",
        "https://scontent-fra3-1.xx.fbcdn.net/v/x",
        "https://graph.facebook.com/v23.0/1",
    ] {
        assert!(may(meta, good), "{good}");
    }
    for bad in [
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com:8443/x",
        "https://lookaside.fbsbx.com.evil.example/x",
        "https://evilfbcdn.net/x",
        "https://x.fbcdn.net@evil.example/x",
        "http://127.0.0.1/x",
        "https://169.254.169.254/latest",
        "file:///etc/passwd",
    ] {
        assert!(!may(meta, bad), "{bad}");
    }
    assert!(may("http://127.0.0.1:9000", "http://localhost:9001/media/1"));
    assert!(!may("http://127.0.0.1:9000", "https://evil.example/media/1"));
}

#[tokio::test]
async fn a_file_is_cut_off_where_it_is_too_long_and_a_redirect_is_not_followed() {
    let server = MockServer::start().await;
    let file = |at: &str, template| Mock::given(method("GET")).and(path(at.to_owned())).respond_with(template);
    file("/file", ResponseTemplate::new(200).set_body_bytes(vec![7; 1_000])).mount(&server).await;
    file("/away", ResponseTemplate::new(302).insert_header("location", format!("{}/file", server.uri())))
        .mount(&server)
        .await;
    let client = Client::new(&account(&server.uri())).unwrap();
    let mut bytes = Vec::new();
    let url = format!("{}/file", server.uri());
    assert_eq!(client.download(&url, 1_000, |piece| bytes.extend_from_slice(piece)).await.unwrap(), 1_000);
    assert_eq!(bytes, vec![7; 1_000]);
    assert!(matches!(client.download(&url, 999, |_| ()).await, Err(Failure::File(_))));
    assert!(matches!(client.download(&format!("{}/away", server.uri()), 9, |_| ()).await, Err(Failure::File(_))));
    assert!(matches!(client.look_up("../../me").await, Err(Failure::File(_))));
}

#[tokio::test]
async fn a_file_is_handed_over_as_a_form() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path(format!("/{GRAPH_VERSION}/42/media")))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"id": "77"})))
        .mount(&server)
        .await;
    let client = Client::new(&account(&server.uri())).unwrap();
    assert_eq!(client.upload(b"%PDF", "application/pdf", "receipt \"1\"\r\nX: y.pdf").await.unwrap(), "77");
    let request = server.received_requests().await.unwrap().pop().unwrap();
    let form = String::from_utf8(request.body.clone()).unwrap();
    assert!(form.contains("\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n--"), "{form}");
    assert!(
        form.contains("filename=\"receipt ") && !form.contains("\r\nX: y"),
        "a name is never a line of its own: {form}"
    );
    let border = request.headers.get("content-type").unwrap().to_str().unwrap().rsplit_once('=').unwrap().1.to_owned();
    assert_eq!(form.matches(&format!("--{border}")).count(), 4);
}
