//! Statuses, and everything that is no message.

use super::{body, read};
use crate::channel::whatsapp::event::{Event, TemplateChange};
use crate::domain::send::Became;
use serde_json::{Value, json};

fn one(field: &str, value: &Value) -> Event {
    let mut told = read(&body(field, value));
    assert_eq!(told.len(), 1, "{told:?}");
    told.remove(0).event
}

fn status(value: &Value) -> crate::domain::send::News {
    match one("messages", &json!({ "statuses": [value] })) {
        Event::Status(news) => news,
        other => panic!("{other:?}"),
    }
}

#[test]
fn statuses() {
    for (word, became) in [
        ("sent", Became::Sent),
        ("delivered", Became::Delivered),
        ("read", Became::Read),
        ("played", Became::Read),
        ("failed", Became::Failed),
        ("warning", Became::Other("warning".into())),
    ] {
        assert_eq!(status(&json!({"id": "w", "status": word, "timestamp": "1790000000"})).what, became);
    }
    let failed = status(&json!({"id": "w", "status": "failed", "timestamp": "1790000000", "recipient_id": "49",
        "biz_opaque_callback_data": "snd_1", "errors": [{"code": 131_047, "title": "Re-engagement message",
        "error_data": {"details": "24 hours since +4915555001 wrote, see 131047"}}]}));
    let problem = failed.problem.unwrap();
    assert_eq!((failed.ours.as_deref(), problem.code), (Some("snd_1"), 131_047));
    assert_eq!(problem.text, "Re-engagement message: 24 hours since +… wrote, see 131047");
    let priced = status(&json!({"id": "w", "status": "sent", "timestamp": 1_790_000_000, "pricing":
        {"billable": false, "pricing_model": "PMP", "type": "free_entry_point", "category": "service"}}));
    let pricing = priced.pricing.unwrap();
    assert_eq!((pricing.billable, pricing.kind.as_str()), (Some(false), "free_entry_point"));
    let bare = status(&json!({"id": "w", "status": "sent"}));
    assert_eq!((bare.at, bare.problem, bare.pricing), (jiff::Timestamp::UNIX_EPOCH, None, None));
    assert_eq!(
        one("messages", &json!({"statuses": [{"status": "sent"}]})),
        Event::Other { kind: "status of nothing".into() }
    );
    let paid = json!({"id": "w", "status": "captured", "type": "payment", "payment": {"reference_id": "r"}});
    let told = read(&body("messages", &json!({ "statuses": [paid, paid] })));
    assert_eq!(told.len(), 1, "the whole change is looked at, once");
    assert!(told[0].event == Event::Payment && told[0].raw.contains("reference_id"));
}

#[test]
fn preferences_and_changed_ids() {
    let Event::Preference(stop) = one(
        "user_preferences",
        &json!({"contacts": [{"profile": {"name": "Ina"}, "wa_id": "491"}],
        "user_preferences": [{"wa_id": "491", "user_id": "DE.I", "detail": "no more", "category": "marketing_messages", "value": "stop", "timestamp": 1_790_000_000}]}),
    ) else {
        panic!()
    };
    assert_eq!(
        (stop.value.as_str(), stop.sender.ids.user.as_deref(), stop.sender.name.as_deref()),
        ("stop", Some("DE.I"), Some("Ina"))
    );
    let Event::Moved(moved) = one(
        "user_id_update",
        &json!({"user_id_update": [{"wa_id": "491", "timestamp": "1790000000",
        "user_id": {"previous": "DE.A", "current": "DE.B"}, "parent_user_id": {"previous": "DE.ENT.A", "current": "DE.ENT.B"}}]}),
    ) else {
        panic!()
    };
    assert_eq!(
        (moved.before.user.as_deref(), moved.now.user.as_deref(), moved.now.parent.as_deref()),
        (Some("DE.A"), Some("DE.B"), Some("DE.ENT.B"))
    );
    assert_eq!((moved.before.wa.as_deref(), moved.now.wa), (Some("491"), None));
    assert!(matches!(one("user_id_update", &json!({"user_id_update": [{"user_id": 7}]})), Event::Other { .. }));
}

#[test]
fn templates() {
    let news = |field: &str, value: Value| match one(field, &value) {
        Event::Template(news) => news,
        other => panic!("{other:?}"),
    };
    let paused = news(
        "message_template_status_update",
        json!({"event": "PAUSED", "message_template_id": 1_234_567_890_123_i64,
        "message_template_name": "order_paid", "message_template_language": "pt_BR", "reason": "NONE", "other_info": {"title": "FIRST_PAUSE"}}),
    );
    assert_eq!(
        (paused.id.as_str(), paused.name.as_str(), paused.language.as_str()),
        ("1234567890123", "order_paid", "pt_BR")
    );
    assert_eq!(
        paused.what,
        TemplateChange::Status { event: "PAUSED".into(), category: None, reason: Some("FIRST_PAUSE".into()) }
    );
    let quality = json!({"previous_quality_score": "GREEN", "new_quality_score": "RED", "message_template_name": "x"});
    for field in ["message_template_quality_update", "message_template_status_update"] {
        assert_eq!(
            news(field, quality.clone()).what,
            TemplateChange::Quality { before: Some("GREEN".into()), now: "RED".into() }
        );
    }
    let category = news(
        "template_category_update",
        json!({"message_template_name": "x", "previous_category": "UTILITY", "new_category": "MARKETING"}),
    );
    assert_eq!(
        category.what,
        TemplateChange::Category { before: Some("UTILITY".into()), now: Some("MARKETING".into()), announced: None }
    );
    assert_eq!(
        news("message_template_components_update", json!({"message_template_title": "t"})).what,
        TemplateChange::Components
    );
}

#[test]
fn the_account_and_its_numbers() {
    let news = |field: &str, value: Value| match one(field, &value) {
        Event::Account(news) => (news.event, news.limit, news.grave),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        news("phone_number_quality_update", json!({"event": "FLAGGED", "current_limit": "TIER_1K"})),
        ("FLAGGED".into(), Some("TIER_1K".into()), true)
    );
    assert_eq!(
        news("business_capability_update", json!({"max_daily_conversations_per_business": -1})),
        (String::new(), Some("-1".into()), false)
    );
    assert!(news("account_update", json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}})).2);
    let alert = json!({"alert_info": {"alert_severity": "CRITICAL", "alert_type": "OBA_REJECTED"}});
    assert_eq!(news("account_alerts", alert), ("OBA_REJECTED".into(), None, true));
    assert!(!news("phone_number_name_update", json!({"decision": "APPROVED"})).2);
}

#[test]
fn colleagues_on_the_phone() {
    let echo = |message: Value| one("smb_message_echoes", &json!({ "message_echoes": [message] }));
    let Event::Echo(wrote) =
        echo(json!({"from": "49300", "to": "491", "to_user_id": "DE.I", "id": "wamid.E", "timestamp": "1790000000",
        "type": "image", "image": {"id": "1", "caption": "this one"}}))
    else {
        panic!()
    };
    assert_eq!(
        (wrote.text.as_str(), wrote.extras.join(",").as_str(), wrote.receiver.ids.user.as_deref()),
        ("this one", "picture", Some("DE.I"))
    );
    let edit = echo(
        json!({"to": "491", "id": "wamid.F", "type": "edit", "edit": {"original_message_id": "wamid.E", "message": {"type": "text", "text": {"body": "x"}}}}),
    );
    assert!(matches!(edit, Event::Edit(edit) if edit.by_colleague));
    let revoke =
        echo(json!({"to": "491", "id": "wamid.G", "type": "revoke", "revoke": {"original_message_id": "wamid.E"}}));
    assert!(matches!(revoke, Event::Revoke(revoke) if revoke.by_colleague));
    assert!(matches!(echo(json!({"to": "491", "type": "text"})), Event::Other { .. }));
}

#[test]
fn what_nobody_knows_is_kept_whole() {
    for field in ["history", "smb_app_state_sync", "calls", "group_lifecycle_update", "field_of_tomorrow"] {
        let told = read(&body(field, &json!({"event": "x", "list": [1, 2]})));
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].field.as_str(), &told[0].event), (field, &Event::Other { kind: "x".into() }));
        assert!(told[0].raw.contains("[1,2]"));
    }
    // The field's name in a wrong place, and no list of changes.
    let text = json!({"object": "whatsapp_business_account", "entry": [
        {"id": "1", "field": "account_update", "value": {"event": "PARTNER_REMOVED"}},
        {"id": "1", "changes": [{"value": {"field": "account_update", "event": "VERIFIED_ACCOUNT"}}]},
        {"id": "1", "changes": [{"value": 7}, 8, null]}, 9,
    ]});
    let told = read(&text.to_string());
    let grave = |n: usize| matches!(&told[n].event, Event::Account(news) if news.grave);
    assert!(grave(0) && !grave(1), "{told:?}");
    assert!(told[2..].iter().all(|t| matches!(t.event, Event::Other { .. })));
}
