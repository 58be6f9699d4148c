//! The tables of `src/policy/profile/README.md`: every knob there is, and what is asked for and not there.
//!
//! `GOLDEN=write cargo test --test conformance profiles` writes them anew.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use domesday::policy::Policies;
use serde_json::Value;

use super::{at, tree};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

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
        "bill.mode bill.currency bill.prices bill.gated_ops bill.gate_rule bill.charge_when bill.watermarks bill.shortfall_days \
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
    ("name.idn", "zone.idn.tables"),
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
        "`idn_only` is the standard's own rule (RFC 5890 section 2.3.1); `reject` is an empty `idn.tables`",
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
