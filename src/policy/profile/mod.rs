//! The shelf of built-in profiles: their files, and the only place of the program that knows their names.

/// Name and text of each.
pub(super) const BUILT_IN: &[(&str, &str)] = &[
    ("gtld", include_str!("gtld.toml")),
    ("demo", include_str!("demo.toml")),
    ("dnsbe", include_str!("dnsbe.toml")),
    ("dk", include_str!("dk.toml")),
    ("dk-2026", include_str!("dk-2026.toml")),
];
