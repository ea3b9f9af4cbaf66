//! Logs: one line a happening, on standard error, `RUST_LOG` decides how much. Bodies and personal data are never logged.

use tracing_subscriber::EnvFilter;

/// What is logged when nothing else is asked for. Libraries that would log whole answers stay silent.
const DEFAULT: &str = "warn,souk=info,async_openai=off,sqlx=warn";

/// Starts logging. `filter` is the value of `RUST_LOG`, if set.
pub fn start(filter: Option<&str>) {
    let filter = filter.and_then(|f| EnvFilter::try_new(f).ok()).unwrap_or_else(|| EnvFilter::new(DEFAULT));
    let _ =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).try_init();
}
