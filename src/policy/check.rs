//! What the types of the knobs do not say: values that contradict one another, or that no client could live with.
//! A profile that breaks a rule is refused when it is read.

mod life;

use super::{
    AccountPolicy, ClientCert, PostalRule, Profile, ServerPolicy, ZonePolicy, check_dnssec, check_host,
    check_launch, check_notice, check_pending,
};
use crate::policy::fault;

/// Statuses of RFC 5731 that a client may be let set.
const SETTABLE: &[&str] = &[
    "clientDeleteProhibited",
    "clientHold",
    "clientRenewProhibited",
    "clientTransferProhibited",
    "clientUpdateProhibited",
];
/// Roles of RFC 5731 beside the registrant.
const ROLES: &[&str] = &["admin", "billing", "tech"];
/// The least a frame may be bounded to: what the schemas allow in ordinary commands fits.
const LEAST_FRAME: u32 = 4096;

/// A rule that was broken: the knobs it is about, and how.
#[derive(Debug)]
pub(super) struct Broken {
    keys: Vec<String>,
    why: String,
}

/// The first rule a profile breaks.
pub(super) fn profile(profile: &Profile) -> Result<(), Broken> {
    server(&profile.server)?;
    account(&profile.account)?;
    super::check_login::profile(profile)?;
    zone(&profile.zone)
}

impl Broken {
    /// The text that has one of the knobs, the nearest first, with line and reason.
    pub(super) fn describe<'a>(&self, texts: &[(&'a str, &str)], within: &str) -> (Option<&'a str>, String) {
        for (name, text) in texts {
            for key in &self.keys {
                let key = key.strip_prefix(within).unwrap_or(key);
                let path: Vec<String> = key.split('.').map(str::to_owned).collect();
                if let Some(line) = fault::line_of_path(text, &path) {
                    return (Some(name), format!("line {line}: {}", self.why));
                }
            }
        }
        (None, self.why.clone())
    }
}

fn server(server: &ServerPolicy) -> Result<(), Broken> {
    let session = &server.session;
    let hours = server.maintenance.courtesy_hours;
    that((0..=8760).contains(&hours), &["server.maintenance.courtesy_hours"], || {
        format!("a reminder comes 0 to 8760 hours before, not {hours}")
    })?;
    that(server.frame_max_bytes >= LEAST_FRAME, &["server.frame_max_bytes"], || {
        format!(
            "a bound of {} bytes refuses ordinary commands; at least {LEAST_FRAME}",
            server.frame_max_bytes
        )
    })?;
    that(
        server.tls.client_cert != ClientCert::None || !server.tls.pin_required,
        &["server.tls.client_cert", "server.tls.pin_required"],
        || "with client_cert = \"none\" nobody shows the certificate that pin_required asks for".to_owned(),
    )?;
    for (key, value) in [
        ("max_connections", session.max_connections),
        ("max_per_address", session.max_per_address),
        ("login_attempts_per_connection", session.login_attempts_per_connection as usize),
    ] {
        that(value > 0, &[&format!("server.session.{key}")], || format!("{key} = 0 lets nobody in"))?;
    }
    Ok(())
}

fn account(account: &AccountPolicy) -> Result<(), Broken> {
    for (within, acl) in [("account.epp_acl", &account.epp_acl), ("account.web_acl", &account.web_acl)] {
        for (key, value, most) in
            [("min_prefix_v4", acl.min_prefix_v4, 32), ("min_prefix_v6", acl.min_prefix_v6, 128)]
        {
            that(value <= most, &[&format!("{within}.{key}")], || {
                format!("{key} is {most} at most, not {value}")
            })?;
        }
    }
    for (within, pw) in [("account.epp_pw", &account.epp_pw), ("account.web_pw", &account.web_pw)] {
        ordered(within, ("min_len", pw.min_len), ("max_len", pw.max_len))?;
        classes(within, pw.min_classes)?;
    }
    let throttle = &account.login_throttle;
    for (key, value) in [("window_s", throttle.window_s), ("block_s", throttle.block_s)] {
        that(throttle.max_failures == 0 || value > 0, &[&format!("account.login_throttle.{key}")], || {
            format!("failed logins count and block for at least a second, not {value}")
        })?;
    }
    check_notice::account(account)?;
    super::check_bill::bill(&account.bill)
}

/// The first rule the rules of a zone break.
pub(super) fn zone(zone: &ZonePolicy) -> Result<(), Broken> {
    let ZonePolicy { name, period, ns, contacts, contact, status, auth, .. } = zone;
    ordered("zone.name", ("min_len", name.min_len), ("max_len", name.max_len))?;
    that(name.max_len <= 63, &["zone.name.max_len"], || {
        format!("a label has 63 octets at most, not {}", name.max_len)
    })?;
    ordered("zone.period", ("min_years", period.min_years), ("max_years", period.max_years))?;
    ordered("zone.period", ("min_years", period.min_years), ("default_years", period.default_years))?;
    ordered("zone.period", ("default_years", period.default_years), ("max_years", period.max_years))?;
    that(
        period.min_years >= 1 && period.max_years <= 99,
        &["zone.period.min_years", "zone.period.max_years"],
        || format!("a period has 1 to 99 years, not {} to {}", period.min_years, period.max_years),
    )?;
    that(
        period.max_ahead_months >= i32::from(period.min_years) * 12,
        &["zone.period.max_ahead_months", "zone.period.min_years"],
        || {
            format!(
                "no registration of {} years ends within {} months",
                period.min_years, period.max_ahead_months
            )
        },
    )?;
    ordered("zone.ns", ("min", ns.min), ("max", ns.max))?;
    check_dnssec::dnssec(&zone.dnssec)?;
    super::check_ttl::zone(zone)?;
    check_launch::launch(&zone.launch)?;
    for (role, bounds) in &contacts.roles {
        let key = format!("zone.contacts.roles.{role}");
        that(ROLES.contains(&role.as_str()), &[&key], || {
            format!("unknown role {role:?}; a domain has contacts of the roles {}", ROLES.join(", "))
        })?;
        ordered(&key, ("min", bounds.min), ("max", bounds.max))?;
    }
    for prefix in &contact.id_forbidden_prefix {
        that(*prefix == prefix.to_lowercase(), &["zone.contact.id_forbidden_prefix"], || {
            format!("{prefix:?} matches nothing; write it in lower case")
        })?;
    }
    if let PostalRule::Home { home } = &contact.postal {
        that(check_pending::is_country(home), &["zone.contact.postal"], || {
            format!("{home:?} is the country of nobody; write its two letters in upper case")
        })?;
    }
    for status in &status.client_settable {
        that(SETTABLE.contains(&status.as_str()), &["zone.status.client_settable"], || {
            format!("a client cannot be let set {status:?}; it can {}", SETTABLE.join(", "))
        })?;
    }
    life::zone(zone)?;
    for (key, value) in [
        ("transfer.auto_approve_days", zone.transfer.auto_approve_days),
        ("transfer.lock_days", zone.transfer.lock_days),
    ] {
        that(value >= 0, &[&format!("zone.{key}")], || format!("{key} = {value} lies in the past"))?;
    }
    super::check_contact::zone(zone)?;
    super::check_transfer::zone(zone)?;
    ordered("zone.auth", ("min_len", auth.min_len), ("max_len", auth.max_len))?;
    classes("zone.auth", auth.min_classes)?;
    that(zone.check.max_names > 0, &["zone.check.max_names"], || {
        "a check needs room for one name".to_owned()
    })?;
    check_host::zone(zone)?;
    check_pending::zone(zone)
}

/// A rule about those knobs.
pub(super) fn that(holds: bool, keys: &[&str], why: impl FnOnce() -> String) -> Result<(), Broken> {
    if holds {
        return Ok(());
    }
    Err(Broken { keys: keys.iter().map(|key| (*key).to_owned()).collect(), why: why() })
}

fn ordered<T: PartialOrd + std::fmt::Display>(
    within: &str,
    low: (&str, T),
    high: (&str, T),
) -> Result<(), Broken> {
    let keys = [format!("{within}.{}", low.0), format!("{within}.{}", high.0)];
    that(low.1 <= high.1, &[&keys[0], &keys[1]], || {
        format!("`{}` is {}, more than `{}`, which is {}", keys[0], low.1, keys[1], high.1)
    })
}

fn classes(within: &str, value: u8) -> Result<(), Broken> {
    let key = format!("{within}.min_classes");
    that(value <= 4, &[&key], || format!("there are 4 kinds of characters, not {value}"))
}

#[cfg(test)]
mod tests {
    use crate::policy::Policies;

    fn fault(text: &str) -> String {
        let own = [("own".to_owned(), format!("id = \"own\"\nextends = \"gtld\"\n{text}"))];
        Policies::load(&own).unwrap_err().to_string()
    }

    #[test]
    fn a_wrong_value_is_told_with_its_line_and_reason() {
        for (text, expected) in [
            (
                "zone.period.min_years = 11",
                "line 3: `zone.period.min_years` is 11, more than `zone.period.max_years`, which is 10",
            ),
            (
                "[zone.ns]\nmax = 3\nmin = 4",
                "line 5: `zone.ns.min` is 4, more than `zone.ns.max`, which is 3",
            ),
            ("[zone.contacts.roles]\nadmn = { min = 0, max = 1 }", "line 4: unknown role \"admn\""),
            (
                "zone.contacts.roles.tech = { min = 11 }",
                "line 3: `zone.contacts.roles.tech.min` is 11, more than",
            ),
            (
                "zone.status.client_settable = [\"serverHold\"]",
                "line 3: a client cannot be let set \"serverHold\"",
            ),
            ("zone.name.max_len = 64", "line 3: a label has 63 octets at most"),
            ("zone.period.max_ahead_months = 6", "line 3: no registration of 1 years ends within 6 months"),
            ("zone.period.max_years = 100", "line 3: a period has 1 to 99 years"),
            ("zone.auth.min_classes = 5", "line 3: there are 4 kinds of characters"),
            ("zone.check.max_names = 0", "line 3: a check needs room"),
            ("zone.contact.id_forbidden_prefix = [\"Clone\"]", "line 3: \"Clone\" matches nothing"),
            ("zone.contact.postal = { home = \"se\" }", "line 3: \"se\" is the country of nobody"),
            ("server.frame_max_bytes = 100", "line 3: a bound of 100 bytes"),
            ("server.tls.client_cert = \"none\"", "line 3: with client_cert = \"none\" nobody shows"),
            ("server.session.max_connections = 0", "line 3: max_connections = 0 lets nobody in"),
            ("account.epp_acl.min_prefix_v4 = 33", "line 3: min_prefix_v4 is 32 at most, not 33"),
            ("account.web_acl.min_prefix_v6 = 129", "line 3: min_prefix_v6 is 128 at most, not 129"),
            ("account.web_pw.min_classes = 5", "line 3: there are 4 kinds of characters"),
            ("account.login_throttle.block_s = 0", "line 3: failed logins count and block for at least"),
            ("account.epp_pw.max_len = 256", "line 3: a login takes passwords of 6 to 255 characters"),
        ] {
            let fault = fault(text);
            assert!(fault.starts_with(&format!("profile \"own\": {expected}")), "{text}: {fault}");
        }
    }

    #[test]
    fn the_nearest_file_with_one_of_the_knobs_is_told() {
        let own = [
            ("base", "id = \"base\"\nextends = \"gtld\"\n\nzone.ns.max = 1\n"),
            ("above", "id = \"above\"\nextends = \"base\"\nzone.ns.min = 2\n"),
        ];
        let fault = Policies::load(&own.map(|(n, t)| (n.to_owned(), t.to_owned()))).unwrap_err().to_string();
        assert!(fault.starts_with("profile \"above\": line 3: `zone.ns.min` is 2"), "{fault}");
    }

    #[test]
    fn a_zones_own_rules_are_checked_as_well() {
        let fault =
            Policies::load(&[]).unwrap().zone("gtld", "ns.mode = \"host_attr\"\nns.min = 14").unwrap_err();
        assert!(fault.to_string().contains("line 2: `zone.ns.min` is 14"), "{fault}");
    }
}
