//! Pages: templates compiled into the program, escaped by default, each with a strict content policy.

use crate::wording::{self, Voice};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, State, UndefinedBehavior, context};

/// Nothing but our own files: no inline script, no other host.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'";

/// The templates.
pub struct Pages {
    environment: Environment<'static>,
}

/// Who may show a page in a frame.
#[derive(Clone, Copy, Debug)]
pub enum Frames<'a> {
    /// Nobody.
    Never,
    /// This site and the listed ones.
    On(&'a [String]),
}

impl Pages {
    /// Reads the templates in the program.
    pub fn new() -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Lenient);
        environment.add_function("t", told);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        for (name, text) in [
            ("chat", include_str!("../../web/chat.html")),
            ("part_bill", include_str!("../../web/part_bill.html")),
            ("pay", include_str!("../../web/pay.html")),
            ("order", include_str!("../../web/order.html")),
            ("receipt", include_str!("../../web/receipt.html")),
            ("message", include_str!("../../web/message.html")),
            ("console_login", include_str!("../../web/console_login.html")),
            ("console_list", include_str!("../../web/console_list.html")),
            ("console_orders", include_str!("../../web/console_orders.html")),
            ("console_order", include_str!("../../web/console_order.html")),
            ("console_trace", include_str!("../../web/console_trace.html")),
            ("console_catalog", include_str!("../../web/console_catalog.html")),
            ("console_run", include_str!("../../web/console_run.html")),
            ("console_usage", include_str!("../../web/console_usage.html")),
            ("console_conversation", include_str!("../../web/console_conversation.html")),
        ] {
            environment.add_template(name, text).expect("our own templates parse; a test renders each");
        }
        Self { environment }
    }

    /// A page with its content policy.
    pub fn render(
        &self,
        name: &str,
        context: minijinja::Value,
        frames: Frames<'_>,
    ) -> Result<Response, minijinja::Error> {
        let html = self.environment.get_template(name)?.render(context)?;
        let ancestors = match frames {
            Frames::Never => "'none'".to_owned(),
            Frames::On(sites) => format!("'self' {}", sites.join(" ")),
        };
        let policy = format!("{POLICY}; frame-ancestors {ancestors}");
        let headers = [(header::CONTENT_SECURITY_POLICY, policy), (header::CACHE_CONTROL, "no-store".to_owned())];
        Ok((headers, Html(html)).into_response())
    }

    /// A page of one sentence.
    pub fn message(&self, title: &str, text: &str, link: &str, link_label: &str) -> Response {
        let context = context! { title, text, link, link_label };
        self.render("message", context, Frames::Never).unwrap_or_else(|_| Html(text.to_owned()).into_response())
    }
}

/// `t('page-order', number=order.number)`: a phrase in the language of the page.
fn told(state: &State<'_, '_>, name: &str, blanks: Kwargs) -> Result<String, minijinja::Error> {
    let voice = Voice::of_tag(state.lookup("lang").as_ref().and_then(Value::as_str).unwrap_or_default());
    let mut args = FluentArgs::new();
    for blank in blanks.args() {
        let value: Value = blanks.get(blank)?;
        match i64::try_from(value.clone()) {
            Ok(count) if value.is_number() => args.set(blank.to_owned(), FluentValue::from(count)),
            _ => args.set(blank.to_owned(), value.to_string()),
        }
    }
    Ok(wording::named(&voice, name, &args))
}

/// What every page needs to know of how its reader is spoken to.
pub fn spoken(voice: &Voice) -> Value {
    context! { lang => voice.locale().to_string(), dir => voice.locale().direction() }
}

impl Default for Pages {
    fn default() -> Self {
        Self::new()
    }
}
