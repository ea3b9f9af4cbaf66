//! The instructions a model reads. Strict templates: a missing variable is an error, not an empty line.

use crate::domain::shop::Shop;
use minijinja::{Environment, UndefinedBehavior, context};

/// The system prompt of a shop. It holds no clock and no shopper, so that it stays the same from turn to turn.
pub fn system(shop: &Shop) -> Result<String, minijinja::Error> {
    of(include_str!("../../prompts/system.md"), shop)
}

/// Instructions from another template with the same blanks.
pub fn of(template: &str, shop: &Shop) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.render_str(
        template,
        context! { shop => &shop.name, currency => shop.currency.code(), colleagues => &shop.colleagues },
    )
}
