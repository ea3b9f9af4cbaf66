//! Stories of the store, told on both engines: SQLite always, PostgreSQL when `SOUK_TEST_POSTGRES_URL` names a server on
//! which databases may be made (each story makes its own and drops it).

mod after_sales;
mod catalog_runs;
mod goods;
mod inbound;
mod money;
mod people;
mod provider;
mod reconcile;
mod rush;
mod sends;
mod taken_in;
mod templates;
mod tenants;
mod usage;
mod work;
mod workers;

use crate::skip::{skip, variable};
use jiff::Timestamp;
use souk::clock::{Ids, RandomIds, new_id};
use souk::domain::contact::Contact;
use souk::domain::conversation::{Conversation, Memory, With};
use souk::domain::id::{ContactId, ConversationId, Id, ShopId};
use souk::domain::money::{Currency, Money};
use souk::domain::shop::{Shipping, Shop};
use souk::store::{Store, Tx};
use sqlx::{Connection, PgConnection};

/// A fresh database with one shop in it.
pub struct Db {
    /// What is tested.
    pub store: Store,
    /// The shop.
    pub shop: ShopId,
    ids: RandomIds,
    home: Home,
}

enum Home {
    Folder(tempfile::TempDir),
    Server { url: String, name: String },
}

/// The moment of every story.
pub fn now() -> Timestamp {
    at(0)
}

/// So many milliseconds later.
pub fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(1_790_000_000_000 + ms).unwrap()
}

/// Euros.
pub fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// A shop of no interest.
pub fn a_shop(id: &str) -> Shop {
    Shop {
        after_sales: souk::domain::shop::AfterSales::default(),
        id: ShopId::new(id),
        name: id.to_owned(),
        currency: Currency::EUR,
        locale: "en".into(),
        time_zone: "UTC".into(),
        greeting: String::new(),
        starters: vec![],
        colleagues: "soon".into(),
        shipping: Shipping { label: "Shipping".into(), fee: euros(490), free_from: None },
        order_prefix: "T".into(),
        address: vec![],
        tax: None,
        demo: false,
    }
}

impl Db {
    async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::sqlite_fast(&folder.path().join("souk.db")).await.unwrap();
        Self::with(store, Home::Folder(folder)).await
    }

    async fn postgres() -> Option<Self> {
        let Some(server) = variable("SOUK_TEST_POSTGRES_URL") else {
            skip("postgres", "SOUK_TEST_POSTGRES_URL is not set");
            return None;
        };
        let name = format!("souk_test_{}", RandomIds::default().secret());
        let mut admin = PgConnection::connect(&server).await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.unwrap();
        let base = server.rsplit_once('/').unwrap().0;
        let store = Store::postgres(&format!("{base}/{name}")).await.unwrap();
        Some(Self::with(store, Home::Server { url: server, name }).await)
    }

    async fn with(store: Store, home: Home) -> Self {
        let db = Self { store, shop: ShopId::new("here"), ids: RandomIds::default(), home };
        db.add_shop("here").await;
        db
    }

    /// Adds a shop.
    pub async fn add_shop(&self, id: &str) -> ShopId {
        let shop = a_shop(id);
        let mut tx = self.store.begin(&shop.id).await.unwrap();
        tx.save_shop(&shop).await.unwrap();
        tx.commit().await.unwrap();
        shop.id
    }

    /// A transaction of the shop.
    pub async fn tx(&self) -> Tx {
        self.store.begin(&self.shop).await.unwrap()
    }

    /// A new id.
    pub fn id<T: Id>(&self) -> T {
        new_id(&self.ids, now())
    }

    /// A stored contact.
    pub async fn contact(&self, tx: &mut Tx) -> ContactId {
        let contact = Contact::new(self.id(), None, "en");
        tx.save_contact(&contact, now()).await.unwrap();
        contact.id
    }

    /// A stored conversation of a new contact.
    pub async fn conversation(&self, tx: &mut Tx) -> (ContactId, ConversationId) {
        let contact = self.contact(tx).await;
        let conversation = Conversation {
            id: self.id(),
            contact: contact.clone(),
            channel: "fake".into(),
            alias: format!("alias of {contact}"),
            with: With::Agent,
            memory: Memory::default(),
            last_seq: 0,
            answered_seq: 0,
        };
        tx.insert_conversation(&conversation, now()).await.unwrap();
        (contact, conversation.id)
    }

    async fn end(self) {
        self.store.close().await;
        if let Home::Server { url, name } = &self.home {
            let mut admin = PgConnection::connect(url).await.unwrap();
            sqlx::query(sqlx::AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)")))
                .execute(&mut admin)
                .await
                .unwrap();
        }
        if let Home::Folder(folder) = self.home {
            folder.close().unwrap();
        }
    }
}

macro_rules! stories {
    ($($story:path as $name:ident;)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                let db = std::sync::Arc::new(super::Db::sqlite().await);
                $story(std::sync::Arc::clone(&db)).await;
                std::sync::Arc::into_inner(db).expect("the story is over").end().await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                let Some(db) = super::Db::postgres().await else { return };
                let db = std::sync::Arc::new(db);
                $story(std::sync::Arc::clone(&db)).await;
                std::sync::Arc::into_inner(db).expect("the story is over").end().await;
            })*
        }
    };
}

stories! {
    super::catalog_runs::a_switch_is_whole_and_can_be_taken_back as a_switch_is_whole;
    super::catalog_runs::prices_turn_once_and_in_their_shop as prices_turn_once;
    super::catalog_runs::sources_are_asked_on_time_and_stay_in_their_shop as sources_are_asked_on_time;
    super::taken_in::a_change_while_it_is_indexed_stays_on_the_list as a_change_while_it_is_indexed;
    super::taken_in::a_change_in_the_same_moment_is_another_change as a_change_in_the_same_moment;
    super::taken_in::reports_are_kept_and_the_newest_comes_first as reports_are_kept;
    super::templates::forms_are_replaced_as_a_whole_and_moved_by_news as forms_are_replaced_as_a_whole;
    super::people::two_people_never_share_an_alias as two_people_never_share_an_alias;
    super::people::a_conversation_remembers as a_conversation_remembers;
    super::people::messages_are_numbered_without_gaps as messages_are_numbered_without_gaps;
    super::people::a_message_is_marked_sent_once as a_message_is_marked_sent_once;
    super::people::the_first_sight_is_one as the_first_sight_is_one;
    super::people::a_turn_is_open_once_and_its_journal_has_no_twins as a_turn_is_open_once;
    super::goods::products_come_as_asked_for_and_go_when_retired as products_come_as_asked_for;
    super::goods::passages_are_replaced_by_source as passages_are_replaced_by_source;
    super::goods::the_vocabulary_is_the_last_one as the_vocabulary_is_the_last_one;
    super::goods::ten_pieces_are_held_ten_times as ten_pieces_are_held_ten_times;
    super::goods::stock_comes_back_once as stock_comes_back_once;
    super::after_sales::after_sales_rows_move_once as after_sales_rows_move_once;
    super::after_sales::one_attempt_is_alive_at_a_time as one_attempt_is_alive_at_a_time;
    super::after_sales::after_sales_rows_stay_in_their_shop as after_sales_rows_stay_in_their_shop;
    super::after_sales::findings_stay_in_their_shop as findings_stay_in_their_shop;
    super::money::a_cart_changed_by_two_keeps_the_first as a_cart_changed_by_two_keeps_the_first;
    super::money::one_proposal_is_open_and_one_yes_counts as one_proposal_is_open;
    super::money::an_order_is_found_by_its_own_shopper as an_order_is_found_by_its_own_shopper;
    super::money::an_order_moves_once as an_order_moves_once;
    super::money::money_is_booked_once as money_is_booked_once;
    super::money::an_event_is_kept_once as an_event_is_kept_once;
    super::reconcile::lost_webhooks_are_made_up_for as lost_webhooks_are_made_up_for;
    super::reconcile::a_page_that_was_lost_is_found as a_page_that_was_lost_is_found;
    super::reconcile::what_differs_is_kept_for_a_person as what_differs_is_kept_for_a_person;
    super::reconcile::refunds_are_compared_both_ways as refunds_are_compared_both_ways;
    super::reconcile::disputes_come_in_any_order as disputes_come_in_any_order;
    super::reconcile::a_dispute_is_learned_of_without_its_event as a_dispute_is_learned_of_without_its_event;
    super::reconcile::broken_rules_are_seen as broken_rules_are_seen;
    super::reconcile::everybody_asks_at_once as everybody_asks_at_once;
    super::work::waiting_twins_are_one_and_wait_no_longer_than_three_seconds as waiting_twins_are_one;
    super::work::a_lost_job_is_freed_and_the_zombie_finishes_nothing as a_lost_job_is_freed;
    super::work::a_failed_job_comes_back_or_is_put_away as a_failed_job_comes_back;
    super::work::a_job_whose_twin_waits_gives_way as a_job_whose_twin_waits_gives_way;
    super::work::nothing_overtakes_what_failed_in_its_lane as nothing_overtakes_what_failed;
    super::work::a_rolled_back_change_leaves_no_job as a_rolled_back_change_leaves_no_job;
    super::rush::the_last_piece_is_sold_once as the_last_piece_is_sold_once;
    super::rush::one_yes_counts_however_often_it_is_said as one_yes_counts;
    super::rush::one_yes_to_an_address_counts_once as one_yes_to_an_address_counts_once;
    super::rush::carts_in_opposite_order_do_not_wait_for_each_other as carts_in_opposite_order;
    super::rush::two_refunds_never_exceed_what_was_paid as two_refunds_never_exceed_what_was_paid;
    super::rush::one_payment_seen_from_everywhere_counts_once as one_payment_counts_once;
    super::workers::lanes_are_served_one_job_at_a_time_and_in_order as lanes_are_served_in_order;
    super::sends::a_send_moves_once_and_stays_in_its_shop as a_send_moves_once;
    super::sends::the_oldest_is_next_and_what_waits_for_hours_is_passed as the_oldest_send_is_next;
    super::sends::news_that_came_too_early_is_taken_once as early_news_is_taken_once;
    super::sends::ticks_say_the_least_of_all_parts as ticks_say_the_least_of_all_parts;
    super::usage::usage_is_added_up_and_stays_in_its_shop as usage_is_added_up_and_stays_in_its_shop;
    super::inbound::two_contacts_become_one as two_contacts_become_one;
    super::inbound::ids_move_only_from_their_owner as ids_move_only_from_their_owner;
    super::inbound::what_was_seen_is_forgotten_in_time_and_by_source as what_was_seen_is_forgotten_in_time_and_by_source;
    super::inbound::the_newest_consent_counts as the_newest_consent_counts;
    super::inbound::words_signs_and_files_of_a_talk as words_signs_and_files_of_a_talk;
    super::inbound::what_nobody_understands_is_kept_once as what_nobody_understands_is_kept_once;
    super::inbound::what_came_in_stays_in_its_shop as what_came_in_stays_in_its_shop;
    super::tenants::nobody_reads_or_changes_another_shops_rows as nobody_sees_another_shops_rows;
}
