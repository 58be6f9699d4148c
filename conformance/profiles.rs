//! Profiles: the values the registries publish, what the operator is shown of them, and the tables of
//! `src/policy/profile/README.md`.
//!
//! `GOLDEN=write cargo test --test conformance profiles` writes the tables anew.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use domesday::policy::Policies;
use serde_json::Value;

use crate::cli::run::run;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What a registry publishes, by profile, as far as there is a knob for it; in TOML's words.
const PUBLISHED: &[(&str, &[(&str, &str)])] = &[
    (
        "gtld",
        &[
            ("server.frame_max_bytes", "262144"),
            ("server.tls.min_version", "\"1.2\""),
            ("server.session.login_timeout_s", "30"),
            ("server.session.idle_timeout_s", "600"),
            ("server.session.max_lifetime_s", "86400"),
            ("server.session.max_per_account", "10"),
            ("server.session.max_per_address", "20"),
            ("server.session.login_attempts_per_connection", "3"),
            ("account.epp_acl.max_entries", "20"),
            ("account.epp_acl.min_prefix_v4", "32"),
            ("account.epp_acl.min_prefix_v6", "64"),
            ("account.epp_acl.empty_means", "\"deny\""),
            ("account.epp_pw.min_len", "8"),
            ("account.epp_pw.max_len", "16"),
            ("account.epp_pw.min_classes", "4"),
            ("account.epp_pw.differs_from_old", "true"),
            ("zone.name.min_len", "2"),
            ("zone.name.max_len", "63"),
            ("zone.name.code_points", "[]"),
            ("zone.period.min_years", "1"),
            ("zone.period.max_years", "10"),
            ("zone.period.default_years", "1"),
            ("zone.period.max_ahead_months", "120"),
            ("zone.ns.min", "0"),
            ("zone.ns.max", "13"),
            ("zone.host.public_addr_only", "true"),
            ("zone.host.below_foreign_domain", "false"),
            ("zone.dnssec.interface", "\"ds\""),
            ("zone.dnssec.max_records", "8"),
            ("zone.dnssec.algs", "[8, 13, 14, 15, 16]"),
            ("zone.dnssec.digests", "[2, 4]"),
            ("zone.dnssec.flush_on_ns_change", "false"),
            ("zone.contacts.registrant_required", "true"),
            ("zone.contacts.roles.admin", "{ min = 1, max = 10 }"),
            ("zone.contacts.roles.tech", "{ min = 1, max = 10 }"),
            ("zone.contact.disclose", "true"),
            ("zone.contact.id_forbidden_prefix", "[\"clone\"]"),
            ("zone.renew.enabled", "true"),
            ("zone.renew.until", "\"any\""),
            ("zone.expiry.mode", "\"exact\""),
            ("zone.expiry.action_off", "\"delete\""),
            ("zone.autorenew.default", "true"),
            ("zone.autorenew.per_domain", "false"),
            ("zone.autorenew.account_default", "false"),
            ("zone.delete.mode", "\"immediate_rgp\""),
            ("zone.delete.success_code", "1001"),
            ("zone.delete.date_ext", "false"),
            ("zone.delete.spread", "\"off\""),
            ("zone.hold.days", "30"),
            ("zone.hold.then", "\"pending_delete\""),
            ("zone.hold.pending_delete_days", "5"),
            ("zone.restore.mode", "\"rgp2\""),
            ("zone.restore.report_days", "7"),
            ("zone.restore.deltime_check", "false"),
            ("zone.restore.charge", "[\"restore\", \"renew\"]"),
            ("zone.subordinate.auto_delete", "\"keep\""),
            ("zone.grace.add_days", "5"),
            ("zone.grace.renew_days", "5"),
            ("zone.grace.autorenew_days", "45"),
            ("zone.grace.transfer_days", "5"),
            ("zone.transfer.mode", "\"pending\""),
            ("zone.transfer.auto_approve_days", "5"),
            ("zone.transfer.adds_years", "1"),
            ("zone.transfer.ops", "[\"request\", \"query\", \"approve\", \"reject\", \"cancel\"]"),
            ("zone.transfer.code.kind", "\"client_set\""),
            ("zone.transfer.redelegation_token", "false"),
            ("zone.transfer.contacts", "\"clone\""),
            ("zone.transfer.from_hold", "false"),
            ("zone.transfer.without_code", "\"never\""),
            ("zone.withdraw.enabled", "false"),
        ],
    ),
    (
        "dnsbe",
        &[
            ("server.frame_max_bytes", "262144"),
            ("server.tls.client_cert", "\"none\""),
            ("server.session.idle_timeout_s", "300"),
            ("server.session.max_per_account", "10"),
            ("account.epp_acl.max_entries", "10"),
            ("account.epp_acl.min_prefix_v4", "32"),
            ("account.epp_acl.min_prefix_v6", "128"),
            ("account.epp_acl.empty_means", "\"deny\""),
            ("account.epp_acl.check_at", "[\"accept\", \"login\"]"),
            ("account.epp_pw.min_len", "8"),
            ("account.epp_pw.max_len", "16"),
            ("account.epp_pw.min_classes", "3"),
            ("account.epp_pw.require", "[\"upper\", \"lower\", \"digit\"]"),
            ("account.epp_pw.differs_from_old", "true"),
            ("account.identity.model", "\"single\""),
            ("account.identity.service_types", "[\"epp\"]"),
            ("account.login_throttle.max_failures", "10"),
            ("account.login_throttle.window_s", "900"),
            ("account.login_throttle.block_s", "900"),
            ("account.roles.enabled", "false"),
            (
                "account.rate",
                "[{ name = \"check\", ops = [\"domain:check\"], variant = \"1.0\", key = \"ip\", max = 360, window_s = 60, code = 2308 }, { name = \"check-2\", ops = [\"domain:check\"], variant = \"2.0\", key = \"ip\", max = 60, window_s = 60, code = 2308 }, { name = \"info\", ops = [\"domain:info\"], key = \"ip\", max = 180, window_s = 60, code = 2308 }, { name = \"poll\", ops = [\"poll:req\", \"poll:ack\"], key = \"ip\", max = 60, window_s = 60, code = 2308 }]",
            ),
            ("account.protected.enabled", "false"),
            ("account.hit.enabled", "true"),
            ("account.hit.zone", "\"Europe/Brussels\""),
            (
                "account.hit.scored_ops",
                "[\"contact.create\", \"contact.update\", \"contact.delete\", \"domain.create\", \"domain.update\", \"domain.delete\", \"domain.transfer\", \"domain.undelete\", \"domain.reactivate\", \"domain.request_code\", \"nsgroup.*\", \"keygroup.*\"]",
            ),
            ("account.hit.weights", "[{ op = \"domain.create\", code = 2302, points = 10 }]"),
            ("account.hit.race_grace_s", "10"),
            ("account.bill.mode", "\"prepaid\""),
            ("account.bill.currency", "\"EUR\""),
            ("account.bill.prices.create", "\"4.00\""),
            ("account.bill.prices.renew", "\"4.00\""),
            ("account.bill.prices.transfer", "\"4.00\""),
            ("account.bill.prices.reactivate", "\"10.00\""),
            ("account.bill.prices.quarantine_transfer", "\"40.00\""),
            ("account.bill.gated_ops", "[\"create\", \"transfer\", \"reactivate\", \"quarantine_transfer\"]"),
            ("account.bill.gate_rule", "\"balance_nonneg\""),
            ("account.bill.charge_when.renew", "\"month_end\""),
            ("account.bill.watermarks", "[\"500.00\"]"),
            ("account.bill.credit_limit", "\"0.00\""),
            ("account.bill.self_unlock", "{ per_month = 1, for_days = 3 }"),
            ("account.bill.balance_info", "\"registrar_info\""),
            ("zone.name.min_len", "2"),
            ("zone.name.max_len", "63"),
            ("zone.period.min_years", "1"),
            ("zone.period.max_years", "1"),
            ("zone.period.default_years", "1"),
            ("zone.period.months_accepted", "true"),
            ("zone.period.max_ahead_months", "12"),
            ("zone.ns.mode", "\"host_attr\""),
            ("zone.ns.min", "0"),
            ("zone.ns.max", "9"),
            ("zone.host.public_addr_only", "true"),
            ("zone.dnssec.interface", "\"key\""),
            ("zone.dnssec.max_records", "4"),
            ("zone.dnssec.algs", "[5, 7, 8, 10, 13, 14, 15, 16]"),
            ("zone.dnssec.key_flags", "[257]"),
            ("zone.dnssec.flush_on_ns_change", "false"),
            ("zone.contacts.registrant_required", "true"),
            ("zone.contacts.roles.admin", "{ min = 0, max = 0 }"),
            ("zone.contacts.roles.tech", "{ min = 1, max = 5 }"),
            ("zone.contacts.roles.billing", "{ min = 1, max = 1 }"),
            ("zone.contact.disclose", "false"),
            ("zone.contact.transfer", "false"),
            ("zone.contact.id_forbidden_prefix", "[]"),
            ("zone.status.client_settable", "[\"clientTransferProhibited\"]"),
            ("zone.calendar.zone", "\"Europe/Brussels\""),
            ("zone.renew.enabled", "false"),
            ("zone.expiry.mode", "\"month_end\""),
            ("zone.expiry.action_off", "\"delete\""),
            ("zone.autorenew.default", "true"),
            ("zone.autorenew.per_domain", "false"),
            ("zone.autorenew.account_default", "false"),
            ("zone.delete.mode", "\"scheduled\""),
            ("zone.delete.success_code", "1000"),
            ("zone.delete.date_ext", "true"),
            ("zone.delete.spread", "\"random_hour\""),
            ("zone.hold.days", "40"),
            ("zone.hold.then", "\"release\""),
            ("zone.hold.release_slots", "24"),
            ("zone.restore.mode", "\"reactivate\""),
            ("zone.restore.charge", "[\"reactivate\"]"),
            ("zone.grace.add_days", "0"),
            ("zone.grace.renew_days", "0"),
            ("zone.grace.autorenew_days", "0"),
            ("zone.grace.transfer_days", "0"),
            ("zone.transfer.mode", "\"immediate\""),
            ("zone.transfer.adds_years", "1"),
            ("zone.transfer.restarts_period", "true"),
            ("zone.transfer.ops", "[\"request\"]"),
            ("zone.transfer.code.kind", "\"mailed_code\""),
            ("zone.transfer.code.format", "\"{digits3}-{digits3}-{digits3}-{digits3}-{digits3}\""),
            ("zone.transfer.code.ttl_days", "7"),
            ("zone.transfer.code.extend_on_resend", "true"),
            ("zone.transfer.code.max_mails", "4"),
            ("zone.transfer.code.url_max", "500"),
            ("zone.transfer.contacts", "\"respecify\""),
            ("zone.transfer.from_hold", "true"),
            ("zone.withdraw.enabled", "false"),
            ("zone.registrant_change.mode", "\"transfer\""),
            ("zone.terms.token", "\"off\""),
            ("zone.create.mode", "\"sync\""),
        ],
    ),
    (
        "dk",
        &[
            ("server.frame_max_bytes", "262144"),
            ("server.tls.client_cert", "\"none\""),
            ("server.session.idle_timeout_s", "700"),
            ("server.session.max_lifetime_s", "28800"),
            ("server.session.same_error_disconnect", "3"),
            ("server.session.max_per_account", "10"),
            ("account.epp_acl.max_entries", "0"),
            ("account.epp_acl.min_prefix_v4", "32"),
            ("account.epp_acl.min_prefix_v6", "128"),
            ("account.epp_acl.empty_means", "\"deny\""),
            ("account.epp_acl.check_at", "[\"login\"]"),
            ("account.epp_pw.min_len", "8"),
            ("account.epp_pw.min_classes", "3"),
            ("account.epp_pw.require", "[]"),
            ("account.epp_pw.differs_from_old", "true"),
            ("account.identity.model", "\"service_users\""),
            ("account.identity.service_types", "[\"epp\", \"das\", \"dsu\"]"),
            ("account.login_throttle.max_failures", "10"),
            ("account.login_throttle.window_s", "86400"),
            ("account.login_throttle.block_s", "86400"),
            ("account.roles.enabled", "true"),
            (
                "account.roles.matrix",
                r#"{ "domain:create" = ["registrar"], "domain:transfer-request" = ["registrar"], "domain:transfer-approve" = ["registrar"], "domain:transfer-reject" = ["registrar"], "domain:transfer-cancel" = ["registrar"], "domain:delete" = ["proxy"], "domain:renew" = ["payer"], "domain:undelete" = ["proxy"], "domain:reactivate" = ["proxy"], "domain:restore" = ["proxy"], "domain:autorenew" = ["proxy"], "domain:update" = ["proxy"], "domain:update.ns" = ["name_server_administrator"], "domain:update.ds" = ["name_server_administrator"], "domain:update.contact" = ["proxy"], "domain:update.registrant" = ["proxy"], "domain:update.auth" = ["proxy"], "domain:update.auth-redelegation" = ["name_server_administrator"], "domain:update.auth-retract" = ["proxy", "name_server_administrator"], "domain:withdraw" = ["proxy"], "contact:create" = ["registrar", "proxy", "payer", "name_server_administrator"], "contact:delete" = ["proxy"], "contact:update" = ["proxy"], "contact:transfer-request" = ["proxy"], "contact:transfer-approve" = ["proxy"], "contact:transfer-reject" = ["proxy"], "contact:transfer-cancel" = ["proxy"], "host:create" = ["name_server_administrator"], "host:delete" = ["name_server_administrator"], "host:update" = ["name_server_administrator"], "hitpoints:unblock" = ["proxy"], "balance:info" = ["payer"], "money:unlock" = ["payer"], "address:change" = ["proxy"] }"#,
            ),
            ("account.rate", "[]"),
            ("account.protected.enabled", "false"),
            ("account.bill.mode", "\"prepaid\""),
            ("account.bill.currency", "\"DKK\""),
            ("account.bill.prices", "{}"),
            ("account.bill.gated_ops", "[\"create\", \"transfer\"]"),
            ("account.bill.gate_rule", "\"balance_covers\""),
            ("account.bill.charge_when", "{}"),
            ("account.bill.watermarks", "[]"),
            ("account.bill.self_unlock.per_month", "0"),
            ("account.bill.balance_info", "\"mapping\""),
            ("zone.name.max_len", "63"),
            ("zone.name.code_points", "[\"æ\", \"ø\", \"å\", \"ö\", \"ä\", \"ü\", \"é\", \"ß\"]"),
            ("zone.period.min_years", "1"),
            ("zone.period.max_years", "10"),
            ("zone.period.default_years", "1"),
            ("zone.period.months_accepted", "false"),
            ("zone.period.max_ahead_months", "123"),
            ("zone.ns.mode", "\"host_obj\""),
            ("zone.ns.min", "2"),
            ("zone.ns.max", "7"),
            ("zone.host.public_addr_only", "true"),
            ("zone.host.below_foreign_domain", "false"),
            ("zone.dnssec.interface", "\"ds\""),
            ("zone.dnssec.max_records", "8"),
            ("zone.dnssec.algs", "[3, 5, 6, 7, 8, 10, 13, 14, 15, 16]"),
            ("zone.dnssec.digests", "[1, 2, 4]"),
            ("zone.dnssec.flush_on_ns_change", "true"),
            ("zone.contacts.registrant_required", "true"),
            ("zone.contacts.roles.admin", "{ min = 0, max = 1 }"),
            ("zone.contacts.roles.tech", "{ min = 0, max = 0 }"),
            ("zone.contacts.roles.billing", "{ min = 0, max = 1 }"),
            ("zone.contact.disclose", "false"),
            ("zone.contact.transfer", "false"),
            ("zone.contact.id_forbidden_prefix", "[]"),
            ("zone.status.client_settable", "[]"),
            ("zone.calendar.zone", "\"Europe/Copenhagen\""),
            ("zone.renew.until", "\"expiry\""),
            ("zone.expiry.mode", "\"exact\""),
            ("zone.expiry.action_off", "\"suspend\""),
            ("zone.autorenew.default", "true"),
            ("zone.autorenew.per_domain", "true"),
            ("zone.autorenew.account_default", "true"),
            ("zone.delete.mode", "\"pending\""),
            ("zone.delete.success_code", "1001"),
            ("zone.delete.date_ext", "false"),
            ("zone.delete.spread", "\"off\""),
            ("zone.hold.days", "30"),
            ("zone.restore.mode", "\"rgp_report\""),
            ("zone.restore.deltime_check", "false"),
            ("zone.restore.charge", "[\"restore\", \"renew\"]"),
            ("zone.subordinate.manual_delete", "\"serving\""),
            ("zone.subordinate.auto_delete", "\"mark\""),
            ("zone.grace.add_days", "0"),
            ("zone.grace.renew_days", "0"),
            ("zone.grace.autorenew_days", "0"),
            ("zone.grace.transfer_days", "0"),
            ("zone.transfer.mode", "\"immediate\""),
            ("zone.transfer.adds_years", "0"),
            ("zone.transfer.ops", "[\"request\", \"query\"]"),
            ("zone.transfer.code.kind", "\"registry_token\""),
            ("zone.transfer.code.format", "\"{role}-{op}-{hex32}\""),
            ("zone.transfer.code.ttl_days", "14"),
            ("zone.transfer.redelegation_token", "true"),
            ("zone.transfer.contacts", "\"clone_registrant\""),
            ("zone.withdraw.enabled", "true"),
            ("zone.registrant_change.mode", "\"async\""),
            ("zone.terms.token", "\"optional\""),
            ("zone.terms.past_days", "30"),
            ("zone.terms.future_hours", "24"),
            ("zone.terms.accept_days", "14"),
            ("zone.verification.days", "14"),
            ("zone.create.mode", "\"async\""),
            ("zone.create.tracking_no", "true"),
            ("zone.create.registrar_managed_contacts", "false"),
            ("zone.waiting_list.enabled", "true"),
            ("zone.waiting_list.offer_days", "14"),
            ("zone.waiting_list.token_digits", "8"),
            ("zone.management.models", "[\"registrar\", \"registrant\"]"),
        ],
    ),
    (
        "dk-2026",
        &[
            ("zone.period.min_years", "1"),
            ("zone.period.max_years", "1"),
            ("zone.period.max_ahead_months", "14"),
            ("zone.renew.window_months", "2"),
            ("zone.ns.min", "2"),
            ("zone.terms.token", "\"required\""),
            ("zone.management.models", "[\"registrar\"]"),
            ("zone.transfer.redelegation_token", "false"),
            ("zone.withdraw.enabled", "false"),
        ],
    ),
];

/// The knobs the registries' rules ask for (their names in the requirements), by the work that uses them.
const ASKED: &[(&str, &str)] = &[
    (
        "Sessions and access",
        "listen.port frame.oversize session.same_error_disconnect session.shutdown_code_shift greeting.sv_id \
         greeting.langs cltrid.required cltrid.unique epp_acl.kind epp_acl.live_sessions epp_acl.first_entry_by \
         epp_pw.require login_throttle.max_failures login_throttle.window login_throttle.block login_throttle.key \
         identity.model identity.service_types roles.enabled roles.matrix rate.rules rate.code rate.score \
         protected.enabled protected.ops protected.max protected.reset_zone protected.code",
    ),
    (
        "Hitpoints",
        "hit.enabled hit.default_weight hit.scored_ops hit.weights hit.unscored_codes hit.race_grace \
         hit.exempt_domain_flags hit.limit hit.limit_override hit.limit_recalc hit.trip_at hit.warn_at \
         hit.counter_reset hit.zone hit.block_for hit.block_from hit.reset_lifts_block hit.refused_extends_block \
         hit.block_scope hit.block_code hit.self_unblocks hit.unblock_resets_counter hit.log_retention hit.score_web",
    ),
    (
        "Money",
        "bill.mode bill.currency bill.prices bill.gated_ops bill.gate_rule bill.charge_when bill.watermarks \
         bill.credit_limit bill.self_unlock bill.balance_info",
    ),
    (
        "Notices",
        "poll.opt_in poll.default_on poll.fallback poll.retention poll.missing_ack_code \
         poll.unack_reminder notify.disabled_kinds",
    ),
    (
        "Life cycle",
        "renew.window renew.until expiry.mode autorenew.default autorenew.per_domain autorenew.account_default \
         expiry.action_off create.mode create.tracking_no create.registrar_managed_contacts terms.token \
         terms.accept_ttl delete.mode delete.success_code delete.date_ext delete.spread hold.then restore.mode \
         restore.deltime_check restore.charge subordinate.manual_delete subordinate.auto_delete grace.renew \
         grace.autorenew grace.transfer transfer.ops transfer.code transfer.code_format transfer.code_ttl \
         transfer.redelegation_token transfer.contacts transfer.from_hold transfer.without_code withdraw.enabled \
         management.models registrant_change.mode waiting_list locks.registry_lock verification contact.cleanup",
    ),
    (
        "The registries' own XML and forms of objects",
        "name.suffix_optional name.hyphen34 name.overlong_code ns.groups_max ns.group_size ns.check \
         ns.too_few_code glue.policy glue.missing_code dnssec.interface dnssec.max_records dnssec.algs \
         dnssec.digests dnssec.key_flags dnssec.key_groups dnssec.flush_on_ns_change availability.extra \
         contact.id_mode contact.typed contact.max_per_type contact.postal contact.charset contact.identity_lock \
         contact.delete contact.check contact.vat_rules host.objects host.ns_admin host.rename ext.announce \
         ext.reason_form ext.svtrid_form ext.versioned_queries poll.payload",
    ),
    (
        "Portal",
        "web_acl.max_entries web_acl.min_prefix_v6 web_acl.empty_means web_acl.live_sessions web_pw.len \
         web_pw.require totp.required totp.temp_key_ttl",
    ),
];

/// Knobs that are there under other names than the requirements give them.
const RENAMED: &[(&str, &str)] = &[
    ("session.max_per_ip", "server.session.max_per_address"),
    ("session.login_attempts_per_conn", "server.session.login_attempts_per_connection"),
    ("epp_pw.len", "account.epp_pw.min_len"),
    ("terms.accept_ttl", "zone.terms.accept_days"),
    ("name.idn", "zone.name.code_points"),
    ("period.units", "zone.period.months_accepted"),
    ("period.create", "zone.period.min_years"),
    ("create.contacts", "zone.contacts.roles"),
    ("transfer.code_format", "zone.transfer.code.format"),
    ("transfer.code_ttl", "zone.transfer.code.ttl_days"),
    ("rate.rules", "account.rate"),
    ("rate.code", "account.rate"),
    ("rate.score", "account.rate"),
    ("frame.oversize", "server.frame_oversize"),
    ("hit.block_code", "account.hit.block.code"),
    ("web_acl.live_sessions", "account.web_acl.check_at"),
    ("web_pw.len", "account.web_pw.min_len"),
    ("epp_acl.kind", "account.epp_acl.min_prefix_v6"),
    ("epp_acl.live_sessions", "account.epp_acl.check_at"),
    ("hit.block_for", "account.hit.block.for_s"),
    ("hit.block_scope", "account.hit.block.scope"),
    ("hit.reset_lifts_block", "account.hit.block.reset_lifts"),
    ("hit.refused_extends_block", "account.hit.block.refused_extends"),
    ("hit.self_unblocks", "account.hit.self_unblocks_per_month"),
    // Of one registrar: `domesday hitpoints limit`.
    ("hit.limit_override", "account.hit.limit.max"),
];

/// Knobs that there will not be, each with the reason.
const ARGUED: &[(&str, &str)] = &[
    ("hit.block_from", "the fault that reaches the limit is the last one: nothing is scored during a block"),
    ("listen.port", "the port is the operator's matter: `listen` of the configuration"),
    ("greeting.sv_id", "the server's name is the operator's matter: `names.server` of the configuration"),
    ("cltrid.unique", "every registry only recommends it; a clTRID is echoed and never relied upon"),
    (
        "name.hyphen34",
        "`idn_only` is the standard's own rule (RFC 5890 section 2.3.1); `reject` is an empty `name.code_points`",
    ),
    (
        "host.objects",
        "there are host objects where `ns.mode` is `host_obj`; with `host_attr` the commands are 2101",
    ),
    ("contact.max_per_type", "RFC 5733 knows no types of contacts; with the registry's own XML"),
    ("contact.typed", "RFC 5733 knows no types of contacts; with the registry's own XML"),
    ("contact.vat_rules", "no element of RFC 5733 carries such numbers; with the registry's own XML"),
    (
        "availability.extra",
        "a check always gives its reason; dates and locks come with the second version of the command, in the registry's own XML",
    ),
];

/// Ends of names that say a unit.
const UNITS: &[&str] = &["_s", "_days", "_hours", "_months", "_years", "_bytes"];

fn toml(text: &str) -> Value {
    let table: toml::Table = format!("value = {text}").parse().unwrap();
    serde_json::to_value(&table["value"]).unwrap()
}

fn tree(policies: &Policies, profile: &str) -> Value {
    serde_json::to_value(&*policies.profile(profile).unwrap()).unwrap()
}

fn at<'a>(tree: &'a Value, key: &str) -> Option<&'a Value> {
    tree.pointer(&format!("/{}", key.replace('.', "/")))
}

#[test]
fn each_profile_has_the_published_values() {
    let policies = Policies::load(&[]).unwrap();
    let mut faults = Vec::new();
    for (profile, values) in PUBLISHED {
        let tree = tree(&policies, profile);
        for (key, expected) in *values {
            let found = at(&tree, key);
            if found != Some(&toml(expected)) {
                faults.push(format!("{profile}: {key} is {found:?}, not {expected}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// What the specification of 2026 changes is data, and only what it changes.
#[test]
fn an_overlay_changes_only_what_it_says() {
    let policies = Policies::load(&[]).unwrap();
    let (old, new) = (policies.knobs("dk").unwrap(), policies.knobs("dk-2026").unwrap());
    let differ: Vec<&str> = new
        .iter()
        .filter(|n| old.iter().all(|o| o.value != n.value || o.key != n.key))
        .map(|n| n.key.as_str())
        .collect();
    assert!(differ.contains(&"zone.period.max_years"), "{differ:?}");
    for knob in &new {
        let own = knob.said.as_ref().is_some_and(|said| said.profile == "dk-2026");
        assert_eq!(own, differ.contains(&knob.key.as_str()), "{}", knob.key);
    }
}

#[test]
fn the_operator_sees_where_a_value_was_said() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("rules")).unwrap();
    let own = "id = \"own\"\nextends = \"dk\"\n\n[zone.ns]\nmin = 3\n";
    std::fs::write(dir.path().join("rules/own.toml"), own).unwrap();
    let shown = run(dir.path(), &["policy", "show", "own", "--profiles-dir", "rules"]).out;
    let line = |key: &str| {
        let line = shown.lines().find(|line| line.split_whitespace().next() == Some(key)).unwrap();
        line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    assert!(shown.starts_with("Profile own over dk over gtld\n"), "{shown}");
    assert_eq!(line("zone.ns.min"), "3 own:5");
    assert!(line("zone.ns.max").starts_with("7 dk:"), "{shown}");
    assert!(line("zone.check.max_names").starts_with("50 gtld:"), "{shown}");

    let diff =
        run(dir.path(), &["policy", "show", "--diff", "dk", "own", "--profiles-dir", "rules", "--json"])
            .json();
    let rows = diff["differences"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{diff}");
    assert_eq!((&rows[0]["key"], &rows[0]["right"]["value"]), (&toml("'zone.ns.min'"), &toml("3")));
    let same = run(dir.path(), &["policy", "show", "--diff", "dk", "dk"]).out;
    assert_eq!(same, "dk and dk say the same.\n");

    run(dir.path(), &["policy", "show", "none"]).fails_with(&["no profile named \"none\"", "gtld"]);
    assert!(run(dir.path(), &["policy", "check", "--profiles-dir", "rules"]).out.contains("own"));
    std::fs::write(dir.path().join("rules/own.toml"), own.replace('3', "8")).unwrap();
    let key = "own.toml: line 5: `zone.ns.min` is 8, more than `zone.ns.max`, which is 7";
    run(dir.path(), &["policy", "check", "--profiles-dir", "rules"]).fails_with(&[key]);
}

#[test]
fn the_tables_are_those_of_the_tree() {
    let path = Path::new(ROOT).join("src/policy/profile/README.md");
    let before = std::fs::read_to_string(&path).unwrap();
    let mut after = before.clone();
    for (name, own) in [("knobs", used()), ("unused", unused())] {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let (head, rest) = after.split_once(&begin).unwrap();
        let (_, tail) = rest.split_once(&end).unwrap();
        after = format!("{head}{begin}{own}{end}{tail}");
    }
    if std::env::var("GOLDEN").is_ok_and(|v| v == "write") {
        std::fs::write(path, &after).unwrap();
    } else {
        assert!(
            before == after,
            "a table of src/policy/profile/README.md is not that of the tree; GOLDEN=write writes it anew"
        );
    }
}

/// Every knob of the tree with what its documentation says, and its values.
fn used() -> String {
    let policies = Policies::load(&[]).unwrap();
    let trees = ["gtld", "dnsbe", "dk"].map(|profile| tree(&policies, profile));
    let mut text = "| knob | meaning | gtld | dnsbe | dk |\n|---|---|---|---|---|\n".to_owned();
    for (key, meaning) in keys() {
        let values = trees.each_ref().map(|tree| at(tree, &key).cloned().unwrap_or_default());
        let cell = |value: &Value| {
            if value.is_null() {
                String::new()
            } else {
                format!("`{}`", value.to_string().replace('|', "\\|"))
            }
        };
        let other = |value: &Value| if *value == values[0] { "-".to_owned() } else { cell(value) };
        let [first, second, third] = [cell(&values[0]), other(&values[1]), other(&values[2])];
        let meaning = meaning.replace('|', "\\|");
        writeln!(text, "| `{key}` | {meaning} | {first} | {second} | {third} |").unwrap();
    }
    text
}

/// What is asked for and not there.
fn unused() -> String {
    let keys: Vec<String> = keys().into_iter().map(|(key, _)| key).collect();
    let mut text = String::new();
    for (work, names) in ASKED {
        let names: Vec<String> = names
            .split_whitespace()
            .filter(|name| !is_used(name, &keys) && ARGUED.iter().all(|(argued, _)| argued != name))
            .map(|name| format!("`{name}`"))
            .collect();
        if !names.is_empty() {
            writeln!(text, "- {work}: {}.", names.join(", ")).unwrap();
        }
    }
    text.push_str("\n| there is none of | because |\n|---|---|\n");
    for (name, why) in ARGUED {
        writeln!(text, "| `{name}` | {why} |").unwrap();
    }
    text
}

#[test]
fn what_is_argued_away_is_not_there() {
    let keys: Vec<String> = keys().into_iter().map(|(key, _)| key).collect();
    for (name, _) in ARGUED {
        assert!(!is_used(name, &keys), "{name} is there");
        assert!(
            ASKED.iter().any(|(_, names)| names.split_whitespace().any(|n| n == *name)),
            "{name} is not asked for"
        );
    }
}

/// Whether the tree has a knob of that name, under any part and with any unit, or a group of them.
fn is_used(name: &str, keys: &[String]) -> bool {
    if let Some((_, key)) = RENAMED.iter().find(|(asked, _)| *asked == name) {
        return keys.iter().any(|k| k == key);
    }
    keys.iter().any(|key| {
        let Some((_, key)) = key.split_once('.') else { return false };
        let bare = UNITS.iter().find_map(|unit| key.strip_suffix(unit)).unwrap_or(key);
        key == name || bare == name || key.starts_with(&format!("{name}."))
    })
}

#[test]
fn a_knob_is_found_by_the_name_it_is_asked_by() {
    let keys: Vec<String> = keys().into_iter().map(|(key, _)| key).collect();
    for name in ["session.idle_timeout", "period.create", "contact.disclose", "grace.add", "create.contacts"]
    {
        assert!(is_used(name, &keys), "{name}");
    }
    assert!(!is_used("bill.currencies", &keys));
    for (asked, key) in RENAMED {
        let later = ASKED.iter().any(|(_, names)| names.split_whitespace().any(|name| name == *asked));
        assert!(later || keys.iter().any(|k| k == key), "{asked} is no {key}");
    }
}

/// Every knob with its documentation, in the order of the tree: what the sources of the structs say.
fn keys() -> Vec<(String, String)> {
    let folder = Path::new(ROOT).join("src/policy/knob");
    let mut structs = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        structs_of(&std::fs::read_to_string(entry.unwrap().path()).unwrap(), &mut structs);
    }
    let mut found = Vec::new();
    walk("Profile", "", &structs, &mut found);
    found.retain(|(key, _)| key != "id");
    let policies = Policies::load(&[]).unwrap();
    for (key, meaning) in &found {
        assert!(!meaning.is_empty(), "{key} has no documentation");
    }
    for knob in policies.knobs("gtld").unwrap() {
        let documented = |key: &String| knob.key == *key || knob.key.starts_with(&format!("{key}."));
        assert!(found.iter().any(|(key, _)| documented(key)), "{} was not found in the sources", knob.key);
    }
    found
}

/// Field, documentation and type of each struct.
type Structs = BTreeMap<String, Vec<(String, String, String)>>;

fn structs_of(source: &str, structs: &mut Structs) {
    let (mut name, mut doc) = (None, Vec::new());
    for line in source.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            doc.push(text.trim().to_owned());
            continue;
        }
        if line.starts_with("#[") {
            continue;
        }
        if let Some(found) = line.strip_prefix("pub struct ").and_then(|l| l.strip_suffix(" {")) {
            structs.insert(found.to_owned(), Vec::new());
            name = Some(found.to_owned());
        } else if line == "}" {
            name = None;
        } else if let (Some(name), Some((field, kind))) = (
            &name,
            line.strip_prefix("pub ").and_then(|l| l.strip_suffix(',')).and_then(|l| l.split_once(": ")),
        ) {
            structs.get_mut(name).unwrap().push((field.to_owned(), doc.join(" "), kind.to_owned()));
        }
        doc.clear();
    }
}

fn walk(name: &str, above: &str, structs: &Structs, found: &mut Vec<(String, String)>) {
    for (field, doc, kind) in &structs[name] {
        let key = if above.is_empty() { field.clone() } else { format!("{above}.{field}") };
        // One with no public field is a value of its own.
        if structs.get(kind).is_some_and(|fields| !fields.is_empty()) {
            walk(kind, &key, structs, found);
        } else {
            found.push((key, doc.clone()));
        }
    }
}
