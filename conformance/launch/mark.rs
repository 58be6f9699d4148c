//! What a signed mark has to be to be taken, one fault at a time.

use domesday::clock::Ts;
use domesday::epp::smd::{SignedMark, SmdFault, Trust, Verified, verify};

use super::made::{Draft, House, house, root, transforms};

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

fn now() -> Ts {
    Ts::from_timestamp("2026-11-24T12:00:00Z".parse().unwrap())
}

fn trust(house: &House) -> Trust {
    Trust { roots: vec![house.root.der.clone()], crls: vec![house.crl.clone()], crl_required: true }
}

fn judged(xml: &str, trust: &Trust) -> Result<Verified, SmdFault> {
    verify(&SignedMark::document(xml.as_bytes())?, trust, now())
}

/// What is said of one that is not taken.
fn refused(xml: &str) -> String {
    judged(xml, &trust(house())).expect_err("it was taken").to_string()
}

#[test]
fn a_mark_that_somebody_trusted_signed_is_read() {
    let house = house();
    let read = judged(&Draft::of("foo").signed(&house.signer, &[]), &trust(house)).unwrap();
    assert_eq!((read.id.as_str(), read.issuer.as_str()), ("0000001751513179-65535", "65535"));
    assert_eq!(read.mark.labels, ["foo"]);
    assert!(
        read.mark.xml().contains("<mark:markName>Märk &lt;One&gt;</mark:markName>"),
        "{}",
        read.mark.xml()
    );
    // With an authority between the root and the signer, whose list knows nobody.
    let between = house.root.between("Between");
    let signer = between.signer("Far", 3);
    let crls = vec![house.crl.clone(), between.crl(&[], 2098)];
    let trust = Trust { crls, ..trust(house) };
    assert!(judged(&Draft::of("foo").signed(&signer, &[&between]), &trust).is_ok());
    let lonely = judged(&Draft::of("foo").signed(&signer, &[]), &trust).unwrap_err();
    assert!(lonely.to_string().contains("leads to no root"), "{lonely}");
}

/// The form without a canonical one in its transforms: the inclusive one is meant, which is the same here but for the
/// declarations that are in force, and there are none above.
#[test]
fn without_a_canonical_form_the_inclusive_one_is_meant() {
    let draft = Draft { transforms: transforms(&[ENVELOPED]), ..Draft::of("foo") };
    assert!(judged(&draft.signed(&house().signer, &[]), &trust(house())).is_ok());
}

#[test]
fn what_was_changed_is_not_taken() {
    let good = Draft::of("foo").signed(&house().signer, &[]);
    assert!(refused(&good.replace("<mark:label>foo<", "<mark:label>bar<")).contains("the digest is not"));
    assert!(refused(&good.replace("issuerID=\"65535\"", "issuerID=\"1\"")).contains("the digest is not"));
    let signed_info = good
        .replace("2001/04/xmlenc#sha256\"></ds:DigestMethod>", "2001/04/xmlenc#sha256\"> </ds:DigestMethod>");
    assert_ne!(signed_info, good);
    assert!(refused(&signed_info).contains("does not fit the key"));
    // White space in a tag, another order of attributes and comments change nothing.
    let dressed = good
        .replace("<smd:signedMark xmlns", "<smd:signedMark  xmlns")
        .replace("<smd:id>", "<!-- c --><smd:id >");
    assert!(judged(&dressed, &trust(house())).is_ok());
    // A comment does not cut a value in two.
    let cut = good.replace("<mark:label>foo<", "<mark:label>f<!-- -->oo<");
    assert_eq!(judged(&cut, &trust(house())).unwrap().mark.labels, ["foo"]);
    assert!(
        refused(&good.replace("<mark:label>foo<", "<mark:label>foo<?x y?><"))
            .contains("processing instruction")
    );
}

/// Wrapping: something that is signed stands in the document, and something else where marks are read from.
#[test]
fn what_is_verified_is_what_is_read() {
    let house = house();
    let good = Draft::of("foo").signed(&house.signer, &[]);
    let (head, signature) = good.split_once("<ds:Signature ").unwrap();
    let (signature, _) = signature.rsplit_once("</smd:signedMark>").unwrap();
    let signature = format!("<ds:Signature {signature}");
    let inner = Draft::of("foo").content();
    let evil = head.replace("<mark:label>foo<", "<mark:label>evil<");
    // The signed element hidden in the signature, under the same identifier.
    let object = format!("<ds:Object>{inner}</ds:Object></ds:Signature>");
    let hidden = format!("{evil}{}</smd:signedMark>", signature.replace("</ds:Signature>", &object));
    assert!(refused(&hidden).contains("the same identifier"), "{}", refused(&hidden));
    // Under its own identifier, with the outer one named otherwise: the signature is not of the outer one.
    let renamed = hidden.replacen("id=\"_m1\"", "id=\"_m2\"", 1);
    assert!(refused(&renamed).contains("something else than the signed mark"), "{}", refused(&renamed));
    // A signature of something else beside it.
    let twice = format!(
        "{evil}{}</smd:signedMark>",
        signature.replace("</ds:Signature>", &format!("<ds:Object>{signature}</ds:Object></ds:Signature>"))
    );
    assert!(!refused(&twice).is_empty());
    // The identifier of another element than the signed mark.
    let other = Draft { target: "#_k1", transforms: transforms(&[ENVELOPED]), ..Draft::of("foo") };
    assert!(refused(&other.signed(&house.signer, &[])).contains("something else than the signed mark"));
    let empty = Draft { target: "", ..Draft::of("foo") };
    assert!(refused(&empty.signed(&house.signer, &[])).contains("something else than the signed mark"));
    // The mark alone.
    let evil = Draft::of("foo").signed_over(&house.signer, &[], "<a></a>");
    assert!(refused(&evil).contains("the digest is not"));
}

#[test]
fn only_the_forms_of_signed_marks_are_taken() {
    let signer = &house().signer;
    let of = |draft: Draft| refused(&draft.signed(signer, &[]));
    let xslt = "http://www.w3.org/TR/1999/REC-xslt-19991116";
    assert!(
        of(Draft { transforms: transforms(&[ENVELOPED, xslt]), ..Draft::of("foo") })
            .contains("canonical form")
    );
    assert!(of(Draft { transforms: transforms(&[xslt]), ..Draft::of("foo") }).contains("canonical form"));
    let comments = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments";
    assert!(
        of(Draft { transforms: transforms(&[ENVELOPED, comments]), ..Draft::of("foo") })
            .contains("canonical form")
    );
    let hmac = "http://www.w3.org/2000/09/xmldsig#hmac-sha1";
    assert!(of(Draft { signature_method: hmac, ..Draft::of("foo") }).contains("RSA and SHA-256"));
    let sha_1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    assert!(of(Draft { signature_method: sha_1, ..Draft::of("foo") }).contains("RSA and SHA-256"));
}

#[test]
fn a_mark_has_its_time() {
    let signer = &house().signer;
    let of = |draft: Draft| judged(&draft.signed(signer, &[]), &trust(house())).unwrap_err();
    let at = |text: &str| Ts::from_timestamp(text.parse().unwrap());
    let early = Draft { not_before: "2030-01-01T00:00:00.000Z", ..Draft::of("foo") };
    assert_eq!(of(early), SmdFault::NotYet(at("2030-01-01T00:00:00Z")));
    let over = Draft { not_after: "2026-11-24T12:00:00.000Z", ..Draft::of("foo") };
    assert_eq!(of(over), SmdFault::Over(now()));
}

#[test]
fn a_signer_is_trusted_by_a_root_and_no_list() {
    let house = house();
    let good = Draft::of("foo").signed(&house.signer, &[]);
    let said = |xml: &str, trust: &Trust| judged(xml, trust).expect_err("it was taken").to_string();
    assert!(said(&good, &Trust { roots: vec![], ..trust(house) }).contains("trusts nobody"));
    let stranger = root("Another");
    assert!(said(&good, &Trust { roots: vec![stranger.der.clone()], ..trust(house) }).contains("no root"));
    // Of the same name, with another key.
    let twin = root("Clearinghouse of the tests").signer("Validator", 6);
    assert!(refused(&Draft::of("foo").signed(&twin, &[])).contains("not trusted"));
    // Somebody else's certificate beside the key that signed.
    let forged = Draft::of("foo").signed(&twin, &[&house.signer]);
    assert!(refused(&forged).contains("not trusted"), "{}", refused(&forged));
    let revoked = Draft::of("foo").signed(&house.revoked, &[]);
    assert!(refused(&revoked).contains("revoked"));
    let lax = Trust { crl_required: false, ..trust(house) };
    assert!(said(&revoked, &lax).contains("revoked"), "a list is asked even where none is needed");
    assert!(judged(&good, &Trust { crls: vec![], ..lax.clone() }).is_ok());
    assert!(said(&good, &Trust { crls: vec![], ..trust(house) }).contains("no list of revoked"));
    let old = house.root.crl(&[], 2025);
    assert!(
        said(&good, &Trust { crls: vec![old.clone()], ..trust(house) })
            .contains("list of revoked certificates is over")
    );
    assert!(judged(&good, &Trust { crls: vec![old], ..lax }).is_ok());
    let others = stranger.crl(&[], 2098);
    assert!(said(&good, &Trust { crls: vec![others], ..trust(house) }).contains("no list covers"));
    assert!(refused(&Draft::of("foo").signed(&house.root.expired(), &[])).contains("certificate is over"));
}

#[test]
fn what_is_no_signed_mark_is_told_so() {
    let form = |xml: &str| SignedMark::document(xml.as_bytes()).unwrap_err();
    assert_eq!(form("<a/>"), SmdFault::Form("it is no signedMark"));
    assert_eq!(form("<a>"), SmdFault::Form("it is not well-formed XML"));
    assert_eq!(form(&Draft::of("foo").content()), SmdFault::Form("it does not follow its schema"));
    let entity = "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>";
    assert_eq!(form(entity), SmdFault::Form("it is not well-formed XML"));
}
