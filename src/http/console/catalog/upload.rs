//! A feed from a colleague's computer: kept aside, shown as a dry run, and taken in when they say so.

use crate::catalog::Error as CatalogError;
use crate::catalog::ingest::{self, Missing};
use crate::http::Site;
use crate::http::console::catalog::{line, overview, to_run, told};
use crate::http::console::{check_form, csrf, form, signed_in};
use crate::http::error::Error;
use crate::http::page::Frames;
use crate::store::runs::Run;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use minijinja::context;
use serde::Deserialize;
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;

/// Bytes of an uploaded feed.
pub const UPLOAD_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Uploads that wait for a decision; older ones go.
const UPLOADS_MAX: usize = 5;
/// Characters of a file's name.
const NAME_CHARS_MAX: usize = 100;

/// How an upload is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    csrf: String,
    name: String,
    missing: String,
}

impl Wanted {
    fn name(&self) -> String {
        let name: String = self.name.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
        if name.is_empty() { "upload".to_owned() } else { name }
    }

    fn missing(&self) -> Missing {
        match self.missing.as_str() {
            "retire" => Missing::Retire,
            "keep" => Missing::Keep,
            _ => Missing::Careful,
        }
    }
}

/// Keeps a file aside; answers where its dry run is shown.
pub async fn keep(State(site): State<Arc<Site>>, headers: HeaderMap, bytes: Bytes) -> Result<Response, Error> {
    let mark = headers.get("x-csrf").and_then(|v| v.to_str().ok()).unwrap_or_default();
    check_form(&site, &headers, mark)?;
    if bytes.is_empty() {
        return Err(Error::Bad("The file is empty."));
    }
    let folder = folder(&site);
    let id = site.app.ids.sortable(site.app.now());
    let write = async {
        tokio::fs::create_dir_all(&folder).await?;
        tidy(&folder).await?;
        tokio::fs::write(folder.join(&id), &bytes).await
    };
    if let Err(error) = write.await {
        tracing::error!(%error, "an upload could not be kept");
        return Err(Error::Full);
    }
    Ok(Json(json!({ "page": format!("/console/catalog/uploads/{id}") })).into_response())
}

/// What taking it in would do.
pub async fn show(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if !signed_in(&site, &headers) {
        return form(&site, None);
    }
    let bytes = read(&site, &id).await?;
    let app = Arc::clone(&site.app);
    let (name, missing) = (wanted.name(), wanted.missing());
    let previewed = ingest::preview(&app, &app.shop, &name, &bytes, missing).await;
    let report = match previewed {
        Ok(report) => report,
        Err(error @ CatalogError::Feed(_)) => return overview(&site, Some(&format!("{name}: {error}"))).await,
        Err(error) => return Err(error.into()),
    };
    let shop = app.store.read(&app.shop).await?.shop().await?.ok_or(Error::NotFound)?;
    let run =
        Run { id: app.new_id(), kind: "products".into(), source: name.clone(), at: app.now(), report: String::new() };
    let context = context! {
        shop => context! { name => &shop.name },
        csrf => csrf(&site),
        upload => &id,
        name,
        missing => match missing { Missing::Careful => "", Missing::Retire => "retire", Missing::Keep => "keep" },
        run => line(&run, Some(&report), false),
        report => told(&report),
    };
    Ok(site.pages.render("console_run", context, Frames::Never)?)
}

/// Takes it in.
pub async fn take(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Error> {
    check_form(&site, &headers, &wanted.csrf)?;
    let bytes = read(&site, &id).await?;
    let app = Arc::clone(&site.app);
    let (name, missing) = (wanted.name(), wanted.missing());
    // A browser that goes away must not leave it half done.
    let taken =
        tokio::spawn(async move { ingest::ingest(&app, &app.shop, &name, &bytes, missing, &mut |_, _| {}).await });
    let report = match taken.await.map_err(|_| Error::Full)? {
        Ok(report) => report,
        Err(CatalogError::Stopped(report)) => return Ok(to_run(&report)),
        Err(error) => return Err(error.into()),
    };
    if let Err(error) = tokio::fs::remove_file(folder(&site).join(&id)).await {
        tracing::warn!(%error, "an upload that was taken in could not be removed");
    }
    Ok(to_run(&report))
}

fn folder(site: &Site) -> PathBuf {
    site.app.data.join("uploads")
}

async fn read(site: &Site, id: &str) -> Result<Vec<u8>, Error> {
    // Only what we named ourselves: letters and digits.
    if id.is_empty() || id.len() > 40 || !id.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(Error::NotFound);
    }
    tokio::fs::read(folder(site).join(id)).await.map_err(|_| Error::NotFound)
}

/// Names sort by time, so the first are the oldest.
async fn tidy(folder: &std::path::Path) -> std::io::Result<()> {
    let mut entries = tokio::fs::read_dir(folder).await?;
    let mut names = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        names.push(entry.path());
    }
    names.sort();
    let gone = (names.len() + 1).saturating_sub(UPLOADS_MAX);
    for path in names.iter().take(gone) {
        tokio::fs::remove_file(path).await?;
    }
    Ok(())
}
