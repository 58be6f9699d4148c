//! The content models of marks, signed marks and their signatures.

use super::{DSIG, MARK as MARK_NS};
use crate::epp::xml::shape::{MANY, Shape, elsewhere, many, one, opt, optional, required};
use crate::epp::xml::simple::{ANY, Simple};

const TOKEN: Shape = Shape::Text(Simple::Token(0, ANY), &[]);
const SOMETHING: Shape = Shape::Text(Simple::Token(1, ANY), &[]);
const TIME: Shape = Shape::Text(Simple::DateTime, &[]);
const COUNTRY: Shape = Shape::Text(Simple::Token(2, 2), &[]);
const PHONE: Shape = Shape::Text(Simple::Phone, &[optional("x", Simple::Token(0, ANY))]);
const ID: Shape = Shape::Text(Simple::MarkId, &[]);
const LABEL: Shape = Shape::Text(Simple::MarkLabel, &[]);
const CLASS: Shape = Shape::Text(Simple::Integer, &[]);
const POSTAL_CODE: Shape = Shape::Text(Simple::Token(0, 16), &[]);
const ADDRESS: Shape = Shape::Sequence(
    &[
        many("street", 1, 3, &TOKEN),
        one("city", &TOKEN),
        opt("sp", &TOKEN),
        opt("pc", &POSTAL_CODE),
        one("cc", &COUNTRY),
    ],
    &[],
);
const HOLDER: Shape = Shape::Sequence(
    &[
        opt("name", &TOKEN),
        opt("org", &TOKEN),
        one("addr", &ADDRESS),
        opt("voice", &PHONE),
        opt("fax", &PHONE),
        opt("email", &SOMETHING),
    ],
    &[optional("entitlement", Simple::OneOf(&["owner", "assignee", "licensee"]))],
);
const CONTACT: Shape = Shape::Sequence(
    &[
        one("name", &TOKEN),
        opt("org", &TOKEN),
        one("addr", &ADDRESS),
        one("voice", &PHONE),
        opt("fax", &PHONE),
        one("email", &SOMETHING),
    ],
    &[optional("type", Simple::OneOf(&["owner", "agent", "thirdparty"]))],
);
const TRADEMARK: Shape = Shape::Sequence(
    &[
        one("id", &ID),
        one("markName", &TOKEN),
        many("holder", 1, MANY, &HOLDER),
        many("contact", 0, MANY, &CONTACT),
        one("jurisdiction", &COUNTRY),
        many("class", 0, MANY, &CLASS),
        many("label", 0, MANY, &LABEL),
        one("goodsAndServices", &TOKEN),
        opt("apId", &TOKEN),
        opt("apDate", &TIME),
        one("regNum", &TOKEN),
        one("regDate", &TIME),
        opt("exDate", &TIME),
    ],
    &[],
);
const PROTECTION: Shape =
    Shape::Sequence(&[one("cc", &COUNTRY), opt("region", &TOKEN), many("ruling", 0, MANY, &COUNTRY)], &[]);
const TREATY: Shape = Shape::Sequence(
    &[
        one("id", &ID),
        one("markName", &TOKEN),
        many("holder", 1, MANY, &HOLDER),
        many("contact", 0, MANY, &CONTACT),
        many("protection", 1, MANY, &PROTECTION),
        many("label", 0, MANY, &LABEL),
        one("goodsAndServices", &TOKEN),
        one("refNum", &TOKEN),
        one("proDate", &TIME),
        one("title", &TOKEN),
        one("execDate", &TIME),
    ],
    &[],
);
const COURT: Shape = Shape::Sequence(
    &[
        one("id", &ID),
        one("markName", &TOKEN),
        many("holder", 1, MANY, &HOLDER),
        many("contact", 0, MANY, &CONTACT),
        many("label", 0, MANY, &LABEL),
        one("goodsAndServices", &TOKEN),
        one("refNum", &TOKEN),
        one("proDate", &TIME),
        one("cc", &COUNTRY),
        many("region", 0, MANY, &TOKEN),
        one("courtName", &TOKEN),
    ],
    &[],
);
/// `mark:mark`
pub(in crate::epp) const MARK: Shape = Shape::Sequence(
    &[
        many("trademark", 0, MANY, &TRADEMARK),
        many("treatyOrStatute", 0, MANY, &TREATY),
        many("court", 0, MANY, &COURT),
    ],
    &[],
);

const URI: Simple = Simple::Token(0, ANY);
const NAME: Simple = Simple::NcName;
const METHOD: Shape = Shape::Mixed(&[required("Algorithm", URI)]);
const OCTETS: Shape = Shape::Text(Simple::Base64, &[]);
const TRANSFORMS: Shape = Shape::Sequence(&[many("Transform", 1, MANY, &METHOD)], &[]);
const REFERENCE: Shape = Shape::Sequence(
    &[opt("Transforms", &TRANSFORMS), one("DigestMethod", &METHOD), one("DigestValue", &OCTETS)],
    &[optional("Id", NAME), optional("URI", URI), optional("Type", URI)],
);
const SIGNED_INFO: Shape = Shape::Sequence(
    &[
        one("CanonicalizationMethod", &METHOD),
        one("SignatureMethod", &METHOD),
        many("Reference", 1, MANY, &REFERENCE),
    ],
    &[optional("Id", NAME)],
);
const SIGNATURE_VALUE: Shape = Shape::Text(Simple::Base64, &[optional("Id", NAME)]);
const KEY_INFO: Shape = Shape::Mixed(&[optional("Id", NAME)]);
const OBJECT: Shape =
    Shape::Mixed(&[optional("Id", NAME), optional("MimeType", URI), optional("Encoding", URI)]);
const SIGNATURE: Shape = Shape::Sequence(
    &[
        one("SignedInfo", &SIGNED_INFO),
        one("SignatureValue", &SIGNATURE_VALUE),
        opt("KeyInfo", &KEY_INFO),
        many("Object", 0, MANY, &OBJECT),
    ],
    &[optional("Id", NAME)],
);
const ISSUER: Shape = Shape::Sequence(
    &[one("org", &TOKEN), one("email", &SOMETHING), opt("url", &TOKEN), opt("voice", &PHONE)],
    &[required("issuerID", Simple::Token(0, ANY))],
);
/// `smd:signedMark`
pub(in crate::epp) const SIGNED: Shape = Shape::Sequence(
    &[
        one("id", &ID),
        one("issuerInfo", &ISSUER),
        one("notBefore", &TIME),
        one("notAfter", &TIME),
        elsewhere(MARK_NS, "mark", 1, 1, &MARK),
        elsewhere(DSIG, "Signature", 1, 1, &SIGNATURE),
    ],
    &[required("id", NAME)],
);
/// What is left of it when its signature is taken out, which is what is signed.
pub(super) const CONTENT: Shape = Shape::Sequence(
    &[
        one("id", &ID),
        one("issuerInfo", &ISSUER),
        one("notBefore", &TIME),
        one("notAfter", &TIME),
        elsewhere(MARK_NS, "mark", 1, 1, &MARK),
    ],
    &[required("id", NAME)],
);
/// `smd:encodedSignedMark`
pub(in crate::epp) const ENCODED: Shape =
    Shape::Text(Simple::Token(0, ANY), &[optional("encoding", Simple::Token(0, ANY))]);
