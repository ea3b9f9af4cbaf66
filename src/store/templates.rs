//! Templates: the forms a network has approved for an account, as it listed them last, moved by its news in between.

use crate::channel::whatsapp::template::Approved;
use crate::store::{Error, Tx, from_json, on_engine, to_json};

impl Tx {
    /// The forms of an account, all at once: one that is no longer listed is gone.
    pub async fn replace_templates(&mut self, account: &str, forms: &[Approved]) -> Result<(), Error> {
        const SQL: &str = "DELETE FROM templates WHERE shop_id = $1 AND account = $2";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL).bind(shop).bind(account).execute(conn).await.map(|_| ()))?;
        for form in forms {
            self.save_template(account, form).await?;
        }
        Ok(())
    }

    /// Writes one form down, as it stands now.
    pub async fn save_template(&mut self, account: &str, form: &Approved) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO templates (shop_id, account, name, language, body) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (shop_id, account, name, language) DO UPDATE SET body = excluded.body";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(account)
            .bind(&form.name)
            .bind(&form.language)
            .bind(to_json(form))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The forms of an account, by name and language.
    pub async fn templates(&mut self, account: &str) -> Result<Vec<Approved>, Error> {
        const SQL: &str = "SELECT body FROM templates WHERE shop_id = $1 AND account = $2 ORDER BY name, language";
        let shop = self.shop.to_string();
        let rows: Vec<(String,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(account).fetch_all(conn).await?);
        rows.into_iter().map(|(body,)| from_json(&body, "a template")).collect()
    }

    /// Changes one form as the network's news say: its status, quality or category. Answers whether it is known.
    pub async fn change_template(
        &mut self,
        account: &str,
        (name, language): (&str, &str),
        change: impl FnOnce(&mut Approved),
    ) -> Result<bool, Error> {
        const SQL: &str =
            "SELECT body FROM templates WHERE shop_id = $1 AND account = $2 AND name = $3 AND language = $4";
        let shop = self.shop.to_string();
        let row: Option<(String,)> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(account)
            .bind(name)
            .bind(language)
            .fetch_optional(conn)
            .await?);
        let Some((body,)) = row else { return Ok(false) };
        let mut form: Approved = from_json(&body, "a template")?;
        change(&mut form);
        // A change of the state alone: what it is called is how it is found.
        name.clone_into(&mut form.name);
        language.clone_into(&mut form.language);
        self.save_template(account, &form).await?;
        Ok(true)
    }
}
