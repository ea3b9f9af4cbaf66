//! Product files as they really come: what can be read goes in, and everything else is named with line, field, reason and remedy.

use crate::catalog::{listed, selling};
use crate::files::{self, gzip, rows, xlsx};
use crate::site::Site;
use crate::world::TestShop;
use souk::app::App;
use souk::catalog::Error;
use souk::catalog::ingest::{self, Missing, Report};
use souk::catalog::sources::{self, Outcome};
use souk::domain::finding::FindingKind;

/// What a login page looks like to whoever wanted a file.
const LOGIN: &str = "<!DOCTYPE html><html><head><title>Shop admin</title></head><body><form>Please log in \
    <input type=\"password\"></form></body></html>";

async fn give(app: &App, name: &str, bytes: &[u8]) -> Result<Report, Error> {
    ingest::ingest(app, &app.shop, name, bytes, Missing::Retire, &mut |_, _| {}).await
}

async fn refusal(app: &App, name: &str, bytes: &[u8]) -> String {
    give(app, name, bytes).await.unwrap_err().to_string()
}

/// Everything a report says, a line each.
fn said(report: &Report) -> String {
    let rejects = report.rejected.iter();
    let rejects = rejects.map(|r| format!("line {} {} {}: {} → {}", r.line, r.what, r.field, r.reason, r.remedy));
    let warnings = report.warnings.iter().map(|w| format!("line {} {}: {}", w.line, w.what, w.text));
    rejects.chain(warnings).collect::<Vec<_>>().join("\n")
}

fn wide(text: &str, order: fn(u16) -> [u8; 2], mark: [u8; 2]) -> Vec<u8> {
    mark.into_iter().chain(text.encode_utf16().flat_map(order)).collect()
}

#[tokio::test]
async fn one_feed_is_the_same_shop_in_every_encoding_and_with_every_separator() {
    let shop = TestShop::demo().await;
    let app = &shop.app;
    let text =
        "handle;title;sku;price;stock\njacke;Grüne Jacke für Männer;J;\"1.299,00\";3\nhut;Weißer Hut;H;\"9,90\";\n";
    give(app, "shop.csv", text.as_bytes()).await.unwrap();
    let wanted = listed(app).await;
    assert_eq!(wanted.iter().map(|p| p.variants[0].price.minor).collect::<Vec<_>>(), [990, 129_900]);
    for separator in [";", ",", "\t", "|"] {
        let text = text.replace(';', separator);
        let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
        let cells: Vec<Vec<String>> =
            text.lines().map(|line| line.split(separator).map(|c| c.trim_matches('"').to_owned()).collect()).collect();
        let cells: Vec<Vec<&str>> = cells.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let sheet = rows(&cells.iter().map(Vec::as_slice).collect::<Vec<_>>());
        for (how, bytes) in [
            ("UTF-8", text.clone().into_bytes()),
            ("UTF-8 with a mark", format!("\u{feff}{text}").into_bytes()),
            ("UTF-16 LE", wide(&text, u16::to_le_bytes, [0xFF, 0xFE])),
            ("UTF-16 BE", wide(&text, u16::to_be_bytes, [0xFE, 0xFF])),
            ("Windows-1252", latin.into_owned()),
            ("gzip", gzip(text.as_bytes())),
            ("Excel", if separator == "," { continue } else { xlsx(&[("Produkte", &sheet)], &[]) }),
        ] {
            give(app, "other.csv", b"handle,title,sku,price\nx,X,X,1\n").await.unwrap();
            let report = give(app, "shop.csv", &bytes).await.unwrap();
            assert_eq!((report.added, report.rejects()), (2, 0), "{how} {separator:?} {}", said(&report));
            assert!(listed(app).await == wanted, "{how} {separator:?}");
            assert_eq!(said(&report).contains("it was read as windows-1252"), how == "Windows-1252", "{how}");
        }
    }
    shop.over();
}

#[tokio::test]
async fn a_monstrous_cell_costs_its_row_at_most_and_is_named() {
    let shop = TestShop::demo().await;
    let app = &shop.app;
    let words = "monster ".repeat(1_300_000);
    let (digits, pairs) = ("0".repeat(10_400_000), "9;".repeat(5_200_000));
    let cases = [
        ("handle", &words),
        ("title", &words),
        ("sku", &digits),
        ("price", &digits),
        ("stock", &pairs),
        ("description", &words),
        ("attributes", &pairs),
        ("option1_name", &words),
        ("more_pictures", &digits),
    ];
    let header = cases.map(|(name, _)| name).join(",");
    for (column, (name, monster)) in cases.into_iter().enumerate() {
        let mut cells = ["b", "B", "B1", "2", "1", "", "", "", ""].map(str::to_owned);
        cells[column] = format!("\"{monster}\"");
        let text = format!("{header}\na,A,A1,1,1,,,,\n{}\nc,C,C1,3,1,,,,\n", cells.join(","));
        let report = give(app, "big.csv", text.as_bytes()).await.unwrap();
        let (said, there) = (said(&report), listed(app).await);
        let ids: Vec<&str> = there.iter().map(|p| p.id.as_str()).collect();
        assert!(ids.contains(&"a") && ids.contains(&"c"), "{name}: {ids:?}");
        assert!(said.contains("line 3"), "{name}: {said:.500}");
        assert!(said.len() < 200_000, "{name}: a report of {} bytes", said.len());
        assert!(format!("{there:?}").len() < 50_000, "{name}: what went in is bounded");
    }
    let entry = |id: &str, words: &str| {
        format!(
            "<item>\n<g:id>{id}</g:id><title>{id}</title><g:price>1 EUR</g:price><description>{words}</description></item>\n"
        )
    };
    let xml = format!(
        "<rss xmlns:g=\"x\"><channel>\n{}{}{}</channel></rss>",
        entry("a", "A"),
        entry("b", &words),
        entry("c", "")
    );
    let report = give(app, "big.xml", xml.as_bytes()).await.unwrap();
    assert!(said(&report).contains("cut: b"), "{}", said(&report));
    let there = listed(app).await;
    assert_eq!(there.iter().map(|p| p.description.starts_with("monster")).collect::<Vec<_>>(), [false, true, false]);
    let json = format!(
        "{{\"id\":\"a\",\"title\":\"A\",\"price\":1}}\n{{\"id\":\"b\",\"title\":\"B\",\"price\":1,\"short_description\":\"{}\"}}\n",
        words
    );
    let report = give(app, "big.jsonl", json.as_bytes()).await.unwrap();
    assert!(said(&report).contains("cut: b"), "{}", said(&report));
    shop.over();
}

#[tokio::test]
async fn a_price_is_read_as_it_is_meant_or_refused_with_a_remedy() {
    let shop = TestShop::demo().await;
    let app = &shop.app;
    let remedies = [
        ("ab 9,99 €", "write 9.99 if that is the price"),
        ("£12", "write the price in EUR"),
        ("12 USD", "write the price in EUR"),
        ("-5,00", "write a price that is not negative"),
        ("free", "write digits with a point, such as 149.90"),
        ("", "write a price such as 149.90"),
        ("9,999", "write 9999 or a price with two decimals"),
        ("=B2*1.19", "write"),
        ("#N/A", "write digits with a point"),
        ("1e3", "write"),
    ];
    for (price, remedy) in remedies {
        let text = format!("handle;title;sku;price\nok;Ok;OK;1,50\nno;No;NO;{price}\nmixed;M;M;2.50\n");
        let report = give(app, "p.csv", text.as_bytes()).await.unwrap();
        let [reject] = report.rejected.as_slice() else { panic!("{price}: {}", said(&report)) };
        assert_eq!((reject.line, reject.what.as_str()), (3, "no / NO"), "{price}");
        assert!(
            ["price", "currency"].contains(&reject.field.as_str()) && reject.remedy.starts_with(remedy),
            "{price} {reject:?}"
        );
        assert_eq!(listed(app).await.len(), 2, "{price}");
    }
    for (price, minor) in [("1.299,00", 129_900), ("1,299.00", 129_900), ("EUR 12", 1_200), ("12,– €", 1_200), ("0", 0)]
    {
        let text = format!("handle;title;sku;price\nok;Ok;OK;{price}\n");
        let report = give(app, "p.csv", text.as_bytes()).await.unwrap();
        assert_eq!(listed(app).await[0].variants[0].price.minor, minor, "{price} {}", said(&report));
    }
    // A spreadsheet makes a day of 1.5, which must not become a price of 46,143.
    let cells = [("A2", "hut"), ("B2", "Hut"), ("C2", "H")].map(|(place, text)| files::cell(place, text)).concat();
    let head = rows(&[&["handle", "title", "sku", "price"]]);
    let sheet = format!("{head}<row r=\"2\">{cells}{}</row>", files::day("D2", 46_143));
    let report = give(app, "p.xlsx", &xlsx(&[("Sheet", &sheet)], &[])).await.unwrap();
    assert!(said(&report).contains("line 2 hut / H price: \"2026-05-01\" is not a price"), "{}", said(&report));
    shop.over();
}

#[tokio::test]
async fn a_google_feed_as_atom_is_read_and_one_that_breaks_keeps_what_stands_before() {
    let entry = |id: &str, price: &str| {
        format!(
            "<entry>\n<id>tag:shop.example,2026:{id}</id><title type=\"html\">Atom {id}</title><link rel=\"self\" href=\"https://x.example/api/{id}\"/>\
             <link rel=\"alternate\" href=\"https://x.example/{id}?a=1&amp;b=2\"></link><summary>Words.</summary><g:id>{id}</g:id>\
             <g:image_link>https://x.example/{id}.jpg</g:image_link>{price}<g:availability>in stock</g:availability></entry>\n"
        )
    };
    let feed = |entries: &[String]| {
        let entries = entries.concat();
        format!(
            "<?xml version=\"1.0\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:g=\"http://base.google.com/ns/1.0\"><title>Shop</title>\n{entries}</feed>"
        )
    };
    let shop = selling("tent,Tent,T,100,10\n").await;
    let app = &shop.app;
    let good = |id: &str| entry(id, "<g:price>19.99 EUR</g:price>");
    let report = give(app, "atom.xml", feed(&[good("A"), good("B")]).as_bytes()).await.unwrap();
    assert_eq!((report.added, report.retired, report.rejects()), (2, 1, 0), "{}", said(&report));
    let first = &listed(app).await[0];
    assert_eq!((first.id.as_str(), first.title.as_str(), first.variants[0].id.as_str()), ("A", "Atom A", "A"));
    assert_eq!((first.url.as_deref(), first.description.as_str()), (Some("https://x.example/A?a=1&b=2"), "Words."));
    // One entry breaks in the middle, and the file breaks off before its end.
    let broken = entry("B", "<g:price>18.00 EUR</g:prize>");
    let whole = feed(&[good("A"), broken, good("C"), good("D")]);
    let torn = &whole.as_bytes()[..whole.len() - 120];
    let report = give(app, "atom.xml", torn).await.unwrap();
    assert_eq!(
        (report.added, report.unchanged, report.retired),
        (1, 1, 0),
        "B and D stay as they were: {}",
        said(&report)
    );
    assert!(
        said(&report).contains("line 6 B xml: the XML is broken here: <price> is closed by </prize>"),
        "{}",
        said(&report)
    );
    assert!(
        said(&report).contains("D xml: the XML is broken here: the file ends in the middle of it"),
        "{}",
        said(&report)
    );
    assert!(
        said(&report).contains("the file stops before its last tag; what it does not show is kept"),
        "{}",
        said(&report)
    );
    assert_eq!(listed(app).await.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["A", "B", "C"]);
    shop.over();
}

#[tokio::test]
async fn what_would_burst_is_refused_and_changes_nothing() {
    let shop = selling("tent,Tent,T,100,10\n").await;
    let app = &shop.app;
    let before = listed(app).await;
    let feed = rows(&[&["handle", "title", "sku", "price"], &["a", "A", "A1", "5"]]);
    // The same text in a hundred thousand cells: a few kilobytes that unpack to ten thousand megabytes.
    let many: String =
        (3..100_003).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>")).collect();
    let laughs = xlsx(&[("Sheet", &format!("{feed}{many}"))], &[&"ha".repeat(50_000)]);
    let zeros = gzip(&vec![b'0'; 201 * 1024 * 1024]);
    for (name, bytes, reason) in [
        ("laughs.xlsx", &laughs, "209715200 are read at most; split it"),
        ("bomb.csv.gz", &zeros, "209715200 are read at most; split it"),
        ("twice.gz", &gzip(&gzip(b"handle,title,sku,price\n")), "it is packed more than once; unpack it first"),
        (
            "two.zip",
            &files::zip(&[("a.csv", "x"), ("b.csv", "y")]),
            "it is an archive of 2 files; pack one file of products alone",
        ),
        ("login.csv", &LOGIN.as_bytes().to_vec(), "it is a web page that asks to sign in"),
    ] {
        let told = refusal(app, name, bytes).await;
        assert!(told.contains(reason), "{name}: {told}");
    }
    assert_eq!(listed(app).await, before);
    // A stray cell in the last corner of a sheet is no reason to lay out all that lies between.
    let corner = format!("{feed}<row r=\"1048576\">{}</row>", files::cell("XFD1048576", "x"));
    let report = give(app, "corner.xlsx", &xlsx(&[("Men", &corner), ("Women", &feed)], &[])).await.unwrap();
    assert_eq!(report.added, 1, "{}", said(&report));
    assert!(said(&report).contains("line 1048576  row: the row has 1002 cells, the header has 4"), "{}", said(&report));
    assert!(
        said(&report).contains("only the sheet \"Men\" was read; export \"Women\" as files of their own"),
        "{}",
        said(&report)
    );
    shop.over();
}

#[tokio::test]
async fn a_source_that_shows_a_login_page_keeps_the_catalogue_and_says_so() {
    let shop = selling("tent,Tent,T,100,10\n").await;
    let site = Site::start().await;
    let app = shop.another(|app| app.fetcher = site.fetcher()).await;
    let source = sources::add(&app, &app.shop, &site.url("/feed.csv"), "products", 60).await.unwrap();
    let fetch = async || sources::fetch(&app, &app.shop, &source.id).await.unwrap();
    let good = "handle,title,sku,price\ntent,Tent,T,90\nmat,Mat,M,20\n";
    site.put("/feed.csv", good);
    assert!(matches!(fetch().await, Outcome::TakenIn(report) if (report.added, report.changed) == (1, 1)));
    let before = listed(&app).await;
    for (what, bytes) in [
        ("asks to sign in", LOGIN.as_bytes().to_vec()),
        ("it is a web page", b"<html><body>Down for maintenance</body></html>".to_vec()),
        ("the file is empty", Vec::new()),
        ("it is packed more than once", gzip(&gzip(b"x"))),
        ("the header has no column", b"handle,sku,price\ntent,T,90\n".to_vec()),
    ] {
        site.put("/feed.csv", bytes);
        assert!(matches!(fetch().await, Outcome::Failed(problem) if problem.contains(what)), "{what}");
        assert_eq!(listed(&app).await, before, "{what}");
    }
    let problems = async || app.store.read(&app.shop).await.unwrap().findings_about(source.id.as_str()).await.unwrap();
    assert_eq!(problems().await, [FindingKind::SourceFails]);
    // The file is back as it was: its tag is known, and the trouble is over.
    site.asked();
    site.put("/feed.csv", good);
    assert_eq!(fetch().await, Outcome::Same);
    assert_eq!(site.asked(), [("/feed.csv".to_owned(), 304)]);
    assert_eq!(problems().await, []);
    shop.over();
}
