//! What was asked for, and what shows that it is there: the README's table of requirements, and the test vectors.
//!
//! Both name tests: a function of a test, or a transcript as `case folder/name`. A test that is named and not there
//! fails, and so does a requirement that stands in no row, or in two.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::architecture::rust_files;

const README: &str = include_str!("../README.md");

/// The last requirement.
const LAST: u32 = 185;

/// The states a requirement can be in, as its row begins.
const STATES: &[&str] = &["done", "partly", "portal, later", "not yet", "not planned"];

/// The test vectors of the requirements and what plays each: a script under every profile, and tests of its parts.
const VECTORS: &[(u32, &[&str])] = &[
    (1, &["case vector/01-limit", "case domain/hitpoints", "at_the_limit_the_account_is_blocked_for_a_day"]),
    (
        2,
        &[
            "case vector/02-midnight",
            "at_the_limit_the_account_is_blocked_for_a_day",
            "midnight_clears_the_points_and_not_the_block",
        ],
    ),
    (3, &["case vector/03-unblock-quota", "the_quota_is_that_of_the_calendar_month", "case desk/hitpoints"]),
    (4, &["case vector/04-summer-time", "a_block_lasts_as_long_when_the_clocks_change"]),
    (
        5,
        &[
            "case vector/05-race",
            "a_lost_race_costs_nothing_for_ten_seconds",
            "a_race_is_lost_within_the_grace_only",
        ],
    ),
    (
        6,
        &[
            "case vector/06-faults",
            "case domain/code-faults",
            "points_follow_command_code_and_reason",
            "a_fault_costs_what_the_profile_says",
        ],
    ),
    (
        7,
        &[
            "case vector/07-portfolio",
            "the_limit_follows_the_portfolio_between_its_bounds",
            "the_limit_of_a_day_is_that_of_its_beginning",
        ],
    ),
    (
        8,
        &[
            "case vector/08-addresses",
            "a_list_counts_from_the_next_login",
            "a_list_is_as_long_as_its_entries_that_count",
            "case poll/off",
        ],
    ),
    (
        9,
        &[
            "case vector/09-web-addresses",
            "the_portal_has_a_list_of_its_own",
            "entries_follow_the_profile",
            "case desk/address",
        ],
    ),
    (10, &["case vector/10-passwords", "each_profile_has_its_rules"]),
    (11, &["case vector/11-servers-and-periods", "case vector/20-one-script", "case life/horizon"]),
    (
        12,
        &[
            "case vector/12-funds",
            "case domain/funds",
            "a_restore_costs_a_fee_and_a_year",
            "case domain/registrant-change",
        ],
    ),
    (
        13,
        &[
            "case vector/13-tokens",
            "case domain/token",
            "case domain/token-registrant",
            "of_many_with_one_token_one_has_the_domain",
        ],
    ),
    (14, &["case vector/14-roles", "each_operation_needs_its_role"]),
    (
        15,
        &[
            "case vector/15-subordinate",
            "case life/expiry-off",
            "what_is_not_renewed_goes_on_hold_and_then_away",
        ],
    ),
    (
        16,
        &[
            "case vector/16-deletion",
            "case life/scheduled",
            "a_scheduled_deletion_can_be_moved_and_taken_back",
            "case life/quarantine-transfer",
        ],
    ),
    (17, &["case vector/17-looks", "the_181st_look_in_a_minute_is_refused"]),
    (18, &["case vector/18-protected", "the_101st_of_a_day_waits_for_midnight"]),
    (19, &["case vector/19-frames", "a_length_above_the_cap_ends_the_connection", "case session/same-error"]),
    (20, &["case vector/20-one-script", "no_registry_is_named"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of every source of the program and of its tests.
fn sources() -> String {
    let files = ["src", "conformance"].map(|folder| rust_files(&root().join(folder)));
    files.iter().flatten().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// Whether a test of that name is there.
fn exists(test: &str, sources: &str) -> bool {
    match test.strip_prefix("case ") {
        Some(case) => root().join("conformance/case").join(format!("{case}.epp")).exists(),
        None => sources.contains(&format!("fn {test}(")),
    }
}

#[test]
fn every_vector_is_played() {
    let sources = sources();
    let numbers: Vec<u32> = VECTORS.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    for (number, tests) in VECTORS {
        assert!(!tests.is_empty(), "vector {number}");
        for test in *tests {
            assert!(exists(test, &sources), "vector {number}: there is no {test}");
        }
    }
}

/// Every script of a vector goes through all the profiles there are, and there is one for each vector.
#[test]
fn every_vector_is_a_script_under_every_profile() {
    let policies = domesday::policy::Policies::load(&[]).unwrap();
    let mut profiles: Vec<&str> = policies.names().collect();
    profiles.sort_unstable();
    let scripts: Vec<_> = crate::cases::of_folder("vector")
        .iter()
        .map(|path| (path.file_name().unwrap().to_string_lossy()[..2].parse::<u32>().unwrap(), path.clone()))
        .collect();
    assert_eq!(scripts.iter().map(|(number, _)| *number).collect::<Vec<_>>(), (1..=20).collect::<Vec<_>>());
    for (_, path) in scripts {
        let script = crate::script::Script::read(&path).unwrap();
        let mut under = script.also;
        under.push(script.setup.profile);
        under.sort();
        assert_eq!(under, profiles, "{}", path.display());
    }
}

/// The numbers a first cell means: `S1`, `S3-S5, S9`.
fn numbers(cell: &str) -> Vec<u32> {
    let number = |text: &str| {
        text.trim().trim_start_matches('S').parse::<u32>().unwrap_or_else(|_| panic!("{text:?}"))
    };
    let range = |part: &str| match part.split_once('-') {
        Some((first, last)) => (number(first)..=number(last)).collect::<Vec<_>>(),
        None => vec![number(part)],
    };
    cell.split(',').flat_map(range).collect()
}

#[test]
fn every_requirement_has_its_row() {
    let sources = sources();
    let (_, rest) = README.split_once("<!-- requirements -->\n").unwrap();
    let (table, _) = rest.split_once("<!-- /requirements -->").unwrap();
    let mut seen: BTreeMap<u32, usize> = BTreeMap::new();
    for row in table.lines().filter(|line| line.starts_with("| S")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [which, _, state] = cells[..] else { panic!("{row}") };
        for number in numbers(which) {
            *seen.entry(number).or_default() += 1;
        }
        assert!(STATES.iter().any(|known| state.starts_with(known)), "{row}");
        let tests: Vec<&str> = state.split('`').skip(1).step_by(2).collect();
        assert_eq!(tests.is_empty(), !state.starts_with("done") && !state.starts_with("partly"), "{row}");
        for test in tests {
            assert!(exists(test, &sources), "there is no {test}: {row}");
        }
    }
    let once: BTreeMap<u32, usize> = (1..=LAST).map(|number| (number, 1)).collect();
    assert_eq!(seen, once);
}
