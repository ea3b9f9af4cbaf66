//! The texts of a web site by its map: politely, one page at a time, only what changed, only its own host.

#[cfg(test)]
mod tests;

use crate::app::App;
use crate::domain::id::ShopId;
use crate::fetch::{self, Fetched, Fetcher, Known};
use crate::knowledge::Error;
use crate::knowledge::load::{self, Format, Loaded, RICH_BYTES_MAX, Reject, Text, html};
use quick_xml::Reader;
use quick_xml::events::Event;
use reqwest::Url;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;
use texting_robots::Robot;

/// Pages of a site that are read.
pub const PAGES_MAX: usize = 1_000;
/// Maps of a site, and maps of maps.
const MAPS_MAX: usize = 100;
/// Bytes of a map, unpacked; the most its format allows.
const MAP_BYTES_MAX: u64 = 50 * 1024 * 1024;
/// Bytes of the rules for robots.
const ROBOTS_BYTES_MAX: u64 = 512 * 1024;
/// Bytes of all pages together.
const ALL_BYTES_MAX: u64 = 500 * 1024 * 1024;
/// What we are called in the rules for robots.
const NAME: &str = "souk";
/// Between two pages, unless the site asks for more.
const PAUSE: Duration = Duration::from_millis(250);
/// The most a site may ask for.
const PAUSE_SECONDS_MAX: f32 = 30.0;

/// Told how far it is: pages done, of how many.
pub type Progress<'a> = &'a mut (dyn FnMut(u64, u64) + Send);

/// Reads a site's pages: `url` is its address or that of its map. Only pages that changed come as texts.
pub async fn read(app: &App, shop: &ShopId, url: &str, progress: Progress<'_>) -> Result<Loaded, Error> {
    let known = app.store.read(shop).await?.texts().await?.into_iter();
    let known = known.map(|t| (t.source, Known { etag: t.etag, last_modified: t.last_modified })).collect();
    Ok(crawl(&app.fetcher, &known, url, PAUSE, progress).await?)
}

/// What the map says.
#[derive(Default)]
struct Map {
    pages: Vec<Url>,
    rejects: Vec<Reject>,
    partial: bool,
}

async fn crawl(
    fetcher: &Fetcher,
    known: &BTreeMap<String, Known>,
    url: &str,
    pause: Duration,
    progress: Progress<'_>,
) -> Result<Loaded, fetch::Error> {
    let refused = |problem: &str| fetch::Error::Refused { url: url.to_owned(), problem: problem.to_owned() };
    let top = Url::parse(url).map_err(|_| refused("is no address; write it as https://shop.example"))?;
    let host = authority(&top).ok_or_else(|| refused("is no web address; write it as https://shop.example"))?;
    let robot = robots(fetcher, &top).await?;
    let asked = robot.as_ref().and_then(|r| r.delay).unwrap_or_default().clamp(0.0, PAUSE_SECONDS_MAX);
    let pause = pause.max(Duration::from_secs_f32(asked));
    let may = |url: &Url| robot.as_ref().is_none_or(|r| r.allowed(url.as_str()));
    let map = map(fetcher, &top, robot.as_ref()).await?;
    let mut loaded =
        Loaded { origin: format!("site {host}"), rejects: map.rejects, partial: map.partial, ..Loaded::default() };
    let (of, mut left) = (map.pages.len().min(PAGES_MAX) as u64, ALL_BYTES_MAX);
    if map.pages.len() > PAGES_MAX {
        loaded.partial = true;
        loaded
            .rejects
            .push(page(url, format!("only the first {PAGES_MAX} pages are read; give a map of its service pages")));
    }
    let mut seen = BTreeSet::new();
    for (done, address) in (0u64..).zip(map.pages.into_iter().take(PAGES_MAX)) {
        progress(done, of);
        let source = address.to_string();
        if !seen.insert(source.clone()) {
            continue;
        }
        if !may(&address) {
            loaded
                .rejects
                .push(page(&source, "is closed to robots by the site's robots.txt; open it to \"souk\"".to_owned()));
            continue;
        }
        if done > 0 {
            tokio::time::sleep(pause).await;
        }
        match fetcher.get(&source, RICH_BYTES_MAX.min(left), known.get(&source)).await {
            Ok(None) => loaded.unchanged.push(source),
            Ok(Some(fetched)) => {
                left = left.saturating_sub(fetched.bytes.len() as u64);
                take(&mut loaded, &mut seen, &address, fetched).await;
            }
            Err(fetch::Error::Gone { problem, .. }) => loaded.rejects.push(page(&source, problem)),
            // It may be there the next time: what it said before stays.
            Err(fetch::Error::Failed { problem, .. } | fetch::Error::Refused { problem, .. }) => {
                loaded.rejects.push(Reject { source, place: String::new(), reason: problem });
            }
        }
    }
    progress(of, of);
    loaded.texts.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(loaded)
}

/// A page that is not to be told any more.
fn page(source: &str, reason: String) -> Reject {
    Reject { source: source.to_owned(), place: "page".to_owned(), reason }
}

async fn take(loaded: &mut Loaded, seen: &mut BTreeSet<String>, address: &Url, fetched: Fetched) {
    let source = address.to_string();
    let ended = Url::parse(&fetched.url).ok();
    if ended.as_ref().and_then(authority) != authority(address) {
        loaded.rejects.push(page(&source, "leads to another site; give that site's own map".to_owned()));
        return;
    }
    let known = fetched.known.clone();
    let is_page =
        fetched.content_type.contains("html") || matches!(load::recognise(&source, &fetched.bytes), Some(Format::Html));
    let read = tokio::task::spawn_blocking(move || {
        let head = is_page.then(|| html::read(&String::from_utf8_lossy(&fetched.bytes)));
        let read = match load::recognise(&source, &fetched.bytes) {
            // An address often has no ending; the server's word stands in for one.
            None if is_page => load::read_page(&source, &fetched.bytes, &fetched.charset),
            _ => load::read_bytes(&source, &fetched.bytes, &fetched.charset),
        };
        (head, read)
    });
    let Ok((head, read)) = read.await else { return };
    let head = head.unwrap_or_default();
    if head.noindex {
        loaded.rejects.push(page(address.as_str(), "asks not to be taken in (noindex)".to_owned()));
        return;
    }
    let canonical =
        head.canonical.and_then(|to| address.join(&to).ok()).filter(|to| authority(to) == authority(address));
    match read {
        Ok((text, rejects)) => {
            let source = canonical.map_or_else(
                || address.to_string(),
                |mut to| {
                    to.set_fragment(None);
                    to.to_string()
                },
            );
            // The same page under another address is told once.
            if source != address.as_str() && !seen.insert(source.clone()) {
                return;
            }
            // Only a page that is kept under the address it was asked by can be asked by its tag again.
            let known = if source == address.as_str() { known } else { Known::default() };
            loaded.texts.push(Text { source, known, ..text });
            loaded.rejects.extend(rejects);
        }
        Err(reject) => loaded.rejects.push(reject),
    }
}

async fn robots(fetcher: &Fetcher, top: &Url) -> Result<Option<Robot>, fetch::Error> {
    let Ok(address) = top.join("/robots.txt") else { return Ok(None) };
    match fetcher.get(address.as_str(), ROBOTS_BYTES_MAX, None).await {
        Ok(Some(file)) => Ok(Robot::new(NAME, &file.bytes).ok()),
        Ok(None) | Err(fetch::Error::Gone { .. }) => Ok(None),
        // A site whose rules cannot be read is left alone.
        Err(error) => Err(error),
    }
}

/// Reads the maps, a map of maps included.
async fn map(fetcher: &Fetcher, top: &Url, robot: Option<&Robot>) -> Result<Map, fetch::Error> {
    let path = top.path().to_lowercase();
    let mut open: VecDeque<Url> = VecDeque::new();
    if path.ends_with(".xml") || path.ends_with(".xml.gz") {
        open.push_back(top.clone());
    } else {
        open.extend(robot.into_iter().flat_map(|r| &r.sitemaps).filter_map(|s| top.join(s).ok()));
        if open.is_empty() {
            open.extend(top.join("/sitemap.xml"));
        }
    }
    let mut map = Map::default();
    let mut seen = BTreeSet::new();
    let mut outside = 0usize;
    while let Some(address) = open.pop_front() {
        if !seen.insert(address.to_string()) {
            continue;
        }
        let lacking = |reason: String| Reject { source: address.to_string(), place: "map".to_owned(), reason };
        if seen.len() > MAPS_MAX || authority(&address) != authority(top) {
            map.partial = true;
            map.rejects.push(lacking(format!("is left out: only {MAPS_MAX} maps of the site itself are read")));
            continue;
        }
        let file = match fetcher.get(address.as_str(), MAP_BYTES_MAX, None).await {
            Ok(file) => file.unwrap_or_default(),
            Err(error) if seen.len() == 1 && open.is_empty() => return Err(error),
            Err(error) => {
                map.partial = true;
                map.rejects.push(lacking(format!("cannot be read: {error}")));
                continue;
            }
        };
        let xml = fetch::gunzip(file.bytes, MAP_BYTES_MAX).unwrap_or_default();
        let (locations, of_maps, whole) = locations(&xml);
        if !whole || locations.is_empty() {
            map.partial = true;
            map.rejects.push(lacking("is no whole map of a site; have it made anew".to_owned()));
        }
        for location in locations {
            match address.join(&location) {
                Ok(found) if of_maps => open.push_back(found),
                Ok(mut found) if authority(&found) == authority(top) && map.pages.len() <= PAGES_MAX => {
                    found.set_fragment(None);
                    map.pages.push(found);
                }
                Ok(_) | Err(_) => outside += 1,
            }
        }
    }
    if outside > 0 && map.pages.len() <= PAGES_MAX {
        let reason = format!("{outside} addresses in its map belong to other hosts and are left out");
        map.rejects.push(Reject { source: top.to_string(), place: "map".to_owned(), reason });
    }
    Ok(map)
}

/// The addresses of a map, whether they are maps themselves, and whether it could be read to its end.
fn locations(xml: &[u8]) -> (Vec<String>, bool, bool) {
    let mut reader = Reader::from_reader(xml);
    let (mut found, mut of_maps, mut text, mut inside) = (Vec::new(), false, String::new(), false);
    let mut buffer = Vec::new();
    let mut rooted = false;
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => match tag.local_name().as_ref() {
                "sitemapindex" => (of_maps, rooted) = (true, true),
                "urlset" => rooted = true,
                "loc" => {
                    text.clear();
                    inside = true;
                }
                _ => {}
            },
            Ok(Event::Text(words)) if inside => text.push_str(&words),
            Ok(Event::CData(words)) if inside => text.push_str(&words),
            Ok(Event::GeneralRef(entity)) if inside => {
                let name: &str = &entity;
                text.push_str(quick_xml::escape::resolve_predefined_entity(name).unwrap_or_default());
            }
            Ok(Event::End(tag)) if tag.local_name().as_ref() == "loc" => {
                inside = false;
                found.push(text.trim().to_owned());
            }
            Ok(Event::Eof) => return (found, of_maps, rooted),
            Err(_) => return (found, of_maps, false),
            Ok(_) => {}
        }
        buffer.clear();
    }
}

fn authority(url: &Url) -> Option<String> {
    let host = url.host_str()?.trim_start_matches("www.").to_owned();
    Some(format!("{host}:{}", url.port_or_known_default()?))
}
