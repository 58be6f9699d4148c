//! Well-formedness, namespaces and bounds.

use super::element::SHOWN;
use super::*;

fn read(text: &str) -> Result<Tree<'_>, Refusal> {
    Tree::read(text, Encoding::Utf8)
}

#[test]
fn text_is_joined_over_whatever_xml_lets_stand_in_it() {
    let tree = read("<a>exam<!-- x -->p<?p?>l<![CDATA[e<&]]>&lt;&#x2e;&#116;l\r\nd\r</a>").unwrap();
    assert_eq!(tree.root().text(), "example<&<.tl\nd\n");
    assert_eq!(read("<a>&#13;</a>").unwrap().root().text(), "\r");
    let tree = read("<a> x <b>y</b> z <c/> </a>").unwrap();
    assert_eq!(tree.root().text(), " x  z ");
    assert_eq!(tree.root().children().map(El::name).collect::<Vec<_>>(), ["b", "c"]);
    assert_eq!(tree.root().child("b").unwrap().text(), "y");
}

#[test]
fn attributes_are_normalised_as_xml_asks() {
    let tree = read("<a x=\"1\t2\n3\r\n4&#10;5&quot;>\" y = '\"' \n/>").unwrap();
    assert_eq!(tree.root().attr("x"), Some("1 2 3 4\n5\">"));
    assert_eq!(tree.root().attr("y"), Some("\""));
    assert_eq!(tree.root().attr("z"), None);
}

#[test]
fn namespaces_follow_their_scopes() {
    let (epp, host) = (Ns::Epp.uri(), Ns::Host.uri());
    let text = format!(
        "<a xmlns='{epp}'><p:b xmlns:p='{host}' p:k='1' k='2'><c xmlns=''/><p:d/></p:b><p:e xmlns:p='urn:x'/><f/></a>"
    );
    let tree = read(&text).unwrap();
    let spaces: Vec<_> = std::iter::once(tree.root()).chain(tree.root().descendants()).map(El::uri).collect();
    assert_eq!(spaces, [epp, host, "", host, "urn:x", epp]);
    let b = tree.root().children().next().unwrap();
    assert_eq!(b.attrs().iter().map(|a| a.space).collect::<Vec<_>>(), [Space::Known(Ns::Host), Space::None]);
    // A declaration's value is normalised like any other.
    assert!(read(&format!("<a xmlns='{}'/>", host.replace('-', "&#45;"))).unwrap().root().is(Ns::Host, "a"));
    assert_eq!(read("<xml:a/>").unwrap().root().uri(), XML);
}

#[test]
fn declarations_are_checked() {
    for good in [
        "<?xml version=\"1.0\"?><a/>",
        "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<a/>",
        "<?xml version = \"1.0\" standalone=\"no\"?><a/>",
    ] {
        assert!(read(good).is_ok(), "{good}");
    }
    for bad in [
        "<?xml?><a/>",
        "<?xml version='1.1'?><a/>",
        "<?xml version='1.0' encoding='UTF-16'?><a/>",
        "<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
        "<?xml encoding='UTF-8'?><a/>",
        "<?xml encoding='UTF-8' version='1.0'?><a/>",
        "<?xml version='1.0' standalone='yes' encoding='UTF-8'?><a/>",
        "<?xml version='1.0'encoding='UTF-8'?><a/>",
        "<?xml version='1.0' version='1.0'?><a/>",
        "<?xml version='1.0' x='y'?><a/>",
        "<?xml version='1.0' standalone='maybe'?><a/>",
        " <?xml version='1.0'?><a/>",
        "<a/><?xml version='1.0'?>",
        "<?XML version='1.0'?><a/>",
    ] {
        assert_eq!(read(bad).unwrap_err().reason, Reason::NotWellFormed, "{bad}");
    }
    assert!(Tree::read("<?xml version='1.0' encoding='UTF-16'?><a/>", Encoding::Utf16Be).is_ok());
    assert!(Tree::read("<?xml version='1.0' encoding='UTF-8'?><a/>", Encoding::Utf16Be).is_err());
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for bad in [
        "",
        " ",
        "text",
        "<!-- only -->",
        "<a>",
        "</a>",
        "<a></b>",
        "<a><b></a></b>",
        "<a/><b/>",
        "<a/>text",
        "<a/>&#32;",
        "<a/><![CDATA[ ]]>",
        "x<a/>",
        "<a>]]></a>",
        "<a>&</a>",
        "<a>&x;</a>",
        "<a>&#0;</a>",
        "<a>&#x1;</a>",
        "<a>& amp;</a>",
        "<a b='<'/>",
        "<a b='&x;'/>",
        "<a b='&#1;'/>",
        "<a b='&'/>",
        "<a b=1/>",
        "<a b/>",
        "<a b='1' b='2'/>",
        "<a b='1'c='2'/>",
        "<a b='1/>",
        "<1/>",
        "<a:b:c xmlns:a='u'/>",
        "<:a/>",
        "<a:/>",
        "<-a/>",
        "<a 1='x'/>",
        "<a b:c:d='x' xmlns:b='u'/>",
        "<p:a/>",
        "<a p:b='1'/>",
        "<a xmlns:p=''/>",
        "<a xmlns:='u'/>",
        "<a xmlns:1='u'/>",
        "<a xmlns:xmlns='u'/>",
        "<a xmlns:xml='u'/>",
        "<xmlns:a/>",
        "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
        "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>",
        "<a><!-- x -- y --></a>",
        "<a><!-- x ---></a>",
        "<a><!--></a>",
        "<a><? p?></a>",
        "<a><?p:q?></a>",
        "<a><?XmL?></a>",
        "<a><??></a>",
        "< a/>",
        "<a / >",
        "</ a>",
        "<a></a b>",
        "<a><!x></a>",
        "<a><![cdata[x]]></a>",
        "<a><![CDATA[x</a>",
        "<a",
        "<",
        "<a b='x' /",
        "<a>&amp</a>",
        "<a/b>",
    ] {
        assert_eq!(read(bad).map(|_| ()).unwrap_err().reason, Reason::NotWellFormed, "{bad}");
    }
    for good in [
        "<!-- a --><?p q?> <a/> <!-- b --><?p?>\r\n",
        "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='en'/>",
        "<a b='>'>></a>",
        "<é·/>",
        "<a >]] ></a >",
        "<a><![CDATA[]]]]><![CDATA[>]]></a>",
        "<a xmlns:p='u' p:x='1' x='1'/>",
    ] {
        assert!(read(good).is_ok(), "{good}");
    }
}

#[test]
fn document_types_are_refused_unread() {
    for bad in [
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
        "<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d \"&b;&b;&b;\">]><a>&d;</a>",
    ] {
        assert_eq!(read(bad).unwrap_err().reason, Reason::DoctypeRefused, "{bad}");
    }
}

#[test]
fn every_direction_is_bounded() {
    let nested = |n: usize| format!("{}{}", "<a>".repeat(n), "</a>".repeat(n));
    let declared = |n: usize| {
        let all: String = (0..n).map(|i| format!("<a xmlns:p{i}='urn:{i}'>")).collect();
        format!("<r>{all}{}</r>", "</a>".repeat(n))
    };
    let attributes: String = (0..100_000).map(|i| format!(" a{i}=''")).collect();
    let namespaces: String = (0..100).map(|i| format!("<a xmlns='urn:{i}'/>")).collect();
    for much in [
        nested(MAX_DEPTH + 1),
        nested(20_000),
        format!("<r>{}</r>", "<a/>".repeat(MAX_ELEMENTS)),
        format!("<a{attributes}/>"),
        format!("<r>{namespaces}</r>"),
        format!(
            "<a{}>{}</a>",
            (0..40).map(|i| format!(" xmlns:a{i}='urn:x'")).collect::<String>(),
            declared(30)
        ),
    ] {
        assert_eq!(read(&much).unwrap_err().reason, Reason::XmlLimit, "{:.80}", much);
    }
    assert!(read(&nested(MAX_DEPTH)).is_ok());
    assert!(read(&format!("<r>{}</r>", "<a/>".repeat(MAX_ELEMENTS - 1))).is_ok());
    assert!(read(&declared(MAX_DEPTH - 1)).is_ok());
    // A prefix declared on each of many elements is in force on one at a time.
    let hosts = format!("<h:a xmlns:h='{}'>x</h:a>", Ns::Host.uri()).repeat(5000);
    assert!(read(&format!("<r>{hosts}</r>")).is_ok());
    let long = format!("<{0}>{0}</{0}>", "n".repeat(1 << 20));
    assert_eq!(read(&long).unwrap().root().bare_offender().name.len(), SHOWN);
}
