//! Launch phases (RFC 8334): claims, trademark and availability checks, and applications with their proofs of
//! trademarks (RFC 7848).

use super::{Codec, Ext, InCommand, open};
use crate::epp::command::Command;
use crate::epp::reply::Reply;
use crate::epp::smd::{self, MARK, SMD, SignedMark};
use crate::epp::types::{
    CheckForm, ClaimsChecked, ClaimsNotice, LaunchCheck, LaunchCreate, LaunchData, LaunchId, LaunchInfo,
    LaunchObject, LaunchPhaseName, Launching, MarkCode, PhaseKind, Proof, Secret,
};
use crate::epp::xml::shape::{MANY, Shape, elsewhere, many, one, opt, optional, unexpected};
use crate::epp::xml::simple::{self, ANY, Simple};
use crate::epp::xml::tree::El;
use crate::epp::xml::writer::Writer;
use crate::refusal::{Reason, Refusal};

const SOMETHING: Simple = Simple::Token(1, ANY);
const PHASE: Shape = Shape::Text(
    Simple::OneOf(&["sunrise", "landrush", "claims", "open", "custom"]),
    &[optional("name", Simple::Token(0, ANY))],
);
const ID: Shape = Shape::Text(Simple::Token(0, ANY), &[]);
const ID_CONTAINER: Shape = Shape::Sequence(&[one("phase", &PHASE), one("applicationID", &ID)], &[]);
const CHECK: Shape = Shape::Sequence(
    &[opt("phase", &PHASE)],
    &[optional("type", Simple::OneOf(&["claims", "avail", "trademark"]))],
);
const INFO: Shape = Shape::Sequence(
    &[one("phase", &PHASE), opt("applicationID", &ID)],
    &[optional("includeMark", Simple::Boolean)],
);
const BY_VALIDATOR: Shape = Shape::Text(SOMETHING, &[optional("validatorID", SOMETHING)]);
const CODE_MARK: Shape =
    Shape::Sequence(&[opt("code", &BY_VALIDATOR), elsewhere(MARK, "mark", 0, 1, &smd::MARK_SHAPE)], &[]);
const TIME: Shape = Shape::Text(Simple::DateTime, &[]);
const NOTICE: Shape = Shape::Sequence(
    &[one("noticeID", &BY_VALIDATOR), one("notAfter", &TIME), one("acceptedDate", &TIME)],
    &[],
);
// Of the three kinds of proofs a create has one; that is asked when it is read.
const CREATE: Shape = Shape::Sequence(
    &[
        one("phase", &PHASE),
        many("codeMark", 0, MANY, &CODE_MARK),
        elsewhere(SMD, "signedMark", 0, MANY, &smd::SIGNED_SHAPE),
        elsewhere(SMD, "encodedSignedMark", 0, MANY, &smd::ENCODED_SHAPE),
        many("notice", 0, MANY, &NOTICE),
    ],
    &[optional("type", Simple::OneOf(&["application", "registration"]))],
);

pub(super) const CODEC: Codec = Codec {
    name: "launch-1.0",
    uri: "urn:ietf:params:xml:ns:launch-1.0",
    prefix: "launch",
    declaration: "xmlns:launch",
    globals: &["check", "info", "create", "update", "delete", "chkData", "creData", "infData"],
    commands: &[
        InCommand { element: "check", shape: &CHECK, read: check },
        InCommand { element: "info", shape: &INFO, read: info },
        InCommand { element: "create", shape: &CREATE, read: create },
        InCommand { element: "update", shape: &ID_CONTAINER, read: update },
        InCommand { element: "delete", shape: &ID_CONTAINER, read: delete },
    ],
    secrets: &["code"],
    answer,
};

fn check(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let Command::DomainCheck(check) = command else { return Ok(false) };
    let form = el.attr_token("type").and_then(|form| CheckForm::parse(&form)).unwrap_or(CheckForm::Claims);
    check.launch = Some(LaunchCheck { form, phase: el.child("phase").map(phase).transpose()? });
    Ok(true)
}

fn info(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let Command::DomainInfo(info) = command else { return Ok(false) };
    let marks = el.attr_token("includeMark").and_then(|text| simple::boolean(&text));
    info.launch = Some(LaunchInfo {
        phase: phase(el.need("phase")?)?,
        application: el.child("applicationID").map(|id| id.token().into_owned()),
        include_mark: marks == Some(true),
    });
    Ok(true)
}

fn update(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let Command::DomainUpdate(update) = command else { return Ok(false) };
    update.launch = Some(id(el)?);
    Ok(true)
}

fn delete(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let Command::DomainDelete(delete) = command else { return Ok(false) };
    delete.launch = Some(id(el)?);
    Ok(true)
}

fn create(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let Command::DomainCreate(create) = command else { return Ok(false) };
    let mut proofs = Vec::new();
    let mut kind = None;
    for child in el.children().filter(|child| !matches!(child.name(), "phase" | "notice")) {
        // Section 4.1: a choice of the three.
        if *kind.get_or_insert(child.name()) != child.name() {
            return Err(unexpected(child));
        }
        proofs.push(proof(child)?);
    }
    create.launch = Some(Launching::Asked(Box::new(LaunchCreate {
        phase: phase(el.need("phase")?)?,
        object: el.attr_token("type").and_then(|object| LaunchObject::parse(&object)),
        proofs,
        notices: el.children_named("notice").map(notice).collect::<Result<_, _>>()?,
    })));
    Ok(true)
}

fn proof(el: El<'_>) -> Result<Proof, Refusal> {
    Ok(match el.name() {
        "codeMark" => Proof::CodeMark {
            code: el.child("code").map(|code| MarkCode {
                code: Secret::new(code.token()),
                validator: code.attr_token("validatorID").map(|id| id.into_owned()),
            }),
            mark: el.children().find(|child| child.uri() == MARK).map(smd::mark).transpose()?,
        },
        "signedMark" => Proof::Signed(SignedMark::inline(el)?),
        _ => Proof::Signed(SignedMark::encoded(el)?),
    })
}

fn phase(el: El<'_>) -> Result<LaunchPhaseName, Refusal> {
    let kind = PhaseKind::parse(&el.token()).ok_or_else(|| el.refuse(Reason::BadValue))?;
    let name = el.attr_token("name").map(|name| name.into_owned()).filter(|name| !name.is_empty());
    Ok(LaunchPhaseName { kind, name })
}

fn id(el: El<'_>) -> Result<LaunchId, Refusal> {
    let application = el.need("applicationID")?.token().into_owned();
    Ok(LaunchId { phase: phase(el.need("phase")?)?, application })
}

fn notice(el: El<'_>) -> Result<ClaimsNotice, Refusal> {
    let time = |name| {
        let el = el.need(name)?;
        simple::date_time(&el.token()).ok_or_else(|| el.refuse(Reason::BadValue))
    };
    let id = el.need("noticeID")?;
    Ok(ClaimsNotice {
        id: id.token().into_owned(),
        validator: id.attr_token("validatorID").map(|id| id.into_owned()),
        not_after: time("notAfter")?,
        accepted: time("acceptedDate")?,
    })
}

fn answer(w: &mut Writer, reply: &Reply) {
    match reply.plain() {
        Reply::ClaimsChecked(checked) => write_checked(w, checked),
        Reply::Applied(applied) => {
            open(w, Ext::Launch, "launch:creData");
            write_phase(w, &applied.id.phase);
            w.leaf("launch:applicationID", &applied.id.application);
            w.close("launch:creData");
        }
        _ => reply.launch_shown().into_iter().for_each(|data| write_data(w, data)),
    }
}

fn write_checked(w: &mut Writer, checked: &ClaimsChecked) {
    open(w, Ext::Launch, "launch:chkData");
    checked.phase.iter().for_each(|phase| write_phase(w, phase));
    for one in &checked.names {
        w.open("launch:cd", &[]);
        w.leaf_with("launch:name", &[("exists", &u8::from(one.exists))], &one.name);
        for (validator, key) in &one.keys {
            w.leaf_with("launch:claimKey", &[("validatorID", validator)], key);
        }
        w.close("launch:cd");
    }
    w.close("launch:chkData");
}

fn write_data(w: &mut Writer, data: &LaunchData) {
    open(w, Ext::Launch, "launch:infData");
    write_phase(w, &data.phase);
    w.leaf_if("launch:applicationID", data.application.as_ref());
    if let Some(status) = &data.status {
        let s = status.status.name();
        let mut attrs: Vec<(&str, &dyn std::fmt::Display)> = vec![("s", &s)];
        attrs.extend(status.name.as_ref().map(|name| ("name", name as &dyn std::fmt::Display)));
        match &status.note {
            None => w.empty("launch:status", &attrs),
            Some(note) => w.leaf_with("launch:status", &attrs, &note.replace(['\t', '\n', '\r'], " ")),
        }
    }
    data.marks.iter().for_each(|mark| w.elements(mark.xml()));
    w.close("launch:infData");
}

fn write_phase(w: &mut Writer, phase: &LaunchPhaseName) {
    match &phase.name {
        None => w.leaf("launch:phase", &phase.kind.name()),
        Some(name) => w.leaf_with("launch:phase", &[("name", name)], &phase.kind.name()),
    }
}
