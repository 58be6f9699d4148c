//! Vector 10: what is a password under each profile.

use domesday::epp::types::Secret;
use domesday::flow::session::password::check;
use domesday::policy::Policies;

#[test]
fn each_profile_has_its_rules() {
    let all = Policies::load(&[]).unwrap();
    let rules = |profile: &str| all.account(profile).unwrap().epp_pw.clone();
    let takes = |profile: &str, pw: &str| check(&Secret::new(pw), None, &rules(profile)).is_ok();
    for (pw, expected) in [
        ("Abcdefg1", [false, true, true]),
        ("Abcdef1", [false, false, false]),
        ("Abcdef1!", [true, true, true]),
        ("abcdef1!", [false, false, true]),
        ("ABCDEFG1", [false, false, false]),
    ] {
        assert_eq!(["gtld", "dnsbe", "dk"].map(|profile| takes(profile, pw)), expected, "{pw}");
    }
    // The portal's own.
    let rules = |profile: &str| all.account(profile).unwrap().web_pw.clone();
    let takes = |profile: &str, pw: &str| check(&Secret::new(pw), None, &rules(profile)).is_ok();
    for (pw, expected) in [("Abcdefg1", [false, true, true]), ("Abcdef1", [false, false, false])] {
        assert_eq!(["gtld", "dnsbe", "dk"].map(|profile| takes(profile, pw)), expected, "{pw}");
    }
    let long = "Abcdefg1!".repeat(4);
    assert_eq!(["gtld", "dnsbe", "dk"].map(|profile| takes(profile, &long)), [false, true, true]);
    let rules = |profile: &str| all.account(profile).unwrap().epp_pw.clone();
    let refused = check(&Secret::new("abcdef1!"), None, &rules("dnsbe")).unwrap_err();
    assert!(refused.text().ends_with("use at least one upper case letter"), "{refused}");
}

#[test]
fn what_stands_for_a_password_is_none() {
    let all = Policies::load(&[]).unwrap();
    for profile in ["gtld", "dnsbe", "dk", "demo"] {
        let rules = all.account(profile).unwrap();
        for (which, rules) in [("epp", &rules.epp_pw), ("web", &rules.web_pw)] {
            let refused = check(&Secret::new("[LOGIN-SECURITY]"), None, rules).unwrap_err();
            assert!(
                refused.text().ends_with("stands for a password and is none"),
                "{profile} {which}: {refused}"
            );
        }
    }
}
