//! The tables built in, one file each under its tag.

/// Tag and text of each.
pub(super) const BUILT_IN: &[(&str, &str)] = &[
    ("da", include_str!("da.xml")),
    ("de", include_str!("de.xml")),
    ("fr", include_str!("fr.xml")),
    ("fr-x-accent", include_str!("fr-x-accent.xml")),
    ("nl", include_str!("nl.xml")),
    ("und-Latn", include_str!("und-Latn.xml")),
];
