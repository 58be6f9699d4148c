//! Tables of our own for each thing RFC 7940 has.

use super::*;

fn written(data: &str, rules: &str) -> String {
    let rules = if rules.is_empty() { String::new() } else { format!("<rules>\n{rules}\n</rules>") };
    format!("<lgr xmlns=\"urn:ietf:params:xml:ns:lgr-1.0\">\n<data>\n{data}\n</data>\n{rules}\n</lgr>")
}

fn table(data: &str, rules: &str) -> Table {
    Table::read(&written(data, rules)).unwrap_or_else(|fault| panic!("{fault}\n{data}\n{rules}"))
}

fn fault(data: &str, rules: &str) -> String {
    Table::read(&written(data, rules)).unwrap_err().to_string()
}

fn disposition(table: &Table, label: &str) -> String {
    table.judge(label).disposition.to_string()
}

/// Label and disposition of each variant.
fn variants(table: &Table, label: &str) -> Vec<(String, String)> {
    let found = table.variants(label).unwrap();
    found.into_iter().map(|v| (v.label, v.disposition.to_string())).collect()
}

const LETTERS: &str =
    "<range first-cp=\"0061\" last-cp=\"007A\"/><range first-cp=\"0030\" last-cp=\"0039\" tag=\"digit\"/>";

#[test]
fn a_label_is_made_of_what_the_table_has() {
    let table =
        table("<range first-cp=\"0061\" last-cp=\"0063\"/><char cp=\"00E9\"/><char cp=\"0064 0065\"/>", "");
    assert_eq!(disposition(&table, "abcé"), "valid");
    assert_eq!(disposition(&table, "ade"), "valid", "a sequence");
    assert_eq!(table.judge("ad").lacks, Some('d'), "which is no code point of its own");
    assert_eq!(table.judge("abz").lacks, Some('z'));
    assert_eq!(disposition(&table, ""), "invalid");
    assert_eq!((table.size(), table.mappings(), table.rule_count()), (5, 0, 0));
}

#[test]
fn what_it_says_about_itself_is_read() {
    let text = "<lgr xmlns=\"urn:ietf:params:xml:ns:lgr-1.0\"><meta><version comment=\"c\">3</version><date>2026-11-24</date>\
        <language>da</language><language>und-Latn</language><scope type=\"domain\">example</scope>\
        <validity-start>2026-01-01</validity-start><validity-end>2027-01-01</validity-end>\
        <unicode-version>16.0.0</unicode-version><description type=\"text/html\"><![CDATA[<b>x</b>]]></description>\
        <references><reference id=\"0\">a book</reference></references></meta><data><char cp=\"0061\" ref=\"0\"/></data></lgr>";
    let meta = Table::read(text).unwrap().meta;
    assert_eq!(
        (meta.version.as_str(), meta.date.as_str(), meta.unicode.as_str()),
        ("3", "2026-11-24", "16.0.0")
    );
    assert_eq!(meta.languages, ["da", "und-Latn"]);
    assert_eq!(meta.scopes, [("domain".to_owned(), "example".to_owned())]);
    assert_eq!(meta.description, "<b>x</b>");
    assert!(!meta.holds_on("2025-12-31") && meta.holds_on("2026-01-01"));
    assert!(meta.holds_on("2026-12-31") && !meta.holds_on("2027-01-01"));
    assert!(Table::read(&text.replace("2026-01-01", "2028-01-01")).is_err());
    assert!(Table::read(&text.replace(">da<", ">d a<")).is_err());
}

/// A digit first, a hyphen between digits, and nothing but digits: rules over the whole label.
#[test]
fn rules_are_over_the_whole_label() {
    let table = table(
        &format!("{LETTERS}<char cp=\"002D\"/>"),
        "<class name=\"digit\" from-tag=\"digit\"/>\
         <rule name=\"leading\"><start/><class by-ref=\"digit\"/></rule>\
         <rule name=\"hyphen\"><class by-ref=\"digit\"/><char cp=\"002D\"/><class by-ref=\"digit\"/></rule>\
         <rule name=\"three\"><start/><any count=\"3+\"/><end/></rule>\
         <action disp=\"invalid\" match=\"leading\"/><action disp=\"blocked\" match=\"hyphen\"/>\
         <action disp=\"withheld\" not-match=\"three\"/>",
    );
    for (label, expected) in
        [("1abc", "invalid"), ("a1-2b", "blocked"), ("a1b2", "valid"), ("ab", "withheld"), ("abc", "valid")]
    {
        assert_eq!(disposition(&table, label), expected, "{label}");
    }
    assert!(!Disposition::Other("withheld".to_owned()).is_registrable());
}

#[test]
fn classes_are_made_of_one_another() {
    let has = |class: &str, label: &str| {
        let rules = format!(
            "<class name=\"vowel\">0061 0065 0069 006F 0075</class><class name=\"early\">0061-0066</class>{class}\
             <rule name=\"all\"><start/><class by-ref=\"c\" count=\"1+\"/><end/></rule>\
             <action disp=\"blocked\" not-match=\"all\"/>"
        );
        disposition(&table(LETTERS, &rules), label) == "valid"
    };
    let (vowel, early) = ("<class by-ref=\"vowel\"/>", "<class by-ref=\"early\"/>");
    for (class, takes, refuses) in [
        (format!("<union name=\"c\">{vowel}{early}</union>"), "aubu", "z"),
        (format!("<intersection name=\"c\">{vowel}{early}</intersection>"), "ae", "u"),
        (format!("<difference name=\"c\">{vowel}{early}</difference>"), "iou", "a"),
        (format!("<symmetric-difference name=\"c\">{vowel}{early}</symmetric-difference>"), "bu", "a"),
        (format!("<complement name=\"c\">{vowel}</complement>"), "xyz1", "xa"),
        ("<class name=\"c\" property=\"gc:Nd\"/>".to_owned(), "123", "a1"),
        ("<class name=\"c\" from-tag=\"digit\"/>".to_owned(), "123", "a1"),
        (
            format!("<union name=\"c\"><complement>{early}</complement><class>0061</class></union>"),
            "zya1",
            "b",
        ),
    ] {
        assert!(has(&class, takes), "{class} takes {takes}");
        assert!(!has(&class, refuses), "{class} refuses {refuses}");
    }
}

#[test]
fn rules_are_made_of_choices_counts_and_other_rules() {
    let takes = |rule: &str, label: &str| {
        let rules = format!(
            "<rule name=\"ab\"><char cp=\"0061\"/><char cp=\"0062\"/></rule>\
             <rule name=\"r\"><start/>{rule}<end/></rule><action disp=\"invalid\" not-match=\"r\"/>"
        );
        disposition(&table(LETTERS, &rules), label) == "valid"
    };
    for (rule, good, bad) in [
        ("<rule by-ref=\"ab\" count=\"2\"/>", "abab", "ab"),
        ("<rule by-ref=\"ab\" count=\"1+\"/>", "ababab", "aba"),
        ("<char cp=\"0061\" count=\"2:3\"/>", "aaa", "aaaa"),
        ("<char cp=\"0061\" count=\"0+\"/><char cp=\"0062\"/>", "b", "a"),
        ("<char cp=\"0061 0062\"/>", "ab", "a"),
        ("<choice count=\"2\"><char cp=\"0061\"/><char cp=\"0062 0063\"/></choice>", "bca", "a"),
        ("<choice><rule by-ref=\"ab\"/><rule><any count=\"4\"/></rule></choice>", "zzzz", "zz"),
        ("<rule count=\"2\"><any/><char cp=\"0031\"/></rule>", "a1b1", "a1"),
        ("<union><class>0061</class><class>0062</class></union>", "b", "c"),
    ] {
        assert!(takes(rule, good), "{rule} takes {good}");
        assert!(!takes(rule, bad), "{rule} refuses {bad}");
    }
}

/// RFC 7940 section 5.2: a code point that is there only behind another, only before another, only between two.
#[test]
fn a_context_is_about_one_place() {
    let l = "<char cp=\"006C\"/>";
    let table = table(
        &format!("{LETTERS}<char cp=\"00B7\" when=\"between\"/><char cp=\"002D\" not-when=\"first\"/>"),
        &format!(
            "<rule name=\"between\"><look-behind>{l}</look-behind><anchor/><look-ahead>{l}</look-ahead></rule>\
             <rule name=\"first\"><start/><anchor/></rule>"
        ),
    );
    assert_eq!(disposition(&table, "al·la"), "valid");
    assert_eq!(table.judge("al·a").lacks, Some('·'));
    assert_eq!(table.judge("al·l·").lacks, Some('·'), "each place counts");
    assert_eq!(disposition(&table, "a-b"), "valid");
    assert_eq!(table.judge("-b").lacks, Some('-'));
}

/// A context without an anchor is about the label as a whole.
#[test]
fn a_context_may_be_about_the_label() {
    let table = table(
        &format!("{LETTERS}<char cp=\"00E9\" not-when=\"digits\"/>"),
        "<rule name=\"digits\"><class property=\"gc:Nd\"/></rule>",
    );
    assert_eq!(disposition(&table, "été"), "valid");
    assert_eq!(disposition(&table, "été1"), "invalid");
}

#[test]
fn variants_have_the_disposition_of_their_types() {
    let table = table(
        "<char cp=\"0061\"><var cp=\"0062\" type=\"allocatable\"/><var cp=\"0063\" type=\"blocked\"/>\
           <var cp=\"0064\" type=\"activated\"/><var cp=\"0065\" type=\"invalid\"/><var cp=\"0078\" type=\"blocked\"/></char>\
         <range first-cp=\"0062\" last-cp=\"0065\"/>",
        "",
    );
    let pairs = |all: &[(&str, &str)]| {
        all.iter().map(|(label, d)| ((*label).to_owned(), (*d).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(variants(&table, "a"), pairs(&[("b", "allocatable"), ("c", "blocked"), ("d", "activated")]));
    // The worst of its parts decides, and activated is only what is so all over.
    let two = variants(&table, "aa");
    for (label, expected) in [
        ("bc", "blocked"),
        ("bd", "allocatable"),
        ("dd", "activated"),
        ("ad", "activated"),
        ("ab", "allocatable"),
    ] {
        assert!(two.contains(&(label.to_owned(), expected.to_owned())), "{label} {expected}: {two:?}");
    }
    assert_eq!(two.len(), 15, "all but the label itself; x is no label of the table");
    assert_eq!(table.variant("aa", "bd"), Some(Disposition::Allocatable));
    assert_eq!(table.variant("aa", "ex"), None);
    assert_eq!(table.judge("aa").disposition, Disposition::Valid);
}

/// A code point that maps to itself says how a label as it stands counts among its variants (RFC 7940 section 5.3.4).
#[test]
fn a_mapping_to_itself_counts() {
    let table = table(
        "<char cp=\"0061\"><var cp=\"0061\" type=\"both\"/><var cp=\"0062\" type=\"simplified\"/></char>\
         <char cp=\"0062\"><var cp=\"0062\" type=\"both\"/><var cp=\"0061\" type=\"traditional\"/></char>\
         <char cp=\"0063\"/>",
        "<action disp=\"blocked\" any-variant=\"traditional\"/>\
         <action disp=\"activated\" only-variants=\"simplified both\"/>\
         <action disp=\"allocatable\" all-variants=\"simplified both\"/>",
    );
    assert_eq!(disposition(&table, "aa"), "activated");
    assert_eq!(disposition(&table, "ac"), "allocatable", "c has no mapping");
    assert_eq!(disposition(&table, "c"), "valid");
    assert_eq!(table.variant("ab", "bb"), Some(Disposition::Activated));
    assert_eq!(table.variant("ab", "aa"), Some(Disposition::Blocked));
}

#[test]
fn a_variant_may_have_a_context() {
    let table = table(
        "<range first-cp=\"0062\" last-cp=\"0063\"/>\
         <char cp=\"0061\"><var cp=\"0062\" type=\"blocked\" when=\"last\"/><var cp=\"0063\" type=\"allocatable\" not-when=\"last\"/></char>",
        "<rule name=\"last\"><anchor/><look-ahead><end/></look-ahead></rule>",
    );
    let found: Vec<String> = variants(&table, "aa").into_iter().map(|(label, _)| label).collect();
    assert_eq!(found, ["ab", "ca", "cb"]);
}

#[test]
fn a_sequence_may_be_a_variant() {
    let table = table(
        "<range first-cp=\"0061\" last-cp=\"007A\"/>\
         <char cp=\"00DF\"><var cp=\"0073 0073\" type=\"activated\"/></char>\
         <char cp=\"0073 0073\"><var cp=\"00DF\" type=\"allocatable\"/></char>",
        "",
    );
    assert_eq!(table.variant("straße", "strasse"), Some(Disposition::Activated));
    assert_eq!(table.variant("strasse", "straße"), Some(Disposition::Allocatable));
    let three: Vec<String> = variants(&table, "sss").into_iter().map(|(label, _)| label).collect();
    assert_eq!(three, ["sß", "ßs"]);
}

#[test]
fn variants_beyond_counting_are_given_up() {
    let table = table(
        "<char cp=\"0061\"><var cp=\"0062\" type=\"blocked\"/></char><char cp=\"0062\"><var cp=\"0061\" type=\"blocked\"/></char>",
        "",
    );
    assert_eq!(table.variants(&"a".repeat(30)), None);
    // One of them is found all the same.
    let (label, other) = ("a".repeat(30), "ab".repeat(15));
    assert_eq!(table.variant(&label, &other), Some(Disposition::Blocked));
}

/// A rule that a matcher which tries one way after another does not survive.
#[test]
fn a_rule_costs_no_more_than_its_parts_and_the_label() {
    let many = "<any count=\"0+\"/>".repeat(40);
    let table = table(
        LETTERS,
        &format!(
            "<rule name=\"r\"><start/><rule count=\"0+\"><rule count=\"0+\"><char cp=\"0061\" count=\"0+\"/></rule></rule>{many}\
             <char cp=\"0062\"/><end/></rule><action disp=\"invalid\" match=\"r\"/>"
        ),
    );
    assert_eq!(disposition(&table, &"a".repeat(63)), "valid");
    assert_eq!(disposition(&table, &format!("{}b", "a".repeat(62))), "invalid");
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (data, rules, expected) in [
        ("", "", "line 2: a table without a code point"),
        ("<char/>", "", "line 3: <char> has no cp"),
        ("<char cp=\"61\"/>", "", "line 3: \"61\" is not a code point of 4 to 6 digits"),
        ("<char cp=\"D800\"/>", "", "line 3: \"D800\" is not a code point"),
        ("<char cp=\"0061\"/>\n<char cp=\"0061\"/>", "", "line 4: the code point is there twice"),
        ("<char cp=\"0061\" size=\"1\"/>", "", "line 3: <char> takes no attribute size"),
        ("<char cp=\"0061 0062\" tag=\"t\"/>", "", "line 3: a sequence has no tags"),
        ("<char cp=\"0061\" tag=\"t t\"/>", "", "line 3: the tag \"t\" is there twice"),
        ("<range first-cp=\"0062\" last-cp=\"0061\"/>", "", "line 3: the range ends before it begins"),
        ("<char cp=\"0061\" when=\"x\"/>", "", "line 3: there is no rule \"x\""),
        (
            "<char cp=\"0061\" when=\"x\" not-when=\"x\"/>",
            "",
            "line 3: a context is said by when or by not-when",
        ),
        ("<char cp=\"0061\"><var cp=\"0062\" type=\"_x\"/></char>", "", "line 3: \"_x\" is not a type"),
        (
            "<char cp=\"0061\"><var cp=\"0062\"/><var cp=\"0062\"/></char>",
            "",
            "line 3: the variant is there twice",
        ),
        ("<char cp=\"0061\"/>", "<class name=\"c\" by-ref=\"d\"/>", "a class has a name or a reference"),
        (
            "<char cp=\"0061\"/>",
            "<rule name=\"r\"><class by-ref=\"d\"/></rule>",
            "line 6: the class \"d\" is not defined above",
        ),
        (
            "<char cp=\"0061\"/>",
            "<rule name=\"r\"><rule by-ref=\"r\"/></rule>",
            "the rule \"r\" is not defined above",
        ),
        ("<char cp=\"0061\"/>", "<rule name=\"r\"/>", "<rule> has nothing to match"),
        ("<char cp=\"0061\"/>", "<rule name=\"r\"><start count=\"2\"/></rule>", "<start> has no count"),
        ("<char cp=\"0061\"/>", "<rule name=\"r\"><any count=\"3:2\"/></rule>", "\"3:2\" is not a count"),
        (
            "<char cp=\"0061\"/>",
            "<rule name=\"r\"><look-ahead><any/></look-ahead></rule>",
            "has an <anchor/>",
        ),
        (
            "<char cp=\"0061\"/>",
            "<rule name=\"r\"><anchor/></rule><action disp=\"x\" match=\"r\"/>",
            "is about one place",
        ),
        ("<char cp=\"0061\"/>", "<action disp=\"x\" match=\"r\"/>", "the rule \"r\" is not defined above"),
        ("<char cp=\"0061\"/>", "<action/>", "<action> has no disp"),
        (
            "<char cp=\"0061\"/>",
            "<action disp=\"x\" any-variant=\"a\" all-variants=\"b\"/>",
            "asks once for variants",
        ),
        ("<char cp=\"0061\"/>", "<class name=\"c\" property=\"sc:Zz9\"/>", "\"sc:Zz9\" is not a value of"),
        ("<char cp=\"0061\"/>", "<class name=\"c\" from-tag=\"t\"/>", "no code point has the tag \"t\""),
        ("<char cp=\"0061\"/>", "<complement name=\"c\"/>", "<complement> is of one set"),
        (
            "<char cp=\"0061\"/>",
            "<rule name=\"r\"><choice><any/></choice></rule>",
            "<choice> is between two or more",
        ),
        ("<char cp=\"0061\"/>", "<thing/>", "<thing> does not belong in <rules>"),
    ] {
        let told = fault(data, rules);
        assert!(told.contains(expected), "{data} {rules}: {told}");
    }
}

/// References double a rule with each step; what they come to is bounded while it is read.
#[test]
fn rules_that_grow_by_reference_are_bounded() {
    let mut rules = "<rule name=\"r0\"><any/></rule>".to_owned();
    for n in 1..30 {
        let below = n - 1;
        rules.push_str(&format!(
            "<rule name=\"r{n}\"><rule by-ref=\"r{below}\"/><rule by-ref=\"r{below}\"/></rule>"
        ));
    }
    assert!(fault("<char cp=\"0061\"/>", &rules).contains("at most 2000 parts"));
}
